import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Named, TerritoryRef } from "../api/generated/types.gen";
import { rolesQuery } from "../api/people";
import { roleLabel } from "../api/roles";
import { deleteMember, type Fate, type Member, putMember } from "../api/territories";
import { useErrorWords } from "../api/words";
import { FateField } from "../people/FateField";
import { Button } from "../ui/Button";
import { SwitchField } from "../ui/Check";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { Terr } from "../ui/Territory";
import { toast } from "../ui/toasts";

const limit = (text: string) => (text === "" ? null : Math.max(0, Math.trunc(Number(text))));

/** One person in one territory: access, assignment, role, weight and caps. */
export function MemberDialog({
  territory,
  user,
  member,
  takesAccess = false,
  onClose,
}: {
  territory: TerritoryRef;
  user: Named;
  member?: Member;
  /** Begins with the question of what becomes of the records. */
  takesAccess?: boolean;
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const roles = useQuery(rolesQuery).data ?? [];
  const [draft, setDraft] = useState({
    access: !takesAccess && (member?.access ?? true),
    assignment: member?.assignment ?? false,
    includes_children: member?.includes_children ?? false,
    role: member?.role ?? null,
    weight: member?.weight ?? 1,
    position: member?.position ?? null,
    open_leads_max: member?.open_leads_max ?? null,
    leads_per_day_max: member?.leads_per_day_max ?? null,
  });
  const [fate, setFate] = useState<Fate>({ records: "rotate" });
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const loses = Boolean(member?.access) && !draft.access;
  const losesBelow =
    Boolean(member?.access && member.includes_children) && !draft.includes_children && !loses;
  const save = useMutation<unknown>({
    mutationFn: () =>
      member && !draft.access
        ? deleteMember(member, fate)
        : putMember(
            territory.id,
            user.id,
            { ...draft, assignment: draft.access && draft.assignment, ...(losesBelow ? fate : {}) },
            member,
          ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["territories"] });
      await client.invalidateQueries({ queryKey: ["rotation"] });
      toast(loses ? t`${user.name} no longer has access to ${territory.name}` : t`Saved`);
      onClose();
    },
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  return (
    <Dialog title={user.name} opened onClose={onClose} closeLabel={t`Close`} size={440}>
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <p>
          <Terr mark={territory} pill />
        </p>
        {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
        <SwitchField
          checked={draft.access}
          onChange={(event) => set({ access: event.target.checked })}
          hint={t`Sees the territory’s records.`}
        >{t`Access`}</SwitchField>
        {loses ? (
          <FateField
            label={t`What becomes of the records of ${user.name} here?`}
            fate={fate}
            without={[user.id]}
            onChange={setFate}
            error={fault("to")}
          />
        ) : (
          <>
            <SwitchField
              checked={draft.includes_children}
              onChange={(event) => set({ includes_children: event.target.checked })}
            >{t`Also its child territories`}</SwitchField>
            {losesBelow ? (
              <FateField
                label={t`What becomes of the records of ${user.name} below?`}
                fate={fate}
                without={[user.id]}
                onChange={setFate}
                error={fault("to")}
              />
            ) : null}
            <SwitchField
              checked={draft.assignment}
              onChange={(event) => set({ assignment: event.target.checked })}
              hint={t`Is handed new leads by rotation.`}
            >{t`Assignment`}</SwitchField>
            <SelectField
              label={t`Role here`}
              value={draft.role ?? ""}
              onChange={(event) => set({ role: event.target.value || null })}
              choices={[
                { value: "", label: t`as everywhere` },
                ...roles.map((role) => ({ value: role.id, label: roleLabel(role.key, i18n) })),
              ]}
            />
            {draft.assignment ? (
              <div className="form-three">
                <TextField
                  label={t`Weight`}
                  type="number"
                  min={1}
                  max={1000}
                  value={draft.weight}
                  onChange={(event) => set({ weight: Math.max(1, Math.trunc(Number(event.target.value))) })}
                  error={fault("weight")}
                />
                <TextField
                  label={t`Open at most`}
                  type="number"
                  min={0}
                  value={draft.open_leads_max ?? ""}
                  onChange={(event) => set({ open_leads_max: limit(event.target.value) })}
                  error={fault("open_leads_max")}
                />
                <TextField
                  label={t`Per day at most`}
                  type="number"
                  min={0}
                  value={draft.leads_per_day_max ?? ""}
                  onChange={(event) => set({ leads_per_day_max: limit(event.target.value) })}
                  error={fault("leads_per_day_max")}
                />
                <TextField
                  label={t`Position`}
                  type="number"
                  min={0}
                  value={draft.position ?? ""}
                  onChange={(event) => set({ position: limit(event.target.value) })}
                  error={fault("position")}
                />
              </div>
            ) : null}
          </>
        )}
        {draft.assignment && !draft.access ? (
          <p className="small ink3">
            <Trans>Without access nobody is handed leads.</Trans>
          </p>
        ) : null}
        <div className="dialog-foot" style={{ marginTop: 4 }}>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button look="filled" type="submit" danger={loses} busy={save.isPending}>
            {loses ? t`Take access away` : t`Save`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
