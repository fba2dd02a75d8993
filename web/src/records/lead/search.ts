import type { Condition } from "../../ui/conditions";

export interface LeadSearch {
  filter?: Condition;
  sort?: string;
  q?: string;
}

/** Reads the list's state from the address; what it cannot read it leaves out. */
export function leadSearch(search: Record<string, unknown>): LeadSearch {
  const out: LeadSearch = {};
  if (isCondition(search.filter)) out.filter = search.filter;
  if (typeof search.sort === "string" && /^-?[\w.]+(,-?[\w.]+)*$/.test(search.sort)) out.sort = search.sort;
  if (typeof search.q === "string" && search.q) out.q = search.q;
  return out;
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null) return false;
  if ("field" in value) return "op" in value && (!("values" in value) || Array.isArray(value.values));
  if ("all" in value) return Array.isArray(value.all) && value.all.every(isCondition);
  if ("any" in value) return Array.isArray(value.any) && value.any.every(isCondition);
  return "not" in value && isCondition(value.not);
}

/** The parts of a filter that can stand as chips of their own; a nested one stays whole. */
export function chipsOf(filter: Condition | undefined): Condition[] {
  if (!filter) return [];
  return "all" in filter ? filter.all : [filter];
}

export function ofChips(chips: Condition[]): Condition | undefined {
  return chips.length === 0 ? undefined : chips.length === 1 ? chips[0] : { all: chips };
}

/** Whether a chip of the filter narrows the list to territories. */
export const isTerritory = (chip: Condition) =>
  "field" in chip && chip.field === "territory" && chip.op === "is_any_of";
