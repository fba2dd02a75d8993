import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type Answer, get, patch, post, remove } from "../../api/call";
import type { Condition, Lead, Named, Page, TerritoryRef } from "../../api/types";
import type { LeadSearch } from "./search";

export const page_rows = 100;

export const leadsQuery = ({ filter, sort, q }: LeadSearch) =>
  infiniteQueryOptions({
    queryKey: ["leads", "list", { filter, sort, q }],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (
        await get<Page<Lead>>("/leads", {
          query: {
            filter: filter && JSON.stringify(filter),
            sort: sort ?? "-created_at",
            q,
            limit: page_rows,
            cursor: pageParam,
          },
          signal,
        })
      ).data,
    getNextPageParam: (page) => page.next_cursor,
  });

/** How many leads a filter would bring; for the words of an empty list. */
export const leadCountQuery = (filter: Condition | undefined, q?: string) =>
  queryOptions({
    queryKey: ["leads", "count", { filter, q }],
    queryFn: async ({ signal }) =>
      (
        await get<Page<Lead>>("/leads", {
          query: { filter: filter && JSON.stringify(filter), q, limit: 1 },
          signal,
        })
      ).data.count,
  });

export const leadQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }): Promise<Answer<Lead>> => get<Lead>(`/leads/${id}`, { signal }),
  });

export interface Change {
  id: string;
  at: string;
  by: Named | null;
  door: string;
  fields: { field: string; before: unknown; after: unknown }[];
}

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "history", id],
    queryFn: async ({ signal }) => (await get<Page<Change>>(`/leads/${id}/history`, { signal })).data,
  });

export interface Decision {
  id: string;
  at: string;
  door: string;
  sentence: string;
  territory: TerritoryRef | null;
  owner: Named | null;
  rule: { name: string; sentence: string } | null;
  turn: number | null;
  /** Only for those who may see the members. */
  tried?: { territory: TerritoryRef; won: boolean; sentence: string }[];
  members?: { user: Named; taken: boolean; reason: string }[];
}

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "decision", id],
    queryFn: async ({ signal }) => (await get<Decision>(`/leads/${id}/decision`, { signal })).data,
  });

export type LeadDraft = Record<string, unknown>;

export const createLead = (draft: LeadDraft) => post<Lead>("/leads", draft);
export const changeLead = (id: string, changes: LeadDraft, etag: string | null) =>
  patch<Lead>(`/leads/${id}`, changes, { etag });
export const deleteLead = (id: string, etag: string | null) => remove(`/leads/${id}`, { etag });
