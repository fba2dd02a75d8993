import type { Condition, FieldInfo } from "../ui/conditions";
import { client } from "./generated/client.gen";

// Calls that the committed contract does not hold yet; each leaves this file when it arrives there.
interface Result<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

type Words = { de: string; en: string };

export const getFields = (signal?: AbortSignal) =>
  client.get({ url: "/api/v1/fields", signal }) as unknown as Promise<Result<{ items: FieldInfo[] }>>;
export const postFields = (body: object) =>
  client.post({ url: "/api/v1/fields", body, headers: json }) as unknown as Promise<Result<FieldInfo>>;
export const patchField = (key: string, body: object, etag: string) =>
  client.patch({
    url: "/api/v1/fields/{key}",
    path: { key },
    body,
    headers: { ...json, "If-Match": etag },
  }) as unknown as Promise<Result<FieldInfo>>;
export const deleteField = (key: string, etag: string) =>
  client.delete({
    url: "/api/v1/fields/{key}",
    path: { key },
    headers: { "If-Match": etag },
  }) as unknown as Promise<Result<void>>;

const json = { "Content-Type": "application/json" };

export interface Span {
  kind: "text" | "value";
  text: string;
}

export interface Sentence {
  de: Span[];
  en: Span[];
}

export interface Rule {
  id: string;
  territory: string;
  name: string;
  position: number;
  enabled: boolean;
  when: Condition;
  sentence?: Sentence | null;
  broken?: { pointer: string; code: string; value: unknown; detail: string }[] | null;
  version: number;
  can: { edit: boolean; delete: boolean };
}

export const getRules = (id: string, cursor: string | undefined, signal?: AbortSignal) =>
  client.get({
    url: "/api/v1/territories/{id}/rules",
    path: { id },
    query: { limit: 200, cursor },
    signal,
  }) as unknown as Promise<Result<{ items: Rule[]; next_cursor?: string | null }>>;
export const postRule = (id: string, body: object) =>
  client.post({
    url: "/api/v1/territories/{id}/rules",
    path: { id },
    body,
    headers: json,
  }) as unknown as Promise<Result<Rule>>;
export const patchRule = (id: string, body: object, etag: string) =>
  client.patch({
    url: "/api/v1/rules/{id}",
    path: { id },
    body,
    headers: { ...json, "If-Match": etag },
  }) as unknown as Promise<Result<Rule>>;
export const deleteRuleId = (id: string, etag: string) =>
  client.delete({
    url: "/api/v1/rules/{id}",
    path: { id },
    headers: { "If-Match": etag },
  }) as unknown as Promise<Result<void>>;

export interface ConditionFault {
  pointer: string;
  position?: number | null;
  code: string;
  value: string;
  expected: string;
  detail: string;
}

export const postSay = (condition: Condition, purpose: "rule" | "filter", signal?: AbortSignal) =>
  client.post({
    url: "/api/v1/conditions/say",
    body: { condition, purpose },
    headers: json,
    signal,
  }) as unknown as Promise<
    Result<{ condition?: Condition | null; sentence?: Sentence | null; faults: ConditionFault[] }>
  >;
export const postPostcodes = (body: { text?: string; condition?: Condition; country: string }) =>
  client.post({ url: "/api/v1/conditions/postcodes", body, headers: json }) as unknown as Promise<
    Result<{
      text?: string | null;
      condition?: Condition | null;
      codes?: number | null;
      faults: ConditionFault[];
    }>
  >;

export interface RotationMember {
  user: { id: string; name: string };
  position: number;
  weight: number;
  has_assignment: boolean;
  is_eligible: boolean;
  obstacle?: Words | null;
  credit: string;
  received: number;
  due_thousandths: number;
  open_leads: number;
  open_leads_max?: number | null;
  leads_today: number;
  leads_per_day_max?: number | null;
}

export interface RotationView {
  territory: { id: string; name: string };
  turn: number;
  next?: { id: string; name: string } | null;
  members: RotationMember[];
  queue: { waiting: number; oldest_since?: string | null; served_at?: string | null };
}

export const getRotation = (id: string, signal?: AbortSignal) =>
  client.get({ url: "/api/v1/territories/{id}/rotation", path: { id }, signal }) as unknown as Promise<
    Result<RotationView>
  >;

/** A membership; the contract's own type of this name is another one's for now. */
export interface Member {
  territory: string;
  user: string;
  access: boolean;
  assignment: boolean;
  includes_children: boolean;
  role?: string | null;
  role_key?: string | null;
  weight: number;
  position: number;
  open_leads_max?: number | null;
  leads_per_day_max?: number | null;
  version: number;
}
