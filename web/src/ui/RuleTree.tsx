import { useLingui } from "@lingui/react/macro";
import { Braces, Plus, TextCursorInput, X } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "./Button";
import {
  type Condition,
  type Criterion,
  emptyGroup,
  type FieldInfo,
  firstValues,
  type GroupMode,
  type GroupNode,
  isGroup,
  isOnlyPostcodes,
  type LeafNode,
  leaf,
  replaceNode,
  rule_depth_max,
  shapeOf,
  toCondition,
  toNode,
  toRoot,
} from "./conditions";
import { operatorWord } from "./operators";
import { PostcodeText } from "./PostcodeText";
import { type LookUps, RuleValues } from "./RuleValues";
import "./ruletree.css";

interface Props {
  root: GroupNode;
  onChange: (root: GroupNode) => void;
  fields: FieldInfo[];
  lookUps: LookUps;
  /** What the server found wrong with a criterion, by the criterion's node. */
  faults?: Map<number, string>;
  /** How many leads a criterion or a group matches by itself. */
  count?: (condition: Condition) => ReactNode;
}

/** Nested groups of criteria: all, any, none, not all of these. */
export function RuleTree({ root, onChange, fields, lookUps, faults, count }: Props) {
  return (
    <div className="rt">
      <Group
        group={root}
        depth={1}
        root={root}
        onChange={onChange}
        fields={fields}
        lookUps={lookUps}
        faults={faults}
        count={count}
      />
    </div>
  );
}

function Group({ group, depth, ...shared }: Props & { group: GroupNode; depth: number }) {
  const { t } = useLingui();
  const { root, onChange, fields } = shared;
  const put = (next: GroupNode | null) => {
    if (group.id === root.id) {
      if (next) onChange(next);
    } else onChange(replaceNode(root, group.id, next));
  };
  const [text, setText] = useState<string | null>(null);
  const postcodes = shared.lookUps.postcodes;
  const openText = async () =>
    setText((await postcodes?.say(toCondition(group), "DE").catch(() => "")) ?? "");
  const take = (condition: Condition) => {
    const next = toRoot(condition);
    put({ ...next, id: group.id });
  };
  const modes: { value: GroupMode; label: string; said: string }[] = [
    { value: "all", label: t`All`, said: t`of these criteria apply` },
    { value: "any", label: t`Any`, said: t`of these criteria applies` },
    { value: "none", label: t`None`, said: t`of these criteria applies` },
    { value: "not_all", label: t`Not all`, said: t`of these criteria apply` },
  ];
  const first = fields.find((field) => field.key === "postcode") ?? fields[0];
  const start = (): Criterion => ({
    field: first?.key ?? "",
    op: first?.operators[0] ?? "is_any_of",
    values: [],
  });
  return (
    <div
      className="rt-group"
      role="group"
      aria-label={modes.find((mode) => mode.value === group.mode)?.label}
    >
      <div className="rt-head">
        <select
          className="mode"
          aria-label={t`How the criteria of this group count`}
          value={group.mode}
          onChange={(event) => put({ ...group, mode: event.target.value as GroupMode })}
        >
          {modes.map((mode) => (
            <option key={mode.value} value={mode.value}>
              {mode.label}
            </option>
          ))}
        </select>
        <span className="ink2">{modes.find((mode) => mode.value === group.mode)?.said}</span>
        {shared.lookUps.postcodes && isOnlyPostcodes(group) ? (
          <Button
            size="s"
            look="quiet"
            icon={<TextCursorInput size={14} aria-hidden="true" />}
            onClick={() => void openText()}
          >{t`As text`}</Button>
        ) : null}
        {group.children.length ? <span className="end">{shared.count?.(toCondition(group))}</span> : null}
        {group.id === root.id ? null : (
          <Button
            size="s"
            look="quiet"
            label={t`Remove group`}
            icon={<X size={14} />}
            onClick={() => put(null)}
          />
        )}
      </div>
      {group.children.map((child) =>
        isGroup(child) ? (
          <Group key={child.id} group={child} depth={depth + 1} {...shared} />
        ) : (
          <Leaf key={child.id} node={child} {...shared} />
        ),
      )}
      {text === null || !postcodes ? null : (
        <PostcodeText start={text} onClose={() => setText(null)} reader={postcodes} onTake={take} />
      )}
      <div className="row g1">
        <Button
          size="s"
          look="quiet"
          icon={<Plus size={14} />}
          onClick={() => put({ ...group, children: [...group.children, leaf(start())] })}
        >{t`Criterion`}</Button>
        <Button
          size="s"
          look="quiet"
          icon={<Braces size={14} />}
          blocked={depth >= rule_depth_max - 1 && t`Groups nest at most ${rule_depth_max} deep`}
          onClick={() =>
            put({
              ...group,
              children: [
                ...group.children,
                { ...emptyGroup(group.mode === "all" ? "any" : "all"), children: [leaf(start())] },
              ],
            })
          }
        >{t`Group`}</Button>
      </div>
    </div>
  );
}

