import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "./Button";
import {
  type Condition,
  emptyGroup,
  type FieldInfo,
  type GroupNode,
  isComplete,
  leaf,
  toCondition,
  toRoot,
} from "./conditions";
import { Dialog } from "./Dialog";
import { RuleTree } from "./RuleTree";
import type { LookUps } from "./RuleValues";

/** The rule editor as a filter of a list. */
export default function FilterDialog({
  start,
  fields,
  lookUps,
  onClose,
  onApply,
}: {
  start: Condition | null;
  fields: FieldInfo[];
  lookUps: LookUps;
  onClose: () => void;
  onApply: (condition: Condition | null) => void;
}) {
  const { t } = useLingui();
  const [root, setRoot] = useState<GroupNode>(() =>
    start
      ? toRoot(start)
      : { ...emptyGroup(), children: [leaf({ field: "status", op: "is_any_of", values: [] })] },
  );
  const condition = toCondition(root);
  return (
    <Dialog title={t`Filter`} opened onClose={onClose} closeLabel={t`Close`} size={820}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete(condition)) onApply(root.children.length ? condition : null);
        }}
      >
        <RuleTree root={root} onChange={setRoot} fields={fields} lookUps={lookUps} />
        <div className="dialog-foot">
          <Button look="quiet" onClick={() => onApply(null)}>{t`Reset all filters`}</Button>
          <Button onClick={onClose}>{t`Cancel`}</Button>
          <Button
            look="filled"
            type="submit"
            blocked={isComplete(condition) ? null : t`A criterion has no value yet`}
          >{t`Apply filter`}</Button>
        </div>
      </form>
    </Dialog>
  );
}
