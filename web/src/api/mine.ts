import { queryOptions } from "@tanstack/react-query";
import { get } from "./call";
import type { Page, TerritoryRef } from "./types";

export interface MyTerritory extends TerritoryRef {
  open_leads?: number;
}

/** The territories in which the viewer is a member. */
export const myTerritoriesQuery = queryOptions({
  queryKey: ["territories", "mine"],
  queryFn: async ({ signal }) =>
    (await get<Page<MyTerritory>>("/territories", { query: { mine: true }, signal })).data.items,
});
