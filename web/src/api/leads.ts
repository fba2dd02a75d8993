import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import type { Condition } from "../ui/conditions";
import { bring, isKept, listsIn, shortened } from "../ui/lists";
import { answer, dataOf, ifMatch } from "./client";
import {
  deleteLeadsId,
  deleteLeadsIdCollaboratorsUser,
  getLeads,
  getLeadsId,
  getLeadsIdDecision,
  getLeadsIdHistory,
  patchLeadsId,
  postLeads,
  postLeadsCount,
  postLeadsIdAssignment,
  postLeadsSearch,
  putLeadsIdCollaboratorsUser,
} from "./generated/sdk.gen";
import type { AssignLead, LeadFields, LeadPage, LeadView } from "./generated/types.gen";

export type Lead = LeadView;

const page_rows = 100;
// Proxies take addresses of 8 KB.
const address_chars_max = 2_000;

interface Asked {
  filter?: Condition;
  sort?: string;
  limit: number;
  cursor?: string;
}

/** A page of the list; a filter that is too long for an address goes as a body. */
async function page({ filter, sort, limit, cursor }: Asked, signal: AbortSignal) {
  const text = filter ? JSON.stringify(filter) : undefined;
  return filter && text && text.length > address_chars_max
    ? dataOf(postLeadsSearch({ body: { condition: { ...filter }, sort, limit, cursor }, signal }))
    : dataOf(getLeads({ query: { filter: text, sort, limit, cursor }, signal }));
}

/** The long lists of a filter from an address: brought to hand, or named where this browser does not have them. */
export const listsQuery = (filter: Condition | undefined) => {
  const wanted = listsIn(filter);
  return queryOptions({
    queryKey: ["lists", wanted],
    queryFn: () => bring(wanted),
    initialData: () => (wanted.every(isKept) ? [] : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
};

export const leadsQuery = (filter: Condition | undefined, sort: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["leads", "list", { filter: filter && shortened(filter), sort }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => page({ filter, sort, limit: page_rows, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** The first few leads of a filter, with the number of all. */
export const someLeadsQuery = (filter: Condition, limit: number, sort?: string) =>
  queryOptions({
    queryKey: ["leads", "some", { filter: shortened(filter), limit, sort }],
    queryFn: ({ signal }) => page({ filter, sort, limit }, signal),
    retry: false,
  });

/** How many visible leads satisfy a condition. */
export const leadCountQuery = (condition: Condition) =>
  queryOptions({
    queryKey: ["leads", "count", shortened(condition)],
    queryFn: async ({ signal }) =>
      (await dataOf(postLeadsCount({ body: { condition: { ...condition } }, signal }))).count,
    retry: false,
  });

export const leadQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => answer(getLeadsId({ path: { id }, signal })),
  });

type Pages = InfiniteData<LeadPage>;

/** Puts a lead as it is now into its row, which keeps its place until the next sort; says whether it was new. */
export function putRow(client: QueryClient, lead: Lead): boolean {
  let isNew = false;
  const put = (one: Lead) => {
    if (one.id !== lead.id || one.version > lead.version) return one;
    isNew ||= one.version < lead.version;
    return lead;
  };
  client.setQueriesData<Pages>(
    { queryKey: ["leads", "list"], type: "active" },
    (list) => list && { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(put) })) },
  );
  return isNew;
}

/** Reads a lead anew where a list shows it; says whether it had changed. */
export async function refreshRow(client: QueryClient, id: string): Promise<boolean> {
  const lists = client.getQueriesData<Pages>({ queryKey: ["leads", "list"], type: "active" });
  const isShown = lists.some(([, list]) =>
    list?.pages.some((page) => page.items.some((one) => one.id === id)),
  );
  if (!isShown) return false;
  // Who may not see it any more keeps the row as it was; opening it says that it is gone.
  const read = await client.fetchQuery({ ...leadQuery(id), staleTime: 0 }).catch(() => null);
  return read ? putRow(client, read.data) : false;
}

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "history", id],
    queryFn: async ({ signal }) => (await dataOf(getLeadsIdHistory({ path: { id }, signal }))).items,
  });

export const decisionQuery = (id: string) =>
  queryOptions({
    queryKey: ["leads", "decision", id],
    queryFn: ({ signal }) => dataOf(getLeadsIdDecision({ path: { id }, signal })),
  });

/** Fields by API name, as typed: the server makes the normal forms and names every fault. */
export type LeadDraft = Record<string, unknown>;

export const createLead = (draft: LeadDraft) => dataOf(postLeads({ body: draft as LeadFields }));
export const changeLead = (id: string, changes: LeadDraft, etag: string | null) =>
  answer(patchLeadsId({ path: { id }, headers: ifMatch(etag), body: changes as LeadFields }));
export const deleteLead = (id: string, etag: string | null) =>
  dataOf(deleteLeadsId({ path: { id }, headers: ifMatch(etag) }));
export const assignLead = (id: string, body: AssignLead, etag: string | null) =>
  dataOf(postLeadsIdAssignment({ path: { id }, headers: ifMatch(etag), body }));

export const addCollaborator = (id: string, user: string, etag: string | null) =>
  dataOf(putLeadsIdCollaboratorsUser({ path: { id, user }, headers: ifMatch(etag) }));
export const removeCollaborator = (id: string, user: string, etag: string | null) =>
  dataOf(deleteLeadsIdCollaboratorsUser({ path: { id, user }, headers: ifMatch(etag) }));

/** The condition behind a search by text: every word of it somewhere in the fields one searches by. */
export function containing(text: string, known: (field: string) => boolean): Condition | undefined {
  const searched = ["company", "first_name", "last_name", "city", "street", "emails"].filter(known);
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (!words.length || !searched.length) return undefined;
  return {
    all: words.map((word) => ({
      any: [
        ...searched.map((field) => ({ field, op: "contains_any_of", values: [word] })),
        ...(/^\d+$/.test(word) && known("postcode")
          ? [{ field: "postcode", op: "starts_with_any_of", values: [word] }]
          : []),
      ],
    })),
  };
}
