import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "./problem";

const retries_max = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // A refusal stays a refusal; only a server that is busy or out of reach is asked again.
      retry: (count, error) =>
        count < retries_max && (!isProblem(error) || error.status === 0 || error.status === 503),
    },
    mutations: { retry: false },
  },
});
