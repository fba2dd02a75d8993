import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo, useState } from "react";
import type { Area, Territory } from "../api/territories";
import { paths } from "../paths";
import { formatNumber } from "../ui/format";
import { Terr } from "../ui/Territory";
import { codeOf, holders, leadsIn, rivals } from "./maps";
import type { MapSearch } from "./search";

const rows_shown = 200;

type Sort = NonNullable<MapSearch["sort"]>;

/** What a map shows, as a table: areas, who gets their leads, and how many there are. */
export function AreaTable({
  areas,
  elsewhere,
  byId,
  lines,
  search,
  onSort,
}: {
  areas: Area[];
  elsewhere: number | null;
  byId: Map<string, Territory>;
  lines: Map<string, string[]>;
  search: MapSearch;
  onSort: (sort: Sort) => void;
}) {
  const { t, i18n } = useLingui();
  const [all, setAll] = useState(false);
  const sort = search.sort ?? "area";
  const nameOf = (area: Area) =>
    [codeOf(area), i18n.locale === "de" ? area.name_de : area.name_en].filter(Boolean).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: nameOf follows from the language
  const sorted = useMemo(() => {
    const words = new Intl.Collator(i18n.locale, { numeric: false });
    const first = (area: Area) => byId.get(area.main ?? "")?.name ?? "";
    const by: Record<string, (a: Area, b: Area) => number> = {
      area: (a, b) => words.compare(nameOf(a), nameOf(b)),
      territory: (a, b) => words.compare(first(a), first(b)),
      leads: (a, b) => (a.leads ?? 0) - (b.leads ?? 0),
    };
    const compare = by[sort.replace("-", "")] ?? (() => 0);
    const order = sort.startsWith("-") ? -1 : 1;
    return [...areas].sort((a, b) => order * compare(a, b) || words.compare(nameOf(a), nameOf(b)));
  }, [areas, byId, sort, i18n.locale]);
  const shown = all ? sorted : sorted.slice(0, rows_shown);
  const head = (column: "area" | "territory" | "leads", label: string, number = false) => {
    const is = sort.replace("-", "") === column;
    const falling = sort.startsWith("-");
    return (
      <th
        scope="col"
        className={number ? "num" : ""}
        aria-sort={is ? (falling ? "descending" : "ascending") : undefined}
      >
        <button
          type="button"
          className="th-sort"
          onClick={() =>
            onSort(
              is ? ((falling ? column : `-${column}`) as Sort) : number ? (`-${column}` as Sort) : column,
            )
          }
        >
          {label}
          {is ? (
            falling ? (
              <ArrowDown size={12} aria-hidden="true" />
            ) : (
              <ArrowUp size={12} aria-hidden="true" />
            )
          ) : null}
        </button>
      </th>
    );
  };
  return (
    <>
      <table className="tbl area-table">
        <caption className="sr">{t`Areas and their territories`}</caption>
        <thead>
          <tr>
            {head("area", t`Area`)}
            {head("territory", t`Territory`)}
            {head("leads", t`Leads`, true)}
          </tr>
        </thead>
        <tbody>
          {shown.map((area) => {
            const condition = leadsIn(area.area);
            const count = area.leads == null ? "–" : formatNumber(area.leads, i18n.locale);
            const seen = holders(area).flatMap((id) => byId.get(id) ?? []);
            return (
              <tr key={area.area} data-area={area.area}>
                <td>{nameOf(area)}</td>
                <td>
                  {seen.length ? (
                    <span className="marks">
                      {seen.map((one) => (
                        <Link
                          key={one.id}
                          to={paths.territory}
                          params={{ territoryId: one.id }}
                          search={search}
                        >
                          <Terr mark={one} />
                        </Link>
                      ))}
                      {rivals(area, lines).length ? <span className="tag warn">{t`several`}</span> : null}
                    </span>
                  ) : (
                    <span className="ink3">{t`no territory`}</span>
                  )}
                </td>
                <td className="num">
                  {condition && area.leads ? (
                    <Link className="lnk" to={paths.leads} search={{ filter: condition }}>
                      {count}
                    </Link>
                  ) : (
                    count
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {shown.length < sorted.length ? (
        <button type="button" className="btn s" onClick={() => setAll(true)}>
          {t`Show all ${formatNumber(sorted.length, i18n.locale)} areas`}
        </button>
      ) : null}
      {elsewhere ? (
        <p className="small ink2">
          {t`${plural(elsewhere, { one: "# more lead lies in no area of this map", other: "# more leads lie in no area of this map" })}`}
        </p>
      ) : null}
    </>
  );
}
