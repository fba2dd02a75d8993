import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { useCallback } from "react";
import { type Fault, isProblem } from "./problem";

// What went wrong with the whole request.
const problems: Record<string, MessageDescriptor> = {
  unreachable: msg`The server does not answer. Check your connection; nothing you typed is lost.`,
  not_found: msg`This no longer exists, or you may not see it.`,
  sign_in_needed: msg`Your session has ended. Sign in again.`,
  denied: msg`Your role does not allow this. Ask an administrator for the permission.`,
  invalid: msg`Some values cannot be saved. They are marked.`,
  exists: msg`There is already one with this name. Choose another.`,
  if_match_needed: msg`This page is out of date. Reload it and try again.`,
  stale: msg`Somebody changed this in the meantime. Load it again to see the change.`,
  busy: msg`The database does not answer right now. Try again in a moment.`,
  disk_full: msg`The server’s disk is full. Nothing was saved; tell your operator.`,
  internal: msg`Something went wrong on the server. Nothing was saved.`,
  too_many_tries: msg`Too many tries. Wait a little, then try again.`,
  wrong_credentials: msg`E-mail and password do not match.`,
  wrong_token: msg`This is not the setup token. It stands in the server’s console, where Revier was started.`,
  already_set_up: msg`Revier is already set up. Sign in.`,
  last_administrator: msg`This is the last active administrator. Make somebody else an administrator first.`,
  already_known: msg`This lead is already known.`,
};

// What is wrong with one value; {value} is the value as it was typed.
const faults: Record<string, MessageDescriptor> = {
  required: msg`This is needed.`,
  too_long: msg`This is too long.`,
  too_short: msg`This is too short.`,
  unknown_field: msg`There is no field of this name.`,
  unknown_choice: msg`“{value}” is not one of the choices.`,
  unknown_country: msg`“{value}” is no country that Revier knows. Its name or its two-letter code works.`,
  unknown_state: msg`“{value}” is no state of this country.`,
  postcode_length: msg`The postcode “{value}” has the wrong number of digits for its country. Is a zero missing in front?`,
  not_an_email: msg`“{value}” is no e-mail address. Such as name@company.com.`,
  not_a_url: msg`“{value}” is no web address.`,
  not_a_number: msg`“{value}” is no number.`,
  not_a_whole_number: msg`“{value}” is no whole number.`,
  negative: msg`“{value}” is below zero.`,
  not_a_date: msg`“{value}” is no date.`,
  not_money: msg`“{value}” is no amount. Such as 1234.50.`,
  unknown_currency: msg`“{value}” is no currency code. Such as EUR.`,
  password_too_short: msg`The password needs at least 12 characters.`,
  password_known: msg`This password stands in lists of known passwords. Choose another.`,
  taken: msg`“{value}” is already in use.`,
  exists: msg`“{value}” is already in use.`,
  unknown_time_zone: msg`“{value}” is no time zone. Such as Europe/Berlin.`,
};

/** Words errors in the reader's language: for a whole request, and for single values of it. */
export function useErrorWords() {
  const { i18n } = useLingui();
  const fault = useCallback(
    (one: Fault) => {
      const known = faults[one.code];
      const value =
        typeof one.value === "string" || typeof one.value === "number"
          ? String(one.value)
          : JSON.stringify(one.value ?? "");
      return known ? i18n._(known.id, { value }, { message: known.message }) : one.detail;
    },
    [i18n],
  );
  const problem = useCallback(
    (error: unknown) => {
      if (!isProblem(error)) return error ? i18n._(problems.internal as MessageDescriptor) : null;
      const known = problems[error.code];
      return known ? i18n._(known) : error.detail;
    },
    [i18n],
  );
  /** The words for the value at `pointer`, such as "/postcode", or nothing. */
  const at = useCallback(
    (error: unknown, pointer: string) => {
      if (!isProblem(error)) return null;
      const hit = error.errors.filter(
        (one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`),
      );
      return hit.length ? hit.map(fault).join(" ") : null;
    },
    [fault],
  );
  return { problem, fault, at };
}
