import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { messages as de } from "../locales/de.po";
import { messages as en } from "../locales/en.po";
import { ProblemError } from "./problem";
import { useErrorWords } from "./words";

function words(locale: "de" | "en") {
  i18n.load({ de, en });
  i18n.activate(locale);
  return renderHook(() => useErrorWords(), {
    wrapper: ({ children }) => <I18nProvider i18n={i18n}>{children}</I18nProvider>,
  }).result.current;
}

const refused = new ProblemError(422, "invalid", "the request cannot be carried out as it stands", [
  {
    pointer: "/postcode",
    code: "postcode_length",
    value: "1234",
    detail: "a German postcode has five digits",
  },
  { pointer: "/employees", code: "invented_yesterday", value: "12a", detail: '"12a" is not a whole number' },
]);

it("names value and remedy at the field, in the reader's language", () => {
  expect(words("de").at(refused, "/postcode")).toBe(
    "Die Postleitzahl „1234“ hat nicht die Stellenzahl ihres Landes. Fehlt vorn eine Null?",
  );
  expect(words("en").at(refused, "/postcode")).toBe(
    "The postcode “1234” has the wrong number of digits for its country. Is a zero missing in front?",
  );
  expect(words("de").at(refused, "/city")).toBeNull();
});

it("shows the server's own sentence for a code that it does not know yet", () => {
  expect(words("de").at(refused, "/employees")).toBe('"12a" is not a whole number');
});

it("says what became of the whole request, also when the server does not answer", () => {
  expect(words("de").problem(refused)).toBe("Einige Werte lassen sich nicht speichern. Sie sind markiert.");
  expect(words("en").problem(new ProblemError(0, "unreachable", ""))).toBe(
    "The server does not answer. Check your connection; nothing you typed is lost.",
  );
});
