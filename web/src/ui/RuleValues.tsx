import { useLingui } from "@lingui/react/macro";
import { Plus, TextCursorInput, X } from "lucide-react";
import { useState } from "react";
import { Button } from "./Button";
import { type Condition, type FieldInfo, shapeOf } from "./conditions";
import { countryOptions } from "./countries";
import { MoneyInput } from "./Decimal";
import { ManyPicker, type Option } from "./Picker";
import { type PostcodeReader, PostcodeText } from "./PostcodeText";
import { Seg } from "./Seg";
import { TokenInput } from "./TokenInput";
import { momentOf, wallOf } from "./zone";

/** What only the page can look up: names behind ids, and the postcode text. */
export interface LookUps {
  currency: string;
  named: (field: string) => Option[];
  states: Option[];
  /** Looks for states that are not among those yet. */
  seekStates?: (text: string) => void;
  postcodes?: PostcodeReader;
}

interface Props {
  field: FieldInfo;
  op: string;
  values: unknown[];
  onChange: (values: unknown[]) => void;
  lookUps: LookUps;
  /** Puts a whole condition in the place of this criterion. */
  onReplace: (condition: Condition) => void;
}

const texts = (values: unknown[]) => values.map(String);

/** The editor that fits a field and an operator. */
export function RuleValues({ field, op, values, onChange, lookUps, onReplace }: Props) {
  const { t, i18n } = useLingui();
  const shape = shapeOf(field, op);
  const german = i18n.locale === "de";
  const nothing = t`Nothing found`;
  switch (shape) {
    case "none":
      return null;
    case "yes_no":
      return (
        <Seg
          label={t`Value`}
          small
          value={values[0] === false ? "false" : "true"}
          choices={[
            { value: "true", label: t`yes` },
            { value: "false", label: t`no` },
          ]}
          onChange={(value) => onChange([value === "true"])}
        />
      );
    case "days":
      return (
        <>
          <NumberBox
            label={t`Days`}
            value={values[0]}
            whole
            onChange={(value) => onChange(value === null ? [] : [value])}
          />
          <span className="ink3">{t`days`}</span>
        </>
      );
    case "choice":
    case "multi_choice": {
      const options = field.holds_ids
        ? lookUps.named(field.key)
        : field.choices.map((choice) => ({
            value: choice.key,
            label: german ? choice.label_de : choice.label_en,
          }));
      return (
        <div className="full">
          <ManyPicker
            hidden
            label={t`Values`}
            options={withUnknown(options, texts(values))}
            value={texts(values)}
            onChange={onChange}
            placeholder={t`Choose`}
            nothing={nothing}
          />
        </div>
      );
    }
    case "country":
    case "countries":
      return (
        <div className="full">
          <ManyPicker
            hidden
            label={t`Countries`}
            options={withUnknown(countryOptions(i18n.locale), texts(values))}
            value={texts(values)}
            onChange={onChange}
            placeholder={t`Choose`}
            nothing={nothing}
          />
        </div>
      );
    case "state":
      return lookUps.states.length ? (
        <div className="full">
          <ManyPicker
            hidden
            label={t`States`}
            options={withUnknown(lookUps.states, texts(values))}
            value={texts(values)}
            onChange={onChange}
            placeholder={t`Choose`}
            nothing={nothing}
            onSearch={lookUps.seekStates}
          />
        </div>
      ) : (
        <Words values={values} onChange={onChange} placeholder={t`DE-BY or Bavaria`} commas />
      );
    case "circles":
      return <Circles values={values} onChange={onChange} />;
    case "ranges":
    case "words":
      if (field.kind === "postcode")
        return (
          <Postcodes
            field={field}
            op={op}
            values={values}
            onChange={onChange}
            onReplace={onReplace}
            reader={lookUps.postcodes}
            ranges={shape === "ranges"}
          />
        );
      return (
        <Words
          values={values}
          onChange={onChange}
          placeholder={
            op === "matches_any_of" ? t`such as *gmbh*` : op === "area_code_is_any_of" ? "+4989" : undefined
          }
        />
      );
    default:
      return (
        <Bounds
          field={field}
          two={shape.startsWith("two")}
          values={values}
          onChange={onChange}
          currency={lookUps.currency}
        />
      );
  }
}

// A value the page has no name for stays visible as it is stored.
function withUnknown(options: Option[], values: string[]): Option[] {
  const known = new Set(options.map((option) => option.value));
  return [
    ...options,
    ...values.filter((value) => !known.has(value)).map((value) => ({ value, label: value })),
  ];
}

function Words({
  values,
  onChange,
  placeholder,
  commas = false,
}: {
  values: unknown[];
  onChange: (values: unknown[]) => void;
  placeholder?: string;
  commas?: boolean;
}) {
  const { t } = useLingui();
  return (
    <div className="full">
      <TokenInput
        label={t`Values`}
        values={texts(values)}
        onChange={onChange}
        placeholder={placeholder}
        removeLabel={(value) => t`Remove ${value}`}
        commas={commas}
      />
    </div>
  );
}

