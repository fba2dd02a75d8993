/** The condition language as JSON: what rules, filters and views are made of. */
export interface Criterion {
  field: string;
  op: string;
  values: unknown[];
}

export type Condition = Criterion | { all: Condition[] } | { any: Condition[] } | { not: Condition };

export interface FieldChoice {
  key: string;
  label_en: string;
  label_de: string;
  /** The workspace's own: it may be changed. */
  is_own?: boolean;
}

export interface FieldInfo {
  key: string;
  kind: string;
  is_list: boolean;
  label_en: string;
  label_de: string;
  choices: FieldChoice[];
  /** Whether the workspace may add choices of its own. */
  takes_choices?: boolean;
  is_system: boolean;
  holds_ids: boolean;
  /** Whether lists may be sorted by it. */
  is_sortable: boolean;
  /** Whether the reader may change it, as far as it does not depend on a record's territory. */
  is_editable: boolean;
  /** What conditions may ask of it, in the order in which the editor offers it. */
  operators: string[];
  /** Of an own field: the version that a change names. */
  version?: number | null;
}

export type GroupMode = "all" | "any" | "none" | "not_all";
export interface GroupNode {
  id: number;
  mode: GroupMode;
  children: TreeNode[];
}
export interface LeafNode {
  id: number;
  criterion: Criterion;
}
export type TreeNode = GroupNode | LeafNode;

/** As deep as the server takes it. */
export const rule_depth_max = 16;

let last = 0;
const fresh = () => {
  last += 1;
  return last;
};

export const isGroup = (node: TreeNode): node is GroupNode => "children" in node;

export const emptyGroup = (mode: GroupMode = "all"): GroupNode => ({ id: fresh(), mode, children: [] });
export const leaf = (criterion: Criterion): LeafNode => ({ id: fresh(), criterion });

/** Turns the tree into what the editor draws: `not any` is drawn as "none", `not all` as "not all". */
export function toNode(condition: Condition): TreeNode {
  // `is_empty` comes without values.
  if ("field" in condition) return leaf({ ...condition, values: condition.values ?? [] });
  if ("all" in condition) return { id: fresh(), mode: "all", children: condition.all.map(toNode) };
  if ("any" in condition) return { id: fresh(), mode: "any", children: condition.any.map(toNode) };
  const inner = condition.not;
  if ("any" in inner) return { id: fresh(), mode: "none", children: inner.any.map(toNode) };
  if ("all" in inner) return { id: fresh(), mode: "not_all", children: inner.all.map(toNode) };
  return { id: fresh(), mode: "none", children: [toNode(inner)] };
}

/** The editor's root is always a group, so that a criterion can be added beside the only one. */
export function toRoot(condition: Condition | null): GroupNode {
  if (!condition) return emptyGroup();
  const node = toNode(condition);
  return isGroup(node) ? node : { id: fresh(), mode: "all", children: [node] };
}

export function toCondition(node: TreeNode): Condition {
  if (!isGroup(node)) return node.criterion;
  const children = node.children.map(toCondition);
  if (node.mode === "all") return { all: children };
  if (node.mode === "any") return { any: children };
  if (node.mode === "not_all") return { not: { all: children } };
  const only = children.length === 1 ? children[0] : undefined;
  return { not: only ?? { any: children } };
}

/** Replaces one node; `null` takes it out. */
export function replaceNode(root: GroupNode, id: number, next: TreeNode | null): GroupNode {
  const children = root.children.flatMap((child) => {
    if (child.id === id) return next ? [next] : [];
    return [isGroup(child) ? replaceNode(child, id, next) : child];
  });
  return { ...root, children };
}

const presence = ["is_empty", "is_not_empty"];
const order = ["eq", "gte", "lte", "gt", "lt", "between"];

/** Keeps values only where the new operator reads the same kind of value. */
export function shapeOf(field: FieldInfo, op: string): string {
  if (presence.includes(op)) return "none";
  if (op === "in_last_days" || op === "in_next_days") return "days";
  if (op === "between") return `two ${field.kind}`;
  if (order.includes(op)) return `one ${field.kind}`;
  if (op === "in_range_any_of") return "ranges";
  if (op === "country_is_any_of") return "countries";
  if (op === "within_km") return "circles";
  if (op === "is") return "yes_no";
  if (["choice", "multi_choice", "country", "state"].includes(field.kind)) return field.kind;
  return "words";
}

/** The values with which a criterion begins: a switch shows "yes" before anybody touches it. */
export const firstValues = (field: FieldInfo, op: string): unknown[] =>
  shapeOf(field, op) === "yes_no" ? [true] : [];

export function isComplete(condition: Condition): boolean {
  if ("field" in condition) {
    if (presence.includes(condition.op)) return true;
    if (condition.op === "between") return condition.values.length === 2 && condition.values.every(filled);
    return condition.values.length > 0 && condition.values.every(filled);
  }
  if ("not" in condition) return isComplete(condition.not);
  return ("all" in condition ? condition.all : condition.any).every(isComplete);
}

function filled(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return false;
  if (typeof value === "object" && "amount" in value) return Boolean((value as { amount: string }).amount);
  if (typeof value === "object" && "km" in value) {
    const circle = value as { km: unknown; postcode?: string; lat?: unknown };
    return (
      typeof circle.km === "number" && circle.km > 0 && Boolean(circle.postcode || circle.lat !== undefined)
    );
  }
  return true;
}

/**
 * The criterion that a JSON pointer of the server leads to, such as "/condition/all/1/not/values/0".
 * The editor draws `not any` as one group, so a `not` in the pointer may stay at its node.
 */
export function nodeAt(root: GroupNode, pointer: string): TreeNode | null {
  let node: TreeNode = root;
  for (const step of pointer.split("/")) {
    if (!/^\d+$/.test(step) || !isGroup(node)) continue;
    const child: TreeNode | undefined = node.children[Number(step)];
    if (!child) break;
    node = child;
  }
  // A root made around a lone criterion, or a "none" around one: the fault is that criterion's.
  while (isGroup(node) && node.children.length === 1) node = node.children[0] as TreeNode;
  return isGroup(node) ? null : node;
}

/** Whether a group holds nothing but postcodes, so that it can be written as field sales write them. */
export function isOnlyPostcodes(node: TreeNode): boolean {
  if (!isGroup(node))
    return (
      node.criterion.field === "postcode" &&
      /^(is_any_of|is_none_of|starts_with_any_of|in_range_any_of)$/.test(node.criterion.op)
    );
  return node.children.length > 0 && node.children.every(isOnlyPostcodes);
}
