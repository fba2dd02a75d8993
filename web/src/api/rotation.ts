import { queryOptions } from "@tanstack/react-query";
import { dataOf } from "./client";
import { getTerritoriesIdRotation } from "./generated/sdk.gen";

export const rotationQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["rotation", territoryId],
    queryFn: ({ signal }) => dataOf(getTerritoriesIdRotation({ path: { id: territoryId }, signal })),
  });
