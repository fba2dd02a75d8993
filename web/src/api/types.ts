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

export interface Phone {
  number: string;
  extension?: string | null;
  is_valid?: boolean;
}

export interface Lead {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  created_by: Named | null;
  territory: TerritoryRef | null;
  owner: Named | null;
  is_pinned: boolean;
  queued_at: string | null;
  salutation: string | null;
  title: string | null;
  first_name: string | null;
  last_name: string | null;
  job_title: string | null;
  company: string | null;
  emails: string[];
  phones: Phone[];
  website: string | null;
  street: string | null;
  city: string | null;
  country: string | null;
  state: string | null;
  postcode: string | null;
  industry: string | null;
  source: string | null;
  status: string | null;
  employees: number | null;
  score: number | null;
  annual_revenue: Money | null;
  requirements: string[];
  notes: string | null;
  custom: Record<string, unknown>;
  derived: string[];
  repairs: string[];
  can: { edit: boolean; delete: boolean; assign: boolean };
}

export type { Condition, FieldInfo };
