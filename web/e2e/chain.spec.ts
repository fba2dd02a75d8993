import { expect, expectAccessible, signIn, test } from "./server";

const manager = { email: "katrin@example.com", password: "ein langer Satz als Passwort" };
const seller = { email: "anna@example.com", password: "noch ein langer Satz dazu" };

test.describe.configure({ mode: "serial" });

test("the first start makes the administrator and leads to the empty list", async ({ page, server }) => {
  await page.goto(server.origin);
  await page.waitForURL("**/setup");
  await expectAccessible(page);
  await page.getByLabel("Einrichtungsschlüssel").fill("wrong");
  await page.getByRole("textbox", { name: "Ihr Name" }).fill("Katrin Wolters");
  await page.getByRole("textbox", { name: "Firma" }).fill("Musterwerk");
  await page.getByRole("textbox", { name: "E-Mail" }).fill(manager.email);
  await page.getByLabel("Passwort", { exact: true }).fill(manager.password);
  await page.getByRole("radio", { name: /^Leer/ }).check();
  await page.getByRole("button", { name: /Konto anlegen/ }).click();
  await expect(page.getByRole("alert").first()).toContainText("nicht der Einrichtungsschlüssel");
  await page.getByText("English", { exact: true }).click();
  await expect(page.getByRole("alert").first()).toContainText("This is not the setup token");
  await page.getByText("Deutsch", { exact: true }).click();
  await page.getByLabel("Einrichtungsschlüssel").fill(server.setupToken);
  await page.getByRole("button", { name: /Konto anlegen/ }).click();
  await page.waitForURL("**/leads");
  await expect(page.getByRole("heading", { name: "Noch keine Leads" })).toBeVisible();
  await expectAccessible(page);
});

