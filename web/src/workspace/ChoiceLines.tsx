import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { Button } from "../ui/Button";
import type { Line } from "./choices";

/** Choices in both languages and in their order. */
export function ChoiceLines({
  lines,
  onChange,
  error,
}: {
  lines: Line[];
  onChange: (lines: Line[]) => void;
  error?: string | null;
}) {
  const { t } = useLingui();
  const line = (id: number, part: Partial<Line>) =>
    onChange(lines.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const swap = (at: number) => {
    const next = [...lines];
    const [one, other] = [next[at], next[at + 1]];
    if (one && other) [next[at], next[at + 1]] = [other, one];
    onChange(next);
  };
  return (
    <>
      {lines.map((one, index) => (
        <div key={one.id} className="row">
          <input
            className="inp"
            lang="de"
            aria-label={t`Choice ${index + 1} in German`}
            placeholder="Deutsch"
            value={one.label_de}
            onChange={(event) => line(one.id, { label_de: event.target.value })}
          />
          <input
            className="inp"
            lang="en"
            aria-label={t`Choice ${index + 1} in English`}
            placeholder="English"
            value={one.label_en}
            onChange={(event) => line(one.id, { label_en: event.target.value })}
          />
          {index > 0 ? (
            <Button
              size="s"
              look="quiet"
              label={t`Move choice ${index + 1} up`}
              icon={<ArrowUp size={14} />}
              onClick={() => swap(index - 1)}
            />
          ) : null}
          {index < lines.length - 1 ? (
            <Button
              size="s"
              look="quiet"
              label={t`Move choice ${index + 1} down`}
              icon={<ArrowDown size={14} />}
              onClick={() => swap(index)}
            />
          ) : null}
          <Button
            size="s"
            look="quiet"
            label={t`Remove choice ${index + 1}`}
            icon={<X size={14} />}
            onClick={() => onChange(lines.filter((other) => other.id !== one.id))}
          />
        </div>
      ))}
      {error ? (
        <p className="said bad small" role="alert">
          {error}
        </p>
      ) : null}
      <div>
        <Button
          size="s"
          look="quiet"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() =>
            onChange([
              ...lines,
              { id: Math.max(0, ...lines.map((one) => one.id)) + 1, key: "", label_de: "", label_en: "" },
            ])
          }
        >{t`Add a choice`}</Button>
      </div>
    </>
  );
}
