import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { expect, setUp, test } from "../e2e/server";
import { type Known, pages } from "./pages";

// Pictures of every page in every language, theme and width, for people to look at; nothing is asserted.
const folder = process.env.REVIER_SCREENS ?? "../target/screens";
const wanted = process.env.REVIER_SCREENS_ONLY ?? "";

const languages = ["de", "en"] as const;
const themes = ["light", "dark"] as const;
const widths = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;
const password = "ein langer Satz als Passwort";
const people = { manager: "karla@example.com", seller: "elif.aydin@musterwerk.example" };

async function context(
  browser: Browser,
  origin: string,
  who: keyof typeof people | null,
  theme: (typeof themes)[number],
  language: (typeof languages)[number],
  width: keyof typeof widths,
) {
  const made = await browser.newContext({
    viewport: widths[width],
    colorScheme: theme,
    locale: language === "de" ? "de-DE" : "en-US",
    hasTouch: width === "narrow",
    isMobile: width === "narrow",
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
  });
  await made.addInitScript(([kept]) => localStorage.setItem("revier.language", String(kept)), [
    language,
  ] as const);
  if (who) {
    const answer = await made.request.post(`${origin}/api/v1/session`, {
      data: { email: people[who], password },
    });
    if (!answer.ok()) throw new Error(await answer.text());
    const { user }: { user: { id: string } } = await (
      await made.request.get(`${origin}/api/v1/session`)
    ).json();
    const set = await made.request.patch(`${origin}/api/v1/users/${user.id}`, {
      data: { language },
      headers: { "If-Match": "*" },
    });
    if (!set.ok()) throw new Error(await set.text());
  }
  return made;
}

async function settled(page: Page) {
  await page.waitForLoadState("networkidle");
  await expect(page.locator(".skel")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

test("pictures", async ({ page, browser, server }) => {
  mkdirSync(folder, { recursive: true });
  const shots = pages.filter((one) => one.name.includes(wanted));
  const first = shots.filter((one) => one.before === "setup");
  const take = async (shot: (typeof pages)[number], known: Known) => {
    for (const language of languages)
      for (const theme of themes)
        for (const width of ["wide", "narrow"] as const) {
          const one = await context(browser, server.origin, shot.who, theme, language, width);
          const there = await one.newPage();
          await shot.prepare?.(there);
          await there.goto(server.origin + shot.path(known, server.setupToken));
          await settled(there);
          await shot.after?.(there, language);
          await settled(there);
          await there.screenshot({
            path: join(folder, `${shot.name}-${language}-${theme}-${width === "wide" ? 1440 : 390}.png`),
          });
          await one.close();
        }
  };
  const nobody: Known = { lead: "", territory: "", rule: "" };
  for (const shot of first) await take(shot, nobody);
  await setUp(page, server, { email: people.manager, password }, true);
  await page.request.post(`${server.origin}/api/v1/session`, { data: { email: people.manager, password } });
  const ask = async (path: string) => {
    const answer = await page.request.get(`${server.origin}/api/v1${path}`);
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const users: { items: { id: string; account?: { email?: string } }[] } = await ask("/users?limit=200");
  const seller = users.items.find((one) => one.account?.email === people.seller);
  if (!seller) throw new Error(`the demo company has no ${people.seller}`);
  const set = await page.request.post(`${server.origin}/api/v1/users/${seller.id}/password`, {
    data: { password },
  });
  if (!set.ok()) throw new Error(await set.text());
  const territories: { items: { id: string; name: string }[] } = await ask("/territories");
  const territory = territories.items.find((one) => one.name === "Rhein-Ruhr")?.id ?? "";
  const rules: { items: { id: string }[] } = await ask(`/territories/${territory}/rules`);
  const filter = encodeURIComponent(
    JSON.stringify({ field: "territory", op: "is_any_of", values: [territory] }),
  );
  const leads: { items: { id: string }[] } = await ask(`/leads?filter=${filter}&limit=1`);
  const known: Known = { territory, rule: rules.items[0]?.id ?? "", lead: leads.items[0]?.id ?? "" };
  for (const shot of shots.filter((one) => one.before !== "setup")) await take(shot, known);
});
