import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { LeadDraft } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { useErrorWords } from "../../api/words";
import type { FieldInfo } from "../../ui/conditions";
import { FieldInput } from "./FieldInput";

const company = [
  "company",
  "industry",
  "employees",
  "annual_revenue",
  "website",
  "street",
  "postcode",
  "city",
  "country",
  "state",
];
const person = ["salutation", "title", "first_name", "last_name", "job_title", "emails", "phones"];
const sale = ["status", "source", "score", "requirements", "notes"];
const wide = new Set(["company", "street", "notes", "requirements", "emails", "phones", "website"]);

/** Every field one may write, in the order in which a call brings them up. */
export function LeadForm({
  fields,
  draft,
  onChange,
  error,
  currency,
  children,
}: {
  fields: FieldInfo[];
  draft: LeadDraft;
  onChange: (draft: LeadDraft) => void;
  error: unknown;
  currency: string;
  children?: ReactNode;
}) {
  const { t } = useLingui();
  const words = useErrorWords();
  const lookUps = useLookUps([draft.country]);
  const own = fields.filter((field) => field.key.startsWith("custom.")).map((field) => field.key);
  const groups = [
    { title: t`Company`, keys: company },
    { title: t`Person`, keys: person },
    { title: t`Sale`, keys: sale },
    { title: t`Own fields`, keys: own },
  ];
  return (
    <>
      {groups.map((group) => {
        const known = group.keys
          .map((key) => fields.find((field) => field.key === key))
          .filter((field) => field !== undefined);
        if (!known.length) return null;
        return (
          <fieldset key={group.title} className="section">
            <legend className="h2" style={{ marginBottom: 10 }}>
              {group.title}
            </legend>
            <div className="form-grid">
              {known.map((field) => (
                <div
                  key={field.key}
                  className={wide.has(field.key) || field.kind === "long_text" ? "wide" : ""}
                >
                  <FieldInput
                    field={field}
                    value={draft[field.key]}
                    onChange={(value) => onChange({ ...draft, [field.key]: value })}
                    error={words.at(error, `/${field.key}`)}
                    currency={currency}
                    lookUps={lookUps}
                    within={field.key === "state" ? (draft.country as string | null) : null}
                    autoFocus={field.key === "company"}
                  />
                </div>
              ))}
            </div>
          </fieldset>
        );
      })}
      {children}
    </>
  );
}
