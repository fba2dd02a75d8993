import type { QueryClient } from "@tanstack/react-query";

/** People stand in the matrix and in the rings too. */
export const refreshPeople = (client: QueryClient) =>
  Promise.all(
    ["users", "territories", "rotation"].map((key) => client.invalidateQueries({ queryKey: [key] })),
  );
