import type { APIRequestContext } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./server";

const password = "ein langer Satz als Passwort";

async function post(request: APIRequestContext, url: string, data: unknown) {
  const answer = await request.post(url, { data });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()) as { id: string };
}

test("who takes part in a lead sees it on their own page, and no longer when they are out", async ({
  page,
  browser,
  server,
}) => {
  const api = (path: string) => `${server.origin}/api/v1/${path}`;
  const office = await browser.newContext();
  await post(office.request, api("setup"), {
    token: server.setupToken,
    name: "Katrin Wolters",
    email: "katrin@example.com",
    password,
    language: "de",
  });
  const hire = (name: string, email: string) =>
    post(office.request, api("users"), { name, email, role: "seller", password });
  const anna = await hire("Anna Huber", "anna@example.com");
  await hire("Carla Berg", "carla@example.com");
  const bavaria = await post(office.request, api("territories"), { name: "Bayern" });
  await post(office.request, api(`territories/${bavaria.id}/rules`), {
    name: "DE",
    when: { field: "country", op: "is_any_of", values: ["DE"] },
  });
  const joined = await office.request.put(api(`territories/${bavaria.id}/members/${anna.id}`), {
    data: { access: true, assignment: true },
    headers: { "If-Match": "*" },
  });
  expect(joined.ok(), await joined.text()).toBe(true);
  const lead = await post(office.request, api("leads"), { company: "Gemeinsam GmbH", country: "DE" });
  const address = `${server.origin}/leads/${lead.id}`;

  const hers = await browser.newContext();
  const carla = await hers.newPage();
  await signIn(carla, server, "carla@example.com", password);
  await carla.goto(address);
  await expect(carla.getByRole("heading", { name: "Gemeinsam GmbH" })).toHaveCount(0);

  await signIn(page, server, "anna@example.com", password);
  await page.goto(address);
  await page.getByRole("combobox", { name: "Jemanden beteiligen" }).fill("Carla");
  await page.getByRole("option", { name: "Carla Berg" }).click();
  const out = page.getByRole("button", { name: "Carla Berg ist nicht mehr beteiligt" });
  await expect(out).toBeVisible();
  await expect(page.getByText("Beteiligt niemand → Carla Berg")).toBeVisible();
  await expectAccessible(page);

  await carla.goto(address);
  await expect(carla.getByRole("heading", { name: "Gemeinsam GmbH" }).first()).toBeVisible();
  await expect(carla.getByRole("button", { name: /^Bearbeiten/ })).toBeVisible();

  await out.click();
  await expect(out).toHaveCount(0);
  await carla.goto(address);
  await expect(carla.getByRole("heading", { name: "Gemeinsam GmbH" })).toHaveCount(0);
  await Promise.all([office.close(), hers.close()]);
});

test("the contract can be read offline", async ({ page, server }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${server.origin}/api/docs/`);
  await expect(page.locator(".opblock").first()).toBeVisible();
  expect([...new Set(asked)]).toEqual([server.origin]);
});
