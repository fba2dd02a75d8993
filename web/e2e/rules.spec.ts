import type { Locator, Page } from "@playwright/test";
import type { FieldList } from "../src/api/generated/types.gen";
import { call, expect, expectAccessible, setUp, signIn, speak, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };

test.describe.configure({ mode: "serial" });

const criteria = (page: Page) => page.getByRole("group", { name: "Kriterium" });
const sentence = (page: Page) => page.locator(".well");
const matching = (page: Page) => page.getByRole("complementary", { name: "Passende Leads" });

async function newRule(page: Page, origin: string, territory: string, name: string) {
  await page.goto(`${origin}/territories`);
  await page.getByRole("navigation").getByRole("link", { name: territory }).first().click();
  await page.getByRole("link", { name: "Regel anlegen" }).first().click();
  await page.getByLabel("Name der Regel").fill(name);
}

async function look(page: Page, one: Locator, label: string, text: string) {
  await one.getByRole("combobox", { name: label }).fill(text);
  await page.getByRole("listbox", { name: label }).getByRole("option", { name: text, exact: true }).click();
  await page.keyboard.press("Escape");
}

test("a company with a few leads stands", async ({ page, server }) => {
  await setUp(page, server, manager);
  await signIn(page, server, manager.email, manager.password);
  for (const kind of ["date", "yes_no"]) {
    const made = await call(page, "POST", "/fields", {
      key: `own_${kind}`,
      kind,
      label_de: `Eigenes ${kind}`,
      label_en: `Own ${kind}`,
      choices: [],
    });
    expect(made.status).toBe(201);
  }
  const leads = [
    { company: "Bäckerei Huber GmbH", postcode: "80331", phones: ["089 1234567"], employees: 40 },
    { company: "Straßenbau Nord", postcode: "20095", phones: ["040 7654321"], employees: 400 },
    { company: "Starnberger Segel", postcode: "82319", "custom.own_yes_no": true },
    { company: "Wiener Werkstätte", country: "AT", postcode: "1010", phones: ["+43 1 588580"] },
  ];
  for (const lead of leads) expect((await call(page, "POST", "/leads", lead)).status).toBe(201);
  expect((await call(page, "POST", "/territories", { name: "Probe" })).status).toBe(201);
});

test("every operator of every kind can be picked, takes a value and is said in a sentence", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await newRule(page, server.origin, "Probe", "Alle Operatoren");
  await page.getByRole("button", { name: "Kriterium", exact: true }).click();
  const one = criteria(page).first();
  const { json } = await call<FieldList>(page, "GET", "/fields");
  const asked = [
    "company",
    "phones",
    "country",
    "state",
    "postcode",
    "industry",
    "employees",
    "annual_revenue",
    "requirements",
    "place",
    "custom.own_date",
    "custom.own_yes_no",
  ];
  const operators = new Set<string>();
  let before = "";
  for (const key of asked) {
    const field = json.items.find((found) => found.key === key);
    if (!field) throw new Error(`there is no field ${key}`);
    await one.getByLabel("Feld", { exact: true }).selectOption(key);
    for (const op of field.operators) {
      await one.getByLabel("Operator").selectOption(op);
      await fill(page, one, field, op);
      // Of one value, any is all.
      if (op !== "has_all_of") await expect(sentence(page), `${key} ${op}`).not.toHaveText(before);
      await expect(sentence(page), `${key} ${op}`).toHaveText(/^In Worten: (Firmen|Leads).+\.$/);
      before = (await sentence(page).textContent()) ?? "";
      await expect(one.getByRole("alert"), `${key} ${op}`).toHaveCount(0);
      operators.add(op);
    }
  }
  expect([...operators].sort()).toEqual(
    [
      ...["is_any_of", "is_none_of", "starts_with_any_of", "ends_with_any_of", "contains_any_of"],
      ...["matches_any_of", "is_empty", "is_not_empty", "eq", "lt", "lte", "gt", "gte", "between"],
      ...["in_last_days", "in_next_days", "has_any_of", "has_all_of", "has_none_of", "is"],
      ...["in_range_any_of", "within_km", "country_is_any_of", "area_code_is_any_of"],
    ].sort(),
  );
});

