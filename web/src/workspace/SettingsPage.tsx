import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { fieldsQuery } from "../api/fields";
import { useSession } from "../api/session";
import { useErrorWords } from "../api/words";
import { changeWorkspace, workspaceQuery } from "../api/workspace";
import { Button } from "../ui/Button";
import { SwitchField } from "../ui/Check";
import type { FieldInfo } from "../ui/conditions";
import { countryOptions } from "../ui/countries";
import { SelectField, TextField } from "../ui/Field";
import { Note } from "../ui/Note";
import { Section, Top } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { toast } from "../ui/toasts";
import { fieldLabel } from "../ui/values";
import { FieldDialog } from "./FieldDialog";
import { useKindLabels } from "./kinds";
import { OwnChoices } from "./OwnChoices";

export default function SettingsPage() {
  const { t } = useLingui();
  const session = useSession();
  const mayEdit = (session.permissions.settings?.edit ?? "none") !== "none";
  return (
    <>
      <Top title={t`Settings`} aside={session.workspace.name} />
      <div className="body">
        <div className="pad narrow">
          <Section title={t`Workspace`}>
            <Workspace mayEdit={mayEdit} />
          </Section>
          <OwnChoices mayEdit={(session.permissions.field?.edit ?? "none") !== "none"} />
          <OwnFields mayEdit={(session.permissions.field?.edit ?? "none") !== "none"} />
        </div>
      </div>
    </>
  );
}

function Workspace({ mayEdit }: { mayEdit: boolean }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const { data: settings, etag } = useSuspenseQuery(workspaceQuery).data;
  const kept = {
    name: settings.name,
    currency: settings.currency,
    time_zone: settings.time_zone,
    default_country: settings.default_country ?? "",
    rules_run: settings.rules_run,
    is_sticky: settings.is_sticky,
  };
  const [draft, setDraft] = useState(kept);
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const put = (values: typeof draft, version: string | null) =>
    changeWorkspace({ ...values, default_country: values.default_country || null }, version);
  const refresh = () =>
    Promise.all(["workspace", "session"].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const takeBack = useMutation({
    mutationFn: async (before: typeof draft) => {
      const now = await client.fetchQuery({ ...workspaceQuery, staleTime: 0 });
      return put(before, now.etag);
    },
    onSuccess: async (_, before) => {
      setDraft(before);
      await refresh();
    },
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  const save = useMutation({
    mutationFn: () => put(draft, etag),
    onSuccess: async () => {
      const before = kept;
      await refresh();
      toast(t`Saved`, { undo: () => takeBack.mutate(before) });
    },
  });
  const fault = (name: string) => words.at(save.error, `/${name}`);
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <fieldset className="col g4" disabled={!mayEdit}>
        {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
        <div className="form-three">
          <TextField
            label={t`Company`}
            required
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
            error={fault("name")}
          />
          <TextField
            label={t`Currency`}
            hint={t`Three letters, such as EUR.`}
            required
            maxLength={3}
            value={draft.currency}
            onChange={(event) => set({ currency: event.target.value.toUpperCase() })}
            error={fault("currency")}
          />
        </div>
        <SelectField
          label={t`Time zone`}
          hint={t`Days in rules and filters begin and end in it.`}
          value={draft.time_zone}
          onChange={(event) => set({ time_zone: event.target.value })}
          choices={[...new Set([draft.time_zone, ...zones])].map((value) => ({
            value,
            label: value.replaceAll("_", " "),
          }))}
          error={fault("time_zone")}
        />
        <SelectField
          label={t`Default country`}
          hint={t`Of addresses and phone numbers that name no country.`}
          value={draft.default_country}
          onChange={(event) => set({ default_country: event.target.value })}
          choices={[{ value: "", label: t`none` }, ...countryOptions(i18n.locale)]}
          error={fault("default_country")}
        />
        <SelectField
          label={t`Rules run again when a field changes that they read`}
          value={draft.rules_run}
          onChange={(event) => set({ rules_run: event.target.value as string })}
          choices={[
            { value: "never", label: t`never` },
            { value: "while_unowned", label: t`as long as the lead has no owner` },
            { value: "always", label: t`always` },
          ]}
          error={fault("rules_run")}
        />
        <SwitchField
          checked={draft.is_sticky}
          onChange={(event) => set({ is_sticky: event.target.checked })}
          hint={t`A lead whose e-mail or phone is already known goes to that record’s owner, if eligible in its territory.`}
        >{t`Known leads stay with their owner`}</SwitchField>
        {mayEdit ? (
          <div>
            <Button look="filled" type="submit" busy={save.isPending}>{t`Save`}</Button>
          </div>
        ) : null}
      </fieldset>
    </form>
  );
}

function OwnFields({ mayEdit }: { mayEdit: boolean }) {
  const { t, i18n } = useLingui();
  const kinds = useKindLabels();
  const own = useSuspenseQuery(fieldsQuery).data.filter((field) => field.key.startsWith("custom."));
  const [editing, setEditing] = useState<FieldInfo | "new" | null>(null);
  return (
    <Section
      title={t`Own fields`}
      aside={
        mayEdit ? (
          <Button
            size="s"
            icon={<Plus size={14} aria-hidden="true" />}
            onClick={() => setEditing("new")}
          >{t`Create field`}</Button>
        ) : null
      }
    >
      {own.length ? (
        <ScrollBox label={t`Own fields`}>
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t`Name`}</th>
                <th scope="col">{t`Key`}</th>
                <th scope="col">{t`Kind`}</th>
                {mayEdit ? (
                  <th scope="col">
                    <span className="sr">{t`Edit`}</span>
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {own.map((field) => (
                <tr key={field.key}>
                  <td className="m">{fieldLabel(field, i18n)}</td>
                  <td className="mono ink2">{field.key}</td>
                  <td className="ink2">{kinds[field.kind] ?? field.kind}</td>
                  {mayEdit ? (
                    <td className="num">
                      <Button
                        size="s"
                        look="quiet"
                        aria-label={t`Edit ${fieldLabel(field, i18n)}`}
                        onClick={() => setEditing(field)}
                      >{t`Edit`}</Button>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      ) : (
        <p className="ink2">
          <Trans>
            No own fields. They work wherever a standard field does: in rules, lists, filters and the API.
          </Trans>
        </p>
      )}
      {editing ? (
        <FieldDialog field={editing === "new" ? undefined : editing} onClose={() => setEditing(null)} />
      ) : null}
    </Section>
  );
}
