import type { Page } from "@playwright/test";
import type { Created, LeadPage, SessionView, TerritoryView, UserPage } from "../src/api/generated/types.gen";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };
const seller = { name: "Svenja Albers", email: "svenja.albers@musterwerk.example" };

test.describe.configure({ mode: "serial" });

const grid = (page: Page) => page.getByRole("grid", { name: "Leads" });
const foot = (page: Page) => page.locator(".grid-foot");
const fields = (page: Page) => page.getByRole("complementary", { name: "Felder" });

test("the list sorts by its heads, shows chosen columns and reads on as one scrolls", async ({
  page,
  server,
}) => {
  await setUp(page, server, manager, true);
  await signIn(page, server, manager.email, manager.password);
  await expect(foot(page)).toContainText("3.349 Leads");
  const company = page.getByRole("columnheader", { name: "Firma" });
  await company.getByRole("button").click();
  await expect(company).toHaveAttribute("aria-sort", "ascending");
  await expect(page).toHaveURL(/sort=company/);
  const names = async () => (await grid(page).getByRole("row").locator(".nm").allTextContents()).slice(0, 12);
  await expect.poll(async () => (await names())[0]?.localeCompare("B", "de") ?? 1).toBeLessThan(0);
  await company.getByRole("button").click();
  await expect(company).toHaveAttribute("aria-sort", "descending");
  await page.goBack();
  await expect(company).toHaveAttribute("aria-sort", "ascending");

  await page.goto(`${server.origin}/leads`);
  await page.getByRole("button", { name: /von \d+ Spalten/ }).click();
  await page.getByRole("checkbox", { name: "Jahresumsatz" }).check();
  await page.getByRole("checkbox", { name: "Score" }).uncheck();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Jahresumsatz" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Score" })).toHaveCount(0);

  await grid(page).focus();
  const deepest = async () => {
    await page.keyboard.press("End");
    const at = await grid(page)
      .getByRole("row")
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("aria-rowindex"))));
    return Math.max(...at);
  };
  await expect.poll(deepest).toBeGreaterThan(300);
});

test("a click on the strip and on my territories keeps only the leads of a territory", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const share = page.locator(".strip a").first();
  const name = ((await share.getAttribute("title")) ?? "").split(":")[0] ?? "";
  await share.click();
  await expect(page.getByRole("button", { name: "Filter Gebiet entfernen" })).toBeVisible();
  await expect(grid(page).getByRole("row").nth(1)).toContainText(name);
  await expect(foot(page)).not.toContainText("3.349");
  await page.goBack();
  await expect(foot(page)).toContainText("3.349");
  const mine = page.getByRole("navigation", { name: "Hauptnavigation" }).locator("a.t");
  const { json } = await call<SessionView>(page, "GET", "/session");
  await expect(mine).toHaveCount(json.territories.length);
  await mine.filter({ hasText: "Großkunden" }).click();
  await expect(grid(page).getByRole("row").nth(1)).toContainText("Großkunden");
});

