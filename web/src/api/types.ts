import type { Condition, FieldInfo } from "../ui/conditions";

export type Scope = "none" | "own" | "territory" | "all";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
  count: { value: number; exact: boolean } | null;
}

export interface SetupState {
  needed: boolean;
}

export interface Session {
  user: { id: string; name: string; email: string; language: "de" | "en"; time_zone: string; role: string };
  workspace: { name: string; currency: string; time_zone: string };
  /** object → action → scope. */
  can: Record<string, Record<string, Scope>>;
}

export interface Named {
  id: string;
  name: string;
}

export interface TerritoryRef extends Named {
  color: string;
}

export interface Money {
  amount: string;
  currency: string;
}

export interface Repair {
  field: string;
  code: string;
  value: string;
}

/** A lead's fields stand beside these members under their API names; hidden ones are absent. */
export interface Lead {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  assigned_at: string | null;
  queued_at: string | null;
  territory: TerritoryRef | null;
  owner: Named | null;
  pinned: boolean;
  door: string;
  derived: string[];
  repairs: Repair[];
  can: { edit: boolean; delete: boolean; assign: boolean };
  [field: string]: unknown;
}

export type { Condition, FieldInfo };
