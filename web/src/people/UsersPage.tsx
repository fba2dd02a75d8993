import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { UserView } from "../api/generated/types.gen";
import { changeUser, rolesQuery, setPassword, userQuery, usersQuery, type WorkingHours } from "../api/people";
import { type HeldUp, isProblem, type ProblemError } from "../api/problem";
import { roleLabel } from "../api/roles";
import { useSession } from "../api/session";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { SwitchField } from "../ui/Check";
import { useCommands } from "../ui/commands";
import { Dialog } from "../ui/Dialog";
import { PasswordField, SelectField, TextField } from "../ui/Field";
import { formatDate } from "../ui/format";
import { Note } from "../ui/Note";
import { Owner } from "../ui/Owner";
import { Top } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { toast } from "../ui/toasts";
import { HandOver, type Handover } from "./HandOver";
import InviteDialog from "./InviteDialog";
import { InvitedRow } from "./InvitedRow";
import { refreshPeople } from "./refresh";
import { timeZones } from "./timeZones";
import { WorkingHoursEditor } from "./WorkingHoursEditor";

const route = getRouteApi("/shell/users");

export default function UsersPage() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const session = useSession();
  const search = route.useSearch();
  const users = useSuspenseQuery(usersQuery).data;
  const [editing, setEditing] = useState<string | null>(null);
  const creating = Boolean(search.create);
  const setCreating = (on: boolean) =>
    void navigate({ to: paths.users, search: on ? { create: true } : {}, replace: true });
  const may = (action: string) => (session.permissions.user?.[action] ?? "none") !== "none";
  useCommands(
    may("create")
      ? [
          {
            id: "invite-user",
            label: t`Invite a person`,
            group: t`Users`,
            keys: "C",
            run: () => setCreating(true),
          },
        ]
      : [],
  );
  const sorted = [...users].sort(
    (a, b) => Number(b.is_active) - Number(a.is_active) || a.name.localeCompare(b.name, i18n.locale),
  );
  return (
    <>
      <Top title={t`Users`} aside={t`${users.filter((user) => user.is_active).length} active`}>
        {may("create") ? (
          <Button
            look="filled"
            icon={<UserPlus size={15} aria-hidden="true" />}
            keys="C"
            onClick={() => setCreating(true)}
          >{t`Invite a person`}</Button>
        ) : null}
      </Top>
      <div className="body pad">
        <ScrollBox label={t`Users`}>
          <table className="tbl" style={{ maxWidth: 980 }}>
            <thead>
              <tr>
                <th scope="col">{t`Name`}</th>
                <th scope="col">{t`E-mail`}</th>
                <th scope="col">{t`Role`}</th>
                <th scope="col">{t`Status`}</th>
                {may("edit") ? (
                  <th scope="col">
                    <span className="sr">{t`Edit`}</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {sorted.map((user) => (
                <tr key={user.id}>
                  <td className={user.is_active ? "m" : "ink3"}>
                    <Owner name={user.name} />
                  </td>
                  <td className="ink2">{user.account?.email}</td>
                  <td>{roleLabel(user.account?.role, i18n)}</td>
                  <td className="nowrap">
                    <Standing user={user} />
                  </td>
                  {may("edit") ? (
                    <td className="num nowrap">
                      {user.account && !user.account.has_password && may("create") ? (
                        <InvitedRow user={user} />
                      ) : null}
                      <Button
                        size="s"
                        look="quiet"
                        aria-label={t`Edit ${user.name}`}
                        onClick={() => setEditing(user.id)}
                      >{t`Edit`}</Button>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      </div>
      {creating ? <InviteDialog onClose={() => setCreating(false)} /> : null}
      {editing ? <EditUser id={editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

/** Whether somebody takes part, and why they cannot sign in where they cannot. */
function Standing({ user }: { user: UserView }) {
  const { t, i18n } = useLingui();
  const open = user.account?.invitation;
  if (open)
    return (
      <>
        <i className={`dot ${open.is_expired ? "w" : "off"}`} aria-hidden="true" />{" "}
        {open.is_expired
          ? t`invitation expired`
          : t`invited until ${formatDate(open.expires_at, i18n.locale)}`}
      </>
    );
  if (!user.is_active)
    return (
      <>
        <i className="dot off" aria-hidden="true" /> {t`off`}
      </>
    );
  if (user.account && !user.account.has_password)
    return (
      <span title={t`Active: is handed leads. Set a password so that this person can sign in.`}>
        <i className="dot w" aria-hidden="true" /> {t`cannot sign in: no password`}
      </span>
    );
  return (
    <>
      <i className="dot" aria-hidden="true" /> {t`active`}
    </>
  );
}

function EditUser({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const read = useQuery(userQuery(id));
  return (
    <Dialog title={read.data?.data.name ?? ""} opened onClose={onClose} closeLabel={t`Close`} size={520}>
      {read.isError ? <Note kind="bad">{words.problem(read.error)}</Note> : null}
      {read.data ? <EditUserForm user={read.data.data} etag={read.data.etag} onClose={onClose} /> : null}
    </Dialog>
  );
}

function EditUserForm({ user, etag, onClose }: { user: UserView; etag: string | null; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const session = useSession();
  const roles = useQuery(rolesQuery).data ?? [];
  const account = user.account;
  const [draft, setDraft] = useState({
    name: user.name,
    email: account?.email ?? "",
    role: account?.role ?? "seller",
    is_active: user.is_active,
    time_zone: account?.time_zone ?? "Europe/Berlin",
    working_hours: (account?.working_hours ?? null) as WorkingHours | null,
  });
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const [password, setTyped] = useState("");
  const isMe = session.user.id === user.id;
  const save = useMutation({
    mutationFn: async (fate?: Handover) => {
      // The password first: it makes the next version, so the change names the one it was made from no longer.
      if (password) {
        await setPassword(user.id, password);
        setTyped("");
      }
      const { etag: now } = password
        ? await client.fetchQuery({ ...userQuery(user.id), staleTime: 0 })
        : { etag };
      return changeUser(
        user.id,
        { ...draft, is_active: draft.is_active || (Boolean(password) && !account?.has_password), ...fate },
        now,
      );
    },
    onSuccess: async () => {
      await refreshPeople(client);
      toast(t`Saved`);
      onClose();
    },
    onError: (error) => {
      if (isHeldUp(error)) setOwned(error.heldUpBy);
    },
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  const [owned, setOwned] = useState<HeldUp[] | null>(null);
  if (owned !== null)
    return (
      <HandOver
        user={user}
        owned={owned}
        error={isHeldUp(save.error) ? null : save.error}
        busy={save.isPending}
        onBack={() => setOwned(null)}
        onChoose={(fate) => save.mutate(fate)}
      />
    );
  return (
    <form
      className="col g4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      {save.error && !isHeldUp(save.error) ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
      <TextField
        label={t`Name`}
        required
        value={draft.name}
        onChange={(event) => set({ name: event.target.value })}
        error={fault("name")}
      />
      <TextField
        label={t`E-mail`}
        type="email"
        required
        value={draft.email}
        onChange={(event) => set({ email: event.target.value })}
        error={fault("email")}
      />
      <SelectField
        label={t`Role`}
        value={draft.role}
        onChange={(event) => set({ role: event.target.value })}
        choices={roles.map((role) => ({ value: role.key, label: roleLabel(role.key, i18n) }))}
        error={fault("role")}
      />
      <SelectField
        label={t`Time zone`}
        value={draft.time_zone}
        onChange={(event) => set({ time_zone: event.target.value })}
        choices={timeZones(draft.time_zone)}
        error={fault("time_zone")}
      />
      {isMe ? null : (
        <PasswordField
          label={account?.has_password ? t`New password` : t`First password`}
          hint={
            account?.has_password
              ? t`Left empty, the password stays. A new one ends all sessions.`
              : t`Without one this person cannot sign in yet.`
          }
          minLength={12}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setTyped(event.target.value)}
          error={fault("password")}
          show={t`Show password`}
          hide={t`Hide password`}
        />
      )}
      <WorkingHoursEditor
        value={draft.working_hours}
        onChange={(working_hours) => set({ working_hours })}
        error={fault("working_hours")}
      />
      <SwitchField
        checked={draft.is_active}
        onChange={(event) => set({ is_active: event.target.checked })}
        hint={
          draft.is_active ? t`May sign in.` : t`Cannot sign in, is handed no leads; sessions end at once.`
        }
        disabled={isMe}
      >{t`Account is active`}</SwitchField>
      {isMe ? (
        <p className="small ink3">
          <Trans>Nobody switches off their own account.</Trans>
        </p>
      ) : null}
      <div className="dialog-foot" style={{ marginTop: 4 }}>
        <Button onClick={onClose}>{t`Cancel`}</Button>
        <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
      </div>
    </form>
  );
}

const isHeldUp = (error: unknown): error is ProblemError =>
  isProblem(error, 409) && error.code === "records_owned";
