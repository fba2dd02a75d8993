import type { QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

export interface LiveEvent {
  id: string;
  kind: string;
  object_id: string;
}

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
      for (const listener of listeners) listener(event);
    };
    source.onmessage = take;
    let open = false;
    source.onopen = () => {
      // After a break the lists may have missed something.
      if (open) void client.invalidateQueries();
      open = true;
    };
    return () => source.close();
  }, [client]);
}