test("a territory gets a rule from postcodes as text, and a seller who is handed its leads", async ({
  page,
  browser,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Gebiete" }).first().click();
  await page.getByRole("button", { name: "Gebiet anlegen" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Südbayern");
  await page.getByRole("dialog").getByRole("button", { name: "Gebiet anlegen" }).click();
  await page.waitForURL("**/territories/*");

  await page.getByRole("link", { name: "Regel anlegen" }).click();
  await page.getByLabel("Name der Regel").fill("Südbayern nach PLZ");
  await page.getByRole("button", { name: "Kriterium" }).click();
  await page.getByRole("button", { name: "Als Text" }).first().click();
  await page.getByRole("textbox", { name: "Postleitzahlen" }).fill("7xxxx ohne 76726–76891 + 88–89");
  await page.getByRole("button", { name: "Als Kriterium übernehmen" }).click();
  await expect(page.getByText("70000–79999").first()).toBeVisible();
  await page.getByRole("button", { name: "Als Text" }).first().click();
  await page.getByRole("textbox", { name: "Postleitzahlen" }).fill("80–87");
  await page.getByRole("button", { name: "Als Kriterium übernehmen" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: /Regel speichern/ }).click();
  await page.waitForURL(/rules\/(?!new)/);

  await page.getByRole("link", { name: "Benutzerkonten" }).click();
  await page.getByRole("button", { name: "Person einladen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Anna Huber");
  await dialog.getByRole("textbox", { name: "E-Mail" }).fill(seller.email);
  await dialog.getByRole("button", { name: "Einladung anlegen" }).click();
  const link = (await dialog.getByTestId("invitation-link").textContent()) ?? "";
  await dialog.getByRole("button", { name: "Fertig" }).click();
  await expect(page.getByRole("cell", { name: "Anna Huber", exact: true })).toBeVisible();

  const elsewhere = await browser.newContext();
  const hers = await elsewhere.newPage();
  await hers.goto(link);
  await hers.getByLabel("Passwort", { exact: true }).fill(seller.password);
  await hers.getByRole("button", { name: "Passwort festlegen und beginnen" }).click();
  await expect(hers.getByRole("heading", { level: 1, name: "Leads" })).toBeVisible();
  await elsewhere.close();

  await page.getByRole("link", { name: "Zuständigkeiten" }).click();
  await page.getByRole("button", { name: /^Anna Huber, Südbayern/ }).click();
  await page.getByRole("switch", { name: /^Zuteilung/ }).check();
  await page.getByRole("button", { name: "Speichern" }).click();
  await expect(
    page.getByRole("button", { name: "Anna Huber, Südbayern: erhält Leads, Gewicht 1" }),
  ).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Ringverteilung" }).click();
  await expect(page.getByRole("heading", { name: "Warum Anna Huber?" })).toBeVisible();
});

test("a lead created on the page arrives at the seller, whose open list tells of it", async ({
  page,
  browser,
  server,
}) => {
  const office = await browser.newContext();
  const hers = await office.newPage();
  await signIn(hers, server, seller.email, seller.password);
  await expect(hers.getByRole("heading", { name: "Noch keine Leads" })).toBeVisible();

  await signIn(page, server, manager.email, manager.password);
  await page.keyboard.press("c");
  await page.waitForURL("**/leads/new");
  await page.getByRole("textbox", { name: "Firma" }).fill("Bäckerei Huber");
  await page.getByRole("textbox", { name: "Postleitzahl" }).fill("80331");
  await page
    .getByRole("textbox", { name: "Land" })
    .or(page.getByRole("combobox", { name: "Land" }))
    .first()
    .fill("Deutschland");
  await page.getByRole("option", { name: "Deutschland" }).click();
  await page.getByRole("textbox", { name: "Beschäftigte" }).fill("12a");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("„12a“ ist keine ganze Zahl.")).toBeVisible();
  await page.getByRole("textbox", { name: "Beschäftigte" }).fill("40");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/leads\/(?!new)/);
  await expect(page.getByRole("region", { name: "Warum Anna Huber?" })).toBeVisible();
  await expect(page.getByText("München").first()).toBeVisible();
  await expectAccessible(page);

  await hers.getByRole("button", { name: /1 neuer Lead/ }).click();
  await hers.getByRole("link", { name: "Bäckerei Huber" }).click();
  await expect(hers.getByRole("region", { name: "Warum ich?" })).toContainText(
    "Der Lead gehört zu Südbayern, weil seine Postleitzahl 80331 im Bereich 80000–87999 liegt. Sie waren in der Ringverteilung an der Reihe.",
  );

  // What somebody else changes stands in her open list, in its row.
  await hers.getByRole("link", { name: "Leads" }).first().click();
  await page.getByRole("button", { name: "Bearbeiten" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Beschäftigte" }).fill("4.711");
  await page.getByRole("dialog").getByRole("button", { name: "Speichern" }).click();
  await expect(hers.getByRole("row").filter({ hasText: "Bäckerei Huber" })).toContainText("4.711");
  await office.close();
});

test("of two people who change the same field, the second sees both values and chooses", async ({
  page,
  browser,
  server,
}) => {
  const office = await browser.newContext();
  const hers = await office.newPage();
  await signIn(hers, server, seller.email, seller.password);
  await hers.getByRole("link", { name: "Bäckerei Huber" }).click();
  await hers.getByRole("button", { name: "Bearbeiten" }).click();
  await hers.getByRole("textbox", { name: "Straße" }).fill("Marienplatz 8");

  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Bäckerei Huber" }).click();
  await page.getByRole("button", { name: "Bearbeiten" }).click();
  await page.getByRole("textbox", { name: "Straße" }).fill("Viktualienmarkt 3");
  await page.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await hers.getByRole("button", { name: "Speichern" }).click();
  const clash = hers.getByRole("dialog", { name: "Jemand anderes hat diesen Lead geändert" });
  await expect(clash).toContainText("Marienplatz 8");
  await expect(clash).toContainText("Viktualienmarkt 3");
  await clash.getByRole("radio", { name: "Viktualienmarkt 3" }).check();
  await clash.getByRole("button", { name: "Gewählte Werte speichern" }).click();
  await expect(hers.getByRole("complementary", { name: "Felder" })).toContainText("Viktualienmarkt 3");
  await office.close();
});

test("a manager pins a lead to its territory by hand", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Bäckerei Huber" }).click();
  await page.getByRole("button", { name: "Zuteilen" }).click();
  await expectAccessible(page);
  await page.getByRole("radio", { name: /^In ein Gebiet legen/ }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Zuteilen" }).click();
  await expect(page.getByRole("complementary", { name: "Felder" })).toContainText("festgelegt");
});

test("a seller sees no management, and a foreign page says that it is not there", async ({
  page,
  server,
}) => {
  await signIn(page, server, seller.email, seller.password);
  await expect(page.getByRole("link", { name: "Protokoll" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Einstellungen" })).toHaveCount(0);
  await page.goto(`${server.origin}/leads/01890000-0000-7000-8000-000000000000`);
  await expect(page.getByRole("heading", { name: "Das ist nicht hier" })).toBeVisible();
});

test("every page of the manager is free of faults that axe can find", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  for (const path of [
    "/leads",
    "/leads/new",
    "/territories",
    "/rotation",
    "/responsibilities",
    "/users",
    "/account",
    "/settings",
    "/audit",
  ]) {
    await page.goto(server.origin + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});
