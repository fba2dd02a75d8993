import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { FieldInfo } from "./conditions";

const words: Record<string, MessageDescriptor> = {
  is_any_of: msg`is any of`,
  is_none_of: msg`is none of`,
  starts_with_any_of: msg`starts with`,
  ends_with_any_of: msg`ends with`,
  contains_any_of: msg`contains`,
  matches_any_of: msg`matches the pattern`,
  is_empty: msg`is empty`,
  is_not_empty: msg`is not empty`,
  eq: msg`equals`,
  lt: msg`is less than`,
  lte: msg`is at most`,
  gt: msg`is more than`,
  gte: msg`is at least`,
  between: msg`is from … to below`,
  in_last_days: msg`in the last days`,
  in_next_days: msg`in the next days`,
  has_any_of: msg`has any of`,
  has_all_of: msg`has all of`,
  has_none_of: msg`has none of`,
  is: msg`is`,
  in_range_any_of: msg`lies in a range`,
  within_km: msg`within km of`,
  country_is_any_of: msg`country is any of`,
  area_code_is_any_of: msg`area code is any of`,
};

const dates: Record<string, MessageDescriptor> = {
  eq: msg`is on`,
  lt: msg`is before`,
  lte: msg`is on or before`,
  gt: msg`is after`,
  gte: msg`is on or after`,
};

export function operatorWord(field: FieldInfo, op: string): MessageDescriptor | string {
  const dated = field.kind === "date" || field.kind === "date_time" ? dates[op] : undefined;
  return dated ?? words[op] ?? op;
}
