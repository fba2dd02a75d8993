import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { InvitationView } from "../api/generated/types.gen";
import { acceptInvitation, invitationQuery } from "../api/people";
import { isProblem } from "../api/problem";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { BrandMark } from "../ui/Brand";
import { Button } from "../ui/Button";
import { PasswordField } from "../ui/Field";
import { formatDate } from "../ui/format";
import type { Language } from "../ui/language";
import { Note } from "../ui/Note";
import { Skeleton } from "../ui/Skeleton";
import { LanguageChoice } from "./LanguageChoice";
import { StartMap } from "./StartMap";
import "./start.css";

/** Where the link of an invitation leads: choosing a password and a language, and in. */
export default function InvitationPage() {
  const { t } = useLingui();
  const words = useErrorWords();
  // Behind the hash sign, so that no server and no proxy writes the secret into a log.
  const token = useRouterState({ select: (state) => state.location.hash });
  const invitation = useQuery(invitationQuery(token));
  useEffect(() => {
    document.title = `${t`Invitation`} · Revier`;
  }, [t]);
  return (
    <main className="start one">
      <StartMap lit="enzian" />
      <div className="raise box">
        <div className="row g3" style={{ marginBottom: 22 }}>
          <BrandMark size={24} />
          <span className="word">Revier</span>
          <span className="end small ink2">{invitation.data?.workspace}</span>
        </div>
        {invitation.isPending ? <Skeleton label={t`Loading`} /> : null}
        {invitation.data && !invitation.data.is_expired ? (
          <Accept invitation={invitation.data} token={token} />
        ) : null}
        {invitation.data?.is_expired ? (
          <Over title={t`The invitation has expired`}>
            <Trans>
              It held until {<When at={invitation.data.expires_at} />}. Ask {invitation.data.invited_by} for a
              new link; your account is prepared.
            </Trans>
          </Over>
        ) : null}
        {invitation.isError && isProblem(invitation.error, 403) ? (
          <Over title={t`This invitation no longer holds`}>
            <Trans>
              It was used, withdrawn or replaced by a newer one, or the address is not complete. If you have
              chosen a password already, sign in. If not, ask whoever invited you for a new link.
            </Trans>
          </Over>
        ) : null}
        {invitation.isError && !isProblem(invitation.error, 403) ? (
          <div className="col g4">
            <Note kind="bad">{words.problem(invitation.error)}</Note>
            <Button onClick={() => void invitation.refetch()}>{t`Try again`}</Button>
          </div>
        ) : null}
        <div className="row" style={{ justifyContent: "center", marginTop: 22 }}>
          <LanguageChoice />
        </div>
      </div>
    </main>
  );
}

function When({ at }: { at: string }) {
  const { i18n } = useLingui();
  return <time dateTime={at}>{formatDate(at, i18n.locale)}</time>;
}

function Over({ title, children }: { title: string; children: React.ReactNode }) {
  const { t } = useLingui();
  return (
    <div className="col g4">
      <h1 className="title">{title}</h1>
      <p className="ink2">{children}</p>
      <Link className="btn l wide" to={paths.signIn}>{t`To sign-in`}</Link>
    </div>
  );
}

function Accept({ invitation, token }: { invitation: InvitationView; token: string }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => acceptInvitation({ token, password, language: i18n.locale as Language }),
    onSuccess: async () => {
      client.clear();
      await navigate({ to: paths.leads, replace: true });
    },
    onError: (error) => {
      if (isProblem(error, 403)) void client.invalidateQueries({ queryKey: ["invitation"] });
    },
  });
  return (
    <>
      <h1 className="title" style={{ marginBottom: 8 }}>{t`Welcome, ${invitation.name}`}</h1>
      <p className="ink2" style={{ marginBottom: 18 }}>
        <Trans>
          {invitation.invited_by} has invited you to {invitation.workspace}. Choose a password; from then on
          you sign in with it and with {invitation.email}.
        </Trans>
      </p>
      <form
        className="col g4"
        onSubmit={(event) => {
          event.preventDefault();
          enter.mutate();
        }}
      >
        {enter.error ? <Note kind="bad">{words.problem(enter.error)}</Note> : null}
        <input type="hidden" name="email" autoComplete="username" value={invitation.email} readOnly />
        <PasswordField
          large
          label={t`Password`}
          hint={t`At least 12 characters; a sentence is easier to remember than signs.`}
          name="password"
          autoComplete="new-password"
          required
          minLength={12}
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={words.at(enter.error, "/password")}
          show={t`Show password`}
          hide={t`Hide password`}
        />
        <Button
          look="filled"
          size="l"
          wide
          type="submit"
          busy={enter.isPending}
        >{t`Set password and begin`}</Button>
        <p className="small ink3">
          <Trans>
            The link lets you in once, until {<When at={invitation.expires_at} />}. Everything stays on your
            company’s server.
          </Trans>
        </p>
      </form>
    </>
  );
}
