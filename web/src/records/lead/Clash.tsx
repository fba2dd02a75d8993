import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Lead, LeadDraft } from "../../api/leads";
import { useLookUps } from "../../api/names";
import { Button } from "../../ui/Button";
import type { FieldInfo } from "../../ui/conditions";
import { Dialog } from "../../ui/Dialog";
import { Note } from "../../ui/Note";
import { fieldLabel, sayValue } from "../../ui/values";

export const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Both versions of what two people changed; the reader chooses for each field. */
export function Clash({
  fields,
  mine,
  theirs,
  back,
  onClose,
  onChoose,
}: {
  fields: FieldInfo[];
  mine: LeadDraft;
  theirs: Lead;
  /** What the button says that decides nothing. */
  back: string;
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
          <Button look="quiet" onClick={onClose}>
            {back}
          </Button>
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
