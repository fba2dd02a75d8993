import { useLingui } from "@lingui/react/macro";
import { Pin, TriangleAlert } from "lucide-react";
import type { Lead } from "../../api/leads";
import type { FieldInfo } from "../../ui/conditions";
import { FieldLine, Fields } from "../../ui/Fields";
import { formatTime } from "../../ui/format";
import { Owner } from "../../ui/Owner";
import { Section } from "../../ui/Page";
import { Terr } from "../../ui/Territory";
import { choiceLabel, fieldLabel, type Names, sayValue } from "../../ui/values";

const groups = {
  company: [
    "company",
    "industry",
    "employees",
    "annual_revenue",
    "website",
    "street",
    "postcode",
    "city",
    "state",
    "country",
  ],
  person: ["salutation", "title", "first_name", "last_name", "job_title", "emails", "phones"],
  sale: ["source", "requirements", "notes"],
};

/** All fields the viewer may see; empty ones show a dash, hidden ones are absent. */
export function LeadFields({ lead, fields, nameOf }: { lead: Lead; fields: FieldInfo[]; nameOf: Names }) {
  const { t, i18n } = useLingui();
  const own = fields.filter((field) => field.key.startsWith("custom.")).map((field) => field.key);
  const line = (key: string) => {
    const field = fields.find((one) => one.key === key);
    if (!field || !(key in lead)) return null;
    const value = lead[key];
    return (
      <FieldLine key={key} label={fieldLabel(field, i18n)}>
        <Value
          field={field}
          value={value}
          derived={lead.derived.includes(key)}
          asWritten={lead.repairs.filter((one) => one.field === key).map((one) => one.value)}
          nameOf={nameOf}
        />
      </FieldLine>
    );
  };
  return (
    <>
      <Section title={t`Responsibility`}>
        <Fields>
          <FieldLine label={t`Territory`}>
            <span className="row g1">
              {lead.territory ? (
                <Terr mark={lead.territory} />
              ) : (
                <span className="ink3">{t`No territory`}</span>
              )}
              {lead.pinned ? (
                <span className="tag" title={t`Pinned by hand: rules do not move it`}>
                  <Pin size={12} aria-hidden="true" /> {t`pinned`}
                </span>
              ) : null}
            </span>
          </FieldLine>
          <FieldLine label={t`Owner`}>
            <Owner name={lead.owner?.name} nobody={lead.queued_at ? t`Queue` : t`Nobody`} />
          </FieldLine>
          {line("status")}
          {line("score")}
          <FieldLine label={t`Created`}>
            <span className="num">{formatTime(lead.created_at, i18n.locale)}</span>
          </FieldLine>
        </Fields>
      </Section>
      <Section title={t`Company`}>
        <Fields>{groups.company.map(line)}</Fields>
      </Section>
      <Section title={t`Person`}>
        <Fields>{groups.person.map(line)}</Fields>
      </Section>
      <Section title={t`Sale`}>
        <Fields>{groups.sale.map(line)}</Fields>
      </Section>
      {own.length ? (
        <Section title={t`Own fields`}>
          <Fields>{own.map(line)}</Fields>
        </Section>
      ) : null}
    </>
  );
}

function Value({
  field,
  value,
  derived,
  asWritten,
  nameOf,
}: {
  field: FieldInfo;
  value: unknown;
  derived: boolean;
  /** Values that the door could not read and kept. */
  asWritten: string[];
  nameOf: Names;
}) {
  const { t, i18n } = useLingui();
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length))
    return <span className="ink3">–</span>;
  if (field.kind === "multi_choice" && Array.isArray(value)) {
    return (
      <span className="row g1 wrap">
        {value.map((key: unknown) => (
          <span key={String(key)} className="tag">
            {choiceLabel(field, String(key), i18n)}
          </span>
        ))}
      </span>
    );
  }
  if (field.kind === "email") {
    return [value].flat().map((email) => (
      <a key={String(email)} className="lnk" href={`mailto:${email}`} style={{ display: "block" }}>
        {String(email)}
      </a>
    ));
  }
  if (field.kind === "phone") {
    return [value].flat().map((phone) =>
      asWritten.includes(String(phone)) ? (
        <span key={String(phone)} style={{ display: "block" }}>
          {String(phone)}{" "}
          <span className="tag warn" title={t`Kept as it was written, for it is no valid number`}>
            <TriangleAlert size={12} aria-hidden="true" /> {t`not a number`}
          </span>
        </span>
      ) : (
        <a
          key={String(phone)}
          className="num"
          href={`tel:${String(phone).replace(/[^+\d]/g, "")}`}
          style={{ display: "block" }}
        >
          {String(phone)}
        </a>
      ),
    );
  }
  if (field.kind === "url") {
    return (
      <a className="lnk" href={String(value)} rel="noreferrer noopener" target="_blank">
        {String(value).replace(/^https?:\/\//, "")}
      </a>
    );
  }
  return (
    <span style={{ whiteSpace: field.kind === "long_text" ? "pre-wrap" : undefined }}>
      {sayValue(field, value, i18n, nameOf)}
      {derived ? (
        <span className="ink3 small" title={t`Completed from the postcode (GeoNames, CC BY 4.0)`}>
          {" "}
          · {t`completed`}
        </span>
      ) : null}
    </span>
  );
}
