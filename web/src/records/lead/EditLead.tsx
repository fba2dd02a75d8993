import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Answer } from "../../api/client";
import type { Lead } from "../../api/leads";
import { changeLead, type LeadDraft } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { isProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { useErrorWords } from "../../api/words";
import { Button } from "../../ui/Button";
import type { FieldInfo } from "../../ui/conditions";
import { Dialog, Sheet } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { toast } from "../../ui/toasts";
import { fieldLabel, sayValue } from "../../ui/values";
import { LeadForm } from "./LeadForm";

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export function EditLead({
  read,
  fields,
  onClose,
}: {
  read: Answer<Lead>;
  fields: FieldInfo[];
  onClose: () => void;
}) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const session = useSession();
  // What the reader saw when editing began; a live change must not move under the fingers.
  const [base, setBase] = useState(read);
  const start = () =>
    Object.fromEntries(fields.map((field) => [field.key, read.data[field.key]])) as LeadDraft;
  const [draft, setDraft] = useState(start);
  const [clash, setClash] = useState<{ lead: Lead; etag: string | null } | null>(null);

  const changed = fields.filter((field) => !same(draft[field.key], base.data[field.key]));
  const save = useMutation({
    mutationFn: ({ changes, etag }: { changes: LeadDraft; etag: string | null }) =>
      changeLead(base.data.id, changes, etag),
    onSuccess: async ({ data }) => {
      await client.invalidateQueries({ queryKey: ["leads"] });
      const back = Object.fromEntries(
        changed.map((field) => [field.key, base.data[field.key] ?? null]),
      ) as LeadDraft;
      toast(t`Saved`, {
        undo: () =>
          void changeLead(data.id, back, `"${data.version}"`)
            .then(() => client.invalidateQueries({ queryKey: ["leads"] }))
            .catch((error: unknown) => toast(words.problem(error) ?? "", { bad: true })),
      });
      onClose();
    },
    onError: (error) => {
      if (isProblem(error, 412) && error.current) setClash({ lead: error.current as Lead, etag: error.etag });
    },
  });
  const submit = (kept: FieldInfo[], from: LeadDraft, etag: string | null) => {
    const changes = Object.fromEntries(
      kept.map((field) => [field.key, from[field.key] ?? null]),
    ) as LeadDraft;
    if (kept.length) save.mutate({ changes, etag });
    else onClose();
  };
  return (
    <>
      <Sheet title={t`Edit lead`} opened onClose={onClose} closeLabel={t`Close`} size={620}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit(changed, draft, base.etag);
          }}
        >
          {save.error && !isProblem(save.error, 412) ? (
            <div style={{ marginBottom: 16 }}>
              <Note kind="bad">{words.problem(save.error)}</Note>
            </div>
          ) : null}
          <LeadForm
            fields={fields}
            draft={draft}
            onChange={setDraft}
            error={save.error}
            currency={session.workspace.currency}
          >
            <div className="dialog-foot">
              <Button look="quiet" onClick={onClose}>{t`Cancel`}</Button>
              <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
            </div>
          </LeadForm>
        </form>
      </Sheet>
      {clash ? (
        <Clash
          fields={changed}
          mine={draft}
          theirs={clash.lead}
          onClose={() => setClash(null)}
          onChoose={(kept) => {
            setBase({ data: clash.lead, etag: clash.etag });
            setClash(null);
            submit(kept, draft, clash.etag);
          }}
        />
      ) : null}
    </>
  );
}

/** Both versions of what two people changed; the reader chooses for each field. */
function Clash({
  fields,
  mine,
  theirs,
  onClose,
  onChoose,
}: {
  fields: FieldInfo[];
  mine: LeadDraft;
  theirs: Lead;
  onClose: () => void;
  onChoose: (kept: FieldInfo[]) => void;
}) {
  const { t, i18n } = useLingui();
  const { nameOf } = useLookUps([theirs.country, mine.country]);
  const differing = fields.filter((field) => !same(mine[field.key], theirs[field.key]));
  const [taken, setTaken] = useState<Record<string, "mine" | "theirs">>({});
  const keptMine = (field: FieldInfo) => (taken[field.key] ?? "mine") === "mine";
  return (
    <Dialog
      title={t`Somebody else changed this lead`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={640}
    >
      <p className="ink2" style={{ marginBottom: 14 }}>
        <Trans>Nothing is lost yet. Choose for each field which value stays.</Trans>
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onChoose(differing.filter(keptMine));
        }}
      >
        <div className="versions" role="group" aria-label={t`Both versions`}>
          <span />
          <span className="cap">{t`Your value`}</span>
          <span className="cap">{t`Saved in the meantime`}</span>
          {differing.map((field) => (
            <VersionRow
              key={field.key}
              label={fieldLabel(field, i18n)}
              name={field.key}
              mine={sayValue(field, mine[field.key], i18n, nameOf)}
              theirs={sayValue(field, theirs[field.key], i18n, nameOf)}
              keepsMine={keptMine(field)}
              onChoose={(side) => setTaken({ ...taken, [field.key]: side })}
            />
          ))}
        </div>
        {differing.length ? null : <Note kind="ok">{t`Both of you typed the same.`}</Note>}
        <div className="dialog-foot">
          <Button look="quiet" onClick={onClose}>{t`Back to the form`}</Button>
          <Button look="filled" type="submit">{t`Save the chosen values`}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function VersionRow({
  label,
  name,
  mine,
  theirs,
  keepsMine,
  onChoose,
}: {
  label: string;
  name: string;
  mine: string;
  theirs: string;
  keepsMine: boolean;
  onChoose: (side: "mine" | "theirs") => void;
}) {
  return (
    <>
      <span className="ink3">{label}</span>
      <label>
        <input
          type="radio"
          className="rad"
          name={name}
          checked={keepsMine}
          onChange={() => onChoose("mine")}
          style={{ marginTop: 3 }}
        />
        <span>{mine}</span>
      </label>
      <label>
        <input
          type="radio"
          className="rad"
          name={name}
          checked={!keepsMine}
          onChange={() => onChoose("theirs")}
          style={{ marginTop: 3 }}
        />
        <span>{theirs}</span>
      </label>
    </>
  );
}
