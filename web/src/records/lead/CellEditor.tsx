import { useLingui } from "@lingui/react/macro";
import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";
import type { Lead, LeadDraft } from "../../api/leads";
import type { FieldInfo } from "../../ui/conditions";
import { countryOptions } from "../../ui/countries";
import { DecimalInput, MoneyInput } from "../../ui/Decimal";
import { ManyPicker, type Option, Picker } from "../../ui/Picker";
import type { LookUps } from "../../ui/RuleValues";
import type { Leave } from "../../ui/Table";
import { TokenInput } from "../../ui/TokenInput";
import { fieldLabel } from "../../ui/values";
import { momentOf, wallOf } from "../../ui/zone";
import { same } from "./Clash";
import { whole } from "./FieldInput";

interface Money {
  amount: string;
  currency: string;
}

// Stands for "no value" among options, which need a text.
const nothing = "–";

const asText = (value: unknown) => (value === null || value === undefined ? "" : String(value));
const orNull = (text: string) => (text === "" ? null : text);

/** The inputs of a cell: Enter and Tab save, Esc leaves it as it was, a click elsewhere saves. */
export function CellEditor({
  lead,
  fields,
  lookUps,
  currency,
  onSave,
  onLeave,
}: {
  lead: Lead;
  /** Of the column, most often one. */
  fields: FieldInfo[];
  lookUps: LookUps;
  currency: string;
  /** Called with the lead as it was when the edit began. */
  onSave: (base: Lead, changes: LeadDraft) => void;
  onLeave: Leave;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isLeft = useRef(false);
  const isTabbing = useRef(false);
  const [draft, setDraft] = useState<LeadDraft>({});
  // A live change must not move under the fingers, nor be overwritten unseen.
  const [base] = useState(lead);
  const save = (last: LeadDraft, to: -1 | 0 | 1 = 0) => {
    if (isLeft.current) return;
    isLeft.current = true;
    const changed = Object.entries({ ...draft, ...last }).filter(([key, value]) => !same(value, base[key]));
    if (changed.length) onSave(base, Object.fromEntries(changed));
    onLeave(to);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Escape") {
      isLeft.current = true;
      onLeave();
    } else if (event.key === "Enter" && !event.defaultPrevented && !event.shiftKey) {
      event.preventDefault();
      save({});
    } else if (event.key === "Tab") {
      const inputs = [...(box.current?.querySelectorAll("input, textarea, select") ?? [])].filter(
        (one) => !(one instanceof HTMLInputElement && one.type === "hidden"),
      );
      if (document.activeElement !== inputs.at(event.shiftKey ? 0 : -1)) return;
      event.preventDefault();
      // What is typed but not yet a value of a list becomes one as the input is left.
      const to = event.shiftKey ? -1 : 1;
      isTabbing.current = true;
      (document.activeElement as HTMLElement | null)?.blur();
      setTimeout(() => saved.current({}, to));
    }
  };
  const onBlur = (event: FocusEvent<HTMLDivElement>) => {
    if (isTabbing.current) return;
    const to = event.relatedTarget;
    if (
      to ? !event.currentTarget.contains(to) : document.hasFocus() && !event.target.matches("[role=combobox]")
    )
      setTimeout(() => saved.current({}));
  };
  // A blur may come together with a last value, so that saving waits for it.
  const saved = useRef(save);
  saved.current = save;
  const isWide = fields.some(
    (field) => field.is_list || /multi_choice|long_text|money|date_time/.test(field.kind),
  );
  return (
    <div
      ref={box}
      className={`cell-editor ${isWide || fields.length > 1 ? "wide" : ""}`}
      role="group"
      onKeyDown={onKeyDown}
      onBlur={onBlur}
    >
      {fields.map((field, place) => (
        <CellInput
          key={field.key}
          field={field}
          value={field.key in draft ? draft[field.key] : base[field.key]}
          country={asText(base.country)}
          onChange={(value) => setDraft((old) => ({ ...old, [field.key]: value }))}
          onPick={(value) => save({ [field.key]: value })}
          lookUps={lookUps}
          currency={currency}
          first={place === 0}
        />
      ))}
    </div>
  );
}

