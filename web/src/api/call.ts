import { ProblemError, problemOf } from "./problem";

interface Options {
  query?: Record<string, string | number | boolean | undefined | null>;
  body?: unknown;
  etag?: string | null;
  signal?: AbortSignal;
}

export interface Answer<T> {
  data: T;
  etag: string | null;
}

async function send<T>(
  method: string,
  path: string,
  { query, body, etag, signal }: Options = {},
): Promise<Answer<T>> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (etag) headers["if-match"] = etag;
  if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
  const suffix = search.size ? `?${search}` : "";
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}${suffix}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ProblemError(0, "unreachable", "the server does not answer");
  }
  if (!response.ok) throw await problemOf(response);
  const data = response.status === 204 ? (undefined as T) : ((await response.json()) as T);
  return { data, etag: response.headers.get("etag") };
}

export const get = <T>(path: string, options?: Options) => send<T>("GET", path, options);
export const post = <T>(path: string, body?: unknown, options?: Options) =>
  send<T>("POST", path, { ...options, body });
export const patch = <T>(path: string, body: unknown, options?: Options) =>
  send<T>("PATCH", path, { ...options, body });
export const put = <T>(path: string, body: unknown, options?: Options) =>
  send<T>("PUT", path, { ...options, body });
export const remove = <T = void>(path: string, options?: Options) => send<T>("DELETE", path, options);
