import { useLingui } from "@lingui/react/macro";
import { formatNumber } from "./format";
import { tint } from "./Territory";

export interface FlowEnd {
  key: string;
  name: string;
  color?: string | null;
}

export interface FlowLine {
  from: FlowEnd;
  to: FlowEnd;
  count: number;
}

const height = 340;
const width = 680;
const bar = 8;
const left = 220;
const right = width - 220;
const gap = 22;
const thin = 4;

interface Block {
  end: FlowEnd;
  count: number;
  y: number;
  h: number;
  taken: number;
}

function blocks(lines: FlowLine[], side: "from" | "to", scale: number): Block[] {
  const found = new Map<string, Block>();
  for (const line of lines) {
    const end = line[side];
    const block = found.get(end.key) ?? { end, count: 0, y: 0, h: 0, taken: 0 };
    block.count += line.count;
    found.set(end.key, block);
  }
  let y = 8;
  return [...found.values()].map((block) => {
    const h = Math.max(thin, block.count * scale);
    const placed = { ...block, y, h };
    y += h + gap;
    return placed;
  });
}

/** Who goes where: bands from the territories that lose to those that win. A table beside it says the same. */
export function Flow({ lines, said }: { lines: FlowLine[]; said: string }) {
  const { i18n } = useLingui();
  const total = lines.reduce((sum, line) => sum + line.count, 0);
  const most = Math.max(
    new Set(lines.map((line) => line.from.key)).size,
    new Set(lines.map((line) => line.to.key)).size,
  );
  const scale = total ? Math.max(20, height - 16 - most * gap) / total : 0;
  const from = blocks(lines, "from", scale);
  const to = blocks(lines, "to", scale);
  const tall = Math.max(...[...from, ...to].map((block) => block.y + block.h), 40) + 16;
  const bands = lines.map((line) => {
    const a = from.find((block) => block.end.key === line.from.key) as Block;
    const b = to.find((block) => block.end.key === line.to.key) as Block;
    const h = Math.max(2, line.count * scale);
    const [ay, by] = [a.y + a.taken, b.y + b.taken];
    a.taken += h;
    b.taken += h;
    const mid = (left + right) / 2;
    return {
      key: `${line.from.key} ${line.to.key}`,
      line,
      d: `M${left + bar} ${ay}C${mid} ${ay} ${mid} ${by} ${right - bar} ${by}V${by + h}C${mid} ${by + h} ${mid} ${ay + h} ${left + bar} ${ay + h}Z`,
    };
  });
  const name = (block: Block, x: number, anchor: "start" | "end") => (
    <g key={`${anchor} ${block.end.key}`} className="t" style={tint(block.end.color)}>
      <rect
        x={anchor === "end" ? left : right - bar}
        y={block.y}
        width={bar}
        height={block.h}
        fill="var(--t)"
        rx="2"
      />
      <text x={x} y={block.y + block.h / 2 + 4} textAnchor={anchor} className="flow-name">
        {block.end.name.length > 24 ? `${block.end.name.slice(0, 23)}…` : block.end.name}
        <tspan className="flow-count"> {formatNumber(block.count, i18n.locale)}</tspan>
      </text>
    </g>
  );
  return (
    <svg className="flow" viewBox={`0 0 ${width} ${tall}`} role="img" aria-label={said}>
      {bands.map(({ key, line, d }) => (
        <path
          key={key}
          className="t"
          style={tint(line.from.color)}
          d={d}
          fill="var(--t)"
          fillOpacity="0.28"
        />
      ))}
      {from.map((block) => name(block, left - 10, "end"))}
      {to.map((block) => name(block, right + 10, "start"))}
    </svg>
  );
}
