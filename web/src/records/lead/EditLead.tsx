import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Answer } from "../../api/client";
import type { Lead } from "../../api/leads";
import { changeLead, type LeadDraft } from "../../api/leads";
import { isProblem } from "../../api/problem";
import { useSession } from "../../api/session";
import { useErrorWords } from "../../api/words";
import { Button } from "../../ui/Button";
import type { FieldInfo } from "../../ui/conditions";
import { Sheet } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { toast } from "../../ui/toasts";
import { Clash, same } from "./Clash";
import { LeadForm } from "./LeadForm";

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
          back={t`Back to the form`}
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
