import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The binary under test: what the environment names, else the newest build of this checkout. */
function binary(): string {
  const named = process.env.REVIER_BINARY;
  const found = [named, join(root, "target/debug/revier"), join(root, "target/release/revier")].find(
    (path) => path && existsSync(path),
  );
  if (!found)
    throw new Error("there is no revier binary: run `cargo build -p revier`, or name one in REVIER_BINARY");
  return found;
}

export interface Server {
  origin: string;
  setupToken: string;
}

interface Running extends Server {
  stop: () => Promise<void>;
}

interface Kept {
  args: string[];
  remove: () => void;
}

/** A database of its own: embedded, or on the PostgreSQL that REVIER_E2E_POSTGRES names without a database. */
function database(): Kept {
  const postgres = process.env.REVIER_E2E_POSTGRES;
  if (!postgres) {
    const data = mkdtempSync(join(tmpdir(), "revier-e2e-"));
    return { args: ["--data", data], remove: () => rmSync(data, { recursive: true, force: true }) };
  }
  const name = `revier_e2e_${process.pid}_${Date.now()}`;
  const ask = ["--maintenance-db", `${postgres}/postgres`, name];
  execFileSync("createdb", ask);
  return { args: ["--database", `${postgres}/${name}`], remove: () => execFileSync("dropdb", ask) };
}

async function start(): Promise<Running> {
  const { args, remove } = database();
  const child: ChildProcess = spawn(binary(), ["serve", "--listen", "127.0.0.1:0", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  const ended = new Promise<never>((_, reject) =>
    child.once("exit", (code) => reject(new Error(`revier ended with ${code}:\n${said.join("\n")}`))),
  );
  ended.catch(() => {});
  const ready = new Promise<Server>((resolve) => {
    let setupToken = "";
    const take = (line: string) => {
      said.push(line);
      setupToken = /token: (\S+)/.exec(line)?.[1] ?? setupToken;
      const origin = /Revier is at (http\S+)/.exec(line)?.[1];
      if (origin) resolve({ origin, setupToken });
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on("line", take);
  });
  const server = await Promise.race([ready, ended]);
  const stop = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
    remove();
  };
  return { ...server, stop };
}

/** Tests get a server of their own, started from nothing; it serves one spec file. */
export const test = base.extend<{ quiet: undefined }, { server: Server }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from here
    async ({}, use) => {
      const running = await start();
      await use(running);
      await running.stop();
    },
    { scope: "worker" },
  ],
  // A broken content policy or an error in a page fails the test in which it happens.
  quiet: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()))
          faults.push(message.text());
      });
      await use(undefined);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Does what the first start's page does; the walk of that page is in chain.spec.ts. */
export async function setUp(
  page: Page,
  server: Server,
  person: { email: string; password: string },
  demo = false,
) {
  const made = await page.request.post(`${server.origin}/api/v1/setup`, {
    data: {
      token: server.setupToken,
      name: "Karla Weber",
      workspace_name: "Musterwerk",
      language: "de",
      demo,
      ...person,
    },
  });
  expect(made.status(), await made.text()).toBeLessThan(300);
}

/** A call of the API with the session of the page; `json` is what the caller knows to be there. */
export async function call<Json = unknown>(page: Page, method: string, path: string, body?: unknown) {
  const said: { status: number; json: Json } = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, {
        method: String(method),
        headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, json: text ? JSON.parse(text) : null };
    },
    [method, path, body] as const,
  );
  return said;
}

export async function signIn(page: Page, server: Server, email: string, password: string) {
  await page.goto(`${server.origin}/sign-in`);
  await page.getByRole("textbox", { name: /E-Mail/ }).fill(email);
  await page.getByLabel("Passwort", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Leads" })).toBeVisible();
}

/** Switches the language of the person who is signed in, and waits until the server knows. */
export async function speak(page: Page, language: "Deutsch" | "English") {
  await page.getByRole("button", { name: /Konto, Sprache|account, language/ }).click();
  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page.getByText(language, { exact: true }).click();
  await kept;
}

/** No fault of accessibility that axe can find. */
export async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ""}`)).toEqual([]);
}
