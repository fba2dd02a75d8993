import { queryOptions } from "@tanstack/react-query";
import { get } from "./call";
import type { FieldInfo, Page } from "./types";

/** The catalogue of a lead's fields: standard ones, the workspace's own, and those Revier keeps. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: async ({ signal }) => (await get<Page<FieldInfo>>("/fields", { signal })).data.items,
  staleTime: 5 * 60_000,
});
