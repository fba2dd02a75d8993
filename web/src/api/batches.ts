import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Condition } from "../ui/conditions";
import { shortened } from "../ui/lists";
import { dataOf } from "./client";
import {
  getBatches,
  getBatchesId,
  getBatchesIdLeads,
  postBatches,
  postBatchesIdUndo,
  postRulesPreview,
} from "./generated/sdk.gen";
import type { BatchView, EndView, FlowView, IntendedRule } from "./generated/types.gen";

export type Batch = BatchView;
export type End = EndView;
export type FlowOfLeads = FlowView;

/** A change of a rule that is not made yet. */
export type Intended = Omit<IntendedRule, "when"> & { when?: Condition };

// The contract knows a condition as an object only; its language is its own.
const bodyOf = ({ when, ...rest }: Intended): IntendedRule => ({
  ...rest,
  ...(when ? { when: { ...when } } : {}),
});

export const previewQuery = (intended: Intended | null) =>
  queryOptions({
    queryKey: [
      "rules",
      "preview",
      intended ? { ...intended, when: intended.when && shortened(intended.when) } : null,
    ],
    queryFn: ({ signal }) => dataOf(postRulesPreview({ body: bodyOf(intended as Intended), signal })),
    enabled: Boolean(intended),
    placeholderData: keepPreviousData,
    // Leads and rules change meanwhile: whoever comes back looks anew.
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

export const beginBatch = (intended: Intended, seen: number) =>
  dataOf(postBatches({ body: { change: bodyOf(intended), seen } }));

export const undoBatch = (id: string) => dataOf(postBatchesIdUndo({ path: { id } }));

export const batchesQuery = queryOptions({
  queryKey: ["batches", "list"],
  queryFn: ({ signal }) => dataOf(getBatches({ signal })),
});

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ["batches", "one", id],
    queryFn: ({ signal }) => dataOf(getBatchesId({ path: { id }, signal })),
  });

export const batchLeadsQuery = (id: string, left: boolean) =>
  queryOptions({
    queryKey: ["batches", "leads", id, left],
    queryFn: async ({ signal }) =>
      (await dataOf(getBatchesIdLeads({ path: { id }, query: { left }, signal }))).items,
  });