test("a filter that holds nothing names the one to drop, and the address carries it", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const filter = {
    all: [
      { field: "country", op: "is_any_of", values: ["CH"] },
      { field: "company", op: "is_any_of", values: ["Gibt es nicht"] },
    ],
  };
  await page.goto(`${server.origin}/leads?filter=${encodeURIComponent(JSON.stringify(filter))}`);
  await expect(page.getByRole("heading", { name: "Keine Leads mit diesen Filtern" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Diesen Filter entfernen" }).click();
  await expect(grid(page).getByRole("row").nth(1)).toBeVisible();
  await page.getByRole("button", { name: "Filter Land entfernen" }).click();
  await expect(foot(page)).toContainText("3.349");
});

test("what the door completes and repairs is said on the record", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/leads/new`);
  await page.getByRole("textbox", { name: "Firma" }).fill("Nur eine Postleitzahl");
  await page.getByRole("textbox", { name: "Postleitzahl" }).fill("80331");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/leads\/(?!new)/);
  await expect(fields(page)).toContainText("Bayern · ergänzt");
  await expect(fields(page)).toContainText("München · ergänzt");
  await expect(fields(page)).toContainText("Deutschland · ergänzt");

  await page.goto(`${server.origin}/leads/new`);
  await page.getByRole("textbox", { name: "Firma" }).fill("Vier Stellen");
  await page.getByRole("textbox", { name: "Postleitzahl" }).fill("1067");
  await page.getByRole("combobox", { name: "Land", exact: true }).fill("Deutschland");
  await page.getByRole("option", { name: "Deutschland" }).click();
  await page.getByRole("textbox", { name: /Telefon/ }).fill("Pforte fragen");
  await page.getByRole("textbox", { name: /Telefon/ }).press("Enter");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/leads\/(?!new)/);
  await expect(fields(page)).toContainText("01067");
  await expect(fields(page)).toContainText("Pforte fragen");
  await expect(fields(page)).toContainText("keine Rufnummer");
  await expect(page.getByText("Vor 1067 fehlten Nullen, sie sind ergänzt")).toBeVisible();
  await expect(page.getByText("bleibt, wie sie geschrieben war")).toBeVisible();
  await expectAccessible(page);
});

test("every change stands in the history, and can be undone", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Vier Stellen" }).click();
  await page.getByRole("button", { name: "Bearbeiten" }).click();
  const sheet = page.getByRole("dialog", { name: "Lead bearbeiten" });
  await sheet.getByRole("textbox", { name: "Beschäftigte" }).fill("1.250");
  await sheet.getByRole("textbox", { name: "Jahresumsatz" }).fill("2.500.000,50");
  await sheet.getByRole("combobox", { name: "Bundesland" }).fill("Thüringen");
  await page.getByRole("option", { name: "Thüringen" }).click();
  await sheet.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(fields(page)).toContainText("2.500.000,50 €");
  const history = page.getByRole("list", { name: "Verlauf" });
  await expect(history).toContainText("1.250");
  await expect(history).toContainText("Thüringen");
  await page.getByRole("button", { name: /Rückgängig/ }).click();
  await expect(fields(page)).not.toContainText("1.250");
  await expect(history.getByRole("listitem")).toHaveCount(3);
});

test("without a connection the last rows stay, the page says so and tries again", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await expect(foot(page)).toContainText("Leads");
  await page.route("**/api/v1/leads?**", (route) => route.abort());
  await page.getByRole("link", { name: "Neu heute" }).click();
  await expect(page.getByText("Die Liste konnte nicht geladen werden.")).toBeVisible();
  await expect(page.getByText(/Der Server antwortet nicht/)).toBeVisible();
  await expectAccessible(page);
  await page.unroute("**/api/v1/leads?**");
  await page.getByRole("button", { name: "Jetzt erneut versuchen" }).click();
  await expect(page.getByText("Die Liste konnte nicht geladen werden.")).toHaveCount(0);
  await expect(grid(page).getByRole("row").nth(1)).toBeVisible();

  await page.route("**/decision", (route) => route.abort());
  await page.getByRole("link", { name: "Vier Stellen" }).click();
  await expect(page.getByText("Der Grund konnte nicht geladen werden.")).toBeVisible();
  await page.unroute("**/decision");
  await page.getByRole("button", { name: "Erneut versuchen" }).click();
  await expect(page.getByRole("region", { name: /^Warum/ })).toBeVisible();
});

test("a lead is deleted, and whoever has it open learns that it is gone", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Vier Stellen" }).click();
  await page.getByRole("button", { name: "Lead löschen" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Lead löschen" }).click();
  await page.waitForURL("**/leads");
  await expect(page.getByRole("link", { name: "Vier Stellen" })).toHaveCount(0);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Das ist nicht hier" })).toBeVisible();
});

test("people of the demo company cannot sign in until they have a password, and the list says so", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/users`);
  const row = page.getByRole("row").filter({ hasText: seller.name });
  await expect(row).toContainText("kann sich nicht anmelden: kein Passwort");
  await row.getByRole("button", { name: /bearbeiten$/ }).click();
  await page.getByRole("dialog").getByLabel("Erstes Passwort").fill("noch ein langer Satz dazu");
  await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
  await expect(row).toContainText("aktiv");
});

