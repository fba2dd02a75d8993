import { infiniteQueryOptions } from "@tanstack/react-query";
import { get } from "./call";
import type { Named, Page } from "./types";

export interface AuditEntry {
  id: string;
  at: string;
  user: Named | null;
  address: string;
  door: string;
  action: string;
  object: string;
  object_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  initialPageParam: null as string | null,
  queryFn: async ({ pageParam, signal }) =>
    (await get<Page<AuditEntry>>("/audit", { query: { cursor: pageParam, limit: 100 }, signal })).data,
  getNextPageParam: (page) => page.next_cursor,
});
