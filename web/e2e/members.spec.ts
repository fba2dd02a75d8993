import type { Page } from "@playwright/test";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };

test.describe.configure({ mode: "serial" });

const matrix = (page: Page) => page.getByRole("table", { name: "Zuständigkeiten" });
const cell = (page: Page, name: string) => matrix(page).getByRole("button", { name: new RegExp(`^${name}`) });

/** Presses a key, and waits until the server has kept what it changed. */
async function pressed(page: Page, key: string, method: "PUT" | "DELETE" = "PUT") {
  const kept = page.waitForResponse((answer) => answer.request().method() === method && answer.ok());
  await page.keyboard.press(key);
  await kept;
}

test("the matrix is edited by keyboard only, and every change can be taken back", async ({
  page,
  server,
}) => {
  await setUp(page, server, manager);
  await signIn(page, server, manager.email, manager.password);
  for (const name of ["Anna Huber", "Ben Krause"]) {
    const email = `${name.split(" ")[0]?.toLowerCase()}@example.com`;
    const made = await call(page, "POST", "/users", {
      name,
      email,
      role: "seller",
      password: manager.password,
    });
    expect(made.status, JSON.stringify(made.json)).toBe(201);
  }
  for (const name of ["Nord", "Süd"])
    expect((await call(page, "POST", "/territories", { name })).status).toBe(201);

  await page.goto(`${server.origin}/responsibilities`);
  await expect(cell(page, "Anna Huber, Nord")).toBeVisible();
  // The first cell is reached by tab; from there on arrows move.
  while (!(await cell(page, "Anna Huber, Nord").evaluate((one) => one === document.activeElement)))
    await page.keyboard.press("Tab");
  await pressed(page, "z");
  await expect(cell(page, "Anna Huber, Nord")).toHaveAccessibleName("Anna Huber, Nord: nur Zugriff");
  await pressed(page, "v");
  await expect(cell(page, "Anna Huber, Nord")).toHaveAccessibleName(/erhält Leads, Gewicht 1/);
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "Ben Krause, Nord")).toBeFocused();
  await pressed(page, "3");
  await expect(cell(page, "Ben Krause, Nord")).toHaveAccessibleName(/erhält Leads, Gewicht 3/);
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, "Ben Krause, Süd")).toBeFocused();
  await pressed(page, "2");
  await expect(cell(page, "Ben Krause, Süd")).toHaveAccessibleName(/erhält Leads, Gewicht 2/);
  await expectAccessible(page);

  // The toast takes the newest change back.
  const undo = page.getByRole("button", { name: /Rückgängig/ }).last();
  const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.ok());
  await undo.focus();
  await page.keyboard.press("Enter");
  await gone;
  await expect(cell(page, "Ben Krause, Süd")).toHaveAccessibleName(/kein Zugriff/);

  // Access with records behind it goes only with a word about them.
  await cell(page, "Ben Krause, Nord").focus();
  await page.keyboard.press("z");
  const dialog = page.getByRole("dialog", { name: "Ben Krause" });
  await expect(dialog.getByLabel(/Was wird hier aus den Datensätzen von/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(cell(page, "Ben Krause, Nord")).toHaveAccessibleName(/erhält Leads, Gewicht 3/);
});

