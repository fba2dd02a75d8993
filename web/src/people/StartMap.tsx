import map from "../ui/maps/dach.json";
import { tint } from "../ui/Territory";

/** Decoration: Germany, Austria and Switzerland split into made-up territories, never the company's own. */
export function StartMap({ lit }: { lit?: string }) {
  return (
    <svg className="map" viewBox="0 0 620 780" aria-hidden="true">
      {map.areas.map((area) => (
        <path
          key={area.color}
          className={`area ${area.color === lit ? "lit" : ""}`}
          style={tint(area.color)}
          d={area.d}
        />
      ))}
      <path className="inner" d={map.inner} />
    </svg>
  );
}
