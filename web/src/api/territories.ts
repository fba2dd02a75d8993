import { queryOptions } from "@tanstack/react-query";
import type { Condition } from "../ui/conditions";
import { shortened } from "../ui/lists";
import { dataOf, everything, ifMatch, tagOf } from "./client";
import {
  deleteRulesId,
  deleteTerritoriesId,
  deleteTerritoriesIdMembersUser,
  getMembers,
  getTerritories,
  getTerritoriesAreas,
  getTerritoriesIdMembers,
  getTerritoriesIdRules,
  getTerritoriesOutlines,
  patchRulesId,
  patchTerritoriesId,
  postConditionsPostcodes,
  postConditionsSay,
  postTerritories,
  postTerritoriesIdRules,
  putTerritoriesIdMembersUser,
} from "./generated/sdk.gen";
import type {
  AreaList,
  GetTerritoriesAreasData,
  Membership,
  MemberView,
  NewRule,
  NewTerritory,
  Records,
  RuleChange,
  RuleView,
  TerritoryChange,
  TerritoryView,
} from "./generated/types.gen";

export type Territory = TerritoryView;
export type Member = MemberView;
/** A rule, whose condition is the condition language as JSON. */
export type Rule = Omit<RuleView, "when"> & { when: Condition };

const asRule = (rule: RuleView): Rule => ({ ...rule, when: rule.when as unknown as Condition });

/** In the order of a tree: each territory before its children. */
export const territoriesQuery = queryOptions({
  queryKey: ["territories", "list"],
  queryFn: async ({ signal }) => (await dataOf(getTerritories({ signal }))).items,
});

/** The shapes of territories, by id: SVG paths in a box of 40 pixels. */
export const outlinesQuery = queryOptions({
  queryKey: ["territories", "outlines"],
  queryFn: async ({ signal }) => {
    const { items } = await dataOf(getTerritoriesOutlines({ signal }));
    return new Map(items.map((item) => [item.territory_id, item.path]));
  },
  staleTime: 60_000,
});

export type MapName = GetTerritoriesAreasData["query"]["map"];
export type Area = AreaList["items"][number];

/** Who could get the leads of each area of a map. */
export const areasQuery = (map: MapName) =>
  queryOptions({
    queryKey: ["territories", "areas", map],
    queryFn: ({ signal }) => dataOf(getTerritoriesAreas({ query: { map }, signal })),
  });

const page_rows = 200;

export const rulesQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "rules", territoryId],
    queryFn: async ({ signal }) => {
      const rules = await everything((cursor) =>
        getTerritoriesIdRules({ path: { id: territoryId }, query: { limit: page_rows, cursor }, signal }),
      );
      return rules.map(asRule);
    },
  });

export const membersQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["territories", "members", territoryId],
    queryFn: ({ signal }) => dataOf(getTerritoriesIdMembers({ path: { id: territoryId }, signal })),
  });

/** Everybody's memberships in all territories that the viewer may see. */
export const matrixQuery = queryOptions({
  queryKey: ["territories", "members", "all"],
  queryFn: ({ signal }) => dataOf(getMembers({ signal })),
  retry: false,
});

export const createTerritory = (body: NewTerritory) => dataOf(postTerritories({ body }));
export const changeTerritory = (territory: Territory, body: TerritoryChange) =>
  dataOf(
    patchTerritoriesId({ path: { id: territory.id }, headers: ifMatch(tagOf(territory.version)), body }),
  );
export const deleteTerritory = (territory: Territory, fate?: Fate) =>
  dataOf(
    deleteTerritoriesId({
      path: { id: territory.id },
      headers: ifMatch(tagOf(territory.version)),
      query: fate,
    }),
  );

export interface RuleDraft {
  name?: string;
  position?: number | null;
  enabled?: boolean;
  when?: Condition;
}

// The contract knows a condition as an object only; its language is its own.
const bodyOf = ({ when, ...rest }: RuleDraft) => ({ ...rest, ...(when ? { when: { ...when } } : {}) });

export const createRule = (territoryId: string, draft: RuleDraft & { name: string; when: Condition }) =>
  dataOf(postTerritoriesIdRules({ path: { id: territoryId }, body: bodyOf(draft) as NewRule }));
export const changeRule = (rule: Rule, draft: RuleDraft) =>
  dataOf(
    patchRulesId({
      path: { id: rule.id },
      headers: ifMatch(tagOf(rule.version)),
      body: bodyOf(draft) as RuleChange,
    }),
  );
export const deleteRule = (rule: Rule) =>
  dataOf(deleteRulesId({ path: { id: rule.id }, headers: ifMatch(tagOf(rule.version)) }));

/** What becomes of the records of somebody who loses access. */
export interface Fate {
  records: Records;
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
    queryKey: ["conditions", "say", shortened(condition)],
    queryFn: ({ signal }) =>
      dataOf(postConditionsSay({ body: { condition: { ...condition }, purpose: "rule" }, signal })),
    retry: false,
  });

export const readPostcodes = (text: string, country: string) =>
  dataOf(postConditionsPostcodes({ body: { text, country } }));
export const sayPostcodes = (condition: Condition, country: string) =>
  dataOf(postConditionsPostcodes({ body: { condition: { ...condition }, country } }));

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
