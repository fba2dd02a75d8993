import { useLingui } from "@lingui/react";
import { useDebouncedCallback } from "@mantine/hooks";
import { queryOptions, type UseQueryResult, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Condition } from "../ui/conditions";
import type { LookUps } from "../ui/RuleValues";
import { dataOf } from "./client";
import { getLeads, getPlaces } from "./generated/sdk.gen";
import type { PlaceView } from "./generated/types.gen";
import { usersQuery } from "./people";
import { useMay, useSession } from "./session";
import { territoriesQuery } from "./territories";

export const inTerritory = (id: string): Condition => ({ field: "territory", op: "is_any_of", values: [id] });

export const foundQuery = (text: string, condition: Condition | undefined) =>
  queryOptions({
    queryKey: ["leads", "found", text],
    queryFn: async ({ signal }) =>
      (await dataOf(getLeads({ query: { filter: JSON.stringify(condition), limit: 8 }, signal }))).items,
    enabled: Boolean(condition),
    retry: false,
  });

const statesQuery = (country: string) =>
  queryOptions({
    queryKey: ["places", "state", country],
    queryFn: async ({ signal }) =>
      (await dataOf(getPlaces({ query: { kind: "state", country }, signal }))).items,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

/** States anywhere on earth whose name or code has these letters in it. */
const soughtStatesQuery = (q: string) =>
  queryOptions({
    queryKey: ["places", "state", "sought", q],
    queryFn: async ({ signal }) => (await dataOf(getPlaces({ query: { kind: "state", q }, signal }))).items,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

const merged = (read: UseQueryResult<PlaceView[]>[]) => read.flatMap((one) => one.data ?? []);

const patience_ms = 250;
const sought_max = 12;

// The countries in which territories are cut by state; others are read when a record lies in them.
const cut_by_state = ["DE", "AT", "CH", "US"];

/** Names behind the ids and codes that records, filters and history hold; who may not see them reads none. */
export function useLookUps(
  countries: unknown[] = [],
): LookUps & { nameOf: (field: string, id: string) => string | undefined } {
  const session = useSession();
  const { i18n } = useLingui();
  const may = useMay();
  const territories = useQuery({ ...territoriesQuery, enabled: may("territory", "view") }).data;
  const users = useQuery({ ...usersQuery, enabled: may("user", "view") }).data;
  const asked = new Set([...cut_by_state, ...countries.filter((code) => typeof code === "string")]);
  const [sought, setSought] = useState<string[]>([]);
  const places = useQueries({
    queries: [...[...asked].map(statesQuery), ...sought.map(soughtStatesQuery)],
    combine: merged,
  });
  const seek = useDebouncedCallback((text: string) => {
    // What was found stays, so that a picked state keeps its name.
    if (text.trim().length > 1) setSought((old) => [...new Set([...old, text.trim()])].slice(-sought_max));
  }, patience_ms);
  return useMemo(() => {
    const option = (one: { id: string; name: string }) => ({ value: one.id, label: one.name });
    const people = (users ?? [session.user]).map(option);
    const areas = (territories ?? []).map(option);
    const states = [...new Map(places.map((place) => [place.value, place])).values()].map((place) => ({
      value: place.value,
      label: i18n.locale === "de" ? place.name_de : place.name_en,
    }));
    const named = (field: string) => (field === "territory" ? areas : people);
    const stateNames = new Map(states.map((state) => [state.value, state.label]));
    return {
      currency: session.workspace.currency,
      named,
      states,
      seekStates: seek,
      nameOf: (field, id) =>
        field === "state" ? stateNames.get(id) : named(field).find((one) => one.value === id)?.label,
    };
  }, [territories, users, session, places, seek, i18n.locale]);
}
