import { expect, test } from "vitest";
import { drawn, type Topology } from "./topology";

/** Two squares side by side: the arc between them is shared. */
const squares: Topology = {
  size: [20, 10],
  transform: { scale: [10, 10], translate: [0, 0] },
  arcs: [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 1],
      [-1, 0],
      [0, -1],
      [1, 0],
    ],
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [-1, 0],
    ],
  ],
  objects: {
    areas: {
      geometries: [
        { id: "left", type: "Polygon", arcs: [[0, 1]] },
        { id: "right", type: "MultiPolygon", arcs: [[[2, ~0]]] },
      ],
    },
  },
};

test("areas are closed paths, and an arc knows the areas on its sides", () => {
  const map = drawn(squares);
  expect(map.areas.map((area) => area.path)).toEqual(["M10,0L10,10L0,10L0,0Z", "M10,0L20,0L20,10L10,10Z"]);
  expect(map.areas.map((area) => area.size)).toEqual([100, 100]);
  expect(map.areas.map((area) => area.middle)).toEqual([
    [5, 5],
    [15, 5],
  ]);
  expect(map.arcs.map((arc) => arc.sides)).toEqual([[0, 1], [0], [1]]);
});
