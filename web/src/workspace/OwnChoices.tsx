import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fieldsQuery, putChoices } from "../api/fields";
import { isProblem } from "../api/problem";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import type { FieldInfo } from "../ui/conditions";
import { Dialog } from "../ui/Dialog";
import { Section } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { toast } from "../ui/toasts";
import { choiceLabel, fieldLabel } from "../ui/values";
import { ChoiceLines } from "./ChoiceLines";
import { choicesOf, linesOf } from "./choices";
import { Refused } from "./Refused";

/** The workspace's own choices of standard fields: industry, source, status and the like. */
export function OwnChoices({ mayEdit }: { mayEdit: boolean }) {
  const { t, i18n } = useLingui();
  const fields = useSuspenseQuery(fieldsQuery).data.filter((field) => field.takes_choices);
  const [editing, setEditing] = useState<FieldInfo | null>(null);
  return (
    <Section title={t`Choices of standard fields`}>
      <ScrollBox label={t`Choices of standard fields`}>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t`Field`}</th>
              <th scope="col">{t`Built in`}</th>
              <th scope="col">{t`Own`}</th>
              {mayEdit ? (
                <th scope="col">
                  <span className="sr">{t`Edit`}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const own = field.choices.filter((choice) => choice.is_own);
              return (
                <tr key={field.key}>
                  <td className="m">{fieldLabel(field, i18n)}</td>
                  <td className="ink2 nowrap">
                    {plural(field.choices.length - own.length, { one: "# choice", other: "# choices" })}
                  </td>
                  <td className="ink2">
                    {own.map((choice) => choiceLabel(field, choice.key, i18n)).join(", ") || "–"}
                  </td>
                  {mayEdit ? (
                    <td className="num">
                      <Button
                        size="s"
                        look="quiet"
                        aria-label={t`Edit the choices of ${fieldLabel(field, i18n)}`}
                        onClick={() => setEditing(field)}
                      >{t`Edit`}</Button>
                    </td>
                  ) : null}
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollBox>
      {editing ? <ChoicesDialog field={editing} onClose={() => setEditing(null)} /> : null}
    </Section>
  );
}

function ChoicesDialog({ field, onClose }: { field: FieldInfo; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const own = field.choices.filter((choice) => choice.is_own);
  const builtIn = field.choices.filter((choice) => !choice.is_own);
  const [lines, setLines] = useState(() => linesOf(own));
  const kept = new Set(lines.map((line) => line.key));
  const gone = own.filter((choice) => !kept.has(choice.key));
  const refresh = () =>
    Promise.all(
      ["fields", "leads", "territories"].map((one) => client.invalidateQueries({ queryKey: [one] })),
    );
  const save = useMutation({
    mutationFn: (force: boolean) => putChoices(field.key, choicesOf(lines), force),
    onSuccess: async () => {
      await refresh();
      toast(t`The choices of ${fieldLabel(field, i18n)} are saved`, {
        undo: async () => {
          await putChoices(field.key, own, true);
          await refresh();
        },
      });
      onClose();
    },
  });
  const faults = isProblem(save.error) ? save.error.errors : [];
  return (
    <Dialog
      title={t`Choices of ${fieldLabel(field, i18n)}`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={600}
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
        <p className="small ink2">
          <Trans>Built in:</Trans> {builtIn.map((choice) => choiceLabel(field, choice.key, i18n)).join(", ")}
        </p>
        <fieldset className="col g2">
          <legend className="lab">{t`Own choices`}</legend>
          <ChoiceLines
            lines={lines}
            onChange={setLines}
            error={faults[0] ? words.at(save.error, faults[0].pointer) : null}
          />
        </fieldset>
        {gone.length ? (
          <p className="small ink2">
            <Trans>
              No longer offered: {gone.map((choice) => choiceLabel(field, choice.key, i18n)).join(", ")}.
              Leads that have it keep it.
            </Trans>
          </p>
        ) : null}
        <div className="dialog-foot" style={{ marginTop: 4 }}>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
        </div>
      </form>
    </Dialog>
  );
}
