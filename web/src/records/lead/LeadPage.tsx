import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, Pencil, Pin, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldsQuery } from "../../api/fields";
import { useLookUps } from "../../api/lookups";
import { useSession } from "../../api/session";
import type { FieldInfo, Lead } from "../../api/types";
import { useErrorWords } from "../../api/words";
import { paths } from "../../paths";
import { Button } from "../../ui/Button";
import { useCommands } from "../../ui/commands";
import { Dialog } from "../../ui/Dialog";
import { FieldLine, Fields } from "../../ui/Fields";
import { formatTime } from "../../ui/format";
import { Note } from "../../ui/Note";
import { Owner } from "../../ui/Owner";
import { Section, Top } from "../../ui/Page";
import { Status } from "../../ui/Status";
import { Outline, Terr } from "../../ui/Territory";
import { toast } from "../../ui/toasts";
import { choiceLabel, fieldLabel, sayValue } from "../../ui/values";
import { readValue } from "./columns";
import { EditLead } from "./EditLead";
import { phoneText } from "./FieldInput";
import "./lead.css";
import { LeadHistory } from "./LeadHistory";
import { LeadWhy } from "./LeadWhy";
import { leadName } from "./names";
import { deleteLead, leadQuery } from "./queries";

const route = getRouteApi("/shell/leads/$leadId");

export default function LeadPage() {
  const { t, i18n } = useLingui();
  const { leadId } = route.useParams();
  const read = useSuspenseQuery(leadQuery(leadId)).data;
  const lead = read.data;
  const fields = useSuspenseQuery(fieldsQuery).data;
  const lookUps = useLookUps();
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const words = useErrorWords();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const writable = fields.filter((field) => !field.is_system && field.kind !== "place");
  const name = leadName(lead);
  const drop = useMutation({
    mutationFn: () => deleteLead(lead.id, read.etag),
    onSuccess: async () => {
      toast(t`${name} is deleted`);
      await navigate({ to: paths.leads });
      client.removeQueries({ queryKey: ["leads", "one", lead.id] });
      await client.invalidateQueries({ queryKey: ["leads", "list"] });
    },
  });
  useCommands([
    ...(lead.can.edit
      ? [{ id: "edit-lead", label: t`Edit lead`, group: t`Lead`, keys: "E", run: () => setEditing(true) }]
      : []),
    {
      id: "why",
      label: t`Why?`,
      group: t`Lead`,
      keys: "W",
      run: () => document.getElementById("why")?.scrollIntoView({ block: "start" }),
    },
    ...(lead.can.delete
      ? [{ id: "delete-lead", label: t`Delete lead`, group: t`Lead`, run: () => setDeleting(true) }]
      : []),
  ]);
  const status = fields.find((field) => field.key === "status");
  const facts = [
    lead.status ? (
      <Status key="status" status={lead.status} label={choiceLabel(status, lead.status, i18n)} />
    ) : null,
    [lead.postcode, lead.city].filter(Boolean).join(" ") || null,
    lead.industry
      ? choiceLabel(
          fields.find((field) => field.key === "industry"),
          lead.industry,
          i18n,
        )
      : null,
  ].filter(Boolean);

  return (
    <>
      <Top
        title={name}
        crumbs={
          <>
            <Link to={paths.leads}>{t`Leads`}</Link>
            <ChevronRight size={14} aria-hidden="true" />
            {lead.territory ? (
              <>
                <Link
                  to={paths.leads}
                  search={{ filter: { field: "territory", op: "is_any_of", values: [lead.territory.id] } }}
                  className="hide-small"
                >
                  <Terr mark={lead.territory} />
                </Link>
                <ChevronRight size={14} aria-hidden="true" className="hide-small" />
              </>
            ) : null}
          </>
        }
      >
        {lead.can.delete ? (
          <Button
            look="quiet"
            label={t`Delete lead`}
            icon={<Trash2 size={15} aria-hidden="true" />}
            onClick={() => setDeleting(true)}
          />
        ) : null}
        {lead.can.edit ? (
          <Button
            look="filled"
            icon={<Pencil size={15} aria-hidden="true" />}
            keys="E"
            onClick={() => setEditing(true)}
          >{t`Edit`}</Button>
        ) : null}
      </Top>
      <div className="split lead-page">
        <div className="pad col g6" style={{ maxWidth: 940 }}>
          <div className="lead-head">
            {lead.territory ? <Outline mark={lead.territory} size="xl" /> : null}
            <div className="grow">
              <h2 className="hyphens">{name}</h2>
              <p className="row wrap ink2">
                {facts.map((fact, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: three facts in a fixed order
                  <span key={index} className="row">
                    {index ? <span className="ink3">·</span> : null}
                    {fact}
                  </span>
                ))}
              </p>
            </div>
            {lead.score === null ? null : (
              <div style={{ textAlign: "right" }}>
                <div className="fig">{i18n.number(lead.score)}</div>
                <div className="small ink3">{t`Score`}</div>
              </div>
            )}
          </div>
          <Repairs lead={lead} fields={fields} />
          <div id="why">
            <LeadWhy lead={lead} isMine={lead.owner?.id === session.user.id} />
          </div>
          <Section title={t`Timeline`}>
            <LeadHistory lead={lead} fields={fields} nameOf={lookUps.nameOf} />
          </Section>
        </div>
        <aside className="pad" aria-label={t`Fields`}>
          <LeadFields lead={lead} fields={fields} />
        </aside>
      </div>
      {editing ? <EditLead read={read} fields={writable} onClose={() => setEditing(false)} /> : null}
      <Dialog
        title={t`Delete ${name}?`}
        opened={deleting}
        onClose={() => setDeleting(false)}
        closeLabel={t`Close`}
      >
        <p className="ink2">
          <Trans>The lead disappears with its history for everybody. This cannot be undone.</Trans>
        </p>
        {drop.error ? <Note kind="bad">{words.problem(drop.error)}</Note> : null}
        <div className="dialog-foot">
          <Button onClick={() => setDeleting(false)}>{t`Cancel`}</Button>
          <Button
            look="filled"
            danger
            busy={drop.isPending}
            onClick={() => drop.mutate()}
          >{t`Delete lead`}</Button>
        </div>
      </Dialog>
    </>
  );
}

