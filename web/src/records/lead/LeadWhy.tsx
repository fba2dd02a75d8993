import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { isProblem } from "../../api/problem";
import type { Lead } from "../../api/types";
import { formatTime } from "../../ui/format";
import { RingChain } from "../../ui/Ring";
import { Why } from "../../ui/Why";
import { decisionQuery } from "./queries";

/** "Why me?" for the owner, "Why …?" for those who may see the members. */
export function LeadWhy({ lead, isMine }: { lead: Lead; isMine: boolean }) {
  const { t, i18n } = useLingui();
  const decision = useQuery(decisionQuery(lead.id));
  if (decision.isPending) return null;
  if (decision.isError) return isProblem(decision.error, 404) ? null : null;
  const { sentence, territory, tried = [], members = [], at, turn } = decision.data;
  const title = isMine ? t`Why me?` : lead.owner ? t`Why ${lead.owner.name}?` : t`Why nobody?`;
  return (
    <Why
      title={title}
      mark={territory}
      aside={
        turn === null
          ? formatTime(at, i18n.locale)
          : t`Turn ${i18n.number(turn)} · ${formatTime(at, i18n.locale)}`
      }
      said={sentence}
      triedLabel={t`Territories tried, in this order`}
      tried={tried.map((one) => ({
        id: one.territory.id,
        mark: one.territory,
        said: one.sentence,
        won: one.won,
      }))}
      wonLabel={t`matches`}
      lostLabel={t`does not match`}
      ring={
        members.length ? (
          <div>
            <p className="small ink2" style={{ marginBottom: 6 }}>{t`Rotation`}</p>
            <RingChain
              label={t`Members in their order`}
              beads={members.map((member) => ({
                id: member.user.id,
                name: member.user.name,
                next: member.taken,
                out: !member.taken && Boolean(member.reason),
                reason: member.reason,
              }))}
            />
          </div>
        ) : null
      }
    />
  );
}
