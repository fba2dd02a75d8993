import type { Locator, Page } from "@playwright/test";
import type { FieldList } from "../src/api/generated/types.gen";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };

test.describe.configure({ mode: "serial" });

/** What is typed into the input of that label in a form. */
const typed = (text: string) => (form: Locator, label: string) =>
  form.getByRole("textbox", { name: label }).fill(text);
const chosen = (text: string) => (form: Locator, label: string) =>
  form.getByLabel(label, { exact: true }).selectOption({ label: text });
const looked = (page: () => Page, text: string) => async (form: Locator, label: string) => {
  await form.getByRole("combobox", { name: label }).fill(text);
  await page().getByRole("listbox", { name: label }).getByRole("option", { name: text, exact: true }).click();
  await page().keyboard.press("Tab");
};

const word = (text: string) => async (criterion: Locator) => {
  const box = criterion.getByRole("textbox", { name: "Werte" });
  await box.fill(text);
  await box.press("Enter");
};

let current: Page;
const page_ = () => current;

/** Each kind of own field: how it is called, filled in, shown, and asked for in a filter. */
const kinds: {
  kind: string;
  label: string;
  fill: (form: Locator, label: string) => Promise<unknown>;
  shown: string;
  /** What another lead holds, over the API. */
  other: unknown;
  op: string;
  value: (criterion: Locator) => Promise<unknown>;
}[] = [
  {
    kind: "Text",
    label: "Spitzname",
    fill: typed("Hubers Gold"),
    shown: "Hubers Gold",
    other: "Silber",
    op: "endet mit",
    value: word("gold"),
  },
  {
    kind: "Langer Text",
    label: "Vorgeschichte",
    fill: typed("Kam auf der Messe\nund ging"),
    shown: "Kam auf der Messe",
    other: "nichts",
    op: "enthält",
    value: word("MESSE"),
  },
  {
    kind: "Ganze Zahl",
    label: "Maschinen",
    fill: typed("1.200"),
    shown: "1.200",
    other: 7,
    op: "ist mindestens",
    value: (one) => one.getByLabel("Wert").fill("1000"),
  },
  {
    kind: "Dezimalzahl",
    label: "Rabatt",
    fill: typed("12,5"),
    shown: "12,5",
    other: "3.25",
    op: "von … bis unter",
    value: async (one) => {
      await one.getByLabel("Von, eingeschlossen").fill("12.5");
      await one.getByLabel("Bis, ausgeschlossen").fill("13");
    },
  },
  {
    kind: "Betrag",
    label: "Budget",
    fill: typed("1.234,50"),
    shown: "1.234,50 €",
    other: { amount: "9", currency: "EUR" },
    op: "ist größer als",
    value: (one) => one.getByLabel("Wert").fill("1.234,49"),
  },
  {
    kind: "Datum",
    label: "Liefertermin",
    fill: (form, label) => form.getByLabel(label).fill("2027-01-15"),
    shown: "15.01.2027",
    other: "2020-02-29",
    op: "ist ab dem",
    value: (one) => one.getByLabel("Wert").fill("2027-01-15"),
  },
  {
    kind: "Datum und Uhrzeit",
    label: "Vorführung",
    fill: (form, label) => form.getByLabel(label).fill("2026-12-01T14:05"),
    shown: "01.12.2026, 14:05 Uhr",
    other: "2020-01-01T00:00:00Z",
    op: "ist nach dem",
    value: (one) => one.getByLabel("Wert").fill("2026-12-01T14:04"),
  },
  {
    kind: "Ja oder nein",
    label: "Rahmenvertrag",
    fill: chosen("ja"),
    shown: "ja",
    other: false,
    op: "ist",
    value: async () => {},
  },
  {
    kind: "Auswahl",
    label: "Stufe",
    fill: chosen("Große Stufe"),
    shown: "Große Stufe",
    other: "small",
    op: "ist eines von",
    value: (one) => looked(page_, "Große Stufe")(one, "Werte"),
  },
  {
    kind: "Mehrere Auswahlwerte",
    label: "Interessen",
    fill: async (form, label) => {
      await looked(page_, "Große Stufe")(form, label);
      await looked(page_, "Kleine Stufe")(form, label);
    },
    shown: "Kleine Stufe",
    other: ["small"],
    op: "hat alle von",
    value: (one) => looked(page_, "Große Stufe")(one, "Werte"),
  },
  {
    kind: "E-Mail",
    label: "Rechnungspost",
    fill: typed("rechnung@Huber.EXAMPLE"),
    shown: "rechnung@huber.example",
    other: "x@other.example",
    op: "endet mit",
    value: word("@huber.example"),
  },
  {
    kind: "Rufnummer",
    label: "Pforte",
    fill: typed("089 1234567"),
    shown: "+49891234567",
    other: "+43 1 58858",
    op: "Vorwahl ist eine von",
    value: word("+4989"),
  },
  {
    kind: "Webadresse",
    label: "Katalog",
    fill: typed("WWW.Huber.example/Katalog"),
    shown: "www.huber.example/Katalog",
    other: "https://other.example",
    op: "beginnt mit",
    value: word("https://www.huber"),
  },
  {
    kind: "Land",
    label: "Werksland",
    fill: (form, label) => looked(page_, "Frankreich")(form, label),
    shown: "Frankreich",
    other: "AT",
    op: "ist eines von",
    value: (one) => looked(page_, "Frankreich")(one, "Länder"),
  },
  {
    kind: "Bundesland",
    label: "Werksregion",
    fill: (form, label) => looked(page_, "Bayern")(form, label),
    shown: "Bayern",
    other: "AT-9",
    op: "ist eines von",
    value: (one) => looked(page_, "Bayern")(one, "Bundesländer"),
  },
];

