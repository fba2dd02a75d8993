import type { Condition } from "./conditions";

// Lists of values that are too long for an address: 30,000 postcodes, a column of account numbers. The address names
// such a list by its fingerprint; the list itself stays in this browser. See docs/decisions/0006.

/** What stands in a criterion's `values` in place of a long list. */
interface Named {
  list: string;
  count: number;
}

const chars_min = 400;
const lists_max = 50;
const database = "revier-lists";

const names = new WeakMap<unknown[], string | null>();
const kept = new Map<string, unknown[]>();

/** Sixty-four bits of a text: equal lists have equal addresses. */
function fingerprint(text: string): string {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return [one, other].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The name of a long list; short ones have none. */
function nameOf(values: unknown[]): string | null {
  const known = names.get(values);
  if (known !== undefined) return known;
  const text = JSON.stringify(values);
  const name = text.length < chars_min ? null : fingerprint(text);
  names.set(values, name);
  return name;
}

function named(values: unknown[]): Named | null {
  const only = values.length === 1 ? values[0] : null;
  return typeof only === "object" && only !== null && "list" in only ? (only as Named) : null;
}

function mapped(condition: Condition, values: (given: unknown[]) => unknown[]): Condition {
  if ("field" in condition)
    return condition.values ? { ...condition, values: values(condition.values) } : condition;
  if ("all" in condition) return { all: condition.all.map((one) => mapped(one, values)) };
  if ("any" in condition) return { any: condition.any.map((one) => mapped(one, values)) };
  return { not: mapped(condition.not, values) };
}

/** The condition with names in place of its long lists: as short as a key or an address has to be. */
export function shortened(condition: Condition): Condition {
  return mapped(condition, (values) => {
    const list = nameOf(values);
    return list ? [{ list, count: values.length }] : values;
  });
}

/** The same, and its lists are kept, so that the address finds them again: after a reload, in another tab. */
export function inAddress(condition: Condition): Condition {
  mapped(condition, (values) => {
    const name = nameOf(values);
    if (name && !kept.has(name)) {
      kept.set(name, values);
      const oldest = kept.size > lists_max ? kept.keys().next().value : undefined;
      if (oldest) kept.delete(oldest);
      void store(name, values);
    }
    return values;
  });
  return shortened(condition);
}

/** The names of the lists that a condition from an address speaks of. */
export function listsIn(condition: Condition | undefined): string[] {
  const found: string[] = [];
  if (condition)
    mapped(condition, (values) => {
      const one = named(values);
      if (one) found.push(one.list);
      return values;
    });
  return found;
}

export const isKept = (name: string) => kept.has(name);

/** The condition with its lists; nothing where one is not at hand. */
export function whole(condition: Condition | undefined): Condition | undefined {
  if (!condition || !listsIn(condition).every(isKept)) return undefined;
  return mapped(condition, (values) => {
    const one = named(values);
    return one ? (kept.get(one.list) ?? values) : values;
  });
}

/** Brings lists of earlier pages to hand; says which ones this browser does not have. */
export async function bring(wanted: string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const name of wanted) {
    const values = kept.get(name) ?? (await stored(name));
    if (values) {
      kept.set(name, values);
      names.set(values, name);
    } else missing.push(name);
  }
  return missing;
}

/** Forgets all lists, for the next one at this browser. */
export async function forgetLists() {
  kept.clear();
  await ask("readwrite", (lists) => lists.clear());
}

// A browser that keeps nothing, as in private windows, has the lists until the page is left.
async function ask<T>(mode: IDBTransactionMode, what: (lists: IDBObjectStore) => IDBRequest<T>) {
  try {
    const opened = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("lists", { keyPath: "name" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    try {
      const request = what(opened.transaction("lists", mode).objectStore("lists"));
      return await new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally {
      opened.close();
    }
  } catch {
    return undefined;
  }
}

interface Stored {
  name: string;
  at: number;
  values: unknown[];
}

async function stored(name: string): Promise<unknown[] | undefined> {
  const found = await ask<Stored | undefined>("readonly", (lists) => lists.get(name));
  return found?.values;
}

async function store(name: string, values: unknown[]) {
  await ask("readwrite", (lists) => lists.put({ name, at: Date.now(), values } satisfies Stored));
  const count = await ask("readonly", (lists) => lists.count());
  if (!count || count <= lists_max) return;
  const all = (await ask<Stored[]>("readonly", (lists) => lists.getAll())) ?? [];
  for (const old of all.sort((a, b) => a.at - b.at).slice(0, all.length - lists_max))
    await ask("readwrite", (lists) => lists.delete(old.name));
}
