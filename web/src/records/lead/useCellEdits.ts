import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { tagOf } from "../../api/client";
import { changeLead, type Lead, type LeadDraft, putRow } from "../../api/leads";
import { isProblem } from "../../api/problem";
import { useErrorWords } from "../../api/words";
import { toast } from "../../ui/toasts";
import { same } from "./Clash";

interface Edit {
  /** The lead as its reader saw it. */
  base: Lead;
  column: string;
  changes: LeadDraft;
}

/** Two values for the same field; its reader chooses. */
export interface CellClash extends Edit {
  theirs: Lead;
}

/**
 * Changes in cells: the screen shows a value at once and the server follows. What it refuses goes back, with the
 * reason at the cell; where somebody else has changed the same value, both are shown.
 */
export function useCellEdits(said: (edit: Edit) => string) {
  const { t } = useLingui();
  const client = useQueryClient();
  const words = useErrorWords();
  const [overlays, setOverlays] = useState<Record<string, LeadDraft>>({});
  const [objection, setObjection] = useState<{ lead: string; column: string; said: string } | null>(null);
  const [clash, setClash] = useState<CellClash | null>(null);
  // Of leads that were changed here: the version after it, and the end of what is still on its way.
  const versions = useRef(new Map<string, number>());
  const ways = useRef(new Map<string, Promise<void>>());

  const lift = (id: string, changes: LeadDraft) =>
    setOverlays((old) => {
      const rest = Object.entries(old[id] ?? {}).filter(
        ([key, value]) => !(key in changes && same(value, changes[key])),
      );
      const { [id]: _, ...others } = old;
      return rest.length ? { ...others, [id]: Object.fromEntries(rest) } : others;
    });

  const send = async (edit: Edit, isUndo: boolean): Promise<void> => {
    const { base, column, changes } = edit;
    const version = Math.max(base.version, versions.current.get(base.id) ?? 0);
    try {
      const { data } = await changeLead(base.id, changes, tagOf(version));
      if (data?.id) {
        versions.current.set(data.id, data.version);
        putRow(client, data);
        if (isUndo) toast(t`Undone`);
        else {
          const back = Object.fromEntries(Object.keys(changes).map((key) => [key, base[key] ?? null]));
          toast(said(edit), { undo: () => begin({ base: data, column, changes: back }, true) });
        }
      } else toast(t`Done. You no longer see the lead.`);
    } catch (error) {
      const theirs = isProblem(error, 412) ? (error.current as Lead | null) : null;
      if (!theirs) {
        const pointers = Object.keys(changes).map((key) => words.at(error, `/${key}`));
        const why = pointers.filter(Boolean).join(" ") || (words.problem(error) ?? "");
        setObjection({ lead: base.id, column, said: why });
        return;
      }
      putRow(client, theirs);
      const keys = Object.keys(changes);
      // Somebody has changed something else of this lead: both changes stand beside each other.
      if (keys.every((key) => same(theirs[key], base[key]))) return send({ ...edit, base: theirs }, isUndo);
      if (keys.some((key) => !same(theirs[key], changes[key]))) setClash({ ...edit, theirs });
    }
  };
  const begin = (edit: Edit, isUndo = false) => {
    const { base, changes } = edit;
    setObjection(null);
    setOverlays((old) => ({ ...old, [base.id]: { ...old[base.id], ...changes } }));
    const before = ways.current.get(base.id) ?? Promise.resolve();
    const way = before.then(() => send(edit, isUndo)).finally(() => lift(base.id, changes));
    ways.current.set(base.id, way);
  };

  const shown = useCallback(
    (lead: Lead): Lead => {
      const overlay = overlays[lead.id];
      return overlay ? ({ ...lead, ...overlay } as Lead) : lead;
    },
    [overlays],
  );
  return {
    save: (base: Lead, column: string, changes: LeadDraft) => begin({ base, column, changes }),
    shown,
    saidOf: (lead: string, column: string) =>
      objection?.lead === lead && objection.column === column ? objection.said : null,
    hear: () => setObjection(null),
    clash,
    /** Writes the chosen ones of my values over theirs. */
    settle: (kept: string[]) => {
      if (!clash) return;
      setClash(null);
      const changes = Object.fromEntries(kept.map((key) => [key, clash.changes[key]]));
      if (kept.length) begin({ base: clash.theirs, column: clash.column, changes });
    },
    drop: () => setClash(null),
  };
}
