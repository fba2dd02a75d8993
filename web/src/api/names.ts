import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Condition } from "../ui/conditions";
import type { LookUps } from "../ui/RuleValues";
import { dataOf } from "./client";
import { getLeads } from "./generated/sdk.gen";
import { usersQuery } from "./people";
import { useMay, useSession } from "./session";
import { matrixQuery, territoriesQuery } from "./territories";

/** The territories in which the reader is a member; who may not see members sees only their own anyway. */
export function useMyTerritories() {
  const me = useSession().user.id;
  const may = useMay();
  const territories = useQuery({ ...territoriesQuery, enabled: may("territory", "view") }).data;
  const seesMembers = may("rotation", "view");
  const matrix = useQuery({ ...matrixQuery, enabled: seesMembers });
  return useMemo(() => {
    if (!territories) return [];
    const members = matrix.data?.members;
    if (!members) return seesMembers && matrix.isPending ? [] : territories;
    const mine = new Set(members.filter((member) => member.user === me).map((member) => member.territory));
    return territories.filter((territory) => mine.has(territory.id));
  }, [territories, matrix.data, matrix.isPending, me, seesMembers]);
}

export const inTerritory = (id: string): Condition => ({ field: "territory", op: "is_any_of", values: [id] });

export const foundQuery = (text: string, condition: Condition | undefined) =>
  queryOptions({
    queryKey: ["leads", "found", text],
    queryFn: async ({ signal }) =>
      (await dataOf(getLeads({ query: { filter: JSON.stringify(condition), limit: 8 }, signal }))).items,
    enabled: Boolean(condition),
    retry: false,
  });

/** Names behind the ids that filters and history hold; who may not see them reads none. */
export function useLookUps(): LookUps & { nameOf: (field: string, id: string) => string | undefined } {
  const session = useSession();
  const may = useMay();
  const territories = useQuery({ ...territoriesQuery, enabled: may("territory", "view") }).data;
  const users = useQuery({ ...usersQuery, enabled: may("user", "view") }).data;
  return useMemo(() => {
    const option = (one: { id: string; name: string }) => ({ value: one.id, label: one.name });
    const named = (field: string) =>
      (field === "territory" ? (territories ?? []) : (users ?? [session.user])).map(option);
    return {
      currency: session.workspace.currency,
      named,
      states: [],
      nameOf: (field, id) => named(field).find((one) => one.value === id)?.label,
    };
  }, [territories, users, session]);
}
