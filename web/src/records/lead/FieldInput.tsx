import { useLingui } from "@lingui/react/macro";
import type { FieldInfo } from "../../ui/conditions";
import { countryOptions } from "../../ui/countries";
import { DecimalInput, MoneyInput } from "../../ui/Decimal";
import { Field, SelectField, TextArea, TextField } from "../../ui/Field";
import { ManyPicker, type Option, Picker } from "../../ui/Picker";
import type { LookUps } from "../../ui/RuleValues";
import { TokenInput } from "../../ui/TokenInput";
import { fieldLabel } from "../../ui/values";
import { momentOf, wallOf } from "../../ui/zone";

interface Props {
  field: FieldInfo;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string | null;
  currency: string;
  lookUps: LookUps;
  /** The country whose states are offered; of all where none is said. */
  within?: string | null;
  autoFocus?: boolean;
}

interface Money {
  amount: string;
  currency: string;
}

const asText = (value: unknown) => (value === null || value === undefined ? "" : String(value));
const orNull = (text: string) => (text === "" ? null : text);

/** The input that fits a field; what is typed goes to the server as it is, which knows the normal forms. */
export function FieldInput({ field, value, onChange, error, currency, lookUps, within, autoFocus }: Props) {
  const { t, i18n } = useLingui();
  const label = fieldLabel(field, i18n);
  const choices = field.choices.map((choice) => ({
    value: choice.key,
    label: i18n.locale === "de" ? choice.label_de : choice.label_en,
  }));
  const nothing = t`Nothing found`;
  if (field.is_list) {
    const values = ((value as unknown[]) ?? []).map(String);
    return (
      <Field label={label} error={error} hint={t`Several with Enter; the first is the main one.`}>
        {(ids) => (
          <TokenInput
            label={label}
            values={values}
            onChange={onChange}
            removeLabel={(one) => t`Remove ${one}`}
            invalid={Boolean(error)}
            describedBy={ids["aria-describedby"]}
            type={field.kind === "email" ? "email" : "tel"}
          />
        )}
      </Field>
    );
  }
  switch (field.kind) {
    case "long_text":
      return (
        <TextArea
          label={label}
          error={error}
          rows={4}
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
        />
      );
    case "choice":
      return choices.length > 8 ? (
        <Picker
          label={label}
          options={choices}
          value={(value as string) ?? null}
          onChange={onChange}
          nothing={nothing}
          error={error}
        />
      ) : (
        <SelectField
          label={label}
          error={error}
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
          choices={[{ value: "", label: "–" }, ...choices]}
        />
      );
    case "multi_choice":
      return (
        <ManyPicker
          label={label}
          options={choices}
          value={((value as string[]) ?? []).map(String)}
          onChange={onChange}
          nothing={nothing}
          error={error}
        />
      );
    case "country":
      return (
        <Picker
          label={label}
          options={countryOptions(i18n.locale)}
          value={(value as string) ?? null}
          onChange={onChange}
          nothing={nothing}
          error={error}
        />
      );
    case "yes_no":
      return (
        <SelectField
          label={label}
          error={error}
          value={value === true ? "true" : value === false ? "false" : ""}
          onChange={(event) => onChange(event.target.value === "" ? null : event.target.value === "true")}
          choices={[
            { value: "", label: "–" },
            { value: "true", label: t`yes` },
            { value: "false", label: t`no` },
          ]}
        />
      );
    case "integer":
      return (
        <TextField
          label={label}
          error={error}
          inputMode="numeric"
          value={asText(value)}
          onChange={(event) => onChange(whole(event.target.value))}
          autoFocus={autoFocus}
        />
      );
    case "decimal":
      return (
        <Field label={label} error={error}>
          {(ids) => (
            <DecimalInput {...ids} value={asText(value)} onChange={(text) => onChange(orNull(text))} />
          )}
        </Field>
      );
    case "money":
      return (
        <Field label={label} error={error}>
          {(ids) => (
            <MoneyInput
              {...ids}
              money={(value as Money | null) ?? { amount: "", currency }}
              onChange={(money) => onChange(money.amount === "" ? null : money)}
            />
          )}
        </Field>
      );
    case "state":
      return (
        <Picker
          label={label}
          options={withOwn(
            lookUps.states.filter((one) => !within || one.value.startsWith(`${within}-`)),
            asText(value),
          )}
          value={(value as string) ?? null}
          onChange={onChange}
          onSearch={lookUps.seekStates}
          nothing={nothing}
          error={error}
        />
      );
    case "date":
      return (
        <TextField
          label={label}
          error={error}
          type="date"
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
        />
      );
    case "date_time":
      return (
        <TextField
          label={label}
          error={error}
          type="datetime-local"
          value={wallOf(value)}
          onChange={(event) => onChange(event.target.value ? momentOf(event.target.value) : null)}
        />
      );
    case "email":
      return (
        <TextField
          label={label}
          error={error}
          type="email"
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
        />
      );
    case "phone":
      return (
        <TextField
          label={label}
          error={error}
          type="tel"
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
        />
      );
    default:
      return (
        <TextField
          label={label}
          error={error}
          value={asText(value)}
          onChange={(event) => onChange(orNull(event.target.value))}
          autoFocus={autoFocus}
        />
      );
  }
}

// A state that is not among those looked up stays to be seen as it is stored.
function withOwn(options: Option[], value: string): Option[] {
  return !value || options.some((one) => one.value === value)
    ? options
    : [...options, { value, label: value }];
}

// A whole number leaves as a number; anything else as typed, so that the server can name it.
export const whole = (text: string) => (text === "" ? null : /^\d+$/.test(text) ? Number(text) : text);