function Postcodes({
  field,
  op,
  values,
  onChange,
  onReplace,
  reader,
  ranges,
}: {
  field: FieldInfo;
  onReplace: (condition: Condition) => void;
  op: string;
  values: unknown[];
  onChange: (values: unknown[]) => void;
  reader?: PostcodeReader;
  ranges: boolean;
}) {
  const { t } = useLingui();
  const [start, setStart] = useState<string | null>(null);
  const open = async () => {
    const written =
      reader && values.length ? await reader.say({ field: field.key, op, values }, "DE").catch(() => "") : "";
    setStart(written || texts(values).join(", "));
  };
  return (
    <>
      <Words
        values={values}
        onChange={onChange}
        placeholder={ranges ? "80000-87999" : op === "starts_with_any_of" ? "80" : "80331"}
        commas
      />
      {reader ? (
        <>
          <Button
            size="s"
            look="quiet"
            icon={<TextCursorInput size={14} />}
            onClick={() => void open()}
          >{t`As text`}</Button>
          {start === null ? null : (
            <PostcodeText start={start} onClose={() => setStart(null)} reader={reader} onTake={onReplace} />
          )}
        </>
      ) : null}
    </>
  );
}

function NumberBox({
  label,
  value,
  whole,
  onChange,
}: {
  label: string;
  value: unknown;
  whole?: boolean;
  onChange: (value: number | null) => void;
}) {
  return (
    <input
      className="inp short num"
      aria-label={label}
      type="number"
      step={whole ? 1 : "any"}
      value={value === undefined || value === null ? "" : String(value)}
      onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}
    />
  );
}

function Bounds({
  field,
  two,
  values,
  onChange,
  currency,
}: {
  field: FieldInfo;
  two: boolean;
  values: unknown[];
  onChange: (values: unknown[]) => void;
  currency: string;
}) {
  const { t } = useLingui();
  const set = (index: number, value: unknown) => {
    const next = two ? [values[0] ?? "", values[1] ?? ""] : [values[0]];
    next[index] = value;
    onChange(two || (value !== null && value !== "") ? next : []);
  };
  const box = (index: number, label: string) => {
    const value = values[index];
    if (field.kind === "money")
      return (
        <MoneyBox label={label} value={value} currency={currency} onChange={(next) => set(index, next)} />
      );
    if (field.kind === "date")
      return (
        <input
          className="inp short"
          aria-label={label}
          type="date"
          value={String(value ?? "")}
          onChange={(event) => set(index, event.target.value)}
        />
      );
    if (field.kind === "date_time")
      return (
        <input
          className="inp"
          style={{ width: 200 }}
          aria-label={label}
          type="datetime-local"
          value={wallOf(value)}
          onChange={(event) => set(index, event.target.value ? momentOf(event.target.value) : "")}
        />
      );
    return (
      <NumberBox
        label={label}
        value={value}
        whole={field.kind === "integer"}
        onChange={(next) => set(index, next)}
      />
    );
  };
  if (!two) return box(0, t`Value`);
  return (
    <>
      <span className="ink3">{t`from`}</span>
      {box(0, t`From, included`)}
      <span className="ink3">{t`to below`}</span>
      {box(1, t`To, excluded`)}
    </>
  );
}

function MoneyBox({
  label,
  value,
  currency,
  onChange,
}: {
  label: string;
  value: unknown;
  currency: string;
  onChange: (value: unknown) => void;
}) {
  const money = (typeof value === "object" && value ? value : { amount: "", currency }) as {
    amount: string;
    currency: string;
  };
  return <MoneyInput aria-label={label} style={{ width: 120 }} money={money} onChange={onChange} />;
}

interface CircleValue {
  country?: string;
  postcode?: string;
  lat?: number;
  lon?: number;
  km: number | null;
}

function Circles({ values, onChange }: { values: unknown[]; onChange: (values: unknown[]) => void }) {
  const { t, i18n } = useLingui();
  const circles = (values.length ? values : [{ country: "DE", postcode: "", km: null }]) as CircleValue[];
  const set = (index: number, next: CircleValue) =>
    onChange(circles.map((circle, at) => (at === index ? next : circle)));
  return (
    <div className="col g1 full">
      {circles.map((circle, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: circles have no identity but their place
        <div key={index} className="row g1 wrap">
          <NumberBox
            label={t`Kilometres`}
            value={circle.km}
            onChange={(km) => set(index, { ...circle, km })}
          />
          <span className="ink3">{t`km around`}</span>
          {circle.lat === undefined ? (
            <>
              <select
                className="inp"
                style={{ width: 140 }}
                aria-label={t`Country`}
                value={circle.country}
                onChange={(event) => set(index, { ...circle, country: event.target.value })}
              >
                {countryOptions(i18n.locale).map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                  </option>
                ))}
              </select>
              <input
                className="inp short"
                style={{ width: 92 }}
                aria-label={t`Postcode`}
                placeholder="80331"
                value={circle.postcode ?? ""}
                onChange={(event) => set(index, { ...circle, postcode: event.target.value })}
              />
            </>
          ) : (
            <span className="num">
              {circle.lat}°, {circle.lon}°
            </span>
          )}
          <Button
            size="s"
            look="quiet"
            label={t`Remove radius`}
            icon={<X size={14} />}
            onClick={() => onChange(circles.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button
          size="s"
          look="quiet"
          icon={<Plus size={14} />}
          onClick={() => onChange([...circles, { country: "DE", postcode: "", km: null }])}
        >{t`Radius`}</Button>
      </div>
    </div>
  );
}
