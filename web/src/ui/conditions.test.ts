import { describe, expect, it } from "vitest";
import { type Condition, isComplete, toCondition, toNode, toRoot } from "./conditions";

const de = { field: "country", op: "is_any_of", values: ["DE"] };
const big = { field: "employees", op: "gte", values: [50] };

describe("a condition in the editor", () => {
  const trees: Condition[] = [
    de,
    { all: [] },
    { all: [de, { any: [big, { not: de }] }] },
    { not: { any: [de, big] } },
    { not: { all: [de, big] } },
    { not: { not: de } },
  ];
  it.each(trees.map((tree) => [tree]))("comes back as it went in: %j", (tree) => {
    expect(toCondition(toNode(tree))).toEqual(tree);
  });

  it("gets a group around a lone criterion, so that another can be added", () => {
    expect(toCondition(toRoot(de))).toEqual({ all: [de] });
  });

  it("is incomplete while a value is missing", () => {
    expect(isComplete({ all: [{ ...big, values: [] }] })).toBe(false);
    expect(isComplete({ all: [{ field: "employees", op: "between", values: [1] }] })).toBe(false);
    expect(isComplete({ all: [big, { field: "email", op: "is_empty", values: [] }] })).toBe(true);
  });
});
