import { useLingui } from "@lingui/react/macro";
import { Button } from "../ui/Button";
import { FilterChip } from "../ui/FilterChip";
import type { LookUps } from "../ui/RuleValues";
import type { AuditSearch } from "./search";
import { useAuditWords } from "./words";

/** Narrows the log by person, kind of thing, act, one thing, and days. */
export function AuditFilter({
  search,
  lookUps,
  thing,
  onChange,
}: {
  search: AuditSearch;
  lookUps: LookUps;
  /** The one thing, in words. */
  thing: string;
  onChange: (next: AuditSearch) => void;
}) {
  const { t, i18n } = useLingui();
  const { actions, objects } = useAuditWords();
  const set = (part: AuditSearch) => onChange({ ...search, ...part });
  const sorted = (words: Record<string, string>) =>
    Object.entries(words).sort(([, one], [, other]) => one.localeCompare(other, i18n.locale));
  const people = lookUps.named("owner");
  return (
    <search className="bar audit-filter" aria-label={t`Filter the log`}>
      <Choice
        label={t`Person`}
        value={search.user}
        all={t`everybody`}
        choices={people.map((one) => [one.value, one.label])}
        onChange={(user) => set({ user })}
      />
      <Choice
        label={t`Kind of thing`}
        value={search.object}
        all={t`everything`}
        choices={sorted(objects)}
        onChange={(object) => set({ object, thing: undefined })}
      />
      <Choice
        label={t`Act`}
        value={search.action}
        all={t`every act`}
        choices={sorted(actions)}
        onChange={(action) => set({ action })}
      />
      <Choice
        label={t`Territory`}
        value={
          lookUps.named("territory").some((one) => one.value === search.thing) ? search.thing : undefined
        }
        all={t`every territory`}
        choices={lookUps.named("territory").map((one) => [one.value, one.label])}
        onChange={(thing) => set({ thing, object: undefined })}
      />
      <label className="row g1 small">
        <span className="ink3">{t`from`}</span>
        <input
          type="date"
          className="inp"
          value={search.from ?? ""}
          max={search.to}
          onChange={(event) => set({ from: event.target.value || undefined })}
        />
      </label>
      <label className="row g1 small">
        <span className="ink3">{t`until`}</span>
        <input
          type="date"
          className="inp"
          value={search.to ?? ""}
          min={search.from}
          onChange={(event) => set({ to: event.target.value || undefined })}
        />
      </label>
      {search.thing ? (
        <FilterChip
          field={t`Only`}
          op=""
          value={thing}
          onOpen={() => set({ thing: undefined })}
          onRemove={() => set({ thing: undefined })}
          removeLabel={t`Show other things too`}
        />
      ) : null}
      {Object.values(search).some(Boolean) ? (
        <Button size="s" look="quiet" onClick={() => onChange({})}>{t`Show everything`}</Button>
      ) : null}
    </search>
  );
}

function Choice({
  label,
  value,
  all,
  choices,
  onChange,
}: {
  label: string;
  value?: string;
  all: string;
  choices: [string, string][];
  onChange: (value: string | undefined) => void;
}) {
  const known = !value || choices.some(([key]) => key === value);
  return (
    <select
      className="inp"
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{`${label}: ${all}`}</option>
      {known ? null : <option value={value}>{value}</option>}
      {choices.map(([key, word]) => (
        <option key={key} value={key}>
          {word}
        </option>
      ))}
    </select>
  );
}
