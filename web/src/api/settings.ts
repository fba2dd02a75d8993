import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, remove } from "./call";
import type { FieldInfo } from "./types";

export interface Settings {
  name: string;
  language: "de" | "en";
  currency: string;
  time_zone: string;
  rules_run: "never" | "while_unowned" | "always";
  is_sticky: boolean;
  default_territory_id: string | null;
  version: number;
}

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => get<Settings>("/settings", { signal }),
});

export const changeSettings = (draft: Partial<Settings>, etag: string | null) =>
  patch<Settings>("/settings", draft, { etag });

export type FieldDraft = Pick<FieldInfo, "key" | "kind" | "label_en" | "label_de" | "choices">;

export const createField = (draft: FieldDraft) => post<FieldInfo>("/fields", draft);
export const changeField = (key: string, draft: Partial<FieldDraft>) =>
  patch<FieldInfo>(`/fields/${key}`, draft);
export const deleteField = (key: string) => remove(`/fields/${key}`);
