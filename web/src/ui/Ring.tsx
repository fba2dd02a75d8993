import { type TerritoryMark, tint } from "./Territory";

export interface Bead {
  id: string;
  name: string;
  /** Is handed the lead, or would be handed the next one. */
  next: boolean;
  /** Cannot be handed leads now; `reason` says why. */
  out: boolean;
  reason?: string;
}

const short = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .filter((_, index, all) => index === 0 || index === all.length - 1)
    .join("")
    .toUpperCase();

/** The ring as one line: who was passed over and why, who got the lead, who follows. */
export function RingChain({ beads, label }: { beads: Bead[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <ol className="chain" aria-label={label} tabIndex={0}>
      {beads.map((bead) => (
        <li key={bead.id}>
          <span className={`bead ${bead.next ? "next" : bead.out ? "out" : ""}`} aria-hidden="true">
            {short(bead.name)}
          </span>
          <span className={`who ${bead.out ? "ink3" : ""}`}>{bead.out ? <s>{bead.name}</s> : bead.name}</span>
          <span className="reason hyphens">{bead.reason}</span>
        </li>
      ))}
    </ol>
  );
}

/** The ring drawn as a ring; the list beside it says the same. */
export function RingWheel({
  beads,
  mark,
  caption,
  name,
  below,
  label,
}: {
  beads: Bead[];
  mark: TerritoryMark;
  caption: string;
  name: string;
  below: string;
  label: string;
}) {
  const radius = 110;
  const shown = beads.slice(0, 24);
  const size = shown.length > 14 ? 15 : 20;
  return (
    <svg className="wheel t" style={tint(mark.color)} viewBox="0 0 290 290" role="img" aria-label={label}>
      <circle className="path" cx="145" cy="145" r={radius} />
      {shown.map((bead, index) => {
        const angle = (index / shown.length) * 2 * Math.PI - Math.PI / 2;
        const x = 145 + radius * Math.cos(angle);
        const y = 145 + radius * Math.sin(angle);
        return (
          <g key={bead.id} className={bead.next ? "next" : bead.out ? "out" : ""}>
            <circle className="bead-c" cx={x} cy={y} r={bead.next ? size + 3 : size} />
            <text x={x} y={y}>
              {short(bead.name)}
            </text>
          </g>
        );
      })}
      <text className="cap-t" x="145" y="120">
        {caption}
      </text>
      <text
        className="name"
        x="145"
        y="145"
        textLength={name.length > 17 ? 160 : undefined}
        lengthAdjust="spacingAndGlyphs"
      >
        {name}
      </text>
      <text className="cap-t" x="145" y="170">
        {below}
      </text>
    </svg>
  );
}
