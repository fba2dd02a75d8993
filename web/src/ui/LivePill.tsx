import { ArrowUp } from "lucide-react";

/** New rows wait here until the reader asks for them. */
export function LivePill({ words, onTake }: { words: string | null; onTake: () => void }) {
  return (
    <span aria-live="polite" role="status">
      {words ? (
        <button type="button" className="live" onClick={onTake}>
          <ArrowUp size={14} aria-hidden="true" />
          {words}
          <span className="kbd" aria-hidden="true">
            <kbd>.</kbd>
          </span>
        </button>
      ) : null}
    </span>
  );
}
