import { Plural } from "@lingui/react/macro";
import { Check, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./Button";
import { Outline, type TerritoryMark, tint } from "./Territory";

export interface Tried {
  id: string;
  mark: TerritoryMark;
  said: ReactNode;
  won: boolean;
}

interface Props {
  title: string;
  mark: TerritoryMark | null;
  aside?: ReactNode;
  /** The answer in one sentence. */
  said: ReactNode;
  triedLabel: string;
  tried: Tried[];
  wonLabel: string;
  lostLabel: string;
  ring?: ReactNode;
  actions?: ReactNode;
}

/** Territories shown at first: the one that won, and those tried last before it. */
const tried_shown_max = 5;

/** The answer first, the evidence below: territories tried in order, and the ring. */
export function Why({
  title,
  mark,
  aside,
  said,
  triedLabel,
  tried,
  wonLabel,
  lostLabel,
  ring,
  actions,
}: Props) {
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole || tried.length <= tried_shown_max + 1 ? 0 : tried.length - tried_shown_max;
  return (
    <section
      className={`why ${mark ? "t" : ""}`}
      style={mark ? tint(mark.color) : undefined}
      aria-label={title}
    >
      <div className="row">
        {mark ? <Outline mark={mark} size="l" /> : null}
        <h2 className="h2 grow">{title}</h2>
        <span className="small ink2">{aside}</span>
      </div>
      <p className="said hyphens">{said}</p>
      {tried.length || ring ? (
        <div className="evidence">
          {tried.length ? (
            <div>
              <p className="small ink2" id="why-tried">
                {triedLabel}
              </p>
              {hidden ? (
                <Button size="s" look="quiet" onClick={() => setWhole(true)}>
                  <Plural value={hidden} one="show # tried before" other="show # tried before" />
                </Button>
              ) : null}
              <ol aria-labelledby="why-tried" start={hidden + 1} style={{ marginTop: 6 }}>
                {tried.slice(hidden).map((one) => (
                  <li key={one.id} className={`tried ${one.won ? "won" : ""}`}>
                    <span className="t terr m" style={tint(one.mark.color)}>
                      <Outline mark={one.mark} />
                      <span>{one.mark.name}</span>
                    </span>
                    <span className="ink2 cut" title={typeof one.said === "string" ? one.said : undefined}>
                      {one.said}
                    </span>
                    {one.won ? (
                      <Check size={16} className="ok" aria-label={wonLabel} />
                    ) : (
                      <X size={16} className="ink3" aria-label={lostLabel} />
                    )}
                  </li>
                ))}
              </ol>
            </div>
          ) : (
            <div />
          )}
          {ring}
        </div>
      ) : null}
      {actions ? (
        <div className="row wrap" style={{ marginTop: 14 }}>
          {actions}
        </div>
      ) : null}
    </section>
  );
}
