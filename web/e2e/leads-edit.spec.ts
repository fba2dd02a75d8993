import type { Page } from "@playwright/test";
import { call, expect, expectAccessible, setUp, signIn, test } from "./server";

const manager = { email: "karla@example.com", password: "ein langer Satz als Passwort" };
const seller = { name: "Svenja Albers", email: "svenja.albers@musterwerk.example" };
const password = "noch ein langer Satz dazu";

test.describe.configure({ mode: "serial" });

const grid = (page: Page) => page.getByRole("grid", { name: "Leads" });
const row = (page: Page, name: string) =>
  grid(page)
    .getByRole("row")
    .filter({ has: page.getByRole("link", { name, exact: true }) });
/** The cell of a row under a head. */
async function cell(page: Page, name: string, head: string) {
  const heads = await grid(page).getByRole("columnheader").allTextContents();
  return row(page, name).getByRole("gridcell").nth(heads.indexOf(head));
}
const answered = (page: Page, method: string, path = /\/api\/v1\/leads\//) =>
  page.waitForResponse((answer) => answer.request().method() === method && path.test(answer.url()));

test("a seller edits in the list and takes it back", async ({ page, server }) => {
  await setUp(page, server, manager, true);
  await signIn(page, server, manager.email, manager.password);
  const users = (await call<{ items: { id: string; name: string }[] }>(page, "GET", "/users")).json.items;
  const { id } = users.find((one) => one.name === seller.name) ?? { id: "" };
  expect((await call(page, "POST", `/users/${id}/password`, { password })).status).toBeLessThan(300);
  await call(page, "DELETE", "/session");

  await signIn(page, server, seller.email, password);
  const name = (await grid(page).locator(".nm").nth(2).textContent()) ?? "";
  const status = await cell(page, name, "Status");
  const before = (await status.textContent()) ?? "";
  const [next, wanted] = before === "Qualifiziert" ? ["Disqu", "Disqualifiziert"] : ["Qua", "Qualifiziert"];
  await status.click();
  await expectAccessible(page);
  await page.keyboard.type(next);
  const saved = answered(page, "PATCH");
  await page.keyboard.press("Enter");
  await expect(status).toHaveText(wanted);
  expect((await saved).ok()).toBe(true);
  await expect(page.getByRole("status").filter({ hasText: `${name}: Status geändert` })).toBeVisible();
  await expect(grid(page)).toBeFocused();
  const undone = answered(page, "PATCH");
  await page.keyboard.press("z");
  await undone;
  await expect(status).toHaveText(before);

  // By keys alone: to the cell, Enter, type, Tab to the next cell of the row, Esc leaves it as it was.
  await grid(page).focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Home");
  const first = (await grid(page).locator(".nm").first().textContent()) ?? "";
  for (let at = 0; at < 5; at += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const place = await cell(page, first, "Ort");
  await expect(place.getByRole("textbox", { name: "Postleitzahl" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.type("Neustadt");
  const moved = answered(page, "PATCH");
  await page.keyboard.press("Tab");
  await moved;
  await expect(place).toContainText("Neustadt");
  await expect((await cell(page, first, "Branche")).getByRole("combobox")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(grid(page)).toBeFocused();
});

test("what the server refuses goes back and says why at the cell", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  const name = (await grid(page).locator(".nm").nth(1).textContent()) ?? "";
  const staff = await cell(page, name, "Beschäftigte");
  const before = (await staff.textContent()) ?? "";
  await staff.click();
  await page.keyboard.type("viele");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("„viele“ ist keine ganze Zahl");
  await expect(staff).toHaveText(before);
  await expectAccessible(page);
});

test("two people see each other's change, and nobody overwrites the other's unseen", async ({
  page,
  server,
  browser,
}) => {
  await signIn(page, server, manager.email, manager.password);
  const name = (await grid(page).locator(".nm").nth(4).textContent()) ?? "";
  const other = await (
    await browser.newContext({ locale: "de-DE", viewport: { width: 1440, height: 900 } })
  ).newPage();
  await signIn(other, server, manager.email, manager.password);
  await (await cell(other, name, "Beschäftigte")).click();
  await other.keyboard.type("4321");
  await other.keyboard.press("Enter");
  await expect(await cell(page, name, "Beschäftigte")).toHaveText("4.321");

  // Both begin with the same value; the one who saves later sees both.
  await (await cell(page, name, "Beschäftigte")).click();
  await page.keyboard.type("11");
  const first = answered(other, "PATCH");
  await (await cell(other, name, "Beschäftigte")).click();
  await other.keyboard.type("22");
  await other.keyboard.press("Enter");
  await first;
  await page.keyboard.press("Enter");
  const clash = page.getByRole("dialog");
  await expect(clash.getByRole("heading", { name: "Jemand anderes hat diesen Lead geändert" })).toBeVisible();
  await expectAccessible(page);
  await clash.getByRole("radio", { name: "22", exact: true }).check();
  await clash.getByRole("button", { name: "Gewählte Werte speichern" }).click();
  await expect(await cell(page, name, "Beschäftigte")).toHaveText("22");
  await other.context().close();
});

test("columns are widened and moved by keys and by mouse, and stay so", async ({ page, server }) => {
  await signIn(page, server, manager.email, manager.password);
  const heads = () => grid(page).getByRole("columnheader").allTextContents();
  const head = grid(page).getByRole("columnheader", { name: "Gebiet" });
  const width = async () => (await head.boundingBox())?.width ?? 0;
  await expect(grid(page).locator(".nm").first()).toBeVisible();
  const before = await width();
  await grid(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("+");
  await expect.poll(width).toBeCloseTo(before + 16, -1);
  await page.keyboard.press("Control+ArrowRight");
  await expect.poll(async () => (await heads()).slice(1, 4)).toEqual(["Firma", "Zuständig", "Gebiet"]);
  const edge = await head.locator(".head-edge").boundingBox();
  const [x, y] = [(edge?.x ?? 0) + 3, (edge?.y ?? 0) + 8];
  const wide = await width();
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBeCloseTo(wide + 60, -1);
  await grid(page)
    .getByRole("columnheader", { name: "Firma" })
    .dragTo(grid(page).getByRole("columnheader", { name: "Status" }));
  await expect
    .poll(async () => (await heads()).slice(1, 5))
    .toEqual(["Zuständig", "Gebiet", "Status", "Firma"]);
  await page.reload();
  await expect
    .poll(async () => (await heads()).slice(1, 5))
    .toEqual(["Zuständig", "Gebiet", "Status", "Firma"]);
  await expect.poll(width).toBeCloseTo(wide + 60, -1);
  await expectAccessible(page);
});
