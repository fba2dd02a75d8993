import type { ReactNode } from "react";

function initials(name: string) {
  const words = name.trim().split(/\s+/);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : (words[0]?.[1] ?? "");
  return (first + last).toUpperCase();
}

export function Avatar({
  name,
  size = "",
  me = false,
}: {
  name: string;
  size?: "" | "l" | "xl";
  me?: boolean;
}) {
  return (
    <span className={`av ${size} ${me ? "me" : ""}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** A person who is responsible, or the words for nobody. */
export function Owner({ name, nobody }: { name?: string | null; nobody?: ReactNode }) {
  if (!name) {
    return (
      <span className="own ink3">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <circle
            cx="10"
            cy="10"
            r="8.5"
            fill="none"
            stroke="currentColor"
            strokeDasharray="3 2.4"
            strokeWidth="1.2"
          />
        </svg>
        <span className="cut">{nobody}</span>
      </span>
    );
  }
  return (
    <span className="own" title={name}>
      <Avatar name={name} />
      <span className="cut">{name}</span>
    </span>
  );
}
