/** One faulty value of a request, as the server names it. */
export interface Fault {
  pointer: string;
  code: string;
  value: unknown;
  detail: string;
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
  ) {
    super(detail);
    this.name = "ProblemError";
  }
}

export const isProblem = (error: unknown, status?: number): error is ProblemError =>
  error instanceof ProblemError && (status === undefined || error.status === status);

export async function problemOf(response: Response): Promise<ProblemError> {
  const retry = Number(response.headers.get("retry-after"));
  let body: Record<string, unknown> = {};
  try {
    body = await response.json();
  } catch {
    // A proxy in between answers in its own words; the status says enough.
  }
  return new ProblemError(
    response.status,
    String(body.code ?? `status_${response.status}`),
    String(body.detail ?? response.statusText),
    (body.errors as Fault[]) ?? [],
    body.current ?? null,
    (body.operation as string) ?? null,
    retry || null,
    response.headers.get("etag"),
  );
}
