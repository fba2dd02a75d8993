import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { LiveEvent } from "./generated/types.gen";

export type { LiveEvent };

const kinds = ["lead.created", "lead.changed", "lead.deleted", "batch.changed", "settings.changed", "resync"];
const listeners = new Set<(event: LiveEvent) => void>();

/** Tells a page what happened while it is open. */
export function useLive(listener: (event: LiveEvent) => void) {
  useEffect(() => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [listener]);
}

/** Holds the one stream of events; the browser reconnects and says which event it saw last. */
export function useLiveEvents(client: QueryClient) {
  useEffect(() => {
    const source = new EventSource("/api/v1/events");
    const take = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as LiveEvent;
      if (event.kind === "resync" || event.kind === "settings.changed") void client.invalidateQueries();
      else if (event.kind.startsWith("lead.")) {
        void client.invalidateQueries({ queryKey: ["leads", "one", event.object_id] });
        void client.invalidateQueries({ queryKey: ["leads", "decision", event.object_id] });
        void client.invalidateQueries({ queryKey: ["leads", "history", event.object_id] });
        void client.invalidateQueries({ queryKey: ["rotation"] });
      } else if (event.kind === "batch.changed") void client.invalidateQueries({ queryKey: ["batches"] });
      for (const listener of listeners) listener(event);
    };
    source.onmessage = take;
    for (const kind of kinds) source.addEventListener(kind, take as EventListener);
    return () => source.close();
  }, [client]);
}
