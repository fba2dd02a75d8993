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
