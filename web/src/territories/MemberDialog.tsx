import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { userNamesQuery } from "../api/lookups";
import { rolesQuery } from "../api/people";
import { roleLabel } from "../api/roles";
import { deleteMember, type Member, type MemberDraft, putMember } from "../api/territories";
import type { Named, TerritoryRef } from "../api/types";
import { useErrorWords } from "../api/words";
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
  next,
  onClose,
}: {
  territory: TerritoryRef;
  user: Named;
  member?: Member;
  next: number;
  onClose: () => void;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const roles = useQuery(rolesQuery).data ?? [];
  const users = useQuery(userNamesQuery).data ?? [];
  const [draft, setDraft] = useState({
    has_access: member?.has_access ?? true,
    has_assignment: member?.has_assignment ?? false,
    includes_children: member?.includes_children ?? false,
    role_id: member?.role_id ?? null,
    weight: member?.weight ?? 1,
    position: member?.position ?? next,
    open_leads_max: member?.open_leads_max ?? null,
    leads_per_day_max: member?.leads_per_day_max ?? null,
  });
  const [records, setRecords] = useState("rotate");
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const loses = Boolean(member?.has_access) && !draft.has_access;
  const after: MemberDraft["records"] =
    records === "rotate" || records === "queue" ? { to: records } : { to: "user", user_id: records };
  const save = useMutation({
    mutationFn: async () => {
      if (member && !draft.has_access) await deleteMember(territory.id, user.id, after);
      else
        await putMember(territory.id, user.id, {
          ...draft,
          has_assignment: draft.has_access && draft.has_assignment,
        });
    },
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
          checked={draft.has_access}
          onChange={(event) => set({ has_access: event.target.checked })}
          hint={t`Sees the territory’s records.`}
        >{t`Access`}</SwitchField>
        {loses ? (
          <SelectField
            label={t`What becomes of the records of ${user.name} here?`}
            value={records}
            onChange={(event) => setRecords(event.target.value)}
            choices={[
              { value: "rotate", label: t`Hand them out anew by rotation` },
              { value: "queue", label: t`Back to the queue` },
              ...users
                .filter((one) => one.id !== user.id)
                .map((one) => ({ value: one.id, label: t`All to ${one.name}` })),
            ]}
          />
        ) : (
          <>
            <SwitchField
              checked={draft.includes_children}
              onChange={(event) => set({ includes_children: event.target.checked })}
            >{t`Also its child territories`}</SwitchField>
            <SwitchField
              checked={draft.has_assignment}
              onChange={(event) => set({ has_assignment: event.target.checked })}
              hint={t`Is handed new leads by rotation.`}
            >{t`Assignment`}</SwitchField>
            <SelectField
              label={t`Role here`}
              value={draft.role_id ?? ""}
              onChange={(event) => set({ role_id: event.target.value || null })}
              choices={[
                { value: "", label: t`as everywhere` },
                ...roles.map((role) => ({ value: role.id, label: roleLabel(role, i18n) })),
              ]}
            />
            {draft.has_assignment ? (
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
                  value={draft.position}
                  onChange={(event) => set({ position: Math.max(0, Math.trunc(Number(event.target.value))) })}
                  error={fault("position")}
                />
              </div>
            ) : null}
          </>
        )}
        {draft.has_assignment && !draft.has_access ? (
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
