import { queryOptions } from "@tanstack/react-query";
import { dataOf } from "./client";
import { getTerritoriesIdRotation, putTerritoriesIdRotation } from "./generated/sdk.gen";

export const rotationQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["rotation", territoryId],
    queryFn: ({ signal }) => dataOf(getTerritoriesIdRotation({ path: { id: territoryId }, signal })),
  });

/** Pauses a territory's rotation, or lets it go on. */
export const pauseRotation = (territoryId: string, is_paused: boolean) =>
  dataOf(putTerritoriesIdRotation({ path: { id: territoryId }, body: { is_paused } }));
