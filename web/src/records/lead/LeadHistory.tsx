import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import type { ChangeView } from "../../api/generated/types.gen";
import type { Lead } from "../../api/leads";
import { historyQuery } from "../../api/leads";
import { useErrorWords } from "../../api/words";
import type { FieldInfo } from "../../ui/conditions";
import { formatAgo, formatTime } from "../../ui/format";
import { Note } from "../../ui/Note";
import { Skeleton } from "../../ui/Skeleton";
import { type Moment, Timeline } from "../../ui/Timeline";
import { useNow } from "../../ui/useNow";
import { fieldLabel, sayValue } from "../../ui/values";

/** Every change: who, when, from what to what. */
export function LeadHistory({
  lead,
  fields,
  nameOf,
}: {
  lead: Lead;
  fields: FieldInfo[];
  nameOf: (field: string, id: string) => string | undefined;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const now = useNow();
  const history = useQuery(historyQuery(lead.id));
  if (history.isPending) return <Skeleton label={t`Loading`} lines={4} />;
  if (history.isError) return <Note kind="bad">{words.problem(history.error)}</Note>;
  const moment = (change: ChangeView): Moment => {
    const created = change.kind === "created";
    return {
      id: `${change.version}-${change.at}`,
      icon: created ? <Plus /> : <Pencil />,
      at: change.at,
      when: formatAgo(change.at, i18n.locale, now),
      exact: formatTime(change.at, i18n.locale),
      said: created ? (
        <Trans>
          <b className="m">{change.user?.name ?? "Revier"}</b> created the lead
        </Trans>
      ) : (
        <>
          <b className="m">{change.user?.name ?? "Revier"}</b>:{" "}
          {change.fields.map((one, index) => {
            const field = fields.find((known) => known.key === one.field);
            const people = one.field === "collaborators";
            const said = (value: unknown) =>
              people && Array.isArray(value)
                ? value.join(", ") || t`nobody`
                : sayValue(field, value, i18n, nameOf);
            const label = people ? t`Taking part` : field ? fieldLabel(field, i18n) : one.field;
            return (
              <span key={one.field}>
                {index ? ", " : ""}
                {label} <s className="ink3">{said(one.before)}</s> → <b className="m">{said(one.after)}</b>
              </span>
            );
          })}
        </>
      ),
    };
  };
  return <Timeline label={t`Timeline`} moments={history.data.map(moment)} />;
}
