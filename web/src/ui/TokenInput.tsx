import { X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";

const shown_max = 60;
const lines = /[\n\r\t;]+/;
const linesAndCommas = /[\n\r\t;,]+/;

interface Props {
  label: string;
  values: string[];
  onChange: (values: string[]) => void;
  placeholder?: string;
  removeLabel: (value: string) => string;
  /** Words for the values that a long list does not draw, such as "and 29,940 more". */
  more: (count: number) => string;
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
  more,
  invalid,
  describedBy,
  type = "text",
  commas = false,
}: Props) {
  const [draft, setDraft] = useState("");
  const id = useId();
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
  const hidden = values.length - shown_max;
  return (
    <div className="toks" data-invalid={invalid || undefined}>
      {values.slice(0, shown_max).map((value) => (
        <span key={value} className="tok">
          <span className="cut">{value}</span>
          <button
            type="button"
            aria-label={removeLabel(value)}
            onClick={() => onChange(values.filter((other) => other !== value))}
          >
            <X size={12} />
          </button>
        </span>
      ))}
      {hidden > 0 ? <span className="tok ink2">{more(hidden)}&nbsp;</span> : null}
      <input
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        type={type}
        value={draft}
        placeholder={values.length ? undefined : placeholder}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onBlur={() => add(draft)}
      />
    </div>
  );
}
