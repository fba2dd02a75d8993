import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawn, type Topology } from "./topology";

test.each([
  "dach-states",
  "dach-postcodes-1",
  "dach-postcodes-2",
  "dach-postcodes-3",
  "us-states",
  "us-counties",
  "world",
])("the map %s can be drawn", (name) => {
  const file = readFileSync(`../data/maps/${name}.json`, "utf8");
  const map = drawn(JSON.parse(file) as Topology);
  expect(map.areas.length).toBeGreaterThan(40);
  for (const area of map.areas) expect(area.middle.every(Number.isFinite), area.id).toBe(true);
});
