import { type CSSProperties, createContext, type ReactNode, useContext, useMemo } from "react";

export interface TerritoryMark {
  /** Draws the territory's own outline; without it, and where its rules name no place, a hexagon. */
  id?: string;
  name: string;
  /** Palette name, as in tokens.css. */
  color?: string | null;
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

/** The territories whose outline is known. */
const Drawn = createContext<ReadonlySet<string>>(new Set());

/** Draws each outline once, for all marks of a page. `outlines` are paths in a box of 40 pixels, by territory. */
export function Outlines({
  outlines,
  children,
}: {
  outlines: ReadonlyMap<string, string>;
  children: ReactNode;
}) {
  const drawn = useMemo(() => new Set(outlines.keys()), [outlines]);
  return (
    <Drawn value={drawn}>
      <svg width="0" height="0" style={{ position: "absolute" }} aria-hidden="true">
        {[...outlines].map(([id, path]) => (
          <symbol key={id} id={symbol(id)} viewBox="0 0 40 40" overflow="visible">
            <path d={path} />
          </symbol>
        ))}
      </svg>
      {children}
    </Drawn>
  );
}

const symbol = (id: string) => `outline-${id}`;

export function Outline({
  mark,
  size = "",
}: {
  mark: Pick<TerritoryMark, "color" | "id">;
  size?: "" | "s" | "l" | "xl";
}) {
  const drawn = useContext(Drawn);
  if (mark.id && drawn.has(mark.id)) {
    return (
      <svg className={`sil drawn ${size}`} style={tint(mark.color)} viewBox="0 0 40 40" aria-hidden="true">
        <use href={`#${symbol(mark.id)}`} />
      </svg>
    );
  }
  return (
    <svg className={`sil ${size}`} style={tint(mark.color)} viewBox="0 0 24 24" aria-hidden="true">
      <path d={hexagon} />
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
