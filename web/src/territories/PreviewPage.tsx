import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, ArrowRight } from "lucide-react";
import { useMemo, useState } from "react";
import { beginBatch, type FlowOfLeads, type Intended, previewQuery } from "../api/batches";
import { useLookUps } from "../api/names";
import { isProblem } from "../api/problem";
import {
  changeRule,
  createRule,
  deleteRule,
  rulesQuery,
  type Territory,
  territoriesQuery,
} from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { keyNames, useCommands } from "../ui/commands";
import { Empty } from "../ui/Empty";
import { Flow } from "../ui/Flow";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { Owner } from "../ui/Owner";
import { Top } from "../ui/Page";
import { Seg } from "../ui/Seg";
import { toast } from "../ui/toasts";
import { draftOf, dropDraft } from "./draft";
import { MoveCells, useEnds } from "./ends";
import { TerritoryCrumbs } from "./TerritoryCrumbs";
import "./territories.css";

const route = getRouteApi("/shell/territories/$territoryId/rules/$ruleId/preview");

/** What a change of a rule would do to the leads that are there, before anything happens. */
export default function PreviewPage() {
  const { t } = useLingui();
  const { territoryId, ruleId } = route.useParams();
  const { remove } = route.useSearch();
  const territory = useSuspenseQuery(territoriesQuery).data.find((one) => one.id === territoryId);
  const rule = useSuspenseQuery(rulesQuery(territoryId)).data.find((one) => one.id === ruleId);
  const draft = useMemo(() => draftOf(territoryId, ruleId), [territoryId, ruleId]);
  if (!territory || (!rule && !draft))
    return <Empty title={t`There is nothing to look at`}>{t`Change a rule first.`}</Empty>;
  const intended: Intended = remove
    ? { rule: ruleId, delete: true }
    : {
        ...(rule ? { rule: rule.id } : { territory: territory.id }),
        name: draft?.name ?? rule?.name,
        enabled: draft?.enabled ?? rule?.enabled,
        when: draft?.when ?? rule?.when,
      };
  return (
    <Preview
      territory={territory}
      ruleId={ruleId}
      intended={intended}
      name={draft?.name || rule?.name || ""}
    />
  );
}

