import { expect, it } from "vitest";
import { chipsOf, leadSearch, ofChips } from "./search";

const status = { field: "status", op: "is_any_of", values: ["new"] };

it("keeps a filter from the address and drops what is none", () => {
  expect(leadSearch({ filter: { all: [status] }, sort: "-created_at,company" })).toEqual({
    filter: { all: [status] },
    sort: "-created_at,company",
  });
  expect(leadSearch({ filter: { all: [{ field: "x" }] }, sort: "; drop", q: 7 })).toEqual({});
});

it("shows each criterion of a flat filter as a chip, and gets the filter back from the chips", () => {
  expect(ofChips(chipsOf({ all: [status, { not: status }] }))).toEqual({ all: [status, { not: status }] });
  expect(ofChips([])).toBeUndefined();
  expect(ofChips(chipsOf(status))).toEqual(status);
});