const criterion = (page: Page) => page.getByRole("group", { name: "Kriterium" }).last();

async function ask(page: Page, row: (typeof kinds)[number]) {
  const one = criterion(page);
  await one.getByLabel("Feld", { exact: true }).selectOption({ label: row.label });
  await one.getByLabel("Operator").selectOption({ label: row.op });
  await row.value(one);
}

test.beforeEach(({ page }) => {
  current = page;
});

test("an own field of every kind is made on the settings page", async ({ page, server }) => {
  await setUp(page, server, manager);
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Einstellungen" }).click();
  await expect(page.getByText("Keine eigenen Felder")).toBeVisible();
  for (const { kind, label } of kinds) {
    await page.getByRole("button", { name: "Feld anlegen" }).click();
    const dialog = page.getByRole("dialog", { name: "Feld anlegen" });
    await dialog.getByLabel("Name auf Deutsch").fill(label);
    await dialog.getByLabel("Name auf Englisch").fill(`${label} (en)`);
    await dialog.getByLabel("Art").selectOption({ label: kind });
    if (kind.includes("Auswahl")) {
      await dialog.getByRole("button", { name: "Auswahlwert hinzufügen" }).click();
      await dialog.getByLabel("Auswahlwert 1 auf Deutsch").fill("Große Stufe");
      await dialog.getByLabel("Auswahlwert 1 auf Englisch").fill("Big");
      await dialog.getByRole("button", { name: "Auswahlwert hinzufügen" }).click();
      await dialog.getByLabel("Auswahlwert 2 auf Deutsch").fill("Kleine Stufe");
      await dialog.getByLabel("Auswahlwert 2 auf Englisch").fill("Small");
    }
    await dialog.getByRole("button", { name: "Speichern" }).click();
    await expect(page.getByRole("cell", { name: label, exact: true })).toBeVisible();
  }
  await expectAccessible(page);
});

