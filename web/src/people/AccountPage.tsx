import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import {
  absencesQuery,
  changePassword,
  changeUser,
  deleteAbsence,
  endOtherSessions,
  endSession,
  sessionsQuery,
  userQuery,
  type WorkingHours,
} from "../api/people";
import { useSession } from "../api/session";
import { useErrorWords } from "../api/words";
import { AbsenceDialog } from "../shell/AbsenceDialog";
import { Button } from "../ui/Button";
import { PasswordField, SelectField, TextField } from "../ui/Field";
import { formatTime } from "../ui/format";
import { type Language, speak } from "../ui/language";
import { Note } from "../ui/Note";
import { Section, Top } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { toast } from "../ui/toasts";
import { TokenList } from "./TokenList";
import { timeZones } from "./timeZones";
import { WorkingHoursEditor } from "./WorkingHoursEditor";

export default function AccountPage() {
  const { t } = useLingui();
  const session = useSession();
  return (
    <>
      <Top title={t`My account`} />
      <div className="body">
        <div className="pad narrow">
          <Section title={t`About me`}>
            <Profile key={session.user.id} id={session.user.id} />
          </Section>
          <Section title={t`Password`}>
            <Password />
          </Section>
          <Absences id={session.user.id} name={session.user.name} />
          <Section title={t`Sessions`}>
            <Sessions />
          </Section>
          <TokenList />
        </div>
      </div>
    </>
  );
}

function Profile({ id }: { id: string }) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const { data: user, etag } = useSuspenseQuery(userQuery(id)).data;
  const account = user.account;
  const [draft, setDraft] = useState({
    name: user.name,
    language: account?.language ?? "de",
    time_zone: account?.time_zone ?? "Europe/Berlin",
    working_hours: (account?.working_hours ?? null) as WorkingHours | null,
  });
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const save = useMutation({
    mutationFn: () => changeUser(id, draft, etag),
    onSuccess: async () => {
      await speak(draft.language as Language);
      await Promise.all([
        client.invalidateQueries({ queryKey: ["users"] }),
        client.invalidateQueries({ queryKey: ["session"] }),
      ]);
      toast(t`Saved`);
    },
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  return (
    <form
      className="col g4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
      <div className="form-three">
        <TextField
          label={t`Name`}
          required
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
          error={fault("name")}
          autoComplete="name"
        />
        <TextField label={t`E-mail`} value={account?.email ?? ""} readOnly disabled />
      </div>
      <div className="form-three">
        <SelectField
          label={t`Language`}
          value={draft.language}
          onChange={(event) => set({ language: event.target.value as Language })}
          choices={[
            { value: "de", label: "Deutsch" },
            { value: "en", label: "English" },
          ]}
        />
        <SelectField
          label={t`Time zone`}
          value={draft.time_zone}
          onChange={(event) => set({ time_zone: event.target.value })}
          choices={timeZones(draft.time_zone)}
          error={fault("time_zone")}
        />
      </div>
      <WorkingHoursEditor
        value={draft.working_hours}
        onChange={(working_hours) => set({ working_hours })}
        error={fault("working_hours")}
      />
      <div>
        <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
      </div>
    </form>
  );
}

function Password() {
  const { t } = useLingui();
  const words = useErrorWords();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const save = useMutation({
    mutationFn: () => changePassword({ old_password: current, new_password: next }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      toast(t`The password is changed. Other sessions have ended.`);
    },
  });
  return (
    <form
      className="col g4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
      <div className="form-three">
        <PasswordField
          label={t`Current password`}
          required
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
          error={words.at(save.error, "/old_password")}
          show={t`Show password`}
          hide={t`Hide password`}
        />
        <PasswordField
          label={t`New password`}
          hint={t`At least 12 characters. A sentence is easier to remember than signs.`}
          required
          minLength={12}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
          error={words.at(save.error, "/new_password")}
          show={t`Show password`}
          hide={t`Hide password`}
        />
      </div>
      <div>
        <Button type="submit" busy={save.isPending}>{t`Change password`}</Button>
      </div>
    </form>
  );
}

function Absences({ id, name }: { id: string; name: string }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const [entering, setEntering] = useState(false);
  const absences = useQuery(absencesQuery(id));
  const drop = useMutation({
    mutationFn: (absence: string) => deleteAbsence(id, absence),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["absences"] }),
        client.invalidateQueries({ queryKey: ["rotation"] }),
      ]),
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  return (
    <Section
      title={t`Absences`}
      aside={
        <Button
          size="s"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => setEntering(true)}
        >{t`Enter absence`}</Button>
      }
    >
      {absences.isError ? <Note kind="bad">{words.problem(absences.error)}</Note> : null}
      {absences.data?.length ? (
        <ul>
          {absences.data.map((absence) => (
            <li
              key={absence.id}
              className="row"
              style={{ minHeight: 34, borderBottom: "1px solid var(--line)" }}
            >
              <span className="num">
                {formatTime(absence.starts_at, i18n.locale)} – {formatTime(absence.ends_at, i18n.locale)}
              </span>
              <span className="ink3 cut grow">{absence.note}</span>
              <Button size="s" look="quiet" onClick={() => drop.mutate(absence.id)}>{t`Remove`}</Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="ink2">
          <Trans>No absence is entered.</Trans>
        </p>
      )}
      {entering ? <AbsenceDialog people={[{ id, name }]} onClose={() => setEntering(false)} /> : null}
    </Section>
  );
}

function Sessions() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => toast(t`The session has ended`),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => toast(t`All other sessions have ended`),
    onSettled: () => client.invalidateQueries({ queryKey: ["sessions"] }),
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  if (sessions.isError) return <Note kind="bad">{words.problem(sessions.error)}</Note>;
  const others = sessions.data?.filter((one) => !one.is_current).length ?? 0;
  return (
    <>
      <ScrollBox label={t`Sessions`}>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t`Browser`}</th>
              <th scope="col">{t`Address`}</th>
              <th scope="col">{t`Last used`}</th>
              <th scope="col">
                <span className="sr">{t`End`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.data?.map((one) => (
              <tr key={one.id}>
                <td style={{ maxWidth: 280 }}>
                  <span className="cut" style={{ display: "block" }} title={one.user_agent}>
                    {browserName(one.user_agent)}
                  </span>
                </td>
                <td className="ink2">{one.address}</td>
                <td className="ink2 nowrap">{formatTime(one.last_seen_at, i18n.locale)}</td>
                <td className="num">
                  {one.is_current ? (
                    <span className="tag ok">{t`this one`}</span>
                  ) : (
                    <Button size="s" look="quiet" onClick={() => end.mutate(one.id)}>{t`End`}</Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {others ? (
        <p style={{ marginTop: 12 }}>
          <Button size="s" busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {plural(others, { one: "End # other session", other: "End # other sessions" })}
          </Button>
        </p>
      ) : null}
    </>
  );
}

/** A guess for people; the whole text is the tooltip. */
function browserName(agent: string): string {
  const browser = /(Edg|OPR|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(agent);
  const names: Record<string, string> = { Edg: "Edge", OPR: "Opera", "Mac OS X": "macOS" };
  const name = (word: string | undefined) => (word ? (names[word] ?? word) : "");
  return [name(browser?.[1]), name(system?.[1])].filter(Boolean).join(", ") || agent || "–";
}