async function fill(page: Page, one: Locator, field: { kind: string; choices: unknown[] }, op: string) {
  if (op === "is_empty" || op === "is_not_empty" || op === "is") return;
  const clear = one.getByRole("button", { name: /^Entfernen|entfernen$/ });
  const box = (label: string) => one.getByLabel(label, { exact: true });
  const bound = async (label: string, value: string) => box(label).fill(value);
  if (op === "in_last_days" || op === "in_next_days") return bound("Tage", "7");
  if (op === "within_km") {
    await bound("Kilometer", "50");
    return bound("Postleitzahl", "80331");
  }
  if (op === "country_is_any_of") return look(page, one, "Länder", "Österreich");
  const value: Record<string, [string, string]> = {
    integer: ["10", "20"],
    money: ["10.000", "20.000"],
    date: ["2026-01-01", "2026-06-01"],
  };
  const [low, high] = value[field.kind] ?? [];
  if (low && high) {
    if (op !== "between") return bound("Wert", low);
    await bound("Von, eingeschlossen", low);
    return bound("Bis, ausgeschlossen", high);
  }
  if (["choice", "multi_choice", "country", "state"].includes(field.kind)) {
    const label = { country: "Länder", state: "Bundesländer" }[field.kind] ?? "Werte";
    if (await one.locator(".mantine-Pill-root").count()) return;
    await one.getByRole("combobox", { name: label }).click();
    await page.getByRole("listbox", { name: label }).getByRole("option").first().click();
    return page.keyboard.press("Escape");
  }
  const texts: Record<string, string> = {
    area_code_is_any_of: "+4989",
    in_range_any_of: "80000-87999",
    matches_any_of: "*gmbh*",
    is_any_of: field.kind === "phone" ? "+49891234567" : "80331",
    is_none_of: field.kind === "phone" ? "+49891234567" : "80331",
  };
  while (await clear.count()) {
    const first = clear.first();
    if ((await first.getAttribute("aria-label")) === "Kriterium entfernen") break;
    await first.click();
  }
  const input = one.getByRole("textbox", { name: "Werte" });
  await input.fill(texts[op] ?? "80");
  await input.press("Enter");
}

test("groups nest, are said in both languages and come back as they were", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await newRule(page, server.origin, "Probe", "Verschachtelt");
  await page.getByRole("button", { name: "Kriterium", exact: true }).click();
  const country = criteria(page).first();
  await country.getByLabel("Feld", { exact: true }).selectOption("country");
  await look(page, country, "Länder", "Deutschland");
  await page.getByRole("button", { name: "Gruppe", exact: true }).click();
  const employees = criteria(page).nth(1);
  await employees.getByLabel("Feld", { exact: true }).selectOption("employees");
  await employees.getByLabel("Operator").selectOption("gte");
  await employees.getByLabel("Wert").fill("50");
  await page.getByRole("button", { name: "Gruppe", exact: true }).first().click();
  const company = criteria(page).nth(2);
  await company.getByLabel("Feld", { exact: true }).selectOption("company");
  await company.getByLabel("Operator").selectOption("contains_any_of");
  await company.getByRole("textbox", { name: "Werte" }).fill("STRASSEN");
  await company.getByRole("textbox", { name: "Werte" }).press("Enter");
  const modes = page.getByLabel("Wie die Kriterien dieser Gruppe zählen");
  await modes.nth(2).selectOption({ label: "Keines" });
  await expect(sentence(page)).toContainText("Deutschland");
  await expect(sentence(page)).toContainText("nicht");
  await expect(matching(page)).toContainText("0");
  await modes.nth(2).selectOption({ label: "Alle" });
  await expect(matching(page)).toContainText("1");
  await expect(matching(page)).toContainText("Straßenbau Nord");
  await modes.nth(1).selectOption({ label: "Nicht alle" });
  await expect(matching(page)).toContainText("Bäckerei Huber");
  await page.getByRole("button", { name: /Regel speichern/ }).click();
  await page.waitForURL(/rules\/(?!new)/);
  await expect(sentence(page)).toContainText("STRASSEN");
  const said = await sentence(page).textContent();
  await page.reload();
  await expect(modes).toHaveCount(3);
  await expect(modes.nth(1)).toHaveValue("not_all");
  await expect(sentence(page)).toHaveText(said ?? "");
  await expectAccessible(page);

  await speak(page, "English");
  await expect(page.getByText("In words:")).toBeVisible();
  await expect(sentence(page)).toContainText("Companies in Germany");
  await speak(page, "Deutsch");
  await expect(page.getByText("In Worten:")).toBeVisible();
});

test("postcodes as field sales write them become a criterion, and the criterion such text", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const rows = [
    { text: "60–65, 67–69 + 76726–76891", count: "912 Postleitzahlen" },
    { text: "7xxxx ohne 76726–76891 + 88–89", count: "1.498 Postleitzahlen" },
  ];
  for (const { text, count } of rows) {
    await newRule(page, server.origin, "Probe", text);
    await page.getByRole("button", { name: "Kriterium", exact: true }).click();
    await page.getByRole("button", { name: "Als Text" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).fill("80–87 aber");
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).blur();
    await expect(dialog.getByText("„aber“")).toBeVisible();
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).fill(text);
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).blur();
    await expect(dialog.getByText(count)).toBeVisible();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Als Kriterium übernehmen" }).click();
    await expect(dialog).toHaveCount(0);
    await page.getByRole("button", { name: /Regel speichern/ }).click();
    await page.waitForURL(/rules\/(?!new)/);
    await page.reload();
    await page.getByRole("button", { name: "Als Text" }).first().click();
    // Its own words, for the same codes.
    await expect(dialog.getByRole("textbox", { name: "Postleitzahlen" })).toHaveValue(/\d/);
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).focus();
    await dialog.getByRole("textbox", { name: "Postleitzahlen" }).blur();
    await expect(dialog.getByText(count)).toBeVisible();
    await dialog.getByRole("button", { name: "Abbrechen" }).click();
  }
});

