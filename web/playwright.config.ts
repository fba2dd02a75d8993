import { defineConfig } from "@playwright/test";

// One browser, one worker: the machine has two cores, and each spec starts its own server.
export default defineConfig({
  testDir: "e2e",
  timeout: 0,
  workers: 1,
  forbidOnly: true,
  // A busy machine is no fault of a page: what is expected may take as long as a step.
  expect: { timeout: 15_000 },
  retries: 0,
  reporter: [["list"]],
  use: {
    // Not a limit of the test: a step that finds nothing to click says so in place of waiting for ever.
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    locale: "de-DE",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.REVIER_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  // A project has workers of its own, and so a server that has not been set up yet.
  projects: [
    { name: "chain", testMatch: /chain\.spec\.ts/ },
    { name: "demo", testMatch: /demo\.spec\.ts/ },
    { name: "fields", testMatch: /fields\.spec\.ts/ },
    { name: "rules", testMatch: /rules\.spec\.ts/ },
    { name: "leads", testMatch: /leads\.spec\.ts/ },
    { name: "leads-edit", testMatch: /leads-edit\.spec\.ts/ },
    { name: "members", testMatch: /members\.spec\.ts/ },
    { name: "people", testMatch: /people\.spec\.ts/ },
    { name: "rights", testMatch: /rights\.spec\.ts/ },
    { name: "map", testMatch: /map\.spec\.ts/ },
    { name: "lists", testMatch: /lists\.spec\.ts/ },
  ],
});
