import { queryOptions } from "@tanstack/react-query";
import type { Condition } from "../ui/conditions";
import { dataOf, everything, ifMatch, tagOf } from "./client";
import {
  deleteTerritoriesId,
  deleteTerritoriesIdMembersUser,
  getMembers,
  getTerritories,
  getTerritoriesIdMembers,
  patchTerritoriesId,
  postTerritories,
  putTerritoriesIdMembersUser,
} from "./generated/sdk.gen";
import type { Membership, NewTerritory, TerritoryChange, TerritoryView } from "./generated/types.gen";
import {
  deleteRuleId,
  getRules,
  type Member,
  patchRule,
  postPostcodes,
  postRule,
  postSay,
  type Rule,
} from "./pending";

export type Territory = TerritoryView;
export type { Member, Rule } from "./pending";

/** In the order of a tree: each territory before its children. */
export const territoriesQuery = queryOptions({
  queryKey: ["territories", "list"],
  queryFn: async ({ signal }) => (await dataOf(getTerritories({ signal }))).items,
});

export const rulesQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "rules", territoryId],
    queryFn: ({ signal }) => everything((cursor) => getRules(territoryId, cursor, signal)),
  });

export const membersQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "members", territoryId],
    queryFn: async ({ signal }) => {
      const list = await dataOf(getTerritoriesIdMembers({ path: { id: territoryId }, signal }));
      return { users: list.users, items: list.items as unknown as Member[] };
    },
  });

/** Everybody's memberships in all territories that the viewer may see. */
export const matrixQuery = queryOptions({
  queryKey: ["territories", "members", "all"],
  queryFn: async ({ signal }) => {
    const matrix = await dataOf(getMembers({ signal }));
    return { ...matrix, members: matrix.members as unknown as Member[] };
  },
  retry: false,
});

export const createTerritory = (body: NewTerritory) => dataOf(postTerritories({ body }));
export const changeTerritory = (territory: Territory, body: TerritoryChange) =>
  dataOf(
    patchTerritoriesId({ path: { id: territory.id }, headers: ifMatch(tagOf(territory.version)), body }),
  );
export const deleteTerritory = (territory: Territory, fate: Fate) =>
  dataOf(
    deleteTerritoriesId({
      path: { id: territory.id },
      headers: ifMatch(tagOf(territory.version)),
      query: fate,
    }),
  );

export type RuleDraft = Partial<Pick<Rule, "name" | "position" | "enabled" | "when">>;

export const createRule = (territoryId: string, body: RuleDraft) => dataOf(postRule(territoryId, body));
export const changeRule = (rule: Rule, body: RuleDraft) =>
  dataOf(patchRule(rule.id, body, tagOf(rule.version)));
export const deleteRule = (rule: Rule) => dataOf(deleteRuleId(rule.id, tagOf(rule.version)));

/** What becomes of the records of somebody who loses access. */
export interface Fate {
  records?: "rotate" | "give" | "queue";
  to?: string;
}

export const putMember = (territoryId: string, userId: string, body: Membership, member?: Member) =>
  dataOf(
    putTerritoriesIdMembersUser({
      path: { id: territoryId, user: userId },
      headers: member ? ifMatch(tagOf(member.version)) : undefined,
      body,
    }),
  );
export const deleteMember = (member: Member, fate: Fate) =>
  dataOf(
    deleteTerritoriesIdMembersUser({
      path: { id: member.territory, user: member.user },
      headers: ifMatch(tagOf(member.version)),
      query: fate,
    }),
  );

/** A condition read by the server: in words, or with what is wrong with it. */
export const sayQuery = (condition: Condition) =>
  queryOptions({
    queryKey: ["conditions", "say", condition],
    queryFn: ({ signal }) => dataOf(postSay(condition, "rule", signal)),
    retry: false,
  });

export const readPostcodes = (text: string, country: string) => dataOf(postPostcodes({ text, country }));
export const sayPostcodes = (condition: Condition, country: string) =>
  dataOf(postPostcodes({ condition, country }));

/** Territories as a tree: siblings in their order, parents before children, with their depth. */
export function asTree<T extends { id: string; parent?: string | null; position: number; name: string }>(
  list: T[],
): { territory: T; depth: number }[] {
  const known = new Set(list.map((one) => one.id));
  const children = new Map<string | null, T[]>();
  for (const one of list) {
    const parent = one.parent && known.has(one.parent) ? one.parent : null;
    const siblings = children.get(parent) ?? [];
    siblings.push(one);
    children.set(parent, siblings);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.position - b.position);
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