test("a member goes absent, and the ring passes them over and says until when", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/rotation`);
  await expect(page.getByRole("img", { name: "Als Nächstes in Nord: Ben Krause" })).toBeVisible();
  await page.getByRole("button", { name: "Abwesenheit eintragen" }).click();
  const dialog = page.getByRole("dialog", { name: "Abwesenheit eintragen" });
  await dialog.getByLabel("Person").selectOption({ label: "Ben Krause" });
  const day = (by: number) => new Date(Date.now() + by * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Von").fill(`${day(-1)}T08:00`);
  await dialog.getByLabel("Bis").fill(`${day(3)}T08:00`);
  await dialog.getByLabel("Grund").fill("Messe");
  await dialog.getByRole("button", { name: "Abwesenheit eintragen" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("img", { name: "Als Nächstes in Nord: Anna Huber" })).toBeVisible();
  const lane = page.getByRole("group", { name: "Abwesenheiten, nächste vier Wochen" });
  await expect(lane.getByRole("listitem").filter({ hasText: "Ben Krause" })).toContainText("Messe");
  const made = await call(page, "POST", "/leads", { company: "Kanal AG", postcode: "20095" });
  expect(made.status).toBe(201);
  await expectAccessible(page);

  // A weight is a step, and the step can be taken back.
  const row = page.getByRole("table").getByRole("row").filter({ hasText: "Ben Krause" });
  const put = () => page.waitForResponse((one) => one.request().method() === "PUT" && one.ok());
  const more = put();
  await row.getByRole("button", { name: "Gewicht von Ben Krause erhöhen" }).click();
  await more;
  await expect(row).toContainText("4");
  const back = put();
  await page
    .getByRole("button", { name: /Rückgängig/ })
    .last()
    .click();
  await back;
  await expect(row.locator(".stepper")).toHaveText("3");

  // The order is changed by keyboard: the arrow on a member moves the member.
  const names = page.getByRole("table").getByRole("row");
  await expect(names.nth(1)).toContainText("Anna Huber");
  const both = [put(), put()];
  await page.getByRole("button", { name: "Anna Huber nach unten" }).focus();
  await page.keyboard.press("ArrowDown");
  await Promise.all(both);
  await expect(names.nth(1)).toContainText("Ben Krause");
  await expectAccessible(page);
});

test("taking access away asks what becomes of the records, of child territories too", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const read = await call<{
    territories: { id: string; name: string }[];
    users: { id: string; name: string }[];
  }>(page, "GET", "/members");
  const idOf = (list: { id: string; name: string }[], name: string) =>
    list.find((one) => one.name === name)?.id ?? "";
  const { territories, users } = read.json;
  const [north, anna, ben] = [
    idOf(territories, "Nord"),
    idOf(users, "Anna Huber"),
    idOf(users, "Ben Krause"),
  ];
  const below = await call<{ id: string }>(page, "POST", "/territories", { name: "Kiel", parent: north });
  expect(below.status).toBe(201);
  await page.goto(`${server.origin}/responsibilities`);
  await cell(page, "Anna Huber, Nord").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("switch", { name: /untergeordnete Gebiete/ }).check();
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(dialog).toHaveCount(0);
  const lead = await call<{ id: string }>(page, "POST", "/leads", {
    company: "Förde GmbH",
    territory: below.json.id,
    owner: anna,
  });
  expect(lead.status, JSON.stringify(lead.json)).toBe(201);
  await cell(page, "Anna Huber, Nord").click();
  await dialog.getByRole("switch", { name: /untergeordnete Gebiete/ }).uncheck();
  await dialog
    .getByLabel(/Was wird aus den Datensätzen/)
    .selectOption({ label: "Zurück in die Warteschlange" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(dialog).toHaveCount(0);
  const freed = await call<{ owner?: unknown }>(page, "GET", `/leads/${lead.json.id}`);
  expect(freed.json.owner ?? null).toBeNull();

  const hers = await call<{ id: string }>(page, "POST", "/leads", {
    company: "Kanal KG",
    territory: north,
    owner: anna,
  });
  expect(hers.status).toBe(201);
  await cell(page, "Anna Huber, Nord").focus();
  await page.keyboard.press("z");
  await dialog.getByLabel(/Was wird hier aus den Datensätzen/).selectOption({ label: "Alle an Ben Krause" });
  await dialog.getByRole("button", { name: "Zugriff entziehen" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(cell(page, "Anna Huber, Nord")).toHaveAccessibleName(/kein Zugriff/);
  const given = await call<{ owner: { id: string } }>(page, "GET", `/leads/${hers.json.id}`);
  expect(given.json.owner.id).toBe(ben);
});