test("taking access away asks what becomes of the records", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  await page
    .getByRole("navigation", { name: "Reihenfolge der Prüfung" })
    .getByRole("link", { name: /Rhein-Ruhr/ })
    .click();
  const table = page.getByRole("table");
  const member = table.getByRole("row").filter({ hasText: "Elif Aydın" });
  await member.getByRole("button", { name: /Bearbeiten|bearbeiten/ }).click();
  const dialog = page.getByRole("dialog", { name: "Elif Aydın" });
  await dialog.getByRole("switch", { name: /^Zugriff/ }).uncheck();
  const fate = dialog.getByLabel(/Was wird hier aus den Datensätzen von/);
  await expect(fate).toBeVisible();
  await expectAccessible(page);
  await fate.selectOption({ label: "Alle an Murat Yıldız" });
  await dialog.getByRole("button", { name: "Zugriff entziehen" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(member).toHaveCount(0);
});

test("a territory goes once its leads have left it, and asks about owners who would lose sight", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  const tree = page.getByRole("navigation", { name: "Reihenfolge der Prüfung" });
  await tree.getByRole("link", { name: /Romandie/ }).click();
  await page.getByRole("button", { name: "Mehr zu Romandie" }).click();
  await page.getByRole("menuitem", { name: "Gebiet löschen" }).click();
  const dialog = page.getByRole("dialog", { name: "Romandie löschen?" });
  await dialog.getByRole("button", { name: "Gebiet löschen" }).click();
  await expect(dialog).toContainText("20 Leads liegen noch in diesem Gebiet");
  await expectAccessible(page);
  await dialog.getByRole("link", { name: "Anzeigen" }).click();
  await expect(page.getByRole("button", { name: "Filter Gebiet entfernen" })).toBeVisible();

  // Whoever sees a lead only through the parent is asked about, and the child moves up.
  const parent = (await call<TerritoryView>(page, "POST", "/territories", { name: "Probe" })).json.id;
  const child = (await call<TerritoryView>(page, "POST", "/territories", { name: "Probe Süd", parent })).json
    .id;
  const users = (await call<UserPage>(page, "GET", "/users")).json.items;
  const user = users.find((one) => one.name === "Lena Brandt")?.id;
  const member = { access: true, assignment: false, includes_children: true };
  const joined = await call(page, "PUT", `/territories/${parent}/members/${user}`, member);
  expect(joined.status, JSON.stringify(joined.json)).toBeLessThan(300);
  const lead = { company: "Unter Obhut", territory: child, owner: user };
  expect((await call<Created>(page, "POST", "/leads", lead)).json.lead?.owner?.name).toBe("Lena Brandt");
  await page.goto(`${server.origin}/territories/${parent}`);
  await page.getByRole("button", { name: "Mehr zu Probe" }).click();
  await page.getByRole("menuitem", { name: "Gebiet löschen" }).click();
  const asked = page.getByRole("dialog", { name: "Probe löschen?" });
  await asked.getByRole("button", { name: "Gebiet löschen" }).click();
  await expect(asked).toContainText("Lena Brandt (1)");
  await expectAccessible(page);
  await asked.getByLabel("Was wird daraus?").selectOption({ label: "Zurück in die Warteschlange" });
  await asked.getByRole("button", { name: "Gebiet löschen" }).click();
  await expect(asked).toHaveCount(0);
  await expect(tree.getByRole("link", { name: /^Probe \d/ })).toHaveCount(0);
  await expect(tree.getByRole("link", { name: /Probe Süd/ })).toBeVisible();
  const left = await call<LeadPage>(page, "GET", "/leads?limit=1&sort=-created_at");
  expect([left.json.items[0]?.company, left.json.items[0]?.owner]).toEqual(["Unter Obhut", null]);
});