function Leaf({ node, root, onChange, fields, lookUps, faults, count }: Props & { node: LeafNode }) {
  const { t, i18n } = useLingui();
  const { criterion } = node;
  const put = (next: Criterion | null) =>
    onChange(replaceNode(root, node.id, next ? { ...node, criterion: next } : null));
  const field = fields.find((one) => one.key === criterion.field);
  const options = useMemo(
    () =>
      fields.map((one) => ({ value: one.key, label: i18n.locale === "de" ? one.label_de : one.label_en })),
    [fields, i18n.locale],
  );
  const fault =
    faults?.get(node.id) ??
    (field
      ? undefined
      : t`The field “${criterion.field}” no longer exists. Choose another one or remove this criterion.`);

  const changeField = (key: string) => {
    const next = fields.find((one) => one.key === key);
    if (!next) return;
    const ops = next.operators;
    const op = ops.includes(criterion.op) ? criterion.op : (ops[0] ?? "is_any_of");
    const keeps =
      field &&
      next.kind === field.kind &&
      !["choice", "multi_choice"].includes(next.kind) &&
      op === criterion.op;
    put({ field: next.key, op, values: keeps ? criterion.values : firstValues(next, op) });
  };
  const changeOp = (op: string) => {
    if (!field) return;
    put({
      ...criterion,
      op,
      values: shapeOf(field, op) === shapeOf(field, criterion.op) ? criterion.values : firstValues(field, op),
    });
  };
  return (
    <div className={`rt-leaf ${fault ? "bad" : ""}`} role="group" aria-label={t`Criterion`}>
      <select
        className="inp pick m"
        aria-label={t`Field`}
        value={criterion.field}
        onChange={(event) => changeField(event.target.value)}
      >
        {field ? null : <option value={criterion.field}>{criterion.field}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <select
        className="inp pick ink2"
        aria-label={t`Operator`}
        value={criterion.op}
        onChange={(event) => changeOp(event.target.value)}
      >
        {(field ? field.operators : [criterion.op]).map((op) => {
          const word = field ? operatorWord(field, op) : op;
          return (
            <option key={op} value={op}>
              {typeof word === "string" ? word : i18n._(word)}
            </option>
          );
        })}
      </select>
      <div className="values">
        {field ? (
          <RuleValues
            field={field}
            op={criterion.op}
            values={criterion.values}
            onChange={(values) => put({ ...criterion, values })}
            onReplace={(condition) => onChange(replaceNode(root, node.id, toNode(condition)))}
            lookUps={lookUps}
          />
        ) : (
          <span className="ink3 cut">{criterion.values.map(String).join(", ")}</span>
        )}
      </div>
      {fault ? null : count?.(criterion)}
      <Button
        size="s"
        look="quiet"
        label={t`Remove criterion`}
        icon={<X size={14} />}
        onClick={() => put(null)}
      />
      {fault ? (
        <p className="fault hyphens" role="alert">
          {fault}
        </p>
      ) : null}
    </div>
  );
}
