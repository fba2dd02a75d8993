import { useSyncExternalStore } from "react";

export interface ToastMessage {
  id: number;
  said: string;
  bad?: boolean;
  undo?: () => void;
}

const shown_ms = 8_000;
let messages: ToastMessage[] = [];
let last = 0;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

function publish(next: ToastMessage[]) {
  messages = next;
  for (const listener of listeners) listener();
}

export function dismiss(id: number) {
  clearTimeout(timers.get(id));
  timers.delete(id);
  publish(messages.filter((message) => message.id !== id));
}

/** Keeps a message while the reader points at it or focuses it. */
export function hold(id: number) {
  clearTimeout(timers.get(id));
}

export function release(id: number) {
  timers.set(
    id,
    setTimeout(() => dismiss(id), shown_ms),
  );
}

/** Says what happened; with `undo`, offers to take it back for eight seconds. */
export function toast(said: string, { undo, bad }: { undo?: () => void; bad?: boolean } = {}) {
  last += 1;
  publish([...messages.slice(-2), { id: last, said, undo, bad }]);
  release(last);
}

/** Takes back the newest act that can be taken back; the key Z. */
export function undoLatest() {
  const latest = messages.findLast((message) => message.undo);
  if (!latest) return;
  dismiss(latest.id);
  latest.undo?.();
}

export function useToasts() {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
}
