import { defineConfig } from "@hey-api/openapi-ts";

// A call is named by its method and path, so that it is found from the contract without a list:
// GET /api/v1/leads/{id}/decision is getLeadsIdDecision.
const nameOf = (method: string, path: string) =>
  `${method}${path
    .replace("/api/v1", "")
    .replace(/[^a-z]+([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replace(/[^A-Za-z]/g, "")}`;

interface Operation {
  operationId?: string;
  parameters?: { name: string; in: string; required?: boolean }[];
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

export default defineConfig({
  input: "../docs/openapi.json",
  output: { path: "src/api/generated", postProcess: [] },
  parser: {
    patch: {
      input: (contract) => {
        for (const [path, item] of Object.entries(contract.paths ?? {})) {
          for (const method of methods) {
            const operation = (item as Record<string, Operation | undefined>)[method];
            if (!operation) continue;
            operation.operationId = nameOf(method, path);
            // A parameter that the path does not name belongs to the query, whatever the contract calls it.
            for (const parameter of operation.parameters ?? []) {
              if (parameter.in !== "path" || path.includes(`{${parameter.name}}`)) continue;
              parameter.in = "query";
              parameter.required = false;
            }
          }
        }
      },
    },
  },
  plugins: [{ name: "@hey-api/client-fetch", baseUrl: false }, "@hey-api/typescript", "@hey-api/sdk"],
});
