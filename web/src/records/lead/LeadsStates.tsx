import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { leadCountQuery } from "../../api/leads";
import { isProblem } from "../../api/problem";
import { useErrorWords } from "../../api/words";
import { Button } from "../../ui/Button";
import type { Condition, FieldInfo } from "../../ui/conditions";
import { Empty } from "../../ui/Empty";
import { formatTime } from "../../ui/format";
import { Note } from "../../ui/Note";
import { type Names, sayCriterion } from "../../ui/values";
import { ofChips } from "./search";

/** No rows: the first day, or a filter that holds nothing, with the filter to drop. */
export function LeadsEmpty({
  q,
  chips,
  fields,
  nameOf,
  mayCreate,
  onCreate,
  onFilter,
  onReset,
}: {
  q?: string;
  chips: Condition[];
  fields: FieldInfo[];
  nameOf: Names;
  mayCreate: boolean;
  onCreate: () => void;
  onFilter: (filter: Condition | undefined) => void;
  onReset: () => void;
}) {
  const { t, i18n } = useLingui();
  const last = chips.at(-1);
  const without = ofChips(chips.slice(0, -1));
  const count = useQuery({ ...leadCountQuery(without ?? { all: [] }), enabled: Boolean(last) });
  if (!last && !q) {
    return (
      <Empty
        title={t`No leads yet`}
        actions={
          mayCreate ? (
            <Button
              look="filled"
              icon={<Plus size={15} aria-hidden="true" />}
              keys="C"
              onClick={onCreate}
            >{t`Create lead`}</Button>
          ) : null
        }
      >
        <Trans>
          As soon as leads arrive, Revier places each in its territory and hands it to whoever’s turn it is.
        </Trans>
      </Empty>
    );
  }
  const said = last && "field" in last ? sayCriterion(last, fields, i18n, nameOf) : null;
  return (
    <Empty
      title={t`No leads with these filters`}
      actions={
        <>
          {last ? <Button onClick={() => onFilter(without)}>{t`Remove this filter`}</Button> : null}
          <Button look="quiet" onClick={onReset}>{t`Reset all filters`}</Button>
        </>
      }
    >
      {said && count.data ? (
        <Trans>
          Without the filter{" "}
          <b className="b">
            {said.field} {said.op} {said.value}
          </b>{" "}
          there would be <Plural value={count.data.value} one="# lead" other="# leads" />.
        </Trans>
      ) : q ? (
        <Trans>Nothing contains “{q}”.</Trans>
      ) : null}
    </Empty>
  );
}

/** An address whose long list of values another browser keeps. */
export function ListsMissing({ onReset }: { onReset: () => void }) {
  const { t } = useLingui();
  return (
    <Empty
      title={t`The values of this filter are not in this browser`}
      actions={<Button look="filled" onClick={onReset}>{t`Reset all filters`}</Button>}
    >
      <Trans>
        The address names a list of values that is too long for it. Such a list stays in the browser in which
        it was typed. Open the address there, or paste the values into a filter here.
      </Trans>
    </Empty>
  );
}

/** The last rows stay readable below this. */
export function LeadsFailed({
  error,
  stand,
  onRetry,
}: {
  error: unknown;
  stand: number;
  onRetry: () => void;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  return (
    <div className="pad">
      <Note kind="bad" action={<Button onClick={onRetry}>{t`Try again now`}</Button>}>
        <b className="b">{t`The list could not be loaded.`}</b> {words.problem(error)}{" "}
        {stand ? (
          <Trans>
            You see it as of {formatTime(new Date(stand).toISOString(), i18n.locale)}; your changes are safe.
          </Trans>
        ) : null}
        {isProblem(error) && error.errors.length ? ` ${error.errors.map(words.fault).join(" ")}` : null}
        {isProblem(error) && error.operation ? (
          <span className="small ink3" style={{ display: "block" }}>
            {t`Operation`} <span className="mono">{error.operation}</span>
          </span>
        ) : null}
      </Note>
    </div>
  );
}
