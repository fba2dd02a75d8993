/** What narrows the log; the address holds all of it. */
export interface AuditSearch {
  /** Who did it. */
  user?: string;
  /** The kind of thing that was changed. */
  object?: string;
  action?: string;
  /** The one thing that was changed, by id. */
  thing?: string;
  /** First and last day, in the reader's time zone. */
  from?: string;
  to?: string;
}

const day = /^\d{4}-\d{2}-\d{2}$/;

export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === "string" && value ? { [name]: value } : {};
  };
  const days = (name: string) =>
    day.test(String(search[name] ?? "")) ? { [name]: String(search[name]) } : {};
  return {
    ...text("user"),
    ...text("object"),
    ...text("action"),
    ...text("thing"),
    ...days("from"),
    ...days("to"),
  };
}
