import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type Area, areasQuery, type MapName, type Territory } from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { Seg } from "../ui/Seg";
import { Skeleton } from "../ui/Skeleton";
import { Outline, tint } from "../ui/Territory";
import { AreaTable } from "./AreaTable";
import { codeOf, holders, mapQuery, rivals, sources } from "./maps";
import type { Coloring, MapSearch } from "./search";
import "./map.css";

/** A map of the areas that territories are made of, and a table that says the same. */
export function TerritoryMap({
  territories,
  chosen,
  search,
}: {
  territories: Territory[];
  chosen: Territory | undefined;
  search: MapSearch;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const name = search.map ?? "dach-postcodes-2";
  const color = search.color ?? "territory";
  const map = useQuery(mapQuery(name));
  const answer = useQuery(areasQuery(name));
  const [hovered, setHovered] = useState<{ area: number; x: number; y: number }>();
  const byId = useMemo(() => new Map(territories.map((one) => [one.id, one])), [territories]);
  const lines = useMemo(() => linesOf(territories), [territories]);
  const areas = useMemo(
    () => new Map((answer.data?.items ?? []).map((area) => [area.area, area])),
    [answer.data],
  );
  const turn = (next: MapSearch) =>
    void navigate({
      to: chosen ? paths.territory : paths.territories,
      params: chosen ? { territoryId: chosen.id } : {},
      search: { ...search, ...next },
      replace: true,
    });
  const levels: { value: MapName; label: string }[] = [
    { value: "dach-postcodes-1", label: t`1 digit` },
    { value: "dach-postcodes-2", label: t`2 digits` },
    { value: "dach-postcodes-3", label: t`3 digits` },
    { value: "dach-states", label: t`DE, AT, CH states` },
    { value: "us-states", label: t`US states` },
    { value: "us-counties", label: t`US counties` },
    { value: "world", label: t`World` },
  ];
  const colors: { value: Coloring; label: string }[] = [
    { value: "territory", label: t`Territory` },
    { value: "leads", label: t`Leads` },
    { value: "load", label: t`Load` },
  ];
  const data = answer.data;
  const loads = new Map(
    (data?.loads ?? []).map((one) => [
      one.territory_id,
      one.receivers ? one.open_leads / one.receivers : undefined,
    ]),
  );
  const leads_max = Math.max(1, ...(data?.items ?? []).map((area) => area.leads ?? 0));
  const load_max = Math.max(1, ...[...loads.values()].map((load) => load ?? 0));
  const strength = (area: Area | undefined) => {
    const share =
      color === "leads" ? (area?.leads ?? 0) / leads_max : (loads.get(area?.main ?? "") ?? 0) / load_max;
    // Roots, so that a few large cities do not leave the rest of the map white.
    return share ? 0.12 + 0.83 * Math.sqrt(share) : 0;
  };
  const without = (data?.items ?? []).filter((area) => !area.territories.length).length;
  const doubled = (data?.items ?? []).filter((area) => rivals(area, lines).length).length;
  const held = new Set((data?.items ?? []).flatMap((area) => area.main ?? [])).size;
  const level = levels.find((one) => one.value === name)?.label ?? "";
  const said = [
    t`Map, ${level}: ${plural(held, { one: "# territory", other: "# territories" })} in ${plural(data?.items.length ?? 0, { one: "# area", other: "# areas" })}`,
    t`${plural(without, { one: "# area without a territory", other: "# areas without a territory" })}`,
    t`${plural(doubled, { one: "# area with several", other: "# areas with several" })}`,
  ].join("; ");
  const first = (place: number) => areas.get(map.data?.areas[place]?.id ?? "")?.main;
  const pointed = hovered ? areas.get(map.data?.areas[hovered.area]?.id ?? "") : undefined;
  return (
    <section className="terr-map" aria-label={t`Map`}>
      <div className="map-bar">
        <Seg label={t`Areas`} small value={name} choices={levels} onChange={(next) => turn({ map: next })} />
        <Seg
          label={t`Colour`}
          small
          value={color}
          choices={colors}
          onChange={(next) => turn({ color: next })}
        />
      </div>
      {map.isError ? <Note kind="bad">{t`The map could not be fetched. Reload the page.`}</Note> : null}
      {answer.isError ? <Note kind="bad">{words.problem(answer.error)}</Note> : null}
      {map.data && data ? (
        <div className="map-frame">
          <svg
            className={`map ${color}`}
            viewBox={`0 0 ${map.data.width} ${map.data.height}`}
            role="img"
            aria-label={said}
            onPointerLeave={() => setHovered(undefined)}
          >
            <defs>
              <pattern
                id="map-none"
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <rect width="6" height="6" className="ground" />
                <rect width="1.6" height="6" className="line" />
              </pattern>
              <pattern id="map-several" width="7" height="7" patternUnits="userSpaceOnUse">
                <circle cx="2" cy="2" r="1.3" className="dot" />
              </pattern>
            </defs>
            {map.data.areas.map((one, place) => {
              const area = areas.get(one.id);
              const owner = byId.get(area?.main ?? "");
              const free = !owner;
              const style =
                color === "territory"
                  ? owner
                    ? tint(owner.color)
                    : undefined
                  : { fill: "var(--fir)", fillOpacity: strength(area) };
              return (
                // The table has the same as links; this is for the mouse.
                <path
                  key={one.id}
                  data-area={one.id}
                  data-territory={owner?.id}
                  className={`a ${free ? "none" : ""}`}
                  style={free && color === "territory" ? { fill: "url(#map-none)" } : style}
                  d={one.path}
                  onPointerMove={(event) => {
                    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
                    if (box)
                      setHovered({ area: place, x: event.clientX - box.left, y: event.clientY - box.top });
                  }}
                  onClick={() =>
                    owner && void navigate({ to: paths.territory, params: { territoryId: owner.id }, search })
                  }
                />
              );
            })}
            {map.data.areas.map((one) => {
              const area = areas.get(one.id);
              return area && rivals(area, lines).length ? (
                <path key={one.id} className="several" d={one.path} />
              ) : null;
            })}
            <path
              className="border"
              d={map.data.arcs
                .filter(({ sides }) => sides.length > 1 && first(sides[0] ?? -1) !== first(sides[1] ?? -1))
                .map((arc) => arc.path)
                .join("")}
            />
            {chosen ? (
              <path
                className="chosen"
                d={map.data.arcs
                  .filter(({ sides }) => sides.filter((side) => first(side) === chosen.id).length === 1)
                  .map((arc) => arc.path)
                  .join("")}
              />
            ) : null}
            {color === "territory"
              ? labels(map.data.areas, (id) => areas.get(id)?.main ?? undefined).map((label) => (
                  <text key={label.id} x={label.x} y={label.y} className="lbl">
                    {byId.get(label.id)?.name}
                  </text>
                ))
              : null}
          </svg>
          {hovered && pointed ? (
            <div className="map-tip" style={{ left: hovered.x, top: hovered.y }}>
              <strong className="m">
                {[codeOf(pointed), i18n.locale === "de" ? pointed.name_de : pointed.name_en]
                  .filter(Boolean)
                  .join(" · ")}
              </strong>
              {pointed.territories.length ? (
                holders(pointed).map((id) => {
                  const one = byId.get(id);
                  return one ? (
                    <span key={id} className="row">
                      <Outline mark={one} size="s" />
                      {one.name}
                    </span>
                  ) : null;
                })
              ) : (
                <span className="ink2">{t`No territory`}</span>
              )}
              {pointed.leads == null ? null : (
                <span className="ink2">{t`${plural(pointed.leads, { one: "# lead", other: "# leads" })}`}</span>
              )}
            </div>
          ) : null}
        </div>
      ) : (
        <Skeleton label={t`Loading`} lines={8} />
      )}
      <p className="map-legend small ink2">
        <span>
          <svg width="14" height="14" aria-hidden="true">
            <rect width="14" height="14" fill="url(#map-none)" />
          </svg>
          {t`no territory`}
        </span>
        <span>
          <svg width="14" height="14" aria-hidden="true" className="dots">
            <rect width="14" height="14" fill="url(#map-several)" />
          </svg>
          {t`several territories`}
        </span>
        {color === "leads" ? (
          <span>{t`the darker, the more leads, at most ${formatNumber(leads_max, i18n.locale)}`}</span>
        ) : null}
        {color === "load" ? (
          <span>{t`the darker, the more open leads per member who is handed leads`}</span>
        ) : null}
      </p>
      <p className="tiny ink3">{t`Borders: ${sources[name]}`}</p>
      {data?.anywhere.length ? (
        <p className="small ink2">
          {t`Rules without a place, so everywhere: ${data.anywhere.map((id) => byId.get(id)?.name).join(", ")}`}
        </p>
      ) : null}
      {data ? (
        <AreaTable
          areas={data.items}
          elsewhere={data.leads_elsewhere ?? null}
          byId={byId}
          lines={lines}
          search={search}
          onSort={(sort) => turn({ sort })}
        />
      ) : null}
    </section>
  );
}

/** Each territory with all that are above it. */
function linesOf(territories: Territory[]): Map<string, string[]> {
  const parents = new Map(territories.map((one) => [one.id, one.parent]));
  const above = (id: string) => {
    const line: string[] = [];
    for (let at = parents.get(id); at && !line.includes(at); at = parents.get(at)) line.push(at);
    return line;
  };
  return new Map(territories.map((one) => [one.id, above(one.id)]));
}

/** A name for each territory, on the largest of its areas nearest to their middle. */
function labels(
  areas: { id: string; middle: [number, number]; size: number }[],
  ownerOf: (area: string) => string | undefined,
): { id: string; x: number; y: number }[] {
  const sums = new Map<string, { x: number; y: number; size: number; parts: [number, number][] }>();
  for (const area of areas) {
    const id = ownerOf(area.id);
    if (!id) continue;
    const sum = sums.get(id) ?? { x: 0, y: 0, size: 0, parts: [] };
    sum.x += area.middle[0] * area.size;
    sum.y += area.middle[1] * area.size;
    sum.size += area.size;
    sum.parts.push(area.middle);
    sums.set(id, sum);
  }
  // What is too small for its name is named by the pointer and the table.
  return [...sums]
    .filter(([, sum]) => sum.size > 2500)
    .map(([id, sum]) => {
      const [x, y] = [sum.x / sum.size, sum.y / sum.size];
      const off = ([left, top]: [number, number]) => Math.hypot(left - x, top - y);
      const [left, top] = sum.parts.reduce((best, part) => (off(part) < off(best) ? part : best));
      return { id, x: left, y: top };
    });
}
