import { useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { End } from "../api/batches";
import { territoriesQuery } from "../api/territories";
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
