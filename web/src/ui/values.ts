import type { I18n } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import type { Condition, Criterion, FieldInfo } from "./conditions";
import { countryName } from "./countries";
import { formatDay, formatMoney, formatNumber, formatTime } from "./format";
import { operatorWord } from "./operators";

export const fieldLabel = (field: FieldInfo, i18n: I18n) =>
  i18n.locale === "de" ? field.label_de : field.label_en;

export function choiceLabel(field: FieldInfo | undefined, key: string, i18n: I18n): string {
  const choice = field?.choices.find((one) => one.key === key);
  return choice ? (i18n.locale === "de" ? choice.label_de : choice.label_en) : key;
}

/** Names behind the ids of people and territories, and behind the codes of states. */
export type Names = (field: string, id: string) => string | undefined;

/** One value as the reader's locale writes it. */
export function sayValue(field: FieldInfo | undefined, value: unknown, i18n: I18n, names?: Names): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value))
    return value.length ? value.map((one: unknown) => sayValue(field, one, i18n, names)).join(", ") : "–";
  const language = i18n.locale;
  if (typeof value === "boolean") return i18n._(value ? msg`yes` : msg`no`);
  if (typeof value === "object") {
    if ("amount" in value) return formatMoney(value as { amount: string; currency: string }, language);
    if ("km" in value) {
      const circle = value as { km: number; postcode?: string; country?: string; lat?: number; lon?: number };
      return `${formatNumber(circle.km, language)} km, ${circle.postcode ?? `${circle.lat}°, ${circle.lon}°`}`;
    }
    if ("number" in value) return String((value as { number: unknown }).number);
    if ("name" in value) return String((value as { name: unknown }).name);
    return JSON.stringify(value);
  }
  const text = String(value);
  if (!field) return text;
  if (field.holds_ids) return names?.(field.key, text) ?? text;
  switch (field.kind) {
    case "choice":
    case "multi_choice":
      return choiceLabel(field, text, i18n);
    case "country":
      return countryName(text, language);
    case "state":
      return names?.("state", text) ?? text;
    case "integer":
    case "decimal":
      return Number.isFinite(Number(text)) ? formatNumber(Number(text), language) : text;
    case "date":
      return formatDay(text, language);
    case "date_time":
      return formatTime(text, language);
    default:
      return text;
  }
}

/** A criterion as chips show it: field, operator, value. */
export function sayCriterion(criterion: Criterion, fields: FieldInfo[], i18n: I18n, names?: Names) {
  const field = fields.find((one) => one.key === criterion.field);
  const word = field ? operatorWord(field, criterion.op) : criterion.op;
  const shown_max = 3;
  const told_max = 20;
  const given = criterion.values ?? [];
  const values = given.slice(0, shown_max).map((value) => sayValue(field, value, i18n, names));
  const more = given.length - shown_max;
  if (criterion.op === "in_last_days" || criterion.op === "in_next_days") {
    const days = Number(given[0]);
    return {
      field: field ? fieldLabel(field, i18n) : criterion.field,
      op: i18n._(criterion.op === "in_last_days" ? msg`in the last` : msg`in the next`),
      value: i18n._(msg`${plural(days, { one: "# day", other: "# days" })}`),
    };
  }
  if (given.length > told_max)
    return {
      field: field ? fieldLabel(field, i18n) : criterion.field,
      op: typeof word === "string" ? word : i18n._(word),
      value: i18n._(msg`${plural(given.length, { one: "# value", other: "# values" })}`),
    };
  return {
    field: field ? fieldLabel(field, i18n) : criterion.field,
    op: typeof word === "string" ? word : i18n._(word),
    value:
      values.join(criterion.op === "between" ? " – " : ", ") +
      (more > 0 ? ` +${formatNumber(more, i18n.locale)}` : ""),
  };
}

export function countCriteria(condition: Condition): number {
  if ("field" in condition) return 1;
  if ("not" in condition) return countCriteria(condition.not);
  return ("all" in condition ? condition.all : condition.any).reduce(
    (sum, one) => sum + countCriteria(one),
    0,
  );
}
