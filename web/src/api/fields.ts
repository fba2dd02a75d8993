import { queryOptions } from "@tanstack/react-query";
import type { FieldInfo } from "../ui/conditions";
import { dataOf, tagOf } from "./client";
import { deleteField as drop, getFields, patchField, postFields } from "./pending";

/** The catalogue of a lead's fields: standard ones, the workspace's own, and those Revier keeps. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: async ({ signal }) => (await dataOf(getFields(signal))).items,
  staleTime: 5 * 60_000,
});

export type FieldDraft = Pick<FieldInfo, "kind" | "label_en" | "label_de" | "choices"> & { key: string };

export const createField = (draft: FieldDraft) => dataOf(postFields(draft));
export const changeField = (field: FieldInfo, draft: Partial<FieldDraft>) =>
  dataOf(patchField(field.key, draft, tagOf(field.version ?? 0)));
export const deleteField = (field: FieldInfo) => dataOf(drop(field.key, tagOf(field.version ?? 0)));
