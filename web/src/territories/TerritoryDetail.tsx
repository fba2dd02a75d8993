import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, Pencil, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { leadCountQuery } from "../api/leads";
import { inTerritory } from "../api/names";
import { changeRule, changeTerritory, type Rule, rulesQuery, type Territory } from "../api/territories";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { Switch } from "../ui/Check";
import type { Condition } from "../ui/conditions";
import { formatNumber } from "../ui/format";
import { Note } from "../ui/Note";
import { Section } from "../ui/Page";
import { Sentence } from "../ui/Sentence";
import { Skeleton } from "../ui/Skeleton";
import { Outline, tint } from "../ui/Territory";
import { toast } from "../ui/toasts";
import { DeleteTerritory } from "./DeleteTerritory";
import { MemberTable } from "./MemberTable";
import { TerritoryDialog } from "./TerritoryDialog";

export function TerritoryDetail({
  territory,
  territories,
}: {
  territory: Territory;
  territories: Territory[];
}) {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const rules = useQuery(rulesQuery(territory.id));
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const mayEdit = territory.can.edit;
  const parent = territories.find((one) => one.id === territory.parent);
  const refused = (error: unknown) => toast(words.problem(error) ?? "", { bad: true });
  const turn = useMutation({
    mutationFn: (rule: Rule) => changeRule(rule, { enabled: !rule.enabled }),
    onSettled: () => client.invalidateQueries({ queryKey: ["territories"] }),
    onError: refused,
  });
  const makeDefault = useMutation({
    mutationFn: () => changeTerritory(territory, { default: !territory.default }),
    onSuccess: () =>
      toast(
        territory.default
          ? t`Leads that match nowhere stay without territory`
          : t`Leads that match nowhere go to ${territory.name}`,
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["territories"] }),
    onError: refused,
  });
  const here = inTerritory(territory.id);
  const figures: { condition: Condition; label: string }[] = [
    { condition: here, label: t`Leads` },
    {
      condition: { all: [here, { field: "status", op: "is_none_of", values: ["disqualified"] }] },
      label: t`open`,
    },
    { condition: { all: [here, { field: "queued", op: "is", values: [true] }] }, label: t`in the queue` },
  ];
  return (
    <div className="t" style={tint(territory.color)}>
      <div className="pad wide">
        <div className="row g3" style={{ alignItems: "flex-start" }}>
          <Outline mark={territory} size="xl" />
          <div className="grow">
            <h2 className="title hyphens">{territory.name}</h2>
            <p className="ink2">
              {[
                parent?.name,
                t`Position ${territory.position}`,
                plural(territory.members ?? 0, { one: "# member", other: "# members" }),
              ]
                .filter(Boolean)
                .join(" · ")}{" "}
              {territory.active ? null : <span className="tag warn">{t`inactive`}</span>}{" "}
              {territory.default ? <span className="tag">{t`default territory`}</span> : null}
            </p>
          </div>
          {mayEdit ? (
            <span className="row">
              <Button
                icon={<Pencil size={15} aria-hidden="true" />}
                onClick={() => setEditing(true)}
              >{t`Edit`}</Button>
              <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
                <Menu.Target>
                  <button type="button" className="btn i q" aria-label={t`More about ${territory.name}`}>
                    <Ellipsis size={16} aria-hidden="true" />
                  </button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => makeDefault.mutate()}>
                    {territory.default
                      ? t`No longer the default territory`
                      : t`Make it the default territory`}
                  </Menu.Item>
                  <Menu.Item
                    onClick={() => setDeleting(true)}
                    className="bad"
                  >{t`Delete territory`}</Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </span>
          ) : null}
        </div>
        <dl className="row" style={{ gap: 40, margin: "18px 0 28px" }}>
          {figures.map((figure) => (
            <div key={figure.label} style={{ display: "flex", flexDirection: "column-reverse" }}>
              <dt className="small ink3">{figure.label}</dt>
              <dd className="fig" style={{ fontSize: 22, lineHeight: "28px" }}>
                <Counted condition={figure.condition} />
              </dd>
            </div>
          ))}
        </dl>
        <Section
          title={t`Rules`}
          aside={
            mayEdit ? (
              <Link className="btn s" to={paths.rule} params={{ territoryId: territory.id, ruleId: "new" }}>
                <Plus size={14} aria-hidden="true" />
                {t`Create rule`}
              </Link>
            ) : null
          }
        >
          {rules.isPending ? <Skeleton label={t`Loading`} lines={3} /> : null}
          {rules.isError ? <Note kind="bad">{words.problem(rules.error)}</Note> : null}
          {rules.data?.length === 0 ? (
            <p className="ink2">
              <Trans>No rules: leads arrive here only by hand.</Trans>
            </p>
          ) : null}
          <ul>
            {rules.data?.map((rule) => (
              <li key={rule.id} className="rule-row">
                <Switch
                  label={t`${rule.name} is enabled`}
                  checked={rule.enabled}
                  disabled={!mayEdit}
                  onChange={() => turn.mutate(rule)}
                />
                <div className="grow">
                  <Link className="m" to={paths.rule} params={{ territoryId: territory.id, ruleId: rule.id }}>
                    {rule.name || t`Rule without a name`}
                  </Link>
                  <p className="ink2 hyphens">
                    <Sentence said={rule.sentence} />
                  </p>
                </div>
                {rule.broken?.length ? (
                  <span className="tag bad">
                    <TriangleAlert size={12} aria-hidden="true" /> {t`broken`}
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </Section>
        <Section title={t`Members`}>
          <MemberTable territory={territory} />
        </Section>
      </div>
      {editing ? (
        <TerritoryDialog territory={territory} territories={territories} onClose={() => setEditing(false)} />
      ) : null}
      {deleting ? <DeleteTerritory territory={territory} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}

/** A number that the server counts; a dash while it does. */
function Counted({ condition }: { condition: Condition }) {
  const { i18n } = useLingui();
  const count = useQuery(leadCountQuery(condition)).data;
  return count ? `${count.exact ? "" : "> "}${formatNumber(count.value, i18n.locale)}` : "–";
}
