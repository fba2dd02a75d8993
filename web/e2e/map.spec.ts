import { expect, expectAccessible, setUp, signIn, speak, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };

test.describe.configure({ mode: "serial" });

test("territories of the demo company show their outline wherever their name stands", async ({
  page,
  server,
}) => {
  await setUp(page, server, manager, true);
  await signIn(page, server, manager.email, manager.password);
  const grid = page.getByRole("grid", { name: "Leads" });
  await expect(grid.locator("svg.sil.drawn").first()).toBeVisible();

  await page.goto(`${server.origin}/territories`);
  const tree = page.getByRole("navigation", { name: "Reihenfolge der Prüfung" });
  await expect(tree.locator("svg.sil.drawn").first()).toBeVisible();
  // Each outline is drawn once and used by every mark.
  const drawn = await page.evaluate(() => {
    const used = [...document.querySelectorAll("svg.sil.drawn use")].map((use) => use.getAttribute("href"));
    return used.every(
      (href) => document.querySelectorAll(`symbol[id="${href?.slice(1)}"] path`).length === 1,
    );
  });
  expect(drawn).toBe(true);
});

test("the map is coloured by territory, and the table says the same of every area", async ({
  page,
  server,
}) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  const map = page.getByRole("img", { name: /^Karte, PLZ 2: \d+ Gebiete in \d+ Bereichen/ });
  await expect(map).toBeVisible();
  const names = await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/territories")).json();
    return Object.fromEntries(
      (items as { id: string; name: string }[]).map((one) => [one.id, one.name] as const),
    ) as Record<string, string>;
  });
  const areas = await map
    .locator("path[data-area]")
    .evaluateAll((paths) =>
      paths.map(
        (path) => [path.getAttribute("data-area") ?? "", path.getAttribute("data-territory")] as const,
      ),
    );
  expect(areas.length).toBe(130);
  expect(areas.filter(([, territory]) => territory).length).toBeGreaterThan(90);
  const table = page.getByRole("table", { name: "Bereiche und ihre Gebiete" });
  for (const [area, territory] of areas) {
    const row = table.locator(`tr[data-area="${area}"]`);
    const said = await row.locator("td").nth(1).textContent();
    expect(said?.startsWith(territory ? String(names[territory]) : "ohne Gebiet"), `${area}: ${said}`).toBe(
      true,
    );
  }
  await expectAccessible(page);
});

test("pointing at an area names it, and a click chooses its territory", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  const area = page.locator('.terr-map path[data-area="DE 83"]');
  const territory = await area.getAttribute("data-territory");
  await area.hover();
  await expect(page.locator(".map-tip")).toContainText("83 · ");
  await area.click();
  await page.waitForURL(`**/territories/${territory}*`);
  await expect(page.locator(".terr-map path.chosen")).toHaveAttribute("d", /^M/);
});

test("level, colour and order stay in the address", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await page.goto(`${server.origin}/territories`);
  await page.getByRole("radio", { name: "US-Staaten" }).click();
  await page.waitForURL(/map=us-states/);
  await page.getByRole("radio", { name: "Leads", exact: true }).click();
  await page.waitForURL(/color=leads/);
  await page
    .getByRole("table", { name: "Bereiche und ihre Gebiete" })
    .getByRole("button", { name: "Leads" })
    .click();
  await page.waitForURL(/sort=-leads/);
  await page.reload();
  await expect(page.getByRole("img", { name: /^Karte, US-Staaten/ })).toBeVisible();
  await expect(page.getByRole("radio", { name: "US-Staaten" })).toBeChecked();
  const counts = await page.locator(".area-table td.num").allTextContents();
  const figures = counts.map((count) => Number(count.replace(/\D/g, "")));
  expect(figures).toEqual([...figures].sort((a, b) => b - a));
  for (const level of ["PLZ 1", "PLZ 3", "Länder D·A·CH", "US-Countys", "Welt"]) {
    await page.getByRole("radio", { name: level, exact: true }).click();
    await expect(page.getByRole("img", { name: new RegExp(`^Karte, ${level}`) })).toBeVisible();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page);
});

test("the map speaks English too", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  await speak(page, "English");
  await page.goto(`${server.origin}/territories?map=dach-states`);
  await expect(
    page.getByRole("img", { name: /^Map, DE, AT, CH states: \d+ territories in \d+ areas/ }),
  ).toBeVisible();
  await expect(page.getByRole("table", { name: "Areas and their territories" })).toContainText("Bavaria");
});
