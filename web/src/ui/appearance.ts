import { localStorageColorSchemeManager } from "@mantine/core";

export type Theme = "auto" | "light" | "dark";
const key = "revier.theme";

/** Mantine keeps the choice; the tokens read it from data-theme. */
export const schemeManager = localStorageColorSchemeManager({ key });

export function keptTheme(): Theme {
  const kept = localStorage.getItem(key);
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export function paint(theme: Theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
