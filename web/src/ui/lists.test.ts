import { expect, it } from "vitest";
import type { Condition } from "./conditions";
import { bring, inAddress, listsIn, shortened, whole } from "./lists";

const short = { field: "status", op: "is_any_of", values: ["new"] };
const values = Array.from({ length: 30_000 }, (_, number) => `Kunde ${number}`);
const long = { field: "company", op: "is_any_of", values };

it("leaves what is short as it is", () => {
  const condition: Condition = { all: [short, { not: { field: "company", op: "is_empty" } as Condition }] };
  expect(shortened(condition)).toEqual(condition);
  expect(whole(condition)).toEqual(condition);
  expect(listsIn(condition)).toEqual([]);
});

it("names a long list in the address and finds it again", async () => {
  const condition: Condition = { all: [short, { any: [long, { not: long }] }] };
  const address = inAddress(condition);
  expect(JSON.stringify(address).length).toBeLessThan(400);
  expect(listsIn(address)).toHaveLength(2);
  expect(await bring(listsIn(address))).toEqual([]);
  expect(whole(address)).toEqual(condition);
  expect(inAddress(JSON.parse(JSON.stringify(condition)))).toEqual(address);
});

it("gives other lists other names", () => {
  const other = { ...long, values: [...values.slice(0, -1), "Kunde 30000"] };
  expect(shortened(other)).not.toEqual(shortened(long));
});

it("says which lists this browser does not have", async () => {
  const address = shortened({ ...long, values: values.slice(1) });
  expect(await bring(listsIn(address))).toEqual(listsIn(address));
  expect(whole(address)).toBeUndefined();
});
