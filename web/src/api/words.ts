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

  setup_token_wrong: msg`This is not the setup token. It stands in the server’s console, where Revier was started.`,
  set_up_already: msg`Revier is already set up. Sign in.`,
  last_administrator: msg`This is the last active administrator. Make somebody else an administrator first.`,
  already_known: msg`This lead is already known.`,
  records_owned: msg`This person still owns records. Say what becomes of them.`,
  loses_access: msg`Somebody would lose access to records they own. Say what becomes of them.`,
  leads_inside: msg`Leads are still in this territory. Move them first.`,
  name_taken: msg`There is already one with this name. Choose another.`,
  email_taken: msg`This e-mail is already in use.`,
  rate_limited: msg`Too many requests. Wait a little, then try again.`,
  sign_in_wrong: msg`E-mail and password do not match.`,
  invitation_unknown: msg`This invitation no longer holds.`,
  invitation_expired: msg`This invitation has expired. Ask for a new link.`,
  password_set_already: msg`This person has a password already and needs no invitation.`,
};

// What is wrong with one value; {value} is the value as it was typed.
const faults: Record<string, MessageDescriptor> = {
  required: msg`This is needed.`,
  too_long: msg`This is too long.`,
  unknown_key: msg`There is no field named “{value}”.`,
  unknown_field: msg`There is no field named “{value}”.`,
  field_unknown: msg`There is no field named “{value}”.`,
  field_unsortable: msg`The list cannot be sorted by “{value}”.`,
  field_is_read_only: msg`Your role may read this field, not change it.`,
  field_not_for_rules: msg`Rules may not use “{value}”, only filters.`,
  not_a_text: msg`“{value}” is no text.`,
  empty_text: msg`An empty value stands for nothing. Remove it.`,
  not_a_list: msg`Several values belong here.`,
  too_many_values: msg`These are too many values.`,
  control_character: msg`There is an invisible control character in it. Type it again.`,
  not_a_whole_number: msg`“{value}” is no whole number.`,
  number_negative: msg`“{value}” is below zero.`,
  number_too_large: msg`“{value}” is too large.`,
  not_a_decimal: msg`“{value}” is no number.`,
  too_many_decimals: msg`“{value}” has too many digits after the point.`,
  not_an_amount: msg`“{value}” is no amount. Such as 1234.50.`,
  unknown_currency: msg`“{value}” is no currency code. Such as EUR.`,
  not_a_date: msg`“{value}” is no date.`,
  not_a_date_time: msg`“{value}” is no date with a time.`,
  not_yes_no: msg`Yes or no belongs here.`,
  not_an_email: msg`“{value}” is no e-mail address. Such as name@company.com.`,
  not_a_url: msg`“{value}” is no web address.`,
  not_a_phone: msg`“{value}” is no telephone number.`,
  unknown_choice: msg`“{value}” is not one of the choices.`,
  unknown_country: msg`“{value}” is no country that Revier knows. Its name or its two-letter code works.`,
  unknown_state: msg`“{value}” is no state of this country.`,
  ambiguous_state: msg`“{value}” is a state of several countries. Write it as DE-BY.`,
  postcode_length: msg`The postcode “{value}” has the wrong number of digits for its country. Is a zero missing in front?`,
  not_a_postcode: msg`“{value}” is no postcode.`,
  unknown_postcode: msg`There is no postcode “{value}” in this country.`,
  not_a_point: msg`“{value}” is no point on earth.`,
  too_deep: msg`The groups are nested too deep.`,
  no_values: msg`A value is missing.`,
  wrong_value_count: msg`The number of values does not fit the operator.`,
  unknown_operator: msg`There is no operator “{value}”.`,
  operator_not_for_field: msg`This operator does not fit the field.`,
  not_a_day_count: msg`“{value}” is no number of days.`,
  between_reversed: msg`The first value lies above the second.`,
  two_currencies: msg`Both amounts need the same currency.`,
  not_a_postcode_range: msg`“{value}” is no range. Such as 80000-87999.`,
  postcode_range_lengths: msg`Both ends of “{value}” need the same number of digits.`,
  postcode_range_reversed: msg`The range “{value}” ends before it begins.`,
  not_a_circle: msg`A radius needs a postcode and kilometres.`,
  not_a_latitude: msg`“{value}” is no latitude.`,
  not_a_longitude: msg`“{value}” is no longitude.`,
  not_a_distance: msg`“{value}” is no distance in kilometres.`,
  not_an_area_code: msg`“{value}” is no area code. Such as +4989.`,
  postcodes_empty: msg`There are no postcodes in this text.`,
  postcodes_unknown_word: msg`“{value}” is no word that Revier knows here. “without” and “except” work.`,
  postcodes_unknown_character: msg`“{value}” has no meaning here.`,
  postcodes_code_missing: msg`A postcode is missing.`,
  postcodes_separator_missing: msg`A comma or a plus is missing before “{value}”.`,
  postcodes_too_long: msg`“{value}” has more digits than this country’s postcodes.`,
  postcodes_range_reversed: msg`The range “{value}” ends before it begins.`,
  postcodes_wildcard_in_range: msg`x and * do not work inside the range “{value}”.`,
  postcodes_two_stars: msg`“{value}” has two stars; one is enough.`,
  postcodes_nothing_to_take_from: msg`Before “without” something must stand from which it is taken.`,
  password_short: msg`The password needs at least 12 characters.`,
  password_long: msg`The password is too long.`,
  password_guessable: msg`This password is among the first that are tried. Take a longer one, such as four words that have nothing to do with one another.`,
  password_about_you: msg`Without the name, the e-mail address and the company’s name little is left of this password. Take words that have nothing to do with them.`,
  exists: msg`“{value}” is already in use.`,
  taken: msg`“{value}” is already in use.`,
  unknown_time_zone: msg`“{value}” is no time zone. Such as Europe/Berlin.`,
  limit_range: msg`“{value}” lies outside of what is allowed.`,
  sorts_many: msg`The list cannot be sorted by so many columns.`,
  name_taken: msg`“{value}” is already in use.`,
  email_taken: msg`“{value}” is already in use.`,
  name_length: msg`The name is too long or empty.`,
  name_empty: msg`A name is needed.`,
  name_control_character: msg`There is an invisible control character in it. Type it again.`,
  unknown_territory: msg`This territory does not exist any more.`,
  unknown_role: msg`This role does not exist.`,
  role_unknown: msg`This role does not exist.`,
  role_exceeds_yours: msg`This role may do more than yours; only an administrator gives it.`,
  unknown_color: msg`“{value}” is no colour of the palette.`,
  unknown_calendar: msg`There are no public holidays for “{value}”. Such as DE-BY or AT.`,
  too_many_territories: msg`There are too many territories.`,
  too_many_members: msg`There are too many members.`,
  owner_already: msg`This person owns the lead and takes part in it anyway.`,
  too_many_collaborators: msg`At most 50 people take part in a lead.`,
  nothing_asked: msg`Say what is to be done.`,
  method_unknown: msg`This address does not know the method.`,
  owner_without_access: msg`This person has no access to the territory. Give them access first.`,
  assignment_without_access: msg`Assignment needs access.`,
  loses_access: msg`Somebody would lose access to records they own. Say what becomes of them.`,
  out_of_range: msg`“{value}” lies outside of what is allowed.`,
  working_hours_unreadable: msg`“{value}” are no working hours. Such as 08:00-17:00.`,
  unknown_user: msg`This person does not exist any more.`,
  time_zone_unknown: msg`“{value}” is no time zone. Such as Europe/Berlin.`,
  text_long: msg`This is too long.`,
  text_length: msg`This is too long.`,
  scopes_empty: msg`Choose what the token may do.`,
  scope_unknown: msg`There is no permission “{value}”.`,
  password_wrong: msg`This is not the current password.`,
  password_same: msg`This is the current password. Choose another.`,
  password_needed: msg`A password is needed.`,
  lead_nameless: msg`A lead needs a company, a last name or an e-mail address.`,
  language_unknown: msg`“{value}” is no language of Revier.`,
  instant_past: msg`This lies in the past.`,
  instant_unreadable: msg`“{value}” is no date with a time.`,
  ends_before_start: msg`The end lies before the beginning.`,
  email_unreadable: msg`“{value}” is no e-mail address. Such as name@company.com.`,
  country_unknown: msg`“{value}” is no country. Such as DE.`,
  currency_unknown: msg`“{value}” is no currency code. Such as EUR.`,
  field_read_only: msg`Your role may read this field, not change it.`,
  to_needed: msg`Say to whom.`,
  no_fixed_digits: msg`Postcodes of this country have no fixed number of digits and cannot be written as text.`,
  not_json: msg`The request could not be read.`,
  plan_not_json: msg`The file is no JSON: {value}`,
  plan_format_unknown: msg`“{value}” is no format that Revier knows. The file begins with "format": "revier-plan/1".`,
  plan_key_unknown: msg`A plan file knows no key “{value}” here.`,
  plan_key_missing: msg`The key “{value}” is missing.`,
  plan_name_twice: msg`Two territories are called “{value}”. Names are unique in a plan.`,
  plan_territory_unknown: msg`There is no territory “{value}” in this plan.`,
  plan_circle: msg`The territories lie within one another: {value}`,
  plan_member_twice: msg`{value} is a member of this territory twice.`,
  plan_field_not_standard: msg`“{value}” is no standard field. The keys of own fields begin with “custom.”.`,
  plan_field_twice: msg`The field “{value}” is there twice.`,
  plan_field_kind_differs: msg`This field is known here as {value}, and a field keeps its kind.`,
  too_many_examples: msg`A plan has at most 10,000 examples. Take some out.`,
  example_broken: msg`This example no longer arrives at “{value}”.`,
  color_unreadable: msg`“{value}” is no colour. Such as #3a7d44.`,
  not_an_object: msg`An object of keys and values belongs here.`,
  missing_key: msg`The key “{value}” is missing.`,
  not_a_condition: msg`This is no condition.`,
  unknown_kind: msg`There is no kind of field “{value}”.`,
  choice_taken: msg`The choice “{value}” is there twice.`,
  choices_unwanted: msg`This field has no choices.`,
  choices_missing: msg`A field with choices needs at least one.`,
  choices_many: msg`These are too many choices.`,
  key_form: msg`“{value}” is no key. Small letters, digits and _ work, with a letter in front.`,
  key_taken: msg`The key “{value}” is already in use.`,
  label_length: msg`The name is too long or empty.`,
  fields_many: msg`There are too many own fields.`,
  postcodes_too_many: msg`This text stands for too many postcodes.`,
  key_length: msg`The key is too long.`,
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
