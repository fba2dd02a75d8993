import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useDebouncedValue } from "@mantine/hooks";
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Eye, Plus, Trash2 } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { fieldsQuery } from "../api/fields";
import { type Lead, leadCountQuery, someLeadsQuery } from "../api/leads";
import { useLookUps } from "../api/names";
import { isProblem } from "../api/problem";
import { useMay } from "../api/session";
import {
  changeRule,
  createRule,
  deleteRule,
  type Rule,
  readPostcodes,
  rulesQuery,
  sayPostcodes,
  sayQuery,
  type Territory,
  territoriesQuery,
} from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { SwitchField } from "../ui/Check";
import { keyNames, useCommands } from "../ui/commands";
import { type Condition, type GroupNode, isComplete, nodeAt, toCondition, toRoot } from "../ui/conditions";
import { Dialog } from "../ui/Dialog";
import { Empty } from "../ui/Empty";
import { TextField } from "../ui/Field";
import { formatNumber } from "../ui/format";
import { inAddress, shortened } from "../ui/lists";
import { Note } from "../ui/Note";
import { Top } from "../ui/Page";
import type { PostcodeReader } from "../ui/PostcodeText";
import { RuleTree } from "../ui/RuleTree";
import { SidePanel } from "../ui/ScrollBox";
import { Sentence } from "../ui/Sentence";
import { tint } from "../ui/Territory";
import { toast } from "../ui/toasts";
import { draftOf, dropDraft, keepDraft, type RuleInWork } from "./draft";
import { LineCount } from "./LineCount";
import { Overlaps } from "./Overlaps";
import { TerritoryCrumbs } from "./TerritoryCrumbs";
import "./territories.css";

const route = getRouteApi("/shell/territories/$territoryId/rules/$ruleId");
const patience_ms = 300;
const sample_max = 5;

export default function RulePage() {
  const { t } = useLingui();
  const { territoryId, ruleId } = route.useParams();
  const { draft: goesOn } = route.useSearch();
  const territory = useSuspenseQuery(territoriesQuery).data.find((one) => one.id === territoryId);
  const rules = useSuspenseQuery(rulesQuery(territoryId)).data;
  const rule = rules.find((one) => one.id === ruleId);
  if (!territory || (!rule && ruleId !== "new"))
    return <Empty title={t`This rule does not exist`}>{t`Choose another one from its territory.`}</Empty>;
  return <RuleEditor key={ruleId} territory={territory} rules={rules} rule={rule} goesOn={goesOn ?? false} />;
}

