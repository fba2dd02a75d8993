import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { decisionQuery, type Lead } from "../../api/leads";
import { isProblem } from "../../api/problem";
import { useMay } from "../../api/session";
import { territoriesQuery } from "../../api/territories";
import { useErrorWords } from "../../api/words";
import { Button } from "../../ui/Button";
import { formatTime } from "../../ui/format";
import { Note } from "../../ui/Note";
import { RingChain } from "../../ui/Ring";
import { Why } from "../../ui/Why";

/** "Why me?" for the owner, "Why …?" for those who may see the members. */
export function LeadWhy({ lead, isMine }: { lead: Lead; isMine: boolean }) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const may = useMay();
  const territories = useQuery({ ...territoriesQuery, enabled: may("territory", "view") }).data ?? [];
  const decision = useQuery(decisionQuery(lead.id));
  if (decision.isPending) return null;
  if (decision.isError) {
    // A lead from before there were decisions has none.
    if (isProblem(decision.error, 404)) return null;
    return (
      <Note kind="warn" action={<Button onClick={() => void decision.refetch()}>{t`Try again`}</Button>}>
        <b className="b">{t`The reason could not be loaded.`}</b> {words.problem(decision.error)}
      </Note>
    );
  }
  const { sentence, territory, rule, details, at } = decision.data;
  const said = (words: { de: string; en: string }) => (i18n.locale === "de" ? words.de : words.en);
  const markOf = (one: { id: string; name: string }) => ({
    ...one,
    color: territories.find((known) => known.id === one.id)?.color ?? null,
  });
  const title = isMine ? t`Why me?` : lead.owner ? t`Why ${lead.owner.name}?` : t`Why nobody?`;
  const when = formatTime(at, i18n.locale);
  const tried = [
    ...(details?.tried ?? []).map((one) => ({ id: one.id, mark: markOf(one), said: "", won: false })),
    ...(territory
      ? [
          {
            id: territory.id,
            mark: markOf(territory),
            said: rule ? rule.name || said(rule.sentence) : t`no rule: by hand or default territory`,
            won: true,
          },
        ]
      : []),
  ];
  const hidden = (details?.tried_count ?? 0) - (details?.tried.length ?? 0);
  return (
    <Why
      title={title}
      mark={territory ? markOf(territory) : null}
      aside={details?.turn == null ? when : t`Turn ${i18n.number(details.turn)} · ${when}`}
      said={
        <>
          {said(sentence)}
          {rule && details ? (
            <span className="ink2 small" style={{ display: "block", marginTop: 4 }}>
              {t`Rule:`} {said(rule.sentence)}
            </span>
          ) : null}
        </>
      }
      triedLabel={
        hidden > 0
          ? t`Territories tried, in this order (${i18n.number(hidden)} more)`
          : t`Territories tried, in this order`
      }
      tried={details ? tried : []}
      wonLabel={t`matches`}
      lostLabel={t`does not match`}
      ring={
        details?.members.length ? (
          <div>
            <p className="small ink2" style={{ marginBottom: 6 }}>{t`Rotation`}</p>
            <RingChain
              label={t`Members in their order`}
              beads={details.members.map((member) => ({
                id: member.user,
                name: member.name,
                next: member.outcome === "taken",
                out: member.outcome === "skipped",
                reason:
                  member.outcome === "taken" ? t`gets the lead` : member.reason ? said(member.reason) : "",
              }))}
            />
          </div>
        ) : null
      }
    />
  );
}
