import { expect, it } from "vitest";
import { plainDecimal, shownDecimal } from "./decimals";

it("reads numbers as the reader's language writes them", () => {
  const rows: [string, string, string][] = [
    ["12,5", "12.5", "12.5"],
    ["1.234,50", "1234.50", "1234.50"],
    ["1,234.50", "1234.50", "1234.50"],
    ["1.234.567", "1234567", "1234567"],
    ["1.234", "1234", "1.234"],
    ["1,234", "1.234", "1234"],
    ["1 234,5", "1234.5", "1234.5"],
    ["-3,25", "-3.25", "-3.25"],
    ["40", "40", "40"],
    ["12a", "12a", "12a"],
    ["1.2,3.4,5", "1.2,3.4,5", "1.2,3.4,5"],
    ["", "", ""],
  ];
  for (const [typed, german, english] of rows)
    expect([typed, plainDecimal(typed, "de"), plainDecimal(typed, "en")]).toEqual([typed, german, english]);
});

it("shows plain decimals as the reader's language writes them", () => {
  expect([shownDecimal("1234.50", "de"), shownDecimal("1234.50", "en"), shownDecimal("12a", "de")]).toEqual([
    "1234,50",
    "1234.50",
    "12a",
  ]);
});
