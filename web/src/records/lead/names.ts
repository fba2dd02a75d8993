import type { Lead } from "../../api/types";

/** What a lead is called: its company, else its person, else its first e-mail address. */
export function leadName(lead: Lead): string {
  return (
    lead.company ||
    [lead.title, lead.first_name, lead.last_name].filter(Boolean).join(" ") ||
    lead.emails[0] ||
    lead.id.slice(-8)
  );
}