test("circles, area codes and days find their leads", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await newRule(page, server.origin, "Probe", "Umkreis");
  await page.getByRole("button", { name: "Kriterium", exact: true }).click();
  const one = criteria(page).first();
  await one.getByLabel("Feld", { exact: true }).selectOption("place");
  await one.getByLabel("Kilometer").fill("30");
  await one.getByLabel("Postleitzahl").fill("80331");
  await expect(matching(page)).toContainText("Starnberger Segel");
  await expect(matching(page)).toContainText("Bäckerei Huber");
  await one.getByLabel("Kilometer").fill("5");
  await expect(matching(page)).not.toContainText("Starnberger Segel");
  await one.getByLabel("Feld", { exact: true }).selectOption("phones");
  await one.getByLabel("Operator").selectOption("area_code_is_any_of");
  await one.getByRole("textbox", { name: "Werte" }).fill("+4940");
  await one.getByRole("textbox", { name: "Werte" }).press("Enter");
  await expect(matching(page)).toContainText("Straßenbau Nord");
  await expect(matching(page)).not.toContainText("Bäckerei Huber");
  await one.getByLabel("Feld", { exact: true }).selectOption("phones");
  await one.getByLabel("Operator").selectOption("country_is_any_of");
  await look(page, one, "Länder", "Österreich");
  await expect(matching(page)).toContainText("Wiener Werkstätte");
  // However many values are picked, all of them can be read.
  for (const country of ["Deutschland", "Schweiz", "Frankreich", "Liechtenstein", "Luxemburg"])
    await look(page, one, "Länder", country);
  await expect(one.getByText("Luxemburg", { exact: true }).first()).toBeInViewport({ ratio: 1 });

  await page.goto(`${server.origin}/leads`);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await one.getByLabel("Feld", { exact: true }).selectOption("created_at");
  await one.getByLabel("Operator").selectOption("in_last_days");
  await one.getByLabel("Tage").fill("1");
  await page.getByRole("button", { name: "Filter anwenden" }).click();
  await expect(page.getByRole("contentinfo").or(page.locator(".grid-foot"))).toContainText("4 Leads");
});

test("a rule change previewed, applied, undone", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  const made = await call(page, "POST", "/territories", { name: "Hamburg" });
  expect(made.status).toBe(201);
  await newRule(page, server.origin, "Hamburg", "PLZ 20");
  await page.getByRole("button", { name: "Kriterium", exact: true }).click();
  await criteria(page).first().getByRole("textbox").fill("20");
  await page.keyboard.press("Enter");
  await expect(matching(page).locator(".fig")).toHaveText("1");
  await page.getByRole("button", { name: "Vorschau ansehen" }).click();
  await expect(page.getByText(/^1 von \d+ Leads wechselt das Gebiet/)).toBeVisible();
  await expect(page.getByRole("row", { name: /Straßenbau Nord/ })).toContainText("Hamburg");
  await expect(page.getByRole("img", { name: /nach Hamburg/ })).toBeVisible();
  await expectAccessible(page);

  // What is not saved waits in the browser: back to it, and on again.
  await page.getByRole("link", { name: "Weiter bearbeiten" }).click();
  await expect(page.getByLabel("Name der Regel")).toHaveValue("PLZ 20");
  await page.getByRole("button", { name: "Vorschau ansehen" }).click();
  await page.getByRole("button", { name: "1 Lead jetzt verschieben" }).click();
  await expect(page.getByRole("heading", { name: "1 Lead ist verschoben." })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Straßenbau Nord" }).click();
  await expect(page.getByRole("link", { name: "Hamburg" }).first()).toBeVisible();

  await page.goto(`${server.origin}/batches`);
  await expectAccessible(page);
  await page.getByRole("link", { name: "PLZ 20" }).click();
  await page.getByRole("button", { name: "Rückgängig" }).click();
  await expect(page.getByRole("heading", { name: "1 Lead ist wieder, wo er war." })).toBeVisible();
  await speak(page, "English");
  await page.reload();
  await expect(page.getByRole("heading", { name: "1 lead is back where it was." })).toBeVisible();
  await speak(page, "Deutsch");
});

test("what one leaves unsaved is offered when one comes back", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await newRule(page, server.origin, "Hamburg", "Angefangen");
  await page.goto(`${server.origin}/territories`);
  await page.getByRole("navigation").getByRole("link", { name: "Hamburg" }).first().click();
  await page.getByRole("link", { name: "Regel anlegen" }).first().click();
  await page.getByRole("button", { name: "Weiter damit" }).click();
  await expect(page.getByLabel("Name der Regel")).toHaveValue("Angefangen");
});
