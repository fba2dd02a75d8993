import { queryOptions } from "@tanstack/react-query";
import { get } from "./call";
import type { Page, TerritoryRef } from "./types";

export interface Found {
  id: string;
  name: string;
  where?: string;
  territory?: TerritoryRef | null;
}

export const foundQuery = (text: string) =>
  queryOptions({
    queryKey: ["search", text],
    queryFn: async ({ signal }) =>
      (await get<Page<Found>>("/search", { query: { q: text, limit: 8 }, signal })).data.items,
  });
