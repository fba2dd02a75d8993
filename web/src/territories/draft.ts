import type { Condition } from "../ui/conditions";

/** A rule as somebody has left it in this browser, not saved yet. */
export interface RuleInWork {
  name: string;
  enabled: boolean;
  when: Condition;
}

const keyOf = (territoryId: string, ruleId: string) => `revier.rule.${territoryId}.${ruleId}`;

export function draftOf(territoryId: string, ruleId: string): RuleInWork | null {
  try {
    const text = localStorage.getItem(keyOf(territoryId, ruleId));
    return text ? (JSON.parse(text) as RuleInWork) : null;
  } catch {
    return null;
  }
}

/** Keeps the draft; a browser that is full or forbids it keeps none. */
export function keepDraft(territoryId: string, ruleId: string, draft: RuleInWork) {
  try {
    localStorage.setItem(keyOf(territoryId, ruleId), JSON.stringify(draft));
  } catch {
    // The rule is still on the screen.
  }
}

export function dropDraft(territoryId: string, ruleId: string) {
  localStorage.removeItem(keyOf(territoryId, ruleId));
}
