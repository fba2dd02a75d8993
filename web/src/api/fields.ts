import { queryOptions } from "@tanstack/react-query";
import type { FieldInfo } from "../ui/conditions";
import { dataOf, ifMatch, tagOf } from "./client";
import {
  deleteFieldsKey,
  getFields,
  patchFieldsKey,
  postFields,
  putFieldsKeyChoices,
} from "./generated/sdk.gen";

/** The catalogue of a lead's fields: standard ones, the workspace's own, and those Revier keeps. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: async ({ signal }) => (await dataOf(getFields({ signal }))).items,
  staleTime: 5 * 60_000,
});

export type FieldDraft = Pick<FieldInfo, "kind" | "label_en" | "label_de" | "choices"> & { key: string };

const versionOf = (field: FieldInfo) => ifMatch(tagOf(field.version ?? 0));

export const createField = (draft: FieldDraft) => dataOf(postFields({ body: draft }));
/** `force` goes through although rules read what goes, and breaks them. */
export const changeField = (field: FieldInfo, draft: Partial<FieldDraft>, force = false) =>
  dataOf(
    patchFieldsKey({ path: { key: field.key }, headers: versionOf(field), query: { force }, body: draft }),
  );
export const deleteField = (field: FieldInfo, force = false) =>
  dataOf(deleteFieldsKey({ path: { key: field.key }, headers: versionOf(field), query: { force } }));

/** Puts these in place of the workspace's own choices of a standard field. */
export const putChoices = (key: string, choices: FieldDraft["choices"], force = false) =>
  dataOf(
    putFieldsKeyChoices({
      path: { key },
      query: { force },
      body: choices.map(({ key, label_en, label_de }) => ({ key, label_en, label_de })),
    }),
  );
