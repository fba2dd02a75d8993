import { useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { End } from "../api/batches";
import { territoriesQuery } from "../api/territories";
import { paths } from "../paths";
import type { FlowEnd } from "../ui/Flow";
import { Terr } from "../ui/Territory";

/** What the ends of a move are called: a territory, none, or one that the reader may not see. */
export function useEnds() {
  const { t } = useLingui();
  const territories = useSuspenseQuery(territoriesQuery).data;
  return (end: End): FlowEnd => {
    if (end.kind === "unassigned") return { key: "unassigned", name: t`Unassigned` };
    const found = end.kind === "territory" ? territories.find((one) => one.id === end.id) : undefined;
    return found
      ? { key: found.id, name: found.name, color: found.color }
      : { key: "hidden", name: t`another territory` };
  };
}

export function EndMark({ end }: { end: FlowEnd }) {
  return end.key === "unassigned" || end.key === "hidden" ? (
    <span className="ink2">{end.name}</span>
  ) : (
    <Terr mark={{ ...end, id: end.key }} />
  );
}

/** Cells of a table of moves: the lead, its place, and from where to where it goes. */
export function MoveCells({
  lead,
  from,
  to,
}: {
  lead: { lead: string; name?: string | null; place?: string | null };
  from: FlowEnd;
  to: FlowEnd;
}) {
  const { t } = useLingui();
  return (
    <>
      <td className="m">
        <Link to={paths.lead} params={{ leadId: lead.lead }}>
          {lead.name ?? lead.lead.slice(-8)}
        </Link>
      </td>
      <td className="ink2">{lead.place}</td>
      <td>
        <span className="row g1">
          <EndMark end={from} />
          <ArrowRight size={14} aria-label={t`to`} />
          <EndMark end={to} />
        </span>
      </td>
    </>
  );
}
