import { useEffect, useSyncExternalStore } from "react";

export interface Command {
  id: string;
  label: string;
  group: string;
  /** "C", "G L", "Mod K", "Mod Enter", "?". */
  keys?: string;
  run: () => void;
  /** Works by key and in the help, but is no line of the command menu. */
  quiet?: boolean;
}

const lists = new Set<Command[]>();
const listeners = new Set<() => void>();
let all: Command[] = [];

function publish() {
  // The page's commands come before the shell's, and win where both use a key.
  all = [...lists].reverse().flat();
  for (const listener of listeners) listener();
}

/** Offers commands while the component is on screen: by key, in the command menu and in the help. */
export function useCommands(commands: Command[]) {
  useEffect(() => {
    lists.add(commands);
    publish();
    return () => {
      lists.delete(commands);
      publish();
    };
  });
}

export function useAllCommands(): Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => all,
  );
}

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Names keys as they stand on the reader's keyboard. */
export function keyNames(keys: string, locale: string): string {
  const mod = mac ? "⌘" : locale === "de" ? "Strg" : "Ctrl";
  const names: Record<string, string> = { Mod: mod, Enter: "↵", Escape: "Esc" };
  const named = keys.split(" ").map((key) => names[key] ?? key);
  // Keys pressed together are one cap; keys pressed one after the other are several.
  return named.join(keys.startsWith("Mod ") ? "\u00a0" : " ");
}

const sequence_ms = 1_200;
const singleKeys = "revier.single-keys";

export const singleKeysAreOn = () => localStorage.getItem(singleKeys) !== "off";
export const switchSingleKeys = (on: boolean) => localStorage.setItem(singleKeys, on ? "on" : "off");

function typing(target: EventTarget | null) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))
  );
}

/** Listens for the keys of all commands on screen. */
export function useKeys() {
  useEffect(() => {
    let begun = "";
    let begunAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
      const mod = event.ctrlKey || event.metaKey;
      const open = document.querySelector("[role=dialog]");
      const run = (keys: string) => {
        const found = all.find((command) => command.keys === keys);
        if (!found) return false;
        event.preventDefault();
        begun = "";
        found.run();
        return true;
      };
      if (mod) {
        if (!open || key === "K") run(`Mod ${key}`);
        return;
      }
      if (open || typing(event.target) || !singleKeysAreOn()) return;
      if (begun && event.timeStamp - begunAt < sequence_ms && run(`${begun} ${key}`)) return;
      begun = "";
      if (run(key)) return;
      if (all.some((command) => command.keys?.startsWith(`${key} `))) {
        begun = key;
        begunAt = event.timeStamp;
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
