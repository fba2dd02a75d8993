import { i18n } from "@lingui/core";

export type Language = "de" | "en";
const key = "revier.language";

/** The language before anybody has signed in: the last one chosen here, else the browser's. */
export function guessLanguage(): Language {
  const kept = localStorage.getItem(key);
  if (kept === "de" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("de") ? "de" : "en";
}

export async function speak(language: Language) {
  const { messages } =
    language === "de" ? await import("../locales/de.po") : await import("../locales/en.po");
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  localStorage.setItem(key, language);
}
