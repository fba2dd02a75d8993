import { client } from "./generated/client.gen";
import { ProblemError, problemOf } from "./problem";

// Every POST carries a key, so that an answer lost on the way never makes a second record.
client.interceptors.request.use((request) => {
  if (request.method === "POST") request.headers.set("idempotency-key", crypto.randomUUID());
  return request;
});

interface Result<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

export interface Answer<T> {
  data: T;
  /** The version that a later change names as the one it was made from. */
  etag: string | null;
}

/** Turns a call of the generated client into its data, or throws what it was refused with. */
export async function answer<T>(call: Promise<Result<T>>): Promise<Answer<T>> {
  const { data, error, response } = await call;
  if (!response) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ProblemError(0, "unreachable", "the server does not answer");
  }
  if (!response.ok) throw problemOf(response, error);
  return { data: data as T, etag: response.headers.get("etag") };
}

export const dataOf = async <T>(call: Promise<Result<T>>): Promise<T> => (await answer(call)).data;

/** The header that names the version a change was made from. */
export const ifMatch = (etag: string | null) => ({ "If-Match": etag ?? "" });

/** The entity tag of something that carries its version in its body. */
export const tagOf = (version: number) => `"${version}"`;

interface Listed<T> {
  items: T[];
  next_cursor?: string | null;
}

const pages_max = 50;

/** Reads a list that is short by nature to its end. */
export async function everything<T>(
  page: (cursor: string | undefined) => Promise<Result<Listed<T>>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < pages_max; count += 1) {
    const read = await dataOf(page(cursor));
    items.push(...read.items);
    if (!read.next_cursor) break;
    cursor = read.next_cursor;
  }
  return items;
}
