import { TZDate } from "@date-fns/tz";

let zone: string | undefined;

/** From here on, moments are shown and typed in this time zone: the account's, wherever the browser is. */
export function readIn(timeZone: string) {
  zone = timeZone;
}

/** The reader's time zone; before somebody is signed in, the browser's. */
export const readerZone = () => zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What stands in a field for date and time, `2026-07-01T09:30`, as the moment that it means for the reader. */
export function momentOf(wall: string): string {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = wall.split(/\D/).map(Number);
  return new Date(new TZDate(year, month - 1, day, hour, minute, readerZone()).getTime()).toISOString();
}

/** A moment as a field for date and time holds it; empty where there is none. */
export function wallOf(iso: unknown): string {
  const at = new TZDate(typeof iso === "string" ? iso : "", readerZone());
  if (Number.isNaN(at.getTime())) return "";
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
