import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ChevronRight, Pencil, Trash2, UserRoundCheck } from "lucide-react";
import { useState } from "react";
import { fieldsQuery } from "../../api/fields";
import type { Lead } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { useSession } from "../../api/session";
import { useErrorWords } from "../../api/words";
import { paths } from "../../paths";
import { Button } from "../../ui/Button";
import { useCommands } from "../../ui/commands";
import type { FieldInfo } from "../../ui/conditions";
import { Dialog } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { Section, Top } from "../../ui/Page";
import { SidePanel } from "../../ui/ScrollBox";
import { Status } from "../../ui/Status";
import { Outline, Terr } from "../../ui/Territory";
import { toast } from "../../ui/toasts";
import { choiceLabel, fieldLabel } from "../../ui/values";
import { AssignLead } from "./AssignLead";
import { Collaborators } from "./Collaborators";
import { EditLead } from "./EditLead";
import "./lead.css";
import { deleteLead, leadQuery } from "../../api/leads";
import { LeadFields } from "./LeadFields";
import { LeadHistory } from "./LeadHistory";
import { LeadWhy } from "./LeadWhy";
import { leadName, textOf } from "./names";

const route = getRouteApi("/shell/leads/$leadId");

export default function LeadPage() {
  const { t, i18n } = useLingui();
  const { leadId } = route.useParams();
  const read = useSuspenseQuery(leadQuery(leadId)).data;
  const lead = read.data;
  const fields = useSuspenseQuery(fieldsQuery).data;
  const lookUps = useLookUps([lead.country]);
  const session = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const words = useErrorWords();
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [assigning, setAssigning] = useState(false);
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
    ...(lead.can.assign
      ? [
          {
            id: "assign-lead",
            label: t`Assign lead`,
            group: t`Lead`,
            keys: "A",
            run: () => setAssigning(true),
          },
        ]
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
  const field = (key: string) => fields.find((one) => one.key === key);
  const statusKey = textOf(lead, "status");
  const industry = textOf(lead, "industry");
  const facts = [
    statusKey ? (
      <Status key="status" status={statusKey} label={choiceLabel(field("status"), statusKey, i18n)} />
    ) : null,
    [textOf(lead, "postcode"), textOf(lead, "city")].filter(Boolean).join(" ") || null,
    industry ? choiceLabel(field("industry"), industry, i18n) : null,
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
        {lead.can.assign ? (
          <Button
            icon={<UserRoundCheck size={15} aria-hidden="true" />}
            keys="A"
            onClick={() => setAssigning(true)}
          >{t`Assign`}</Button>
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
            {typeof lead.score === "number" ? (
              <div style={{ textAlign: "right" }}>
                <div className="fig">{i18n.number(lead.score)}</div>
                <div className="small ink3">{t`Score`}</div>
              </div>
            ) : null}
          </div>
          <Repairs lead={lead} fields={fields} />
          <div id="why">
            <LeadWhy lead={lead} isMine={lead.owner?.id === session.user.id} />
          </div>
          <Section title={t`Timeline`}>
            <LeadHistory lead={lead} fields={fields} nameOf={lookUps.nameOf} />
          </Section>
        </div>
        <SidePanel className="pad" label={t`Fields`}>
          <Collaborators lead={lead} etag={read.etag} />
          <LeadFields lead={lead} fields={fields} nameOf={lookUps.nameOf} />
        </SidePanel>
      </div>
      {assigning ? <AssignLead lead={lead} etag={read.etag} onClose={() => setAssigning(false)} /> : null}
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

const repaired: Record<string, MessageDescriptor> = {
  zeros_restored: msg`{field}: zeros that had been lost in front of {value} are back`,
  phone_kept_as_written: msg`{field}: {value} is no valid number and stays as it was written`,
};

/** What the door put right when the lead came in, so that nobody wonders about a changed value. */
function Repairs({ lead, fields }: { lead: Lead; fields: FieldInfo[] }) {
  const { i18n } = useLingui();
  if (!lead.repairs.length) return null;
  return (
    <Note kind="info">
      {lead.repairs.map((repair) => {
        const words = repaired[repair.code];
        const field = fields.find((one) => one.key === repair.field);
        const values = { field: field ? fieldLabel(field, i18n) : repair.field, value: repair.value };
        return (
          <span key={`${repair.field}-${repair.value}`} style={{ display: "block" }}>
            {words
              ? i18n._(words.id, values, { message: words.message })
              : `${values.field}: ${values.value}`}
          </span>
        );
      })}
    </Note>
  );
}