function CellInput({
  field,
  value,
  country,
  onChange,
  onPick,
  lookUps,
  currency,
  first,
}: {
  field: FieldInfo;
  value: unknown;
  country: string;
  onChange: (value: unknown) => void;
  /** A value that needs no further key. */
  onPick: (value: unknown) => void;
  lookUps: LookUps;
  currency: string;
  first: boolean;
}) {
  const { t, i18n } = useLingui();
  const label = fieldLabel(field, i18n);
  const options: Option[] = field.choices.map((choice) => ({
    value: choice.key,
    label: i18n.locale === "de" ? choice.label_de : choice.label_en,
  }));
  const pick = (of: Option[], seek?: (text: string) => void) => (
    <Picker
      hidden
      open={first}
      label={label}
      options={[{ value: nothing, label: nothing }, ...of]}
      value={orNull(asText(value))}
      onChange={(picked) => onPick(picked === nothing ? null : picked)}
      clearable={false}
      nothing={t`Nothing found`}
      onSearch={seek}
    />
  );
  const focus = (input: HTMLInputElement | HTMLTextAreaElement | null) => {
    if (!input || !first || input.dataset.begun) return;
    input.dataset.begun = "yes";
    input.focus({ preventScroll: true });
    if (input instanceof HTMLInputElement && /text|tel|url|search/.test(input.type)) input.select();
  };
  const within = (box: HTMLDivElement | null) => focus(box?.querySelector("input") ?? null);
  const plain = (type: string, shown: string, read: (text: string) => unknown) => (
    <input
      ref={focus}
      className={`inp ${field.kind === "integer" ? "num" : ""}`}
      aria-label={label}
      type={type}
      inputMode={field.kind === "integer" ? "numeric" : undefined}
      value={shown}
      onChange={(event) => onChange(read(event.target.value))}
    />
  );
  if (field.is_list)
    return (
      <div ref={within}>
        <TokenInput
          label={label}
          values={((value as unknown[]) ?? []).map(String)}
          onChange={onChange}
          removeLabel={(one) => t`Remove ${one}`}
          type={field.kind === "email" ? "email" : "tel"}
        />
      </div>
    );
  switch (field.kind) {
    case "choice":
      return pick(options);
    case "country":
      return pick(countryOptions(i18n.locale));
    case "state": {
      const near = lookUps.states.filter((one) => !country || one.value.startsWith(`${country}-`));
      const own = asText(value);
      const isKnown = !own || near.some((one) => one.value === own);
      return pick(isKnown ? near : [...near, { value: own, label: own }], lookUps.seekStates);
    }
    case "yes_no":
      return (
        <Picker
          hidden
          open={first}
          label={label}
          options={[
            { value: nothing, label: nothing },
            { value: "true", label: t`yes` },
            { value: "false", label: t`no` },
          ]}
          value={orNull(asText(value))}
          onChange={(picked) => onPick(picked === nothing ? null : picked === "true")}
          clearable={false}
          nothing={t`Nothing found`}
        />
      );
    case "multi_choice":
      return (
        <div ref={within}>
          <ManyPicker
            hidden
            label={label}
            options={options}
            value={((value as unknown[]) ?? []).map(String)}
            onChange={onChange}
            nothing={t`Nothing found`}
          />
        </div>
      );
    case "long_text":
      return (
        <textarea
          ref={focus}
          className="inp"
          aria-label={label}
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
        />
      );
    case "decimal":
      return (
        <div ref={within}>
          <DecimalInput
            aria-label={label}
            value={asText(value)}
            onChange={(text) => onChange(orNull(text))}
          />
        </div>
      );
    case "money":
      return (
        <div ref={within}>
          <MoneyInput
            aria-label={label}
            money={(value as Money | null) ?? { amount: "", currency }}
            onChange={(money) => onChange(money.amount === "" ? null : money)}
          />
        </div>
      );
    case "integer":
      return plain("text", asText(value), whole);
    case "date":
      return plain("date", asText(value), orNull);
    case "date_time":
      return plain("datetime-local", wallOf(value), (text) => (text ? momentOf(text) : null));
    default:
      return plain(field.kind === "phone" ? "tel" : "text", asText(value), orNull);
  }
}
