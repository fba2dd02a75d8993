import { queryOptions } from "@tanstack/react-query";
import { answer, dataOf, everything, ifMatch } from "./client";
import {
  deleteSessions,
  deleteSessionsId,
  deleteTokensId,
  deleteUsersIdAbsencesAbsence,
  deleteUsersIdInvitation,
  getRoles,
  getSessions,
  getTokens,
  getUsers,
  getUsersId,
  getUsersIdAbsences,
  patchUsersId,
  postInvitations,
  postInvitationsAccept,
  postInvitationsRead,
  postSessionPassword,
  postTokens,
  postUsersIdAbsences,
  postUsersIdPassword,
  putUsersIdInvitation,
} from "./generated/sdk.gen";
import type {
  InvitationAcceptance,
  NewAbsence,
  NewInvitation,
  NewPassword,
  NewToken,
  UserChange,
} from "./generated/types.gen";

/** By weekday, "monday" … "sunday": spans such as "08:00-17:00" in the person's time zone. */
export type WorkingHours = Record<string, string[]>;

const page_rows = 200;

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: async ({ signal }) => (await dataOf(getRoles({ signal }))).items,
  staleTime: 5 * 60_000,
});

export const usersQuery = queryOptions({
  queryKey: ["users", "list"],
  queryFn: ({ signal }) => everything((cursor) => getUsers({ query: { limit: page_rows, cursor }, signal })),
});

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["users", "one", id],
    queryFn: ({ signal }) => answer(getUsersId({ path: { id }, signal })),
  });

export const changeUser = (id: string, body: UserChange, etag: string | null) =>
  dataOf(patchUsersId({ path: { id }, headers: ifMatch(etag), body }));
export const changePassword = (body: NewPassword) => dataOf(postSessionPassword({ body }));

/** Makes the account of somebody new, and the link by which they come in. */
export const invite = (body: NewInvitation) => dataOf(postInvitations({ body }));
/** A new link; the one before no longer works. */
export const renewInvitation = (id: string) => dataOf(putUsersIdInvitation({ path: { id } }));
export const withdrawInvitation = (id: string) => dataOf(deleteUsersIdInvitation({ path: { id } }));
/** What stands behind a link, for whoever opens it. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => dataOf(postInvitationsRead({ body: { token }, signal })),
    retry: false,
  });
export const acceptInvitation = (body: InvitationAcceptance) => dataOf(postInvitationsAccept({ body }));

/** Sets somebody else's password; whoever had none yet can sign in from then on. */
export const setPassword = (id: string, password: string) =>
  dataOf(postUsersIdPassword({ path: { id }, body: { password } }));

/** Changes the reader's own language wherever they sign in. */
export async function changeLanguage(userId: string, language: string) {
  const { etag } = await answer(getUsersId({ path: { id: userId } }));
  return changeUser(userId, { language }, etag);
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async ({ signal }) => (await dataOf(getSessions({ signal }))).items,
});
/** Ends every session of the reader but this one. */
export const endOtherSessions = () => dataOf(deleteSessions());
export const endSession = (id: string) => dataOf(deleteSessionsId({ path: { id } }));

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: async ({ signal }) => (await dataOf(getTokens({ signal }))).items,
});
export const createToken = (body: NewToken) => dataOf(postTokens({ body }));
export const revokeToken = (id: string) => dataOf(deleteTokensId({ path: { id } }));

export const absencesQuery = (userId: string) =>
  queryOptions({
    queryKey: ["absences", userId],
    queryFn: ({ signal }) =>
      everything((cursor) =>
        getUsersIdAbsences({ path: { id: userId }, query: { limit: page_rows, cursor }, signal }),
      ),
  });
export const createAbsence = (userId: string, body: NewAbsence) =>
  dataOf(postUsersIdAbsences({ path: { id: userId }, body }));
export const deleteAbsence = (userId: string, absence: string) =>
  dataOf(deleteUsersIdAbsencesAbsence({ path: { id: userId, absence } }));
