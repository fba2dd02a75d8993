import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { dataOf } from "./client";
import { deleteSession, getSession, getSetup, postSession, postSetup } from "./generated/sdk.gen";
import type { NewWorkspace, SignIn } from "./generated/types.gen";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => dataOf(getSession({ signal })),
  staleTime: 60_000,
});

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => dataOf(getSetup({ signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Who is signed in; pages inside the shell always have it. */
export const useSession = () => useSuspenseQuery(sessionQuery).data;

/** Whether the server says that this person's role reaches an action at all. */
export function useMay() {
  const { permissions } = useSession();
  return (object: string, action: string) => (permissions[object]?.[action] ?? "none") !== "none";
}

/** Makes the first account and signs it in. */
export const setUp = (body: NewWorkspace) => dataOf(postSetup({ body }));
export const signIn = (body: SignIn) => dataOf(postSession({ body }));
export const signOut = () => dataOf(deleteSession());
