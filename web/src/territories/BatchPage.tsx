import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ArrowRight, ChevronRight, Undo2 } from "lucide-react";
import { type Batch, batchesQuery, batchLeadsQuery, batchQuery, undoBatch } from "../api/batches";
import { useLookUps } from "../api/names";
import { useMay } from "../api/session";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { Owner } from "../ui/Owner";
import { Top } from "../ui/Page";
import { MoveCells, useEnds } from "./ends";
import "./territories.css";

const route = getRouteApi("/shell/batches/$batchId");

/** What a batch has done, is doing, and how to take it back. */
export default function BatchPage() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const may = useMay();
  const { batchId } = route.useParams();
  const batch = useSuspenseQuery(batchQuery(batchId)).data;
  const nameOf = useLookUps().nameOf;
  const undo = useMutation({
    mutationFn: () => undoBatch(batchId),
    onSuccess: () => client.invalidateQueries({ queryKey: ["batches"] }),
  });
  const { waiting, moved, kept, undone, stayed } = batch.leads;
  const all = waiting + moved + kept + undone + stayed;
  const isUndoing = batch.state === "undoing" || batch.state === "undone";
  const done = isUndoing ? undone + stayed + kept : all - waiting;
  const left = kept + stayed;
  return (
    <>
      <Top
        title={batch.title || t`Rule`}
        crumbs={
          <>
            <Link to={paths.territories} className="hide-small">{t`Territories`}</Link>
            <ChevronRight size={14} aria-hidden="true" className="hide-small" />
            <Link to={paths.batches}>{t`Moved leads`}</Link>
            <ChevronRight size={14} aria-hidden="true" />
          </>
        }
      >
        {may("plan", "edit") && !isUndoing ? (
          <Button
            look="filled"
            icon={<Undo2 size={15} aria-hidden="true" />}
            busy={undo.isPending}
            blocked={all === 0 && t`No lead was moved`}
            onClick={() => undo.mutate()}
          >{t`Undo`}</Button>
        ) : null}
      </Top>
      <div className="body pad col g4">
        {undo.error ? <Note kind="bad">{words.problem(undo.error)}</Note> : null}
        <div aria-live="polite">
          <h2 className="preview-said">
            <Said batch={batch} all={all} done={done} />
          </h2>
          <p className="ink2">
            <By batch={batch} />
          </p>
        </div>
        {done < all ? (
          <progress
            className="progress"
            max={all}
            value={done}
            aria-label={isUndoing ? t`Leads put back` : t`Leads moved`}
          />
        ) : null}
        {isUndoing ? (
          <p className="ink2">
            <Trans>The rule itself stays as it is. Change it back if new leads are to go elsewhere.</Trans>
          </p>
        ) : null}
        {batch.pinned ? (
          <p className="ink2">
            {t`${plural(batch.pinned, { one: "# lead was placed by hand and stayed where it was.", other: "# leads were placed by hand and stayed where they were." })}`}
          </p>
        ) : null}
        {left ? (
          <section>
            <h2 className="h3" style={{ marginBottom: 6 }}>
              {t`${plural(left, { one: "# lead had changed and was left as it is", other: "# leads had changed and were left as they are" })}`}
            </h2>
            <Leads batchId={batchId} left state={batch.state} nameOf={nameOf} />
          </section>
        ) : null}
        {all ? (
          <section>
            <h2 className="h3" style={{ marginBottom: 6 }}>
              {t`${plural(all, { one: "# lead", other: "# leads" })}`}
              {all > 200 ? (
                <span className="small ink3"> {t`the first ${formatNumber(200, i18n.locale)}`}</span>
              ) : null}
            </h2>
            <Leads batchId={batchId} left={false} state={batch.state} nameOf={nameOf} />
          </section>
        ) : null}
      </div>
    </>
  );
}

function Said({ batch, all, done }: { batch: Batch; all: number; done: number }) {
  const { t, i18n } = useLingui();
  const number = (count: number) => formatNumber(count, i18n.locale);
  const { moved, undone } = batch.leads;
  switch (batch.state) {
    case "moving":
      return <>{t`${number(done)} of ${number(all)} leads are moved …`}</>;
    case "undoing":
      return <>{t`${number(done)} of ${number(all)} leads are put back …`}</>;
    case "undone":
      return (
        <>{t`${plural(undone, { one: "# lead is back where it was.", other: "# leads are back where they were." })}`}</>
      );
    default:
      return all === 0
        ? t`No lead was moved.`
        : t`${plural(moved, { one: "# lead has moved.", other: "# leads have moved." })}`;
  }
}

