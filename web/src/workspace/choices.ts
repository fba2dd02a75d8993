import type { FieldChoice } from "../ui/conditions";

/** A choice while it is edited; without a key as long as it is new. */
export interface Line {
  id: number;
  key: string;
  label_en: string;
  label_de: string;
}

const key_chars_max = 40;

/** The key that a name suggests. */
export const keyOf = (label: string) =>
  label
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, key_chars_max);

export const linesOf = (choices: FieldChoice[]): Line[] =>
  choices.map(({ key, label_en, label_de }, id) => ({ id, key, label_en, label_de }));

/** What the lines say; empty ones are none, and one language stands in for the other. */
export const choicesOf = (lines: Line[]): FieldChoice[] =>
  lines
    .filter((line) => line.label_de || line.label_en)
    .map((line) => ({
      key: line.key || keyOf(line.label_en || line.label_de),
      label_en: line.label_en || line.label_de,
      label_de: line.label_de || line.label_en,
    }));
