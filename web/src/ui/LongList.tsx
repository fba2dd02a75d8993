import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useMemo, useState } from "react";
import { Button } from "./Button";
import { formatNumber } from "./format";
import { Token } from "./Token";

const shown_max = 24;

/** Very many values at a glance: how many there are, and those that a search finds. */
export function LongList({
  values,
  onChange,
  removeLabel,
}: {
  values: string[];
  onChange: (values: string[]) => void;
  removeLabel: (value: string) => string;
}) {
  const { t, i18n } = useLingui();
  const [sought, setSought] = useState("");
  const found = useMemo(() => {
    const text = sought.trim().toLocaleLowerCase();
    return text ? values.filter((value) => value.toLocaleLowerCase().includes(text)) : values;
  }, [values, sought]);
  const more = found.length - shown_max;
  return (
    <div className="long-list">
      <div className="row g1 wrap">
        <b className="b num">{t`${plural(values.length, { one: "# value", other: "# values" })}`}</b>
        <input
          className="inp"
          type="search"
          aria-label={t`Search in the values`}
          placeholder={t`Search in the values`}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
          onKeyDown={(event) => {
            // Enter would send the form around it.
            if (event.key === "Enter") event.preventDefault();
          }}
        />
        <Button size="s" look="quiet" onClick={() => onChange([])}>{t`Remove all values`}</Button>
      </div>
      <div className="found" aria-live="polite">
        {found.slice(0, shown_max).map((value) => (
          <Token
            key={value}
            value={value}
            removeLabel={removeLabel(value)}
            onRemove={() => onChange(values.filter((other) => other !== value))}
          />
        ))}
        {more > 0 ? (
          <span className="small ink3">{t`and ${formatNumber(more, i18n.locale)} more`}</span>
        ) : null}
        {found.length ? null : <span className="small ink3">{t`No value has that in it.`}</span>}
      </div>
    </div>
  );
}
