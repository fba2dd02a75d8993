import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "./call";
import type { Role } from "./roles";
import type { Page } from "./types";

export interface User {
  id: string;
  name: string;
  email: string;
  language: "de" | "en";
  time_zone: string;
  role: Role;
  is_active: boolean;
  version: number;
  created_at: string;
  working_hours: WorkingHours | null;
}

/** By weekday, "monday" … "sunday": spans such as "08:00-17:00" in the person’s time zone. */
export type WorkingHours = Record<string, string[]>;

export interface SessionInfo {
  id: string;
  created_at: string;
  last_seen_at: string;
  user_agent: string;
  address: string;
  is_current: boolean;
}

export interface Token {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export interface Absence {
  id: string;
  user_id: string;
  starts_at: string;
  ends_at: string;
  note: string;
}

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: async ({ signal }) => (await get<Page<Role>>("/roles", { signal })).data.items,
  staleTime: 5 * 60_000,
});

export const usersQuery = queryOptions({
  queryKey: ["users", "list"],
  queryFn: async ({ signal }) =>
    (await get<Page<User>>("/users", { query: { limit: 200 }, signal })).data.items,
});

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) => get<User>(`/users/${id}`, { signal }),
  });

export type UserDraft = Partial<
  Pick<User, "name" | "email" | "language" | "time_zone" | "is_active" | "working_hours">
> & { role_id?: string; password?: string };

export const createUser = (draft: UserDraft) => post<User>("/users", draft);
export const changeUser = (id: string, draft: UserDraft, etag: string | null) =>
  patch<User>(`/users/${id}`, draft, { etag });

export const changePassword = (body: { current: string; next: string }) =>
  post<unknown>("/session/password", body);

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await get<Page<SessionInfo>>("/sessions", { signal })).data.items,
});
export const endSession = (id: string) => remove(`/sessions/${id}`);

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await get<Page<Token>>("/tokens", { signal })).data.items,
});
export const createToken = (body: { name: string; scopes: string[]; expires_at: string | null }) =>
  post<Token & { secret: string }>("/tokens", body);
export const revokeToken = (id: string) => remove(`/tokens/${id}`);

export const absencesQuery = (userId: string) =>
  queryOptions({
    queryKey: ["absences", userId],
    queryFn: async ({ signal }) =>
      (await get<Page<Absence>>("/absences", { query: { user: userId }, signal })).data.items,
  });
export const createAbsence = (body: Omit<Absence, "id">) => post<Absence>("/absences", body);
export const deleteAbsence = (id: string) => remove(`/absences/${id}`);
