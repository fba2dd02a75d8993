import type { Lead } from "../../api/leads";

/** A field's value where it is a text; hidden and empty fields alike are no text. */
export const textOf = (lead: Lead, key: string): string | null => {
  const value = lead[key];
  return typeof value === "string" && value ? value : null;
};

/** What a lead is called: its company, else its person, else its first e-mail address. */
export function leadName(lead: Lead): string {
  const person = ["title", "first_name", "last_name"].map((key) => textOf(lead, key)).filter(Boolean);
  const emails = lead.emails;
  return (
    textOf(lead, "company") ??
    (person.join(" ") || (Array.isArray(emails) && emails.length ? String(emails[0]) : lead.id.slice(-8)))
  );
}
