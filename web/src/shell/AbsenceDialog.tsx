import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Named } from "../api/generated/types.gen";
import { createAbsence } from "../api/people";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { toast } from "../ui/toasts";
import { momentOf, readerZone } from "../ui/zone";

/** Enters when somebody is away; from then on the rotation passes them over. */
export function AbsenceDialog({ people, onClose }: { people: Named[]; onClose: () => void }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const [user, setUser] = useState(people[0]?.id ?? "");
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [note, setNote] = useState("");
  const save = useMutation({
    mutationFn: () =>
      createAbsence(user || (people[0]?.id ?? ""), {
        starts_at: momentOf(from),
        ends_at: momentOf(until),
        note,
      }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["absences"] }),
        client.invalidateQueries({ queryKey: ["rotation"] }),
      ]);
      toast(t`Absence entered`);
      onClose();
    },
  });
  return (
    <Dialog title={t`Enter absence`} opened onClose={onClose} closeLabel={t`Close`} size={440}>
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
        {people.length > 1 ? (
          <SelectField
            label={t`Person`}
            value={user}
            onChange={(event) => setUser(event.target.value)}
            choices={people.map((one) => ({ value: one.id, label: one.name }))}
          />
        ) : null}
        <div className="form-three">
          <TextField
            label={t`From`}
            type="datetime-local"
            required
            value={from}
            onChange={(event) => setFrom(event.target.value)}
            error={words.at(save.error, "/starts_at")}
          />
          <TextField
            label={t`Until`}
            type="datetime-local"
            required
            value={until}
            min={from}
            onChange={(event) => setUntil(event.target.value)}
            error={words.at(save.error, "/ends_at")}
          />
        </div>
        <p className="small ink2">{t`Times in ${readerZone()}`}</p>
        <TextField
          label={t`Reason`}
          optional={t`optional`}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          error={words.at(save.error, "/note")}
        />
        <div className="dialog-foot" style={{ marginTop: 4 }}>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" busy={save.isPending}>{t`Enter absence`}</Button>
        </div>
      </form>
    </Dialog>
  );
}
