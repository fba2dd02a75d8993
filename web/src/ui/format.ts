import { readerZone } from "./zone";

const minute_s = 60;
const hour_s = 3_600;
const day_s = 86_400;

/** The reader's formats: the browser's regional variant of the chosen language, where it has one. */
export function regional(language: string): string {
  const fromBrowser =
    typeof navigator === "undefined"
      ? undefined
      : navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`));
  return fromBrowser ?? (language === "de" ? "de-DE" : "en-US");
}

export const formatNumber = (value: number, language: string) =>
  new Intl.NumberFormat(regional(language)).format(value);

export function formatMoney(money: { amount: string; currency: string }, language: string): string {
  const value = money.amount as `${number}`;
  return new Intl.NumberFormat(regional(language), { style: "currency", currency: money.currency }).format(
    value as unknown as number,
  );
}

export function formatDate(iso: string, language: string, timeZone = readerZone()): string {
  return new Intl.DateTimeFormat(regional(language), {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    timeZone,
  }).format(new Date(iso));
}

/** A calendar day has no time zone: it is the same day for every reader. */
export const formatDay = (day: string, language: string) => formatDate(`${day}T12:00:00Z`, language, "UTC");

export function formatTime(iso: string, language: string, timeZone = readerZone()): string {
  const parts = new Intl.DateTimeFormat(regional(language), {
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  }).format(new Date(iso));
  return language === "de" ? `${parts} Uhr` : parts;
}

/** Relative up to a day, then the date; the exact time belongs into the tooltip. */
export function formatAgo(iso: string, language: string, now: number): string {
  const past_s = Math.round((now - Date.parse(iso)) / 1000);
  const far = Math.abs(past_s);
  if (far >= day_s) {
    const timeZone = readerZone();
    const year = new Intl.DateTimeFormat("en", { year: "numeric", timeZone });
    return new Intl.DateTimeFormat(
      regional(language),
      year.format(new Date(iso)) === year.format(now)
        ? { day: "2-digit", month: language === "de" ? "2-digit" : "short", timeZone }
        : { day: "2-digit", month: "2-digit", year: "numeric", timeZone },
    ).format(new Date(iso));
  }
  const words = new Intl.RelativeTimeFormat(regional(language), { numeric: "auto", style: "short" });
  if (far < minute_s) return words.format(0, "second");
  if (far < hour_s) return words.format(-Math.trunc(past_s / minute_s), "minute");
  return words.format(-Math.trunc(past_s / hour_s), "hour");
}
