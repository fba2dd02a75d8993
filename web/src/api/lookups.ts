import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { LookUps } from "../ui/RuleValues";
import { get } from "./call";
import { useSession } from "./session";
import type { Named, Page, TerritoryRef } from "./types";

export const territoryNamesQuery = queryOptions({
  queryKey: ["territories", "names"],
  queryFn: async ({ signal }) => (await get<Page<TerritoryRef>>("/territories", { signal })).data.items,
});

export const userNamesQuery = queryOptions({
  queryKey: ["users", "names"],
  queryFn: async ({ signal }) =>
    (await get<Page<Named>>("/users", { query: { limit: 500 }, signal })).data.items,
  retry: false,
});

/** Names behind the ids that filters and history hold; who may not see them reads none. */
export function useLookUps(): LookUps & { nameOf: (field: string, id: string) => string | undefined } {
  const session = useSession();
  const territories = useQuery(territoryNamesQuery).data;
  const users = useQuery(userNamesQuery).data;
  return useMemo(() => {
    const option = (one: Named) => ({ value: one.id, label: one.name });
    const named = (field: string) =>
      (field === "territory"
        ? (territories ?? [])
        : (users ?? [{ id: session.user.id, name: session.user.name }])
      ).map(option);
    return {
      currency: session.workspace.currency,
      named,
      states: [],
      nameOf: (field, id) => named(field).find((one) => one.value === id)?.label,
    };
  }, [territories, users, session]);
}
