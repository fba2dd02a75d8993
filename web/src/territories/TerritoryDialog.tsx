import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asTree, changeTerritory, createTerritory, type Territory } from "../api/territories";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { SwitchField } from "../ui/Check";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { Outline, paletteNames } from "../ui/Territory";

/** Creates a territory, or changes its name, place in the tree, colour and holidays. */
export function TerritoryDialog({
  territory,
  territories,
  onClose,
  onDone,
}: {
  territory?: Territory;
  territories: Territory[];
  onClose: () => void;
  onDone?: (id: string) => void;
}) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const free = paletteNames.find((name) => !territories.some((one) => one.color === name)) ?? paletteNames[0];
  const [draft, setDraft] = useState({
    name: territory?.name ?? "",
    parent: territory?.parent ?? null,
    color: territory?.color ?? free,
    active: territory?.active ?? true,
    calendar: territory?.calendar ?? null,
    position: territory?.position ?? null,
  });
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: () => (territory ? changeTerritory(territory, draft) : createTerritory(draft)),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["territories"] });
      onClose();
      onDone?.(made.id);
    },
  });
  const below = (id: string): string[] => [
    id,
    ...territories.filter((one) => one.parent === id).flatMap((one) => below(one.id)),
  ];
  const excluded = new Set(territory ? below(territory.id) : []);
  return (
    <Dialog
      title={territory ? t`Edit territory` : t`Create territory`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={480}
    >
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
        <TextField
          label={t`Name`}
          required
          autoFocus
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          error={words.at(save.error, "/name")}
        />
        <SelectField
          label={t`Parent territory`}
          value={draft.parent ?? ""}
          onChange={(event) => set({ parent: event.target.value || null })}
          error={words.at(save.error, "/parent")}
          choices={[
            { value: "", label: t`none` },
            ...asTree(territories)
              .filter((line) => !excluded.has(line.territory.id))
              .map((line) => ({
                value: line.territory.id,
                label: `${"  ".repeat(line.depth)}${line.territory.name}`,
              })),
          ]}
        />
        <TextField
          label={t`Position among its siblings`}
          hint={t`Smaller numbers are tried first.`}
          optional={territory ? undefined : t`empty: the last`}
          type="number"
          min={1}
          value={draft.position ?? ""}
          onChange={(event) => set({ position: event.target.value ? Number(event.target.value) : null })}
          error={words.at(save.error, "/position")}
        />
        <fieldset>
          <legend className="lab">{t`Colour`}</legend>
          <div className="palette">
            {paletteNames.map((name) => (
              <label key={name} title={name}>
                <input
                  className="sr"
                  type="radio"
                  name="color"
                  checked={draft.color === name}
                  onChange={() => set({ color: name })}
                  aria-label={name}
                />
                <Outline mark={{ color: name }} size="l" />
              </label>
            ))}
          </div>
        </fieldset>
        <TextField
          label={t`Public holidays of`}
          hint={t`A state or country such as DE-BY; on its holidays nobody here is handed leads.`}
          value={draft.calendar ?? ""}
          onChange={(event) => set({ calendar: event.target.value.trim() || null })}
          error={words.at(save.error, "/calendar")}
        />
        <SwitchField
          checked={draft.active}
          onChange={(event) => set({ active: event.target.checked })}
          hint={t`Off, it is passed over; its children are not.`}
        >{t`Active`}</SwitchField>
        <div className="dialog-foot" style={{ marginTop: 4 }}>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" busy={save.isPending}>
            {territory ? t`Save` : t`Create territory`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
