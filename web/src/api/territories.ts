import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, put, remove } from "./call";
import type { Condition, Lead, Named, Page, TerritoryRef } from "./types";

export interface Territory extends TerritoryRef {
  parent_id: string | null;
  position: number;
  is_active: boolean;
  /** Holidays of this state or country count, such as DE-BY. */
  calendar: string | null;
  version: number;
  is_default: boolean;
  rule_count: number;
  member_count: number;
  lead_count: number;
  open_leads: number;
  queue_count: number;
}

export interface Rule {
  id: string;
  territory_id: string;
  name: string;
  position: number;
  is_enabled: boolean;
  condition: Condition;
  says_en: string;
  says_de: string;
  /** What makes the rule unusable; empty: nothing. */
  faults: { pointer: string; code: string; value: unknown; detail: string }[];
  version: number;
}

export interface Member {
  territory_id: string;
  user: Named;
  has_access: boolean;
  has_assignment: boolean;
  includes_children: boolean;
  role_id: string | null;
  weight: number;
  position: number;
  open_leads_max: number | null;
  leads_per_day_max: number | null;
}

export const territoriesQuery = queryOptions({
  queryKey: ["territories", "list"],
  queryFn: async ({ signal }) =>
    (await get<Page<Territory>>("/territories", { query: { limit: 200 }, signal })).data.items,
});

export const rulesQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "rules", territoryId],
    queryFn: async ({ signal }) =>
      (await get<Page<Rule>>(`/territories/${territoryId}/rules`, { signal })).data.items,
  });

export const membersQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "members", territoryId],
    queryFn: async ({ signal }) =>
      (await get<Page<Member>>(`/territories/${territoryId}/members`, { signal })).data.items,
  });

/** All memberships of the workspace, for the matrix. */
export const allMembersQuery = queryOptions({
  queryKey: ["territories", "members", "all"],
  queryFn: async ({ signal }) =>
    (await get<Page<Member>>("/members", { query: { limit: 200 }, signal })).data.items,
});

export type TerritoryDraft = Partial<
  Pick<Territory, "name" | "color" | "parent_id" | "position" | "is_active" | "calendar">
>;

export const createTerritory = (draft: TerritoryDraft) => post<Territory>("/territories", draft);
export const changeTerritory = (id: string, draft: TerritoryDraft) =>
  patch<Territory>(`/territories/${id}`, draft);
export const deleteTerritory = (id: string) => remove(`/territories/${id}`);
export const setDefaultTerritory = (id: string | null) =>
  patch<unknown>("/settings", { default_territory_id: id });

export type RuleDraft = Partial<Pick<Rule, "name" | "position" | "is_enabled" | "condition">>;

export const createRule = (territoryId: string, draft: RuleDraft) =>
  post<Rule>(`/territories/${territoryId}/rules`, draft);
export const changeRule = (id: string, draft: RuleDraft) => patch<Rule>(`/rules/${id}`, draft);
export const deleteRule = (id: string) => remove(`/rules/${id}`);

export type MemberDraft = Partial<Omit<Member, "territory_id" | "user">> & {
  /** What becomes of the records when access ends. */
  records?: { to: "rotate" | "queue" } | { to: "user"; user_id: string };
};

export const putMember = (territoryId: string, userId: string, draft: MemberDraft) =>
  put<Member>(`/territories/${territoryId}/members/${userId}`, draft);
export const deleteMember = (territoryId: string, userId: string, records?: MemberDraft["records"]) =>
  remove(`/territories/${territoryId}/members/${userId}`, {
    query: records ? { records: records.to, user: "user_id" in records ? records.user_id : undefined } : {},
  });

export interface Reading {
  says_en: string;
  says_de: string;
  count: { value: number; exact: boolean } | null;
  sample: Lead[];
}

/** A condition read by the server: in words, with the number of leads it holds for and a few of them. */
export const readingQuery = (condition: Condition) =>
  queryOptions({
    queryKey: ["conditions", "reading", condition],
    queryFn: async ({ signal }): Promise<Reading> => {
      const [said, page] = await Promise.all([
        post<{ says_en: string; says_de: string }>("/conditions/say", { condition }, { signal }),
        get<Page<Lead>>("/leads", { query: { filter: JSON.stringify(condition), limit: 5 }, signal }),
      ]);
      return { ...said.data, count: page.data.count, sample: page.data.items };
    },
    retry: false,
  });

export const readPostcodes = (text: string, country: string) =>
  post<{ condition: Condition; count: number | null }>("/conditions/from-postcodes", { text, country });
export const sayPostcodes = (condition: Condition, country: string) =>
  post<{ text: string }>("/conditions/to-postcodes", { condition, country });

/** Territories in the order of trial, children before their parent, with their depth for drawing the tree. */
export function asTree<T extends { id: string; parent_id: string | null; position: number; name: string }>(
  list: T[],
): { territory: T; depth: number }[] {
  const known = new Set(list.map((one) => one.id));
  const children = new Map<string | null, T[]>();
  for (const one of list) {
    const parent = one.parent_id && known.has(one.parent_id) ? one.parent_id : null;
    const siblings = children.get(parent) ?? [];
    siblings.push(one);
    children.set(parent, siblings);
  }
  for (const siblings of children.values())
    siblings.sort(
      (a, b) =>
        a.position - b.position || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) || (a.id < b.id ? -1 : 1),
    );
  const out: { territory: T; depth: number }[] = [];
  const walk = (parent: string | null, depth: number) => {
    for (const one of children.get(parent) ?? []) {
      out.push({ territory: one, depth });
      walk(one.id, depth + 1);
    }
  };
  walk(null, 0);
  return out;
}
