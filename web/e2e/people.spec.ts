import type { Page } from "@playwright/test";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };
const password = "noch ein langer Satz dazu";

test.describe.configure({ mode: "serial" });

/** Invites somebody on the page and gives the link back that it shows. */
async function invited(page: Page, name: string, territory: string) {
  await page.getByRole("button", { name: "Person einladen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  await dialog
    .getByRole("textbox", { name: "E-Mail" })
    .fill(`${name.split(" ")[0]?.toLowerCase()}@example.com`);
  await dialog.getByRole("combobox", { name: territory }).selectOption("leads");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Einladung anlegen" }).click();
  const link = (await dialog.getByTestId("invitation-link").textContent()) ?? "";
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Fertig" }).click();
  return link;
}

test("somebody invited chooses a password, comes in and sees only their territory", async ({
  page,
  browser,
  server,
}) => {
  await setUp(page, server, manager);
  await signIn(page, server, manager.email, manager.password);
  for (const name of ["Nord", "Süd"])
    expect((await call(page, "POST", "/territories", { name })).status).toBe(201);
  await page.goto(`${server.origin}/responsibilities`);
  await page.getByRole("link", { name: "Person einladen" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.getByRole("button", { name: "Abbrechen" }).click();
  const link = await invited(page, "Anna Huber", "Nord");
  await expect(page.getByText(/eingeladen bis/)).toBeVisible();

  const elsewhere = await browser.newContext();
  const hers = await elsewhere.newPage();
  // An incomplete link says what to do.
  await hers.goto(link.slice(0, -3));
  await expect(hers.getByRole("heading", { name: "Diese Einladung gilt nicht mehr" })).toBeVisible();
  await expectAccessible(hers);
  await hers.goto("about:blank");
  await hers.goto(link);
  await expect(hers.getByRole("heading", { name: "Willkommen, Anna Huber" })).toBeVisible();
  await expectAccessible(hers);
  await hers.getByText("English", { exact: true }).click();
  await expect(hers.getByRole("heading", { name: "Welcome, Anna Huber" })).toBeVisible();
  await hers.getByLabel("Password", { exact: true }).fill("password password");
  await hers.getByRole("button", { name: "Set password and begin" }).click();
  await expect(hers.getByRole("alert").first()).toBeVisible();
  await hers.getByLabel("Password", { exact: true }).fill(password);
  await hers.getByRole("button", { name: "Set password and begin" }).click();
  await expect(hers.getByRole("heading", { level: 1, name: "Leads" })).toBeVisible();
  const navigation = hers.getByRole("navigation").first();
  await expect(navigation.getByText("Nord")).toBeVisible();
  await expect(navigation.getByText("Süd")).toHaveCount(0);
  const seen = await call<{ items?: { name: string }[] }>(hers, "GET", "/territories");
  expect(JSON.stringify(seen.json)).not.toContain("Süd");

  // The link is used up.
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Diese Einladung gilt nicht mehr" })).toBeVisible();
  await elsewhere.close();
});

test("an invitation is renewed and withdrawn", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/users`);
  const first = await invited(page, "Ben Krause", "Süd");
  await page.getByRole("button", { name: "Neuer Link für Ben Krause" }).click();
  const second = (await page.getByRole("dialog").getByTestId("invitation-link").textContent()) ?? "";
  expect(second).not.toBe(first);
  await page.getByRole("button", { name: "Fertig" }).click();
  const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.ok());
  await page.getByRole("button", { name: "Einladung von Ben Krause zurückziehen" }).click();
  await gone;
  await expect(page.getByRole("button", { name: "Ben Krause einladen" })).toBeVisible();
  const shown = await call(page, "POST", "/invitations/read", { token: second.split("#")[1] });
  expect(shown.status).toBe(403);
});

test("the audit log is narrowed by person, kind, act, thing and day, and the address holds the filter", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/audit`);
  const log = page.getByRole("table").first();
  await expect(log.getByText("Sitzung").first()).toBeVisible();
  await page.getByRole("combobox", { name: "Art" }).selectOption({ label: "Einladung" });
  await expect(log.getByText("Sitzung")).toHaveCount(0);
  await expect(log.getByText("Einladung").first()).toBeVisible();
  await page.getByRole("combobox", { name: "Vorgang" }).selectOption({ label: "angenommen" });
  await expect(log.getByRole("row")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Person" }).selectOption({ label: "Anna Huber" });
  await expect(log.getByRole("row")).toHaveCount(2);
  expect(new URL(page.url()).searchParams.get("action")).toBe("accept");
  await page.reload();
  await expect(log.getByRole("row")).toHaveCount(2);
  await expectAccessible(page);

  await page.getByRole("textbox", { name: "bis" }).or(page.getByLabel("bis")).first().fill("2020-01-01");
  await expect(page.getByRole("heading", { name: "Kein Eintrag passt zu diesem Filter" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Alles anzeigen" }).first().click();
  await expect(log.getByText("Sitzung").first()).toBeVisible();

  await page.getByRole("combobox", { name: "Gebiet" }).selectOption({ label: "Nord" });
  await expect(page.getByRole("button", { name: "Auch anderes anzeigen" })).toBeVisible();
  await expect(log.getByText("Sitzung")).toHaveCount(0);
  // A membership belongs to its territory.
  await expect(log.getByText("Mitgliedschaft").first()).toBeVisible();
});

test("own choices of a standard field are added, put in order and taken back", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/settings`);
  const row = page.getByRole("row", { name: /^Herkunft/ });
  await page.getByRole("button", { name: "Auswahl bearbeiten: Herkunft" }).click();
  const dialog = page.getByRole("dialog");
  for (const [at, german, english] of [
    [1, "Frühjahrsmesse", "Spring fair"],
    [2, "Hausmesse", "Open house"],
  ]) {
    await dialog.getByRole("button", { name: "Auswahlwert hinzufügen" }).click();
    await dialog.getByLabel(new RegExp(`${at} auf Deutsch`)).fill(String(german));
    await dialog.getByLabel(new RegExp(`${at} auf Englisch`)).fill(String(english));
  }
  await dialog.getByRole("button", { name: "Auswahlwert 2 nach oben" }).click();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(row).toContainText("Hausmesse, Frühjahrsmesse");
  const undone = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok());
  await page
    .getByRole("button", { name: /Rückgängig/ })
    .last()
    .click();
  await undone;
  await expect(row).not.toContainText("Hausmesse");
});

test("settings of the workspace are saved and taken back", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/settings`);
  const company = page.getByRole("textbox", { name: "Firma" });
  await expect(company).toHaveValue("Musterwerk");
  await company.fill("Musterwerk Nord");
  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page.getByRole("button", { name: "Speichern" }).click();
  await kept;
  const back = page.waitForResponse((answer) => answer.request().method() === "PATCH" && answer.ok());
  await page
    .getByRole("button", { name: /Rückgängig/ })
    .last()
    .click();
  await back;
  await expect(company).toHaveValue("Musterwerk");
  const read = await call<{ name: string }>(page, "GET", "/workspace");
  expect(read.json.name).toBe("Musterwerk");
});

test("all other sessions are ended in one step", async ({ page, browser, server }) => {
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await signIn(other, server, manager.email, manager.password);
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/account`);
  await expectAccessible(page);
  await page.getByRole("button", { name: /andere Sitzung/ }).click();
  await expect(page.getByText("Alle anderen Sitzungen sind beendet")).toBeVisible();
  expect((await call(other, "GET", "/session")).status).toBe(401);
  expect((await call(page, "GET", "/session")).status).toBe(200);
  await elsewhere.close();
});

test("somebody is switched off, their leads are handed over territory by territory, and their session ends", async ({
  page,
  browser,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const { json: users } = await call<{ items: { id: string; name: string }[] }>(
    page,
    "GET",
    "/users?limit=200",
  );
  const { json: tree } = await call<{ territories: { id: string; name: string }[] }>(page, "GET", "/members");
  const idOf = (list: { id: string; name: string }[], name: string) =>
    list.find((one) => one.name === name)?.id ?? "";
  const [anna, karla] = [idOf(users.items, "Anna Huber"), idOf(users.items, "Karla Weber")];
  const areas = tree.territories;
  const matrix = await call(page, "PUT", `/territories/${idOf(areas, "Süd")}/members/${anna}`, {
    access: true,
  });
  expect(matrix.status).toBe(201);
  const boss = await call(page, "PUT", `/territories/${idOf(areas, "Nord")}/members/${karla}`, {
    access: true,
  });
  expect(boss.status).toBe(201);
  for (const [company, area] of [
    ["Werft Nord", "Nord"],
    ["Alm Süd", "Süd"],
  ]) {
    const made = await call(page, "POST", "/leads", {
      company,
      territory: idOf(areas, String(area)),
      owner: anna,
    });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
  }
  const elsewhere = await browser.newContext();
  const hers = await elsewhere.newPage();
  await hers.goto(`${server.origin}/sign-in`);
  await hers.getByRole("textbox", { name: /E-Mail/ }).fill("anna@example.com");
  await hers.getByLabel("Passwort", { exact: true }).fill(password);
  await hers.getByRole("button", { name: "Anmelden" }).click();
  await expect(hers.getByRole("heading", { level: 1, name: "Leads" })).toBeVisible();

  await page.goto(`${server.origin}/users`);
  await page.getByRole("button", { name: "Anna Huber bearbeiten" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("switch", { name: /Konto ist aktiv/ }).uncheck();
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(dialog.getByText(/2 Leads/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: /^Nord/ }).selectOption({ label: "Alle an Karla Weber" });
  await dialog.getByRole("combobox", { name: /^Süd/ }).selectOption({ label: "Zurück in die Warteschlange" });
  await dialog.getByRole("button", { name: "Übergeben und abschalten" }).click();
  await expect(dialog).toHaveCount(0);
  expect((await call(hers, "GET", "/session")).status).toBe(401);
  const { json: leads } = await call<{ items: { company: string; owner: { name: string } | null }[] }>(
    page,
    "GET",
    "/leads",
  );
  const owners = leads.items.map((lead) => [lead.company, lead.owner?.name ?? null]);
  expect(owners.sort()).toEqual([
    ["Alm Süd", null],
    ["Werft Nord", "Karla Weber"],
  ]);
  await elsewhere.close();

  // Switched on again, in English.
  await page.getByRole("button", { name: "Anna Huber bearbeiten" }).click();
  await dialog.getByRole("switch", { name: /Konto ist aktiv/ }).check();
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByRole("row", { name: /Anna Huber/ })).toContainText("aktiv");
});

test("a rotation is paused, a lead waits, and when it goes on the lead finds its owner", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const { json: tree } = await call<{ territories: { id: string; name: string }[] }>(page, "GET", "/members");
  const north = tree.territories.find((one) => one.name === "Nord")?.id ?? "";
  await page.goto(`${server.origin}/rotation/${north}`);
  await expect(page.getByRole("heading", { name: "Warum Anna Huber?" })).toBeVisible();
  const runs = page.getByRole("switch", { name: "Ringverteilung Nord läuft" });
  await runs.click();
  await expect(page.getByText(/Karla Weber hat die Ringverteilung angehalten/)).toBeVisible();
  await expect(runs).not.toBeChecked();
  const made = await call<{ owner: unknown }>(page, "POST", "/leads", {
    company: "Kontor",
    territory: north,
  });
  expect(made.status).toBe(201);
  expect(made.json.owner ?? null).toBeNull();
  await page.reload();
  await expect(page.getByRole("link", { name: /Kontor/ })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("switch", { name: "Ringverteilung Nord läuft" }).click();
  await expect(page.getByText(/hat die Ringverteilung angehalten/)).toHaveCount(0);
  // The queue's round comes every second; the list says when it has been.
  await expect
    .poll(async () => {
      const list = await call<{ items: { company: string; owner?: { name: string } }[] }>(
        page,
        "GET",
        "/leads",
      );
      return list.json.items.find((lead) => lead.company === "Kontor")?.owner?.name;
    })
    .toBe("Anna Huber");
  await page.reload();
  await expect(page.getByRole("heading", { name: "Zuletzt zugeteilt" })).toBeVisible();
  await expect(page.getByText("Kontor")).toBeVisible();
});