/** What the door repaired when the lead came in, so that nobody wonders about a changed value. */
function Repairs({ lead, fields }: { lead: Lead; fields: FieldInfo[] }) {
  const { i18n } = useLingui();
  if (!lead.repairs.length) return null;
  const names = lead.repairs.map((key) => {
    const field = fields.find((one) => one.key === key);
    return field ? fieldLabel(field, i18n) : key;
  });
  return (
    <Note kind="info">
      <Trans>Revier repaired on arrival: {names.join(", ")}.</Trans>
    </Note>
  );
}

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

function LeadFields({ lead, fields }: { lead: Lead; fields: FieldInfo[] }) {
  const { t, i18n } = useLingui();
  const own = fields.filter((field) => field.key.startsWith("custom.")).map((field) => field.key);
  const line = (key: string) => {
    const field = fields.find((one) => one.key === key);
    if (!field) return null;
    const value = readValue(lead, key);
    return (
      <FieldLine key={key} label={fieldLabel(field, i18n)}>
        <Value field={field} value={value} derived={lead.derived.includes(key)} />
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
              {lead.is_pinned ? (
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

function Value({ field, value, derived }: { field: FieldInfo; value: unknown; derived: boolean }) {
  const { t, i18n } = useLingui();
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length))
    return <span className="ink3">–</span>;
  if (field.kind === "multi_choice" && Array.isArray(value)) {
    return (
      <span className="row g1 wrap">
        {value.map((key) => (
          <span key={String(key)} className="tag">
            {choiceLabel(field, String(key), i18n)}
          </span>
        ))}
      </span>
    );
  }
  if (field.kind === "email" && Array.isArray(value)) {
    return value.map((email) => (
      <a key={String(email)} className="lnk" href={`mailto:${email}`} style={{ display: "block" }}>
        {String(email)}
      </a>
    ));
  }
  if (field.kind === "phone" && Array.isArray(value)) {
    return value.map((phone: { number: string; extension?: string | null; is_valid?: boolean }) => (
      <span key={phone.number} className="row g1">
        <a className="num" href={`tel:${phone.number}`}>
          {phoneText(phone)}
        </a>
        {phone.is_valid === false ? <span className="tag warn">{t`not a valid number`}</span> : null}
      </span>
    ));
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
      {sayValue(field, value, i18n)}
      {derived ? (
        <span className="ink3 small" title={t`Completed from the postcode (GeoNames, CC BY 4.0)`}>
          {" "}
          · {t`completed`}
        </span>
      ) : null}
    </span>
  );
}
