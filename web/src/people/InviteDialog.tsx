import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { invite, rolesQuery } from "../api/people";
import { roleLabel } from "../api/roles";
import { useSession } from "../api/session";
import { matrixQuery } from "../api/territories";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { Outline, tint } from "../ui/Territory";
import { InvitationLinkShown } from "./InvitationLinkShown";
import { refreshPeople } from "./refresh";
import "./people.css";

/** What somebody gets in a territory from the first day on. */
type Part = "none" | "access" | "leads";

/** Invites somebody: who, in which role, for which territories; then shows the link to hand over. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const session = useSession();
  const roles = useQuery(rolesQuery).data ?? [];
  const territories = useQuery(matrixQuery).data?.territories ?? [];
  const [draft, setDraft] = useState({
    name: "",
    email: "",
    role: "seller",
    language: session.user.language,
  });
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const [parts, setParts] = useState<Record<string, Part>>({});
  const chosen = territories.filter((one) => (parts[one.id] ?? "none") !== "none");
  const save = useMutation({
    mutationFn: () =>
      invite({
        ...draft,
        territories: chosen.map((one) => ({ territory: one.id, assignment: parts[one.id] === "leads" })),
      }),
    onSuccess: () => refreshPeople(client),
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  const made = save.data;
  return (
    <Dialog
      title={made ? t`${draft.name} is invited` : t`Invite a person`}
      opened
      onClose={onClose}
      closeLabel={t`Close`}
      size={540}
    >
      {made ? (
        <InvitationLinkShown name={draft.name} link={made} onClose={onClose} />
      ) : (
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
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            error={fault("name")}
            autoFocus
            data-autofocus
            autoComplete="off"
          />
          <TextField
            label={t`E-mail`}
            type="email"
            required
            value={draft.email}
            onChange={(event) => set({ email: event.target.value })}
            error={fault("email")}
            autoComplete="off"
          />
          <div className="two-fields">
            <SelectField
              label={t`Role`}
              value={draft.role}
              onChange={(event) => set({ role: event.target.value })}
              choices={roles.map((role) => ({ value: role.key, label: roleLabel(role.key, i18n) }))}
              error={fault("role")}
            />
            <SelectField
              label={t`Language`}
              value={draft.language}
              onChange={(event) => set({ language: event.target.value })}
              choices={[
                { value: "de", label: "Deutsch" },
                { value: "en", label: "English" },
              ]}
            />
          </div>
          {territories.length ? (
            <fieldset>
              <legend className="lab">{t`Territories`}</legend>
              <div className="invited-to">
                {territories.map((one) => (
                  <div key={one.id} className="row t" style={tint(one.color)}>
                    <Outline mark={one} />
                    <span className="grow cut">{one.name}</span>
                    <select
                      className="inp"
                      aria-label={one.name}
                      value={parts[one.id] ?? "none"}
                      onChange={(event) => setParts({ ...parts, [one.id]: event.target.value as Part })}
                    >
                      <option value="none">{t`no access`}</option>
                      <option value="access">{t`access only`}</option>
                      <option value="leads">{t`is handed leads`}</option>
                    </select>
                  </div>
                ))}
              </div>
              <p className="small ink3" style={{ marginTop: 6 }}>
                <Trans>
                  Leads are handed out from the moment on in which the person has chosen a password.
                </Trans>
              </p>
            </fieldset>
          ) : null}
          <div className="dialog-foot" style={{ marginTop: 4 }}>
            <Button onClick={onClose}>{t`Cancel`}</Button>
            <Button look="filled" type="submit" busy={save.isPending}>{t`Create invitation`}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
