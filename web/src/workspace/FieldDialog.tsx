import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changeField, createField, deleteField } from "../api/fields";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import type { FieldInfo } from "../ui/conditions";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { toast } from "../ui/toasts";
import { ChoiceLines } from "./ChoiceLines";
import { choicesOf, keyOf, type Line, linesOf } from "./choices";
import { useKindLabels } from "./kinds";
import { Refused } from "./Refused";

/** An own field: its names in both languages, its kind, and the choices it offers. */
export function FieldDialog({ field, onClose }: { field?: FieldInfo; onClose: () => void }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const kinds = useKindLabels();
  const [draft, setDraft] = useState({
    key: field?.key.slice("custom.".length) ?? "",
    kind: field?.kind ?? "text",
    label_en: field?.label_en ?? "",
    label_de: field?.label_de ?? "",
  });
  const [lines, setLines] = useState<Line[]>(() => linesOf(field?.choices ?? []));
  const [dropping, setDropping] = useState(false);
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const key = draft.key || keyOf(draft.label_en || draft.label_de);
  const hasChoices = draft.kind === "choice" || draft.kind === "multi_choice";
  const choices = choicesOf(lines);
  const done = async () => {
    await Promise.all(
      ["fields", "leads", "territories"].map((one) => client.invalidateQueries({ queryKey: [one] })),
    );
    onClose();
  };
  const save = useMutation({
    mutationFn: (force: boolean) => {
      const body = {
        key,
        kind: draft.kind,
        label_en: draft.label_en || draft.label_de,
        label_de: draft.label_de || draft.label_en,
        choices: hasChoices ? choices : [],
      };
      return field
        ? changeField(
            field,
            { label_en: body.label_en, label_de: body.label_de, choices: body.choices },
            force,
          )
        : createField(body);
    },
    onSuccess: async () => {
      toast(t`Saved`);
      await done();
    },
  });
  const drop = useMutation({
    mutationFn: (force: boolean) => (field ? deleteField(field, force) : Promise.resolve()),
    onSuccess: done,
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  return (
    <Dialog
      title={field ? t`Edit field` : t`Create field`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={560}
    >
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(false);
        }}
      >
        {save.error ? (
          <Refused
            error={save.error}
            insist={t`Save anyway`}
            busy={save.isPending}
            onInsist={() => save.mutate(true)}
          />
        ) : null}
        {drop.error ? (
          <Refused
            error={drop.error}
            insist={t`Delete anyway`}
            busy={drop.isPending}
            onInsist={() => drop.mutate(true)}
          />
        ) : null}
        <div className="form-three">
          <TextField
            label={t`Name in German`}
            required={!draft.label_en}
            lang="de"
            value={draft.label_de}
            onChange={(event) => set({ label_de: event.target.value })}
            error={fault("label_de")}
            autoFocus
          />
          <TextField
            label={t`Name in English`}
            required={!draft.label_de}
            lang="en"
            value={draft.label_en}
            onChange={(event) => set({ label_en: event.target.value })}
            error={fault("label_en")}
          />
        </div>
        <div className="form-three">
          <SelectField
            label={t`Kind`}
            disabled={Boolean(field)}
            value={draft.kind}
            onChange={(event) => set({ kind: event.target.value })}
            choices={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
            error={fault("kind")}
          />
          <TextField
            label={t`Key for the API`}
            disabled={Boolean(field)}
            value={field ? field.key : key}
            onChange={(event) => set({ key: event.target.value })}
            hint={field ? t`The key stays for ever.` : `custom.${key || "…"}`}
            error={fault("key")}
          />
        </div>
        {hasChoices ? (
          <fieldset className="col g2">
            <legend className="lab">{t`Choices`}</legend>
            <ChoiceLines lines={lines} onChange={setLines} error={fault("choices")} />
          </fieldset>
        ) : null}
        {dropping && !drop.error ? (
          <Note
            kind="warn"
            action={
              <Button
                danger
                busy={drop.isPending}
                onClick={() => drop.mutate(false)}
              >{t`Delete field with its values`}</Button>
            }
          >
            <Trans>Its values disappear from all leads, and rules that read it become broken.</Trans>
          </Note>
        ) : null}
        <div className="dialog-foot" style={{ marginTop: 4 }}>
          {field && !dropping ? (
            <Button look="quiet" danger onClick={() => setDropping(true)}>{t`Delete field`}</Button>
          ) : null}
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
        </div>
      </form>
    </Dialog>
  );
}
