import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { setUp } from "../api/session";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { BrandMark } from "../ui/Brand";
import { Button } from "../ui/Button";
import { countryOptions } from "../ui/countries";
import { PasswordField, SelectField, TextField } from "../ui/Field";
import type { Language } from "../ui/language";
import { Note } from "../ui/Note";
import { LanguageChoice } from "./LanguageChoice";
import { StartMap } from "./StartMap";
import "./start.css";

const route = getRouteApi("/setup");

/** The country of the browser's language, as an offer: `de` alone means Germany, `en-GB` Great Britain. */
function likelyCountry() {
  const region = new Intl.Locale(navigator.language).maximize().region ?? "";
  return countryOptions("en").some((country) => country.value === region) ? region : "";
}

export default function SetupPage() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { token: given } = route.useSearch();
  const [form, setForm] = useState({
    token: given ?? "",
    workspace_name: "",
    name: "",
    email: "",
    password: "",
    default_country: likelyCountry(),
    demo: true,
  });
  const set = (part: Partial<typeof form>) => setForm({ ...form, ...part });
  const create = useMutation({
    mutationFn: () =>
      setUp({
        ...form,
        language: i18n.locale as Language,
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    onSuccess: async () => {
      client.clear();
      await navigate({ to: paths.leads });
    },
  });
  useEffect(() => {
    document.title = `${t`Welcome`} · Revier`;
  }, [t]);
  const fault = (name: string) => words.at(create.error, `/${name}`);
  return (
    <main className="start two">
      <div className="form">
        <div className="row g3">
          <BrandMark size={26} />
          <span className="word">Revier</span>
          <span className="end">
            <LanguageChoice />
          </span>
        </div>
        <div className="col g2" style={{ marginTop: 16 }}>
          <h1 className="big">{t`Welcome to Revier.`}</h1>
          <p className="lead ink2">
            <Trans>Create the first account. It manages everything else: users, territories, rules.</Trans>
          </p>
        </div>
        <form
          className="col g4"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          {create.error ? <Note kind="bad">{words.problem(create.error)}</Note> : null}
          <TextField
            large
            label={t`Setup token`}
            hint={t`It stands in the console in which Revier was started.`}
            error={fault("token")}
            required
            value={form.token}
            onChange={(event) => set({ token: event.target.value.trim() })}
            autoComplete="off"
            autoFocus={!given}
          />
          <div className="pair">
            <TextField
              large
              label={t`Your name`}
              error={fault("name")}
              required
              autoComplete="name"
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
              autoFocus={Boolean(given)}
            />
            <TextField
              large
              label={t`Company`}
              error={fault("workspace_name")}
              required
              autoComplete="organization"
              value={form.workspace_name}
              onChange={(event) => set({ workspace_name: event.target.value })}
            />
          </div>
          <TextField
            large
            label={t`E-mail`}
            type="email"
            error={fault("email")}
            required
            autoComplete="username"
            value={form.email}
            onChange={(event) => set({ email: event.target.value })}
          />
          <PasswordField
            large
            label={t`Password`}
            error={fault("password")}
            hint={t`At least 12 characters. A sentence is easier to remember than signs.`}
            required
            minLength={12}
            autoComplete="new-password"
            value={form.password}
            onChange={(event) => set({ password: event.target.value })}
            show={t`Show password`}
            hide={t`Hide password`}
          />
          <SelectField
            label={t`Default country`}
            hint={t`Of addresses and phone numbers that name no country.`}
            value={form.default_country}
            onChange={(event) => set({ default_country: event.target.value })}
            choices={[{ value: "", label: t`none` }, ...countryOptions(i18n.locale)]}
            error={fault("default_country")}
          />
          <fieldset>
            <legend className="lab">{t`How do you want to begin?`}</legend>
            <div className="pair">
              <label className="choice">
                <input
                  type="radio"
                  name="demo"
                  className="rad"
                  checked={form.demo}
                  onChange={() => set({ demo: true })}
                  style={{ marginTop: 3 }}
                />
                <span>
                  <span className="m">{t`With the demo company`}</span>
                  <span
                    className="small ink3"
                    style={{ display: "block" }}
                  >{t`Territories, rules, sellers and some thousand leads from public registers.`}</span>
                </span>
              </label>
              <label className="choice">
                <input
                  type="radio"
                  name="demo"
                  className="rad"
                  checked={!form.demo}
                  onChange={() => set({ demo: false })}
                  style={{ marginTop: 3 }}
                />
                <span>
                  <span className="m">{t`Empty`}</span>
                  <span
                    className="small ink3"
                    style={{ display: "block" }}
                  >{t`You create territories, rules and users yourself.`}</span>
                </span>
              </label>
            </div>
          </fieldset>
          <Button look="filled" size="l" wide type="submit" busy={create.isPending} keys="↵">
            {create.isPending && form.demo ? t`Creating the demo company …` : t`Create account and begin`}
          </Button>
        </form>
        <p className="small ink3" style={{ marginTop: "auto" }}>
          <Trans>Everything stays on your server. Revier sends nothing outside.</Trans>
        </p>
      </div>
      <figure>
        <StartMap />
        <figcaption className="tiny ink3">
          <Trans>
            Map: suche-postleitzahl.org (ODbL, © OpenStreetMap), Statistik Austria (CC BY 4.0), Natural Earth.
            The split is an example.
          </Trans>
        </figcaption>
      </figure>
    </main>
  );
}
