import { regional } from "./format";

/**
 * What somebody typed as a plain decimal: thousands marks go, the decimal mark becomes a point. A single
 * mark before exactly three digits stands for what it is in the reader's language. What is no number stays
 * as it was typed, so that the server can name it.
 */
export function plainDecimal(text: string, language: string): string {
  const tight = text.replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^-?[\d.,]*\d[\d.,]*$/.test(tight)) return text.trim();
  const marks = [...tight.matchAll(/[.,]/g)].map((one) => one[0]);
  const last = marks.at(-1);
  if (!last) return tight;
  const other = last === "." ? "," : ".";
  const at = tight.lastIndexOf(last);
  const whole = tight.slice(0, at);
  const fraction = tight.slice(at + 1);
  const isThousands =
    marks.length > 1
      ? !whole.includes(other) // "1.234.567"
      : fraction.length === 3 && last === groupMark(language);
  const digits = (part: string) => part.replace(/[.,]/g, "");
  if (isThousands) return digits(tight);
  // "1,234,567.89" has its decimal mark once; twice it is no number.
  return whole.includes(last) ? text.trim() : `${digits(whole) || "0"}.${fraction}`;
}

/** A plain decimal as the reader's language writes it, without thousands marks, for editing. */
export function shownDecimal(plain: string, language: string): string {
  return groupMark(language) === "." && /^-?\d+\.\d+$/.test(plain) ? plain.replace(".", ",") : plain;
}

function groupMark(language: string): string {
  const parts = new Intl.NumberFormat(regional(language)).formatToParts(1_234_567);
  return parts.find((part) => part.type === "group")?.value ?? ",";
}
