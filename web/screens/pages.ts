import type { Page } from "@playwright/test";

/** Ids of the demo company that pages need. */
export interface Known {
  lead: string;
  territory: string;
  rule: string;
}

interface Shot {
  name: string;
  /** Who is signed in; null: nobody. */
  who: "manager" | "seller" | null;
  before?: "setup";
  path: (known: Known, setupToken: string) => string;
  /** Before the page is opened: what the server shall answer. */
  prepare?: (page: Page) => Promise<void>;
  /** After it stands: what a person does. */
  after?: (page: Page, language: "de" | "en") => Promise<void>;
}

const nobodyIsCalled = encodeURIComponent(
  JSON.stringify({ field: "company", op: "is_any_of", values: ["Diese Firma gibt es nicht"] }),
);
const fails = (pattern: string) => async (page: Page) => {
  await page.route(pattern, (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ status: 503, code: "busy", title: "Busy" }),
    }),
  );
};
/** The ring as it looks while it is paused; the demo company itself goes on. */
const paused = async (page: Page) => {
  await page.route("**/api/v1/territories/*/rotation", async (route) => {
    const answer = await route.fetch();
    const ring = await answer.json();
    const by = ring.members[0]?.user ?? { id: "", name: "Revier" };
    await route.fulfill({
      response: answer,
      json: { ...ring, next: null, paused: { since: ring.since ?? new Date().toISOString(), by } },
    });
  });
};
const key = (name: string) => async (page: Page) => {
  await page.keyboard.press(name);
  await page.getByRole("dialog").waitFor();
};

/** Every page, and of those that have them the states empty, filled and failed. */
export const pages: Shot[] = [
  { name: "12-setup", who: null, before: "setup", path: (_, token) => `/setup?token=${token}` },
  { name: "12-sign-in", who: null, path: () => "/sign-in" },
  { name: "01-leads", who: "manager", path: () => "/leads" },
  { name: "01-leads-seller", who: "seller", path: () => "/leads" },
  { name: "01-leads-no-match", who: "manager", path: () => `/leads?filter=${nobodyIsCalled}` },
  { name: "01-leads-failed", who: "manager", path: () => "/leads", prepare: fails("**/api/v1/leads?*") },
  { name: "01-lead-new", who: "manager", path: () => "/leads/new" },
  { name: "01-command-menu", who: "manager", path: () => "/leads", after: key("Control+k") },
  { name: "01-keys", who: "manager", path: () => "/leads", after: key("?") },
  { name: "02-lead", who: "manager", path: ({ lead }) => `/leads/${lead}` },
  { name: "02-lead-seller", who: "seller", path: ({ lead }) => `/leads/${lead}` },
  {
    name: "02-lead-failed",
    who: "manager",
    path: ({ lead }) => `/leads/${lead}`,
    prepare: fails("**/api/v1/leads/*"),
  },
  { name: "03-territories", who: "manager", path: () => "/territories" },
  { name: "03-territory", who: "manager", path: ({ territory }) => `/territories/${territory}` },
  {
    name: "04-rule",
    who: "manager",
    path: ({ territory, rule }) => `/territories/${territory}/rules/${rule}`,
  },
  { name: "05-rotations", who: "manager", path: () => "/rotation" },
  { name: "05-rotation", who: "manager", path: ({ territory }) => `/rotation/${territory}` },
  {
    name: "05-rotation-paused",
    who: "manager",
    path: ({ territory }) => `/rotation/${territory}`,
    prepare: paused,
  },
  { name: "11-responsibilities", who: "manager", path: () => "/responsibilities" },
  { name: "11-users", who: "manager", path: () => "/users" },
  { name: "12-account", who: "seller", path: () => "/account" },
  { name: "12-settings", who: "manager", path: () => "/settings" },
  { name: "12-audit", who: "manager", path: () => "/audit" },
  { name: "12-audit-filtered", who: "manager", path: () => "/audit?object=user" },
  { name: "12-audit-no-match", who: "manager", path: () => "/audit?to=2020-01-01" },
  { name: "12-invitation-over", who: null, path: () => "/invitation#incomplete" },
  { name: "11-invite", who: "manager", path: () => "/users?create=true" },
  { name: "00-not-found", who: "manager", path: () => "/nowhere" },
];
