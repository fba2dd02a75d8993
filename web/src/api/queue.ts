import { queryOptions } from "@tanstack/react-query";
import { get } from "./call";
import type { Lead, Page } from "./types";

const shown_max = 20;

/** The leads that wait in a territory, oldest first. */
export const queueQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["leads", "queue", territoryId],
    queryFn: async ({ signal }) => {
      const filter = {
        all: [
          { field: "territory", op: "is_any_of", values: [territoryId] },
          { field: "queued", op: "is", values: [true] },
        ],
      };
      return (
        await get<Page<Lead>>("/leads", {
          query: { filter: JSON.stringify(filter), sort: "created_at", limit: shown_max },
          signal,
        })
      ).data;
    },
  });
