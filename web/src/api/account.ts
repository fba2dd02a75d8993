import { get, patch, post, remove } from "./call";

export const signIn = (body: { email: string; password: string }) => post<unknown>("/session", body);
export const signOut = () => remove("/session");
export const updateAccount = (body: Record<string, unknown>) => patch<unknown>("/account", body);
export const readAccount = () => get<unknown>("/account");
