import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { dataOf } from "./client";
import { getAudit } from "./generated/sdk.gen";
import type { GetAuditData } from "./generated/types.gen";

const page_rows = 100;

export type AuditAsked = Omit<NonNullable<GetAuditData["query"]>, "cursor" | "limit">;

export const auditQuery = (asked: AuditAsked) =>
  infiniteQueryOptions({
    queryKey: ["audit", asked],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      dataOf(getAudit({ query: { ...asked, cursor: pageParam, limit: page_rows }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
