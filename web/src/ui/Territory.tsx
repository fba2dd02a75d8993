import type { CSSProperties } from "react";

export interface TerritoryMark {
  name: string;
  /** Palette name, as in tokens.css. */
  color?: string | null;
  /** Path in a 24 × 24 box; a hexagon stands in where the rules name no place. */
  outline?: string | null;
}

const palette = new Set(
  "enzian ahorn moos holunder ginster eisvogel hagebutte tanne schlehe harz see heide farn flieder fuchs schiefer".split(
    " ",
  ),
);

export const paletteNames = [...palette];

/** Sets --t from a palette name; a plan file's hex colour passes through. */
export function tint(color?: string | null): CSSProperties {
  if (!color) return { "--t": "var(--t-schiefer)" } as CSSProperties;
  if (palette.has(color)) return { "--t": `var(--t-${color})` } as CSSProperties;
  return { "--t": /^#[0-9a-f]{6}$/i.test(color) ? color : "var(--t-schiefer)" } as CSSProperties;
}

const hexagon = "M12 1.8 20.8 6.9V17.1L12 22.2 3.2 17.1V6.9Z";

export function Outline({
  mark,
  size = "",
}: {
  mark: Pick<TerritoryMark, "color" | "outline">;
  size?: "" | "s" | "l" | "xl";
}) {
  return (
    <svg className={`sil ${size}`} style={tint(mark.color)} viewBox="0 0 24 24" aria-hidden="true">
      <path d={mark.outline || hexagon} />
    </svg>
  );
}

/** The territory's mark: outline and name, never the colour alone. */
export function Terr({ mark, pill = false }: { mark: TerritoryMark; pill?: boolean }) {
  return (
    <span className={`t terr ${pill ? "pill" : ""}`} style={tint(mark.color)} title={mark.name}>
      <Outline mark={mark} size={pill ? "s" : ""} />
      <span>{mark.name}</span>
    </span>
  );
}