test("every kind is filled in on the form and shown on the record as the reader writes it", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/leads/new`);
  const form = page.getByRole("main");
  await page.getByRole("textbox", { name: "Firma" }).fill("Bäckerei Huber");
  for (const row of kinds) await row.fill(form, `${row.label}`);
  await expectAccessible(page);
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/leads\/(?!new)/);
  const fields = page.getByRole("complementary", { name: "Felder" });
  for (const row of kinds) await expect(fields).toContainText(row.shown);

  await page.getByRole("button", { name: "Bearbeiten" }).click();
  const sheet = page.getByRole("dialog", { name: "Lead bearbeiten" });
  await expect(sheet.getByRole("textbox", { name: "Budget" })).toHaveValue("1234,50");
  await sheet.getByRole("textbox", { name: "Budget" }).fill("1.300,25");
  await sheet.getByRole("textbox", { name: "Rabatt" }).fill("zwölf");
  await sheet.getByRole("button", { name: "Speichern" }).click();
  await expect(sheet.getByText("„zwölf“ ist keine Zahl.")).toBeVisible();
  await sheet.getByRole("textbox", { name: "Rabatt" }).fill("12,75");
  await sheet.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(fields).toContainText("1.300,25 €");
  await expect(page.getByRole("list", { name: "Verlauf" })).toContainText("12,75");
});

test("every kind is taken over the API and stands in the list as a column", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  const { json } = await call<FieldList>(page, "GET", "/fields");
  const own = json.items.filter((field) => field.key.startsWith("custom."));
  expect(own).toHaveLength(kinds.length);
  const keyOf = (label: string) => own.find((field) => field.label_de === label)?.key ?? label;
  const body = Object.fromEntries(kinds.map((row) => [keyOf(row.label), row.other]));
  const lead = { company: "Anders AG", ...body };
  const made = await call<{ errors?: unknown }>(page, "POST", "/leads", lead);
  expect([made.status, made.json.errors]).toEqual([201, undefined]);

  await page.reload();
  await page.getByRole("button", { name: /von \d+ Spalten/ }).click();
  for (const row of kinds) await page.getByRole("checkbox", { name: row.label, exact: true }).check();
  await page.keyboard.press("Escape");
  const line = page.getByRole("row").filter({ hasText: "Bäckerei Huber" });
  for (const row of kinds.filter((one) => !["Betrag", "Dezimalzahl"].includes(one.kind)))
    await expect(line).toContainText(row.shown);
});

test("the list is sorted by every kind that has an order", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  const { json } = await call<FieldList>(page, "GET", "/fields");
  const sortable = json.items.filter((field) => field.key.startsWith("custom.") && field.is_sortable);
  expect(sortable.length).toBeGreaterThan(9);
  await page.getByRole("button", { name: /von \d+ Spalten/ }).click();
  for (const row of kinds) await page.getByRole("checkbox", { name: row.label, exact: true }).check();
  await page.keyboard.press("Escape");
  for (const field of sortable) {
    const head = page.getByRole("columnheader", { name: field.label_de, exact: true });
    await head.getByRole("button").click();
    await expect(head).toHaveAttribute("aria-sort", /ascending|descending/);
    await expect(page.getByRole("row").filter({ hasText: "Bäckerei Huber" })).toBeVisible();
  }
});

test("the list is filtered by every kind", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  for (const row of kinds) {
    await page.goto(`${server.origin}/leads`);
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await ask(page, row);
    await page.getByRole("button", { name: "Filter anwenden" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByRole("link", { name: "Bäckerei Huber" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Anders AG" })).toHaveCount(0);
  }
});

test("a rule reads every kind, says so in a sentence and counts its leads", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  await page.getByRole("button", { name: "Gebiet anlegen" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Alle Arten");
  await page.getByRole("dialog").getByRole("button", { name: "Gebiet anlegen" }).click();
  await page.waitForURL("**/territories/*");
  await page.getByRole("link", { name: "Regel anlegen" }).click();
  await page.getByLabel("Name der Regel").fill("Jede Art von Feld");
  for (const row of kinds) {
    await page.getByRole("button", { name: "Kriterium", exact: true }).click();
    await ask(page, row);
  }
  await expect(page.getByRole("complementary", { name: "Passende Leads" })).toContainText("1");
  await expect(page.getByRole("link", { name: /Bäckerei Huber/ })).toBeVisible();
  await page.getByRole("button", { name: /Regel speichern/ }).click();
  await page.waitForURL(/rules\/(?!new)/);
  const said = page.locator(".well");
  for (const word of ["Spitzname", "Maschinen", "1.234,49", "Frankreich", "Große Stufe"])
    await expect(said).toContainText(word);
  await expectAccessible(page);
});

test("a field that a rule reads breaks the rule when it is deleted, and the page says so", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/settings`);
  await page.getByRole("button", { name: "Spitzname bearbeiten" }).click();
  await page.getByRole("button", { name: "Feld löschen" }).click();
  await page.getByRole("button", { name: "Feld mit seinen Werten löschen" }).click();
  await expect(page.getByRole("dialog").getByRole("link", { name: "Jede Art von Feld" })).toBeVisible();
  await page.getByRole("button", { name: "Trotzdem löschen" }).click();
  await expect(page.getByRole("cell", { name: "Spitzname", exact: true })).toHaveCount(0);
  await page.goto(`${server.origin}/territories`);
  await expect(page.getByText("ungültig")).toBeVisible();
  await page.getByRole("link", { name: "Jede Art von Feld" }).click();
  await expect(page.getByRole("alert").first()).toContainText("gibt es nicht");
});
