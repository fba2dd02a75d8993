import { useLingui } from "@lingui/react/macro";
import type { FieldInfo } from "../../ui/conditions";
import { countryOptions } from "../../ui/countries";
import { Field, SelectField, TextArea, TextField } from "../../ui/Field";
import { ManyPicker, Picker } from "../../ui/Picker";
import { TokenInput } from "../../ui/TokenInput";
import { fieldLabel } from "../../ui/values";

interface Props {
  field: FieldInfo;
  value: unknown;
  onChange: (value: unknown) => void;
  error?: string | null;
  currency: string;
  autoFocus?: boolean;
}

const asText = (value: unknown) => (value === null || value === undefined ? "" : String(value));
const orNull = (text: string) => (text === "" ? null : text);

/** The input that fits a field; what is typed goes to the server as it is, which knows the normal forms. */
export function FieldInput({ field, value, onChange, error, currency, autoFocus }: Props) {
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
            more={(count) => t`and ${count} more`}
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
    case "money": {
      const money = (value as { amount: string; currency: string } | null) ?? { amount: "", currency };
      return (
        <Field label={label} error={error}>
          {({ id, ...aria }) => (
            <span className="row g1">
              <input
                {...aria}
                id={id}
                className="inp num"
                inputMode="decimal"
                value={money.amount}
                onChange={(event) =>
                  onChange(
                    event.target.value === ""
                      ? null
                      : { ...money, amount: event.target.value.replace(",", ".") },
                  )
                }
              />
              <input
                className="inp"
                style={{ width: 68, flex: "none" }}
                aria-label={t`Currency`}
                maxLength={3}
                value={money.currency}
                onChange={(event) => onChange({ ...money, currency: event.target.value.toUpperCase() })}
              />
            </span>
          )}
        </Field>
      );
    }
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
          value={localTime(value)}
          onChange={(event) =>
            onChange(event.target.value ? new Date(event.target.value).toISOString() : null)
          }
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

// A whole number leaves as a number; anything else as typed, so that the server can name it.
const whole = (text: string) => (text === "" ? null : /^\d+$/.test(text) ? Number(text) : text);

function localTime(value: unknown) {
  const date = typeof value === "string" && value ? new Date(value) : null;
  if (!date || Number.isNaN(date.getTime())) return "";
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
