const fill: Record<string, string> = {
  new: "",
  contacted: "8.04 20.11",
  in_contact: "8.04 20.11",
  working: "8.04 20.11",
  qualified: "15.08 20.11",
};

/** Draws how far a lead has come; the word beside it says the same. */
export function Status({ status, label }: { status: string; label: string }) {
  return (
    <span className="st">
      <svg
        width="16"
        height="16"
        viewBox="0 0 16 16"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      >
        <Mark status={status} />
      </svg>
      {label}
    </span>
  );
}

function Mark({ status }: { status: string }) {
  if (/disqualif|lost|unqualif/.test(status))
    return (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="m6 6 4 4m0-4-4 4" strokeLinecap="round" />
      </>
    );
  if (/follow|nurtur|later/.test(status))
    return (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="M8 4.8V8l2 1.6" strokeLinecap="round" />
      </>
    );
  const part = fill[status];
  if (part)
    return (
      <>
        <circle cx="8" cy="8" r="6" />
        <circle cx="8" cy="8" r="3.2" strokeWidth="3.4" strokeDasharray={part} transform="rotate(-90 8 8)" />
      </>
    );
  if (/convert/.test(status))
    return (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="m5.4 8.2 1.8 1.8 3.4-3.8" strokeLinecap="round" strokeLinejoin="round" />
      </>
    );
  return <circle cx="8" cy="8" r="6" strokeDasharray="2.2 1.6" />;
}