function Preview({
  territory,
  ruleId,
  intended,
  name,
}: {
  territory: Territory;
  ruleId: string;
  intended: Intended;
  name: string;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const rule = useSuspenseQuery(rulesQuery(territory.id)).data.find((one) => one.id === ruleId);
  const preview = useQuery(previewQuery(intended));
  const endOf = useEnds();
  const [recounted, setRecounted] = useState(false);
  const number = (count: number) => formatNumber(count, i18n.locale);
  const settled = async () => {
    dropDraft(territory.id, ruleId);
    await client.invalidateQueries({ queryKey: ["territories"] });
  };
  const move = useMutation({
    mutationFn: () => beginBatch(intended, preview.data?.seen ?? 0),
    onSuccess: async (batch) => {
      await navigate({ to: paths.batch, params: { batchId: batch.id } });
      await settled();
    },
    onError: (error) => {
      if (!isProblem(error, 409)) return;
      setRecounted(true);
      void preview.refetch();
    },
  });
  const keep = useMutation({
    mutationFn: async () => {
      const { when, name: called, enabled } = intended;
      if (intended.delete) return rule ? deleteRule(rule) : undefined;
      const draft = { name: called ?? "", enabled: enabled ?? true, when: when ?? { all: [] } };
      await (rule ? changeRule(rule, draft) : createRule(territory.id, draft));
    },
    onSuccess: async () => {
      await navigate({ to: paths.territory, params: { territoryId: territory.id } });
      await settled();
      toast(t`${name} counts for leads from now on. Leads that are here already stay where they are.`);
    },
  });
  const data = preview.data;
  const moves = data?.moves ?? 0;
  const total = data?.leads.value ?? 0;
  const losing = data?.losing_owner ?? 0;
  const busy = move.isPending || keep.isPending;
  const nameless = intended.delete || name ? null : t`The rule needs a name`;
  const blocked = nameless ?? (data && !preview.isFetching ? null : t`The leads are being counted`);
  useCommands([
    {
      id: "move-leads",
      label: t`Move leads now`,
      group: t`Rule`,
      keys: "Mod Enter",
      run: () => (blocked || !moves ? undefined : move.mutate()),
    },
  ]);
  const failed = [move.error, keep.error, preview.error].find((one) => one && !isProblem(one, 409));
  const lines = (data?.flows ?? []).map((flow) => ({
    from: endOf(flow.from),
    to: endOf(flow.to),
    count: flow.leads,
  }));
  const said = lines
    .map((line) => t`${number(line.count)} from ${line.from.name} to ${line.to.name}`)
    .join(", ");
  return (
    <>
      <Top title={t`Preview of the change`} crumbs={<TerritoryCrumbs territory={territory} />}>
        <Link
          className="btn q hide-small"
          to={paths.rule}
          params={{ territoryId: territory.id, ruleId }}
          search={{ draft: true }}
        >
          <ArrowLeft size={15} aria-hidden="true" />
          {t`Go on editing`}
        </Link>
        {moves ? (
          <Button blocked={nameless} busy={busy} onClick={() => keep.mutate()}>
            {intended.delete ? t`Delete only` : t`For new leads only`}
          </Button>
        ) : null}
        <Button
          look="filled"
          danger={intended.delete}
          keys={moves ? keyNames("Mod Enter", i18n.locale) : undefined}
          blocked={blocked}
          busy={busy}
          onClick={() => (moves ? move.mutate() : keep.mutate())}
        >
          {moves
            ? t`${plural(moves, { one: "Move # lead now", other: "Move # leads now" })}`
            : intended.delete
              ? t`Delete rule`
              : t`Save rule`}
        </Button>
      </Top>
      <div className="body pad col g4">
        {recounted ? (
          <Note kind="warn">{t`Rules or members have changed meanwhile. The leads have been counted anew.`}</Note>
        ) : null}
        {failed ? <Note kind="bad">{words.problem(failed)}</Note> : null}
        <div aria-live="polite" className={preview.isFetching ? "ink3" : undefined}>
          <h2 className="preview-said">
            {!data
              ? t`The leads are being counted …`
              : moves === 0
                ? t`No lead moves by this change.`
                : losing === 0
                  ? t`${plural(moves, { one: `# of ${number(total)} leads changes its territory, and keeps its owner.`, other: `# of ${number(total)} leads change their territory, all keep their owner.` })}`
                  : t`${plural(moves, { one: `# of ${number(total)} leads changes its territory and its owner.`, other: `# of ${number(total)} leads change their territory, ${number(losing)} of them also their owner.` })}`}
          </h2>
          <p className="ink2">
            {moves ? (
              <Trans>
                Nothing changes until you apply it. Afterwards it is one batch that you can undo. Owners
                without access to the new territory hand over to whoever’s turn it is.
              </Trans>
            ) : data ? (
              <Trans>The rule counts for leads that come from now on.</Trans>
            ) : null}
          </p>
          {data?.pinned ? (
            <p className="ink2">
              {t`${plural(data.pinned, { one: "# lead was placed by hand and stays where it is.", other: "# leads were placed by hand and stay where they are." })}`}
            </p>
          ) : null}
        </div>
        {data && moves ? (
          <>
            <section className="panel" aria-labelledby="flow-title">
              <h2 className="h3" id="flow-title">{t`From where to where`}</h2>
              <Flow lines={lines} said={said} />
            </section>
            <Leads flows={data.flows} />
          </>
        ) : null}
      </div>
    </>
  );
}

function Leads({ flows }: { flows: FlowOfLeads[] }) {
  const { t, i18n } = useLingui();
  const names = useLookUps();
  const endOf = useEnds();
  const [only, setOnly] = useState<"all" | "losing">("all");
  const losing = flows.reduce((sum, flow) => sum + flow.losing_owner, 0);
  const all = flows.reduce((sum, flow) => sum + flow.leads, 0);
  const rows = flows.flatMap((flow) =>
    flow.some
      .filter((lead) => only === "all" || (lead.owner && !lead.keeps_owner))
      .map((lead) => ({ ...lead, from: endOf(flow.from), to: endOf(flow.to) })),
  );
  return (
    <section aria-label={t`Leads that move`}>
      <div className="row" style={{ marginBottom: 8 }}>
        <Seg
          label={t`Which leads`}
          value={only}
          onChange={setOnly}
          choices={[
            { value: "all", label: `${t`All moves`} ${formatNumber(all, i18n.locale)}` },
            { value: "losing", label: `${t`With a new owner`} ${formatNumber(losing, i18n.locale)}` },
          ]}
        />
        <span className="end small ink3">{t`the first of each way`}</span>
      </div>
      <div className="scroll-x">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t`Lead`}</th>
              <th scope="col">{t`Place`}</th>
              <th scope="col">{t`Territory`}</th>
              <th scope="col">{t`Owner`}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((lead) => (
              <tr key={lead.lead}>
                <MoveCells lead={lead} from={lead.from} to={lead.to} />
                <td>
                  <span className="row g1">
                    <Owner name={lead.owner ? names.nameOf("owner", lead.owner) : null} nobody={t`nobody`} />
                    {lead.keeps_owner || lead.to.key === "unassigned" ? (
                      <span className="small ink3">{t`stays`}</span>
                    ) : (
                      <>
                        <ArrowRight size={14} aria-label={t`to`} />
                        <span className="ink2">{t`next in turn`}</span>
                      </>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
