import { queryOptions } from "@tanstack/react-query";
import dachPostcodes1 from "../../../data/maps/dach-postcodes-1.json?url";
import dachPostcodes2 from "../../../data/maps/dach-postcodes-2.json?url";
import dachPostcodes3 from "../../../data/maps/dach-postcodes-3.json?url";
import dachStates from "../../../data/maps/dach-states.json?url";
import usCounties from "../../../data/maps/us-counties.json?url";
import usStates from "../../../data/maps/us-states.json?url";
import world from "../../../data/maps/world.json?url";
import type { Area, MapName } from "../api/territories";
import type { Condition } from "../ui/conditions";
import { drawn, type Topology } from "./topology";

const files: Record<MapName, string> = {
  "dach-states": dachStates,
  "dach-postcodes-1": dachPostcodes1,
  "dach-postcodes-2": dachPostcodes2,
  "dach-postcodes-3": dachPostcodes3,
  "us-states": usStates,
  "us-counties": usCounties,
  world,
};

/** Whose borders a map shows; names and licences are the same in every language. */
export const sources: Record<MapName, string> = {
  "dach-states": "Natural Earth, Statistik Austria (CC BY 4.0)",
  "dach-postcodes-1":
    "suche-postleitzahl.org (ODbL, © OpenStreetMap), Statistik Austria (CC BY 4.0), Natural Earth",
  "dach-postcodes-2":
    "suche-postleitzahl.org (ODbL, © OpenStreetMap), Statistik Austria (CC BY 4.0), Natural Earth",
  "dach-postcodes-3":
    "suche-postleitzahl.org (ODbL, © OpenStreetMap), Statistik Austria (CC BY 4.0), Natural Earth",
  "us-states": "US Census Bureau",
  "us-counties": "US Census Bureau, GeoNames (CC BY 4.0)",
  world: "Natural Earth",
};

/** The areas of a map, fetched when somebody looks at it. */
export const mapQuery = (name: MapName) =>
  queryOptions({
    queryKey: ["maps", name],
    queryFn: async ({ signal }) => {
      const answer = await fetch(files[name], { signal });
      if (!answer.ok) throw new Error(`${files[name]}: ${answer.status}`);
      return drawn((await answer.json()) as Topology);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The code as people say it: digits of a postcode alone; states and countries go by their names. */
export function codeOf(area: Area): string {
  return area.area.startsWith("DE ") ? area.area.slice(3) : "";
}

/** The leads of an area; counties are not a field of leads. */
export function leadsIn(area: string): Condition | undefined {
  const is = (field: string, values: string[]) => ({ field, op: "is_any_of", values });
  if (area.startsWith("DE "))
    return {
      all: [is("country", ["DE"]), { field: "postcode", op: "starts_with_any_of", values: [area.slice(3)] }],
    };
  if (area.startsWith("US ")) return undefined;
  return is(area.includes("-") ? "state" : "country", [area]);
}

/** Territories whose rules overlap: both take every lead, and neither lies above the other. */
export function rivals(area: Area, lines: Map<string, string[]>): string[] {
  const related = (a: string, b: string) => lines.get(a)?.includes(b) || lines.get(b)?.includes(a);
  return area.claims.filter((one) => area.claims.some((two) => two !== one && !related(one, two)));
}

/** Those who could get leads of the area, whoever gets most first. */
export function holders(area: Area): string[] {
  return [...new Set([...(area.main ? [area.main] : []), ...area.territories])];
}