function RuleEditor({
  territory,
  rules,
  rule,
  goesOn,
}: {
  territory: Territory;
  rules: Rule[];
  rule?: Rule;
  goesOn: boolean;
}) {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const all = useSuspenseQuery(fieldsQuery).data;
  const names = useLookUps();
  const fields = useMemo(() => all.filter((field) => !field.is_system), [all]);
  const ruleId = rule?.id ?? "new";
  const [offered, setOffered] = useState(() => (goesOn ? null : draftOf(territory.id, ruleId)));
  const [begun] = useState(() => (goesOn ? draftOf(territory.id, ruleId) : null));
  const [name, setName] = useState(begun?.name ?? rule?.name ?? "");
  const [enabled, setEnabled] = useState(begun?.enabled ?? rule?.enabled ?? true);
  const [root, setRoot] = useState<GroupNode>(() => toRoot(begun?.when ?? rule?.when ?? null));
  const [deleting, setDeleting] = useState(false);
  const condition = useMemo(() => toCondition(root), [root]);
  const complete = useMemo(() => isComplete(condition), [condition]) && root.children.length > 0;
  const [asked] = useDebouncedValue(condition, patience_ms);
  const readable = complete && isComplete(asked);
  const isOld = asked !== condition;
  const address = useMemo(() => inAddress(asked), [asked]);
  const stored = useMemo(() => (rule ? textOf(toCondition(toRoot(rule.when))) : null), [rule]);
  const said = useQuery({ ...sayQuery(asked), enabled: readable, placeholderData: keepPreviousData });
  const sound = readable && said.data?.faults.length === 0;
  const count = useQuery({ ...leadCountQuery(asked), enabled: sound, placeholderData: keepPreviousData });
  const sample = useQuery({
    ...someLeadsQuery(asked, sample_max),
    enabled: sound,
    placeholderData: keepPreviousData,
  });
  const unread = [said, count].find((one) => one.isError && isUnanswered(one.error));
  const dirty = !rule || name !== rule.name || enabled !== rule.enabled || textOf(condition) !== stored;

  // What is not saved yet outlives the page; an offered draft is not written over until somebody decides.
  const touched = root.children.length > 0 || Boolean(name);
  useEffect(() => {
    if (offered || !touched) return;
    if (dirty) keepDraft(territory.id, ruleId, { name, enabled, when: condition });
    else dropDraft(territory.id, ruleId);
  }, [offered, touched, dirty, territory.id, ruleId, name, enabled, condition]);
  const takeUp = (draft: RuleInWork) => {
    setName(draft.name);
    setEnabled(draft.enabled);
    setRoot(toRoot(draft.when));
    setOffered(null);
  };

  const reader = useMemo<PostcodeReader>(
    () => ({
      read: async (text, country) => {
        try {
          const { condition: made, codes, faults: found } = await readPostcodes(text, country);
          return made
            ? { condition: made as unknown as Condition, count: codes ?? null }
            : { refused: found.map(words.fault).join(" ") };
        } catch (error) {
          return { refused: words.problem(error) ?? "" };
        }
      },
      say: async (one, country) => (await sayPostcodes(one, country)).text ?? "",
    }),
    [words],
  );
  const lookUps = useMemo(() => ({ ...names, postcodes: reader }), [names, reader]);

  const save = useMutation({
    mutationFn: () => {
      const draft = { name: name.trim(), enabled, when: condition };
      return rule ? changeRule(rule, draft) : createRule(territory.id, draft);
    },
    onSuccess: async (data) => {
      dropDraft(territory.id, ruleId);
      await client.invalidateQueries({ queryKey: ["territories"] });
      toast(t`${data.name} counts for leads from now on. Leads that are here already stay where they are.`);
      await navigate({
        to: paths.rule,
        params: { territoryId: territory.id, ruleId: data.id },
        replace: true,
      });
    },
  });
  const drop = useMutation({
    mutationFn: () => (rule ? deleteRule(rule) : Promise.resolve()),
    onSuccess: async () => {
      dropDraft(territory.id, ruleId);
      await navigate({ to: paths.territory, params: { territoryId: territory.id } });
      await client.invalidateQueries({ queryKey: ["territories"] });
    },
  });
  const blocked = !complete
    ? t`A criterion has no value yet`
    : !name.trim()
      ? t`The rule needs a name`
      : !dirty
        ? t`Nothing has changed`
        : null;
  const faulty = said.data?.faults.length ? t`A criterion is not right yet` : null;
  const look = () => {
    keepDraft(territory.id, ruleId, { name, enabled, when: condition });
    void navigate({ to: paths.preview, params: { territoryId: territory.id, ruleId } });
  };
  const unseen = !complete ? t`A criterion has no value yet` : faulty;
  const may = useMay();
  const mayLook = may("plan", "view");
  useCommands([
    {
      id: "preview-rule",
      label: t`Look at the preview`,
      group: t`Rule`,
      keys: "Mod Enter",
      run: () => (unseen || !mayLook ? undefined : look()),
    },
    {
      id: "save-rule",
      label: t`Save rule`,
      group: t`Rule`,
      run: () => (blocked ? undefined : save.mutate()),
    },
  ]);

  // The server names a fault by its place in the condition; the editor shows it at that criterion.
  const faults = useMemo(() => {
    const found = new Map<number, string>();
    const live = said.data?.faults ?? [];
    const list =
      isProblem(save.error) && save.error.errors.length
        ? save.error.errors
        : live.length
          ? live
          : dirty
            ? []
            : (rule?.broken ?? []);
    for (const fault of list) {
      const node = nodeAt(root, fault.pointer);
      if (node) found.set(node.id, words.fault(fault));
    }
    return found;
  }, [save.error, said.data, dirty, rule, root, words]);

  return (
    <>
      <Top title={name || t`New rule`} crumbs={<TerritoryCrumbs territory={territory} />}>
        {rule ? (
          <Button
            look="quiet"
            label={t`Delete rule`}
            icon={<Trash2 size={15} aria-hidden="true" />}
            onClick={() => setDeleting(true)}
          />
        ) : null}
        <Button
          look={mayLook ? "plain" : "filled"}
          blocked={blocked}
          busy={save.isPending}
          onClick={() => save.mutate()}
        >{t`Save rule`}</Button>
        {mayLook ? (
          <Button
            look="filled"
            icon={<Eye size={15} aria-hidden="true" />}
            keys={keyNames("Mod Enter", i18n.locale)}
            blocked={unseen}
            onClick={look}
          >{t`Look at the preview`}</Button>
        ) : null}
      </Top>
      <div className="split rule-page t" style={tint(territory.color)}>
        <nav className="rule-list" aria-label={t`Rules`} style={{ padding: 10 }}>
          <div className="row" style={{ padding: "2px 12px 8px" }}>
            <h2 className="h3 grow">{t`Rules`}</h2>
            <Link
              className="btn s i q"
              to={paths.rule}
              params={{ territoryId: territory.id, ruleId: "new" }}
              aria-label={t`Create rule`}
            >
              <Plus size={15} aria-hidden="true" />
            </Link>
          </div>
          <ul>
            {rules.map((one) => (
              <li key={one.id}>
                <Link to={paths.rule} params={{ territoryId: territory.id, ruleId: one.id }}>
                  <span className="m">{one.name}</span>
                  <span className="small ink3" style={{ display: "block" }}>
                    {one.broken?.length ? (
                      <span className="bad">{t`broken`}</span>
                    ) : one.enabled ? null : (
                      t`disabled`
                    )}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          <p className="small ink3" style={{ padding: "8px 12px" }}>
            <Trans>A lead belongs here if any of the enabled rules matches.</Trans>
          </p>
        </nav>
        <div className="pad col g4">
          <div className="row g4 wrap" style={{ alignItems: "flex-end" }}>
            <div className="grow" style={{ minWidth: 220 }}>
              <TextField
                label={t`Name of the rule`}
                value={name}
                onChange={(event) => setName(event.target.value)}
                error={words.at(save.error, "/name")}
                autoFocus={!rule}
              />
            </div>
            <SwitchField
              checked={enabled}
              onChange={(event) => setEnabled(event.target.checked)}
            >{t`Enabled`}</SwitchField>
          </div>
          {offered ? (
            <Note
              kind="info"
              action={
                <span className="row g1">
                  <Button
                    onClick={() => {
                      dropDraft(territory.id, ruleId);
                      setOffered(null);
                    }}
                  >{t`Discard`}</Button>
                  <Button onClick={() => takeUp(offered)}>{t`Go on with it`}</Button>
                </span>
              }
            >
              {t`You have begun a change here that is not saved: ${offered.name || t`New rule`}.`}
            </Note>
          ) : null}
          {save.error ? <Note kind="bad">{words.problem(save.error)}</Note> : null}
          {unread ? (
            <Note kind="warn" action={<Button onClick={() => void unread.refetch()}>{t`Try again`}</Button>}>
              {words.problem(unread.error)}
            </Note>
          ) : null}
          <div className="well lead hyphens" aria-live="polite">
            <b className="b">{t`In words:`}</b>{" "}
            {complete && said.data?.sentence ? (
              <span className={isOld || said.isPlaceholderData ? "ink3" : undefined}>
                <Sentence said={said.data.sentence} />
              </span>
            ) : (
              <span className="ink3">{t`the sentence stands here as soon as every criterion has a value.`}</span>
            )}
          </div>
          <RuleTree
            root={root}
            onChange={setRoot}
            fields={fields}
            lookUps={lookUps}
            faults={faults}
            count={lineCount}
          />
        </div>
        <SidePanel label={t`Matching leads`}>
          <div className="pad" style={{ background: "var(--t-soft)" }} aria-live="polite">
            <p className="small ink2">{t`Match this rule`}</p>
            <p
              className={`fig ${isOld || count.isFetching ? "ink3" : ""}`}
              style={{ fontSize: 32, lineHeight: "38px" }}
            >
              {sound && count.data
                ? `${count.data.exact ? "" : "> "}${formatNumber(count.data.value, i18n.locale)}`
                : "–"}
            </p>
            <p className="small ink3">
              {sound && count.data
                ? t`${plural(count.data.value, { one: "lead that you may see", other: "leads that you may see" })}`
                : t`counted as soon as every criterion has a value`}
            </p>
          </div>
          {sound && sample.data?.items.length ? (
            <div className="pad">
              <h2 className="h3" style={{ marginBottom: 8 }}>{t`Some of them`}</h2>
              <ul className="col g2">
                {sample.data.items.map((lead) => (
                  <li key={lead.id}>
                    <Link to={paths.lead} params={{ leadId: lead.id }} className="row">
                      <span className="m cut grow">{title(lead)}</span>
                      <span className="small ink3 nowrap">
                        {String(lead.postcode ?? "")} {String(lead.city ?? "")}
                      </span>
                    </Link>
                  </li>
                ))}
              </ul>
              <Link
                className="lnk small"
                to={paths.leads}
                search={{ filter: address }}
                style={{ display: "inline-block", marginTop: 10 }}
              >{t`All as a list`}</Link>
            </div>
          ) : null}
          {sound && mayLook ? (
            <Overlaps
              intended={{
                ...(rule ? { rule: rule.id } : { territory: territory.id }),
                when: asked,
                enabled: true,
              }}
            />
          ) : null}
        </SidePanel>
      </div>
      <Dialog
        title={t`Delete ${rule?.name ?? ""}?`}
        opened={deleting}
        onClose={() => setDeleting(false)}
        closeLabel={t`Close`}
      >
        <p className="ink2">
          <Trans>Leads that came here by this rule stay where they are.</Trans>
        </p>
        {drop.error ? <Note kind="bad">{words.problem(drop.error)}</Note> : null}
        <div className="dialog-foot">
          <Button onClick={() => setDeleting(false)}>{t`Cancel`}</Button>
          {mayLook ? (
            <Link
              className="btn"
              to={paths.preview}
              params={{ territoryId: territory.id, ruleId }}
              search={{ remove: true }}
            >{t`Look at the preview`}</Link>
          ) : null}
          <Button
            look="filled"
            danger
            busy={drop.isPending}
            onClick={() => drop.mutate()}
          >{t`Delete rule`}</Button>
        </div>
      </Dialog>
    </>
  );
}

const lineCount = (condition: Condition) => <LineCount condition={condition} />;

/** Equal texts, equal conditions; long lists by their names. */
const textOf = (condition: Condition) => JSON.stringify(shortened(condition));

/** Whether the server gave no answer, where it otherwise says what is wrong with the condition. */
const isUnanswered = (error: unknown) => !isProblem(error) || error.status === 0 || error.status >= 500;

const title = (lead: Lead) =>
  String(lead.company || [lead.first_name, lead.last_name].filter(Boolean).join(" ") || lead.id.slice(-8));
