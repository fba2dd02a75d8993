import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { get, post } from "./call";
import type { Session, SetupState } from "./types";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => (await get<Session>("/session", { signal })).data,
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async ({ signal }) => (await get<SetupState>("/setup", { signal })).data,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in; pages inside the shell always have it. */
export const useSession = () => useSuspenseQuery(sessionQuery).data;

export interface SetUp {
  token: string;
  workspace_name: string;
  name: string;
  email: string;
  password: string;
  language: "de" | "en";
  time_zone: string;
  demo: boolean;
}

/** Makes the first account and signs it in. */
export const setUp = (body: SetUp) => post<unknown>("/setup", body);
