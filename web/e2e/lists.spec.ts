import type { Locator, Page } from "@playwright/test";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };

test.describe.configure({ mode: "serial" });

// No two of the postcodes are neighbours, so that nothing shortens them to ranges.
const postcodes = Array.from({ length: 30_000 }, (_, number) => String(10_000 + 3 * number));
const accounts = Array.from({ length: 30_000 }, (_, number) => `Kunde ${String(number).padStart(12, "0")}`);
const last = { postcode: postcodes.at(-1) as string, account: accounts.at(-1) as string };

const criteria = (page: Page) => page.getByRole("group", { name: "Kriterium" });
const matching = (page: Page) => page.getByRole("complementary", { name: "Passende Leads" });
const rows = (page: Page) => page.getByRole("grid", { name: "Leads" }).getByRole("row");

/** Puts a column of a spreadsheet in, as Ctrl V does. */
const paste = (input: Locator, values: string[]) =>
  input.evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, values.join("\r\n"));

async function newRule(page: Page, origin: string, name: string) {
  await page.goto(`${origin}/territories`);
  await page.getByRole("navigation").getByRole("link", { name: "Liste" }).first().click();
  await page.getByRole("link", { name: "Regel anlegen" }).first().click();
  await page.getByLabel("Name der Regel").fill(name);
  await page.getByRole("button", { name: "Kriterium", exact: true }).click();
}

test("a company with a few leads stands", async ({ page, server }) => {
  await setUp(page, server, manager);
  await signIn(page, server, manager.email, manager.password);
  const leads = [
    { company: "Bäckerei Huber", country: "DE", postcode: last.postcode },
    { company: "Straßenbau Nord", country: "DE", postcode: "10001" },
    { company: accounts[0] },
    { company: last.account },
    { company: "Kunde 4711" },
  ];
  for (const lead of leads) expect((await call(page, "POST", "/leads", lead)).status).toBe(201);
  expect((await call(page, "POST", "/territories", { name: "Liste" })).status).toBe(201);
});

for (const { what, field, values, count } of [
  { what: "postcodes", field: "postcode", values: postcodes, count: "1" },
  { what: "account numbers", field: "company", values: accounts, count: "2" },
])
  test(`a rule takes 30,000 ${what}, counts with them, is saved and opened again`, async ({
    page,
    server,
  }) => {
    await signIn(page, server, manager.email, manager.password);
    await newRule(page, server.origin, `Aus der Tabelle: ${what}`);
    const one = criteria(page).first();
    await one.getByLabel("Feld", { exact: true }).selectOption(field);
    await one.getByLabel("Operator").selectOption("is_any_of");
    await paste(one.getByRole("textbox", { name: "Werte", exact: true }), values);
    await expect(one.getByText("30.000 Werte")).toBeVisible();
    await expect(matching(page).locator(".fig")).toHaveText(count);
    await expect(page.locator(".well")).toContainText("weitere");

    const search = one.getByRole("searchbox", { name: "In den Werten suchen" });
    await search.fill(values.at(-1) as string);
    await one.getByRole("button", { name: `${values.at(-1)} entfernen` }).click();
    await expect(one.getByText("29.999 Werte")).toBeVisible();
    await expect(one.getByText("Kein Wert enthält das.")).toBeVisible();
    await expect(matching(page).locator(".fig")).toHaveText(String(Number(count) - 1));
    await paste(one.getByRole("textbox", { name: "Werte", exact: true }), ["", values.at(-1) as string, ""]);
    await expect(one.getByText("30.000 Werte")).toBeVisible();
    await expectAccessible(page);

    await page.getByLabel("Name der Regel").fill(`Tabelle ${what}`);
    await page.getByRole("button", { name: "Regel speichern" }).click();
    await expect(page).not.toHaveURL(/\/rules\/new/);
    await page.reload();
    await expect(criteria(page).first().getByText("30.000 Werte")).toBeVisible();
    await expect(matching(page).locator(".fig")).toHaveText(count);

    await page.getByRole("link", { name: "Alle als Liste" }).click();
    await expect(page.getByRole("button", { name: /30\.000 Werte/ })).toBeVisible();
    await expect(
      rows(page).filter({ hasText: field === "company" ? last.account : "Bäckerei Huber" }),
    ).toBeVisible();
  });

test("a list is filtered by 30,000 values; its address is short and keeps the filter", async ({
  page,
  server,
  browser,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/leads`);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Filter" });
  await dialog.getByLabel("Feld", { exact: true }).selectOption("company");
  await dialog.getByLabel("Operator").selectOption("is_any_of");
  await paste(dialog.getByRole("textbox", { name: "Werte", exact: true }), accounts);
  await expect(dialog.getByText("30.000 Werte")).toBeVisible();
  await dialog.getByRole("button", { name: "Filter anwenden" }).click();
  await expect(dialog).toBeHidden();
  const chip = page.getByRole("button", { name: /30\.000 Werte/ });
  const found = async (on: Page) => {
    await expect(on.getByRole("button", { name: /30\.000 Werte/ })).toBeVisible();
    await expect(rows(on).filter({ hasText: last.account })).toBeVisible();
    await expect(rows(on).filter({ hasText: "Kunde 4711" })).toHaveCount(0);
    await expect(on.locator(".grid-foot")).toContainText("2 Leads");
  };
  await found(page);
  expect(page.url().length).toBeLessThan(1_000);

  await page.reload();
  await found(page);
  await rows(page).filter({ hasText: last.account }).locator(".nm").click();
  await expect(page).toHaveURL(/\/leads\/[0-9a-f-]{36}/);
  await page.goBack();
  await found(page);
  const beside = await page.context().newPage();
  await beside.goto(page.url());
  await found(beside);
  await beside.close();

  await chip.click();
  await expect(dialog.getByText("30.000 Werte")).toBeVisible();
  await dialog.getByRole("searchbox", { name: "In den Werten suchen" }).fill(last.account);
  await dialog.getByRole("button", { name: `${last.account} entfernen` }).click();
  await dialog.getByRole("button", { name: "Filter anwenden" }).click();
  await expect(page.locator(".grid-foot")).toContainText("1 Lead");
  await expect(rows(page).filter({ hasText: last.account })).toHaveCount(0);
  await page.goBack();
  await found(page);

  // Somebody else has the address and not the list.
  const elsewhere = await browser.newContext({ locale: "de-DE", timezoneId: "Europe/Berlin" });
  const other = await elsewhere.newPage();
  await signIn(other, server, manager.email, manager.password);
  await other.goto(page.url());
  await expect(other.getByText("Die Werte dieses Filters liegen nicht in diesem Browser")).toBeVisible();
  await expectAccessible(other);
  await other.getByRole("button", { name: "Alle Filter zurücksetzen" }).click();
  await expect(rows(other).filter({ hasText: "Kunde 4711" })).toBeVisible();
  await elsewhere.close();

  await page.getByRole("button", { name: /^Filter .* entfernen$/ }).click();
  await expect(rows(page).filter({ hasText: "Kunde 4711" })).toBeVisible();
});
