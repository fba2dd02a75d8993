import { infiniteQueryOptions } from "@tanstack/react-query";
import { dataOf } from "./client";
import { getAudit } from "./generated/sdk.gen";

const page_rows = 100;

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    dataOf(getAudit({ query: { cursor: pageParam, limit: page_rows }, signal })),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});