/** Who, what and when. */
export function By({ batch }: { batch: Batch }) {
  const { t, i18n } = useLingui();
  const nameOf = useLookUps().nameOf;
  const at = (text: string) =>
    new Intl.DateTimeFormat(i18n.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
  const who = nameOf("owner", batch.by) ?? t`somebody`;
  const when = at(batch.at);
  const what = {
    create: t`${who} created the rule, ${when}`,
    change: t`${who} changed the rule, ${when}`,
    delete: t`${who} deleted the rule, ${when}`,
  }[batch.change];
  const undoer = batch.undone_by ? (nameOf("owner", batch.undone_by) ?? t`somebody`) : null;
  const undoneAt = batch.undone_at ? at(batch.undone_at) : null;
  return (
    <>
      {what}
      {undoer && undoneAt ? ` · ${t`undone by ${undoer}, ${undoneAt}`}` : null}
    </>
  );
}

function Leads({
  batchId,
  left,
  state,
  nameOf,
}: {
  batchId: string;
  left: boolean;
  state: string;
  nameOf: (field: string, id: string) => string | undefined;
}) {
  const { t } = useLingui();
  const endOf = useEnds();
  const leads = useQuery({ ...batchLeadsQuery(batchId, left) }).data ?? [];
  const words: Record<string, string> = {
    waiting: t`waiting`,
    moved: t`moved`,
    kept: t`left: changed before`,
    undone: t`put back`,
    stayed: t`left: changed since`,
  };
  return (
    <div className="scroll-x" data-state={state}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t`Lead`}</th>
            <th scope="col">{t`Place`}</th>
            <th scope="col">{t`Territory`}</th>
            <th scope="col">{t`Owner`}</th>
            <th scope="col">{t`Status`}</th>
          </tr>
        </thead>
        <tbody>
          {leads.map((lead) => (
            <tr key={lead.lead}>
              <MoveCells lead={lead} from={endOf(lead.from)} to={endOf(lead.to)} />
              <td>
                <span className="row g1">
                  <Owner
                    name={lead.from_owner ? nameOf("owner", lead.from_owner) : null}
                    nobody={t`nobody`}
                  />
                  {lead.to_owner && lead.to_owner !== lead.from_owner ? (
                    <>
                      <ArrowRight size={14} aria-label={t`to`} />
                      <Owner name={nameOf("owner", lead.to_owner)} nobody={t`nobody`} />
                    </>
                  ) : null}
                </span>
              </td>
              <td className="ink2">{words[lead.state]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All batches, the newest first. */
export function BatchList() {
  const { t, i18n } = useLingui();
  const batches = useSuspenseQuery(batchesQuery).data.items;
  const states: Record<string, string> = {
    moving: t`moving`,
    moved: t`moved`,
    undoing: t`being undone`,
    undone: t`undone`,
  };
  return (
    <>
      <Top
        title={t`Moved leads`}
        crumbs={
          <>
            <Link to={paths.territories}>{t`Territories`}</Link>
            <ChevronRight size={14} aria-hidden="true" />
          </>
        }
      />
      <div className="body pad">
        {batches.length ? (
          <div className="scroll-x">
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{t`Rule`}</th>
                  <th scope="col">{t`Who and when`}</th>
                  <th scope="col" className="num">{t`Leads`}</th>
                  <th scope="col">{t`Status`}</th>
                </tr>
              </thead>
              <tbody>
                {batches.map((batch) => (
                  <tr key={batch.id}>
                    <td className="m">
                      <Link to={paths.batch} params={{ batchId: batch.id }}>
                        {batch.title || t`Rule`}
                      </Link>
                    </td>
                    <td className="ink2">
                      <By batch={batch} />
                    </td>
                    <td className="num">
                      {formatNumber(
                        Object.values(batch.leads).reduce((sum, count) => sum + count, 0),
                        i18n.locale,
                      )}
                    </td>
                    <td>{states[batch.state]}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : (
          <p className="ink2">
            <Trans>No leads have been moved by a change of rules yet.</Trans>
          </p>
        )}
      </div>
    </>
  );
}
