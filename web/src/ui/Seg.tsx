import type { ReactNode } from "react";

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
}

/** One of a few: a radio group drawn as a segmented control. */
export function Seg<T extends string>({
  label,
  value,
  choices,
  onChange,
  small,
}: {
  label: string;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
  small?: boolean;
}) {
  const step = (by: number) => {
    const at = choices.findIndex((choice) => choice.value === value);
    const next = choices[(at + by + choices.length) % choices.length];
    if (next) onChange(next.value);
  };
  return (
    <div
      className={`seg ${small ? "s" : ""}`}
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === "ArrowRight" || event.key === "ArrowDown") step(1);
        else if (event.key === "ArrowLeft" || event.key === "ArrowUp") step(-1);
        else return;
        event.preventDefault();
      }}
    >
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
