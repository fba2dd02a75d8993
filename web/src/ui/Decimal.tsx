import { useLingui } from "@lingui/react/macro";
import { type CSSProperties, useState } from "react";
import { plainDecimal, shownDecimal } from "./decimals";

interface Props {
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  style?: CSSProperties;
}

/** A number with decimals as the reader writes it, "1.234,50" or "1,234.50"; it leaves as "1234.50". */
export function DecimalInput({
  value,
  onChange,
  ...rest
}: Props & { value: string; onChange: (value: string) => void }) {
  const { i18n } = useLingui();
  const [typed, setTyped] = useState<{ text: string; plain: string } | null>(null);
  const shown = typed?.plain === value ? typed.text : shownDecimal(value, i18n.locale);
  return (
    <input
      {...rest}
      className="inp num"
      inputMode="decimal"
      value={shown}
      onChange={(event) => {
        const text = event.target.value;
        const plain = plainDecimal(text, i18n.locale);
        setTyped({ text, plain });
        onChange(plain);
      }}
    />
  );
}

interface Money {
  amount: string;
  currency: string;
}

/** An amount and its currency. */
export function MoneyInput({
  money,
  onChange,
  ...rest
}: Props & { money: Money; onChange: (money: Money) => void }) {
  const { t } = useLingui();
  return (
    <span className="row g1">
      <DecimalInput {...rest} value={money.amount} onChange={(amount) => onChange({ ...money, amount })} />
      <input
        className="inp"
        style={{ width: 68, flex: "none" }}
        aria-label={t`Currency`}
        maxLength={3}
        value={money.currency}
        onChange={(event) => onChange({ ...money, currency: event.target.value.toUpperCase() })}
      />
    </span>
  );
}
