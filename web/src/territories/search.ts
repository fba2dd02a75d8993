import type { MapName } from "../api/territories";

const colorings = ["territory", "leads", "load"] as const;
export type Coloring = (typeof colorings)[number];

/** What the map shows, as the address has it. */
export interface MapSearch {
  map?: MapName;
  color?: Coloring;
  sort?: (typeof sorts)[number];
}

const mapNames: readonly MapName[] = [
  "dach-postcodes-1",
  "dach-postcodes-2",
  "dach-postcodes-3",
  "dach-states",
  "us-states",
  "us-counties",
  "world",
];
const sorts = ["area", "-area", "territory", "-territory", "leads", "-leads"] as const;

/** Reads the address; what it does not know is left out. */
export function mapSearch(search: Record<string, unknown>): MapSearch {
  const of = <T extends string>(allowed: readonly T[], value: unknown) =>
    allowed.find((one) => one === value);
  const sort = of(sorts, search.sort);
  const map = of(mapNames, search.map);
  const color = of(colorings, search.color);
  return { ...(map && { map }), ...(color && { color }), ...(sort && { sort }) };
}
