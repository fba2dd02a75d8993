import { queryOptions } from "@tanstack/react-query";
import { dataOf } from "./client";
import { getRotation } from "./pending";

export type { RotationMember, RotationView } from "./pending";

export const rotationQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["rotation", territoryId],
    queryFn: ({ signal }) => dataOf(getRotation(territoryId, signal)),
  });
