import { expect, expectAccessible, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };
// Of the demo company: whoever sits alone in the rotation of Westfalen.
const seller = { name: "Svenja Albers", email: "svenja.albers@musterwerk.example" };
const password = "noch ein langer Satz dazu";

test.describe.configure({ mode: "serial" });

test("the first start brings the demo company, whose territories have people, rules and leads", async ({
  page,
  server,
}) => {
  await page.goto(server.origin);
  await page.waitForURL("**/setup");
  await page.getByLabel("Einrichtungsschlüssel").fill(server.setupToken);
  await page.getByRole("textbox", { name: "Ihr Name" }).fill("Karla Weber");
  await page.getByRole("textbox", { name: "Firma" }).fill("Musterwerk");
  await page.getByRole("textbox", { name: "E-Mail" }).fill(manager.email);
  await page.getByLabel("Passwort", { exact: true }).fill(manager.password);
  await page.getByRole("radio", { name: /Beispielfirma|Demo/ }).check();
  await page.getByRole("button", { name: /Konto anlegen/ }).click();
  await page.waitForURL("**/leads", { timeout: 60_000 });
  await expect(page.getByRole("grid", { name: "Leads" }).getByRole("row").nth(5)).toBeVisible();
  await expectAccessible(page);
});

test("a demo seller signs in once an administrator has set a password", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.getByRole("link", { name: "Benutzerkonten" }).click();
  await page.getByRole("button", { name: `${seller.name} bearbeiten` }).click();
  const dialog = page.getByRole("dialog", { name: seller.name });
  await dialog.getByLabel("Erstes Passwort").fill(password);
  await dialog.getByRole("button", { name: "Speichern" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.context().clearCookies();
  await signIn(page, server, seller.email, password);
});

test("leads made on the page and over the API arrive at the right seller, live in the open list", async ({
  page,
  browser,
  server,
}) => {
  const office = await browser.newContext();
  const hers = await office.newPage();
  await signIn(hers, server, seller.email, password);
  await expect(hers.getByRole("grid", { name: "Leads" })).toBeVisible();

  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/leads/new`);
  await page.getByRole("textbox", { name: "Firma" }).fill("Paderborner Werkzeugbau");
  await page.getByRole("textbox", { name: "Postleitzahl" }).fill("33098");
  await page
    .getByRole("textbox", { name: "Land" })
    .or(page.getByRole("combobox", { name: "Land" }))
    .first()
    .fill("Deutschland");
  await page.getByRole("option", { name: "Deutschland" }).click();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/leads\/(?!new)/);
  await expect(page.getByRole("region", { name: `Warum ${seller.name}?` })).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Felder" })).toContainText("Nordrhein-Westfalen");
  await expect(hers.getByRole("button", { name: /1 neuer Lead/ })).toBeVisible();

  // What the API answers says where each lead went: by postcode, by state, and to no rule at all.
  const placed = await page.evaluate(async () => {
    const leads = [
      { company: "Bielefelder Maschinen", postcode: "33602", country: "DE" },
      { company: "Kölner Handel", postcode: "50667", country: "DE" },
      { company: "Seattle Tools", state: "US-WA", country: "US" },
      { company: "Genève Horlogerie", postcode: "1201", country: "CH" },
    ];
    const found: Record<string, unknown>[] = [];
    for (const lead of leads) {
      const made = await fetch("/api/v1/leads", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() },
        body: JSON.stringify(lead),
      });
      const said: { lead?: { territory?: { name: string }; owner?: { name: string } } } = await made.json();
      found.push({
        status: made.status,
        territory: said.lead?.territory?.name,
        owner: said.lead?.owner?.name ?? null,
      });
    }
    return found;
  });
  expect(placed.map((one) => [one.status, one.territory])).toEqual([
    [201, "Westfalen"],
    [201, "Rhein-Ruhr"],
    [201, "US West"],
    [201, "Romandie"],
  ]);
  const may: Record<string, string[]> = {
    Westfalen: [seller.name],
    "Rhein-Ruhr": ["Murat Yıldız", "Elif Aydın"],
    "US West": ["Emily Carter"],
    Romandie: ["Nora Keller"],
  };
  // Nobody is handed leads outside of their hours; then the lead waits in the queue of its territory.
  for (const { territory, owner } of placed)
    if (owner !== null) expect(may[String(territory)]).toContain(owner);

  await hers.getByRole("button", { name: /neue Leads/ }).click();
  await expect(hers.getByRole("link", { name: "Bielefelder Maschinen" })).toBeVisible();
  await expect(hers.getByRole("link", { name: "Paderborner Werkzeugbau" })).toBeVisible();
  await expect(hers.getByRole("link", { name: "Seattle Tools" })).toHaveCount(0);
  await office.close();
});
