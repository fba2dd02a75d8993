import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Intended, previewQuery } from "../api/batches";
import { paths } from "../paths";
import { formatNumber } from "../ui/format";
import { EndMark, useEnds } from "./ends";

/** Leads that the rule matches and that an earlier territory takes all the same, by example. */
export function Overlaps({ intended }: { intended: Intended }) {
  const { t, i18n } = useLingui();
  const preview = useQuery(previewQuery(intended));
  const endOf = useEnds();
  const overlaps = preview.data?.overlaps ?? [];
  if (!overlaps.length) return null;
  const total = overlaps.reduce((sum, overlap) => sum + overlap.leads, 0);
  return (
    <section className={`pad col g2 ${preview.isFetching ? "ink3" : ""}`} aria-labelledby="overlaps">
      <div className="row">
        <h2 className="h3 grow" id="overlaps">{t`Overlap`}</h2>
        <span className="small">{formatNumber(total, i18n.locale)}</span>
      </div>
      {overlaps.map((overlap) => {
        const end = endOf(overlap.territory);
        return (
          <div key={end.key} className="col g1">
            <div className="row">
              <span className="grow">
                <EndMark end={end} />
              </span>
              <span className="small ink2">{t`${formatNumber(overlap.leads, i18n.locale)}, stands before`}</span>
            </div>
            <ul className="col g1">
              {overlap.some.map((lead) => (
                <li key={lead.lead} className="row small">
                  <Link to={paths.lead} params={{ leadId: lead.lead }} className="m cut grow">
                    {lead.name ?? lead.lead.slice(-8)}
                  </Link>
                  <span className="ink3 nowrap">{lead.place}</span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
