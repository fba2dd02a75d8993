import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { leadCountQuery } from "../api/leads";
import { areasQuery, type MapName } from "../api/territories";
import { paths } from "../paths";
import { formatNumber } from "../ui/format";
import { codeOf, leadsIn } from "./maps";

const gaps_shown = 3;
const nowhere = { field: "territory", op: "is_empty", values: [] };

/** Leads without a territory, and where most leads are in areas that no territory names. */
export function Gaps({ map }: { map: MapName }) {
  const { t, i18n } = useLingui();
  const count = useQuery(leadCountQuery(nowhere)).data;
  const areas = useQuery(areasQuery(map)).data?.items ?? [];
  const gaps = areas
    .filter((area) => !area.territories.length && area.leads)
    .sort((a, b) => (b.leads ?? 0) - (a.leads ?? 0))
    .slice(0, gaps_shown);
  if (!count?.value && !gaps.length) return null;
  return (
    <div className="gaps">
      <p className="row">
        <Inbox size={15} aria-hidden="true" />
        <span className="m grow">{t`Without territory`}</span>
        <Link className="lnk n" to={paths.leads} search={{ filter: nowhere }}>
          {formatNumber(count?.value ?? 0, i18n.locale)}
        </Link>
      </p>
      {gaps.length ? (
        <>
          <p className="small ink2">{t`Largest gaps of this map:`}</p>
          <ul className="small">
            {gaps.map((area) => {
              const name = [codeOf(area), i18n.locale === "de" ? area.name_de : area.name_en];
              const words = t`${name.filter(Boolean).join(" ")}, ${plural(area.leads ?? 0, { one: "# lead", other: "# leads" })}`;
              const condition = leadsIn(area.area);
              return (
                <li key={area.area}>
                  {condition ? (
                    <Link className="lnk" to={paths.leads} search={{ filter: condition }}>
                      {words}
                    </Link>
                  ) : (
                    words
                  )}
                </li>
              );
            })}
          </ul>
        </>
      ) : null}
    </div>
  );
}
