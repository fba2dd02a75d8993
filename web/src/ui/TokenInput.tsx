import { useLingui } from "@lingui/react/macro";
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { LongList } from "./LongList";
import { Token } from "./Token";

const shown_max = 60;
const lines = /[\n\r\t;]+/;
const linesAndCommas = /[\n\r\t;,]+/;

interface Props {
  label: string;
  values: string[];
  onChange: (values: string[]) => void;
  placeholder?: string;
  removeLabel: (value: string) => string;
  invalid?: boolean;
  describedBy?: string;
  type?: string;
  /** Whether a comma ends a value; company names have commas of their own. */
  commas?: boolean;
}

/** Many free values: Enter, Tab or comma adds one; pasting a column adds all of its lines. */
export function TokenInput({
  label,
  values,
  onChange,
  placeholder,
  removeLabel,
  invalid,
  describedBy,
  type = "text",
  commas = false,
}: Props) {
  const { t } = useLingui();
  const [draft, setDraft] = useState("");
  const id = useId();
  const isLong = values.length > shown_max;
  const separators = commas ? linesAndCommas : lines;
  const add = (text: string) => {
    const parts = text
      .split(separators)
      .map((part) => part.trim())
      .filter(Boolean);
    if (parts.length) onChange([...new Set([...values, ...parts])]);
    setDraft("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === "Enter" || (commas && event.key === ",") || event.key === ";") && draft.trim()) {
      event.preventDefault();
      add(draft);
    } else if (event.key === "Backspace" && !draft && values.length) {
      event.preventDefault();
      onChange(values.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text");
    if (!separators.test(text)) return;
    event.preventDefault();
    add(draft + text);
  };
  return (
    <div className="toks" data-invalid={invalid || undefined}>
      {isLong ? (
        <LongList values={values} onChange={onChange} removeLabel={removeLabel} />
      ) : (
        values.map((value) => (
          <Token
            key={value}
            value={value}
            removeLabel={removeLabel(value)}
            onRemove={() => onChange(values.filter((other) => other !== value))}
          />
        ))
      )}
      <input
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        type={type}
        value={draft}
        placeholder={isLong ? t`Add values` : values.length ? undefined : placeholder}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => add(draft)}
      />
    </div>
  );
}
