/** One faulty value of a request, as the server names it. */
export interface Fault {
  pointer: string;
  code: string;
  value: unknown;
  detail: string;
}

/** What holds a change up: records that somebody owns, leads that are still inside, rules that would break. */
export interface HeldUp {
  user?: string;
  name?: string;
  records?: number;
  leads?: number;
  rule?: string;
  territory?: string;
}

/** What a request was refused with (RFC 9457), or that it never arrived. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: Fault[] = [],
    readonly current: unknown = null,
    readonly operation: string | null = null,
    readonly retryAfter: number | null = null,
    readonly etag: string | null = null,
    readonly heldUpBy: HeldUp[] = [],
  ) {
    super(detail);
    this.name = "ProblemError";
  }
}

export const isProblem = (error: unknown, status?: number): error is ProblemError =>
  error instanceof ProblemError && (status === undefined || error.status === status);

/** Reads a problem document; a proxy in between may answer in its own words, then the status says enough. */
export function problemOf(response: Response, body: unknown): ProblemError {
  const retry = Number(response.headers.get("retry-after"));
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return new ProblemError(
    response.status,
    String(said.code ?? `status_${response.status}`),
    String(said.detail ?? response.statusText),
    (said.errors as Fault[]) ?? [],
    said.current ?? null,
    (said.operation as string) ?? null,
    retry || null,
    response.headers.get("etag"),
    said.held_up_by ? ([said.held_up_by].flat() as HeldUp[]) : [],
  );
}
