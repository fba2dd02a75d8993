import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The binary replaces CSP_NONCE in index.html with a fresh value per page view.
export default defineConfig({
  plugins: [lingui({ macroTransform: true }), react()],
  html: { cspNonce: "CSP_NONCE" },
  // The manifest tells the bench which files the first page needs; the binary leaves it out.
  build: { manifest: true, assetsInlineLimit: 0, target: "es2023", chunkSizeWarningLimit: 700 },
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
