import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { isProblem } from "../api/problem";
import { signIn } from "../api/session";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { BrandMark } from "../ui/Brand";
import { Button } from "../ui/Button";
import { PasswordField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { LanguageChoice } from "./LanguageChoice";
import { StartMap } from "./StartMap";
import "./start.css";

const route = getRouteApi("/sign-in");

export default function SignInPage() {
  const { t } = useLingui();
  const words = useErrorWords();
  const search = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    mutationFn: () => signIn({ email, password }),
    onSuccess: async () => {
      client.clear();
      router.history.push(search.after ?? paths.leads);
    },
    onError: () => setPassword(""),
  });
  useEffect(() => {
    document.title = `${t`Sign in`} · Revier`;
  }, [t]);
  const pause = isProblem(enter.error, 429) ? Math.ceil((enter.error.retryAfter ?? 60) / 60) : null;
  return (
    <main className="start one">
      <StartMap lit="enzian" />
      <div className="raise box">
        <div className="row g3" style={{ marginBottom: 22 }}>
          <BrandMark size={24} />
          <span className="word">Revier</span>
        </div>
        <h1 className="title" style={{ marginBottom: 18 }}>{t`Sign in`}</h1>
        <form
          className="col g4"
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          {enter.error ? (
            <Note kind="bad">
              {pause
                ? t`Too many tries. Sign-in pauses for ${plural(pause, { one: "# minute", other: "# minutes" })}.`
                : isProblem(enter.error, 401)
                  ? t`E-mail and password do not match.`
                  : words.problem(enter.error)}
            </Note>
          ) : null}
          <TextField
            large
            label={t`E-mail`}
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoFocus
          />
          <PasswordField
            large
            label={t`Password`}
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            show={t`Show password`}
            hide={t`Hide password`}
          />
          <Button look="filled" size="l" wide type="submit" busy={enter.isPending}>{t`Sign in`}</Button>
        </form>
        <div className="row" style={{ justifyContent: "center", marginTop: 22 }}>
          <LanguageChoice />
        </div>
      </div>
    </main>
  );
}
