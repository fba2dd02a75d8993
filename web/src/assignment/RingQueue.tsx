import { useLingui } from "@lingui/react/macro";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Clock } from "lucide-react";
import type { RotationView, TerritoryRef } from "../api/generated/types.gen";
import { leadQuery, someLeadsQuery } from "../api/leads";
import { inTerritory } from "../api/names";
import { paths } from "../paths";
import type { Condition } from "../ui/conditions";
import { formatAgo, formatNumber, formatTime } from "../ui/format";
import { Avatar } from "../ui/Owner";
import { SidePanel } from "../ui/ScrollBox";
import { Terr } from "../ui/Territory";
import { useNow } from "../ui/useNow";

const shown_max = 20;

/** What waits and when it will be served, and what was handed out last. */
export function RingQueue({ territory, rotation }: { territory: TerritoryRef; rotation: RotationView }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const { waiting: count, served_at, served_by, oldest_since } = rotation.queue;
  const stands = !rotation.next;
  const waiting: Condition = {
    all: [inTerritory(territory.id), { field: "queued", op: "is", values: [true] }],
  };
  const queue = useQuery({ ...someLeadsQuery(waiting, shown_max, "created_at"), enabled: count > 0 });
  const leads = queue.data?.items ?? [];
  return (
    <SidePanel className={`queue ${stands && count ? "stands" : ""}`} label={t`Queue`}>
      <div style={{ padding: "20px 16px 12px" }}>
        <div className="row">
          <h2 className="h2 grow">{t`Queue`}</h2>
          {oldest_since ? (
            <span className="tag warn">
              <Clock size={13} aria-hidden="true" />
              {t`oldest ${formatAgo(oldest_since, i18n.locale, now)}`}
            </span>
          ) : null}
          <span className={`tag ${count ? "warn" : ""}`}>{formatNumber(count, i18n.locale)}</span>
        </div>
        <p className="small ink3" style={{ marginTop: 6 }}>
          {count ? t`As soon as somebody is ready, the oldest goes out first.` : t`No lead waits here.`}
          {rotation.paused ? ` ${t`The rotation is paused.`}` : null}
        </p>
        {stands && served_at && served_by ? (
          <p className="small back">
            <Clock size={13} aria-hidden="true" />{" "}
            {t`${served_by.name} is back ${formatTime(served_at, i18n.locale)}.`}
          </p>
        ) : null}
      </div>
      <ul>
        {leads.map((lead) => (
          <li key={lead.id}>
            <Link to={paths.lead} params={{ leadId: lead.id }}>
              <span className="grow">
                <span className="m cut" style={{ display: "block" }}>
                  {String(lead.company ?? "") || lead.id.slice(-8)}
                </span>
                <span className="small ink3">
                  {String(lead.postcode ?? "")} {String(lead.city ?? "")}
                </span>
              </span>
              <span className="small ink3 num nowrap">
                {formatAgo(lead.queued_at ?? lead.created_at, i18n.locale, now)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {count > leads.length ? (
        <p className="pad">
          <Link className="lnk small" to={paths.leads} search={{ filter: waiting }}>{t`All as a list`}</Link>
        </p>
      ) : null}
      {rotation.recent.length ? <Recent turns={rotation.recent} /> : null}
      <p className="sr">
        <Terr mark={territory} />
      </p>
    </SidePanel>
  );
}

function Recent({ turns }: { turns: RotationView["recent"] }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const ids = [...new Set(turns.flatMap((turn) => turn.lead ?? []))];
  const leads = useQueries({ queries: ids.map((id) => leadQuery(id)) });
  const named = (id: string) => {
    const read = leads[ids.indexOf(id)]?.data?.data;
    return read ? String(read.company ?? "") || id.slice(-8) : "…";
  };
  return (
    <section className="recent">
      <h2 className="h2">{t`Handed out last`}</h2>
      <ul>
        {turns.map((one) => (
          <li key={one.turn}>
            <span className="small ink3 num nowrap" title={formatTime(one.at, i18n.locale)}>
              {formatAgo(one.at, i18n.locale, now)}
            </span>
            <span role="img" aria-label={one.user.name} title={one.user.name}>
              <Avatar name={one.user.name} />
            </span>
            {one.lead ? (
              <Link className="cut grow" to={paths.lead} params={{ leadId: one.lead }}>
                {named(one.lead)}
              </Link>
            ) : (
              <span className="ink3 cut grow">{one.user.name}</span>
            )}
            <span className="small ink3 num">{formatNumber(one.turn, i18n.locale)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
