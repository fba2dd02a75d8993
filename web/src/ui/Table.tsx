import { useLingui } from "@lingui/react/macro";
import { Popover } from "@mantine/core";
import {
  columnVisibilityFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";

// Chromium ends at 33.5 million pixels, Firefox at 17.9: below both, the scroll height is true to size.
const height_max = 17_000_000;
const overscan_rows = 8;
const width_min_px = 64;
const width_step_px = 16;

export interface TableColumn<Row> {
  id: string;
  head: string;
  /** Least width in pixels, and the share of what is left over. */
  width: [least: number, share: number];
  numeric?: boolean;
  sortable?: boolean;
  cell: (row: Row) => ReactNode;
  /** Whether the value of this row can be changed in its place. */
  editable?: (row: Row) => boolean;
}

/** Ends an edit: the grid has the focus again, or the next cell of the row that can be edited, or the one before. */
export type Leave = (to?: -1 | 0 | 1) => void;

interface Props<Row> {
  label: string;
  columns: TableColumn<Row>[];
  visible?: Record<string, boolean>;
  rows: Row[];
  rowId: (row: Row) => string;
  rowName: (row: Row) => string;
  rowHeight: number;
  /** How many rows there are in all, where known; the list itself grows by pages. */
  total?: number;
  sorting: SortingState;
  onSorting: (sorting: SortingState) => void;
  selected: ReadonlySet<string>;
  onSelected: (ids: Set<string>) => void;
  onOpen: (row: Row) => void;
  onNearEnd?: () => void;
  /** The input for a cell that is being edited. */
  editor?: (row: Row, column: string, leave: Leave) => ReactNode;
  /** What the server says against a cell's last change. */
  said?: (row: Row, column: string) => string | null;
  onHeard?: () => void;
  /** Widths in pixels that the reader has chosen, by column. */
  widths?: Record<string, number>;
  onWidth?: (column: string, width: number) => void;
  /** Puts a column into the place of another. */
  onMove?: (column: string, place: string) => void;
  waiting?: boolean;
  lineStyle?: (row: Row) => { className?: string; style?: CSSProperties };
}

const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });

/** A grid of fixed row height that draws only what is in view, with one tab stop and arrow keys. */
export function Table<Row>({
  label,
  columns,
  visible,
  rows,
  rowId,
  rowName,
  rowHeight,
  total,
  sorting,
  onSorting,
  selected,
  onSelected,
  onOpen,
  onNearEnd,
  editor,
  said,
  onHeard,
  widths: chosen,
  onWidth,
  onMove,
  waiting,
  lineStyle,
}: Props<Row>) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [at, setAt] = useState(0);
  // The cell of the row that keys speak of; none: the row as a whole.
  const [cell, setCell] = useState(-1);
  const [editing, setEditing] = useState<{ row: string; column: string } | null>(null);
  const [focused, setFocused] = useState(false);
  const anchor = useRef(0);
  const id = useId();

  const defs = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: () => null,
        header: column.head,
        enableSorting: column.sortable ?? false,
        // Texts begin with A, numbers and times with the largest.
        sortDescFirst: column.numeric ?? false,
        meta: column,
      })),
    [columns],
  );
  const table = useTable({
    features,
    columns: defs,
    data: rows as object[],
    manualSorting: true,
    enableMultiSort: true,
    state: { sorting, columnVisibility: visible ?? {} },
    onSortingChange: (next: SortingState | ((old: SortingState) => SortingState)) =>
      onSorting(typeof next === "function" ? next(sorting) : next),
  });
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const shown = table.getVisibleLeafColumns();
  const tick_px = 50;
  const widths = shown.map(({ id }): [number, number] =>
    chosen?.[id] ? [chosen[id], 0] : (byId.get(id)?.width ?? [120, 1]),
  );
  const tracks = `${tick_px}px ${widths.map(([least, share]) => (share ? `minmax(${least}px, ${share}fr)` : `${least}px`)).join(" ")}`;
  const least = tick_px + widths.reduce((sum, [width]) => sum + width, 0) + 16;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, []);

  const ghosts = waiting ? Math.max(rows.length ? 3 : Math.ceil(view.height / rowHeight) - 1, 0) : 0;
  const lines = rows.length + ghosts;
  const whole = lines * rowHeight;
  const scale = whole > height_max ? whole / height_max : 1;
  const first = Math.max(0, Math.floor((view.top * scale) / rowHeight) - overscan_rows);
  const last = Math.min(lines, Math.ceil((view.top * scale + view.height) / rowHeight) + overscan_rows);
  const nearEnd = rows.length > 0 && last + 30 >= rows.length;
  useEffect(() => {
    if (nearEnd) onNearEnd?.();
  }, [nearEnd, onNearEnd]);

  const go = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    setAt(next);
    const element = box.current;
    if (!element) return;
    const top = (next * rowHeight) / scale;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight - 32)
      element.scrollTop = top + rowHeight - element.clientHeight + 32;
  };
  const toggle = (index: number, range: boolean) => {
    const next = new Set(selected);
    const [from, to] = range
      ? [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      : [index, index];
    const row = rows[index];
    const put = range || !row || !next.has(rowId(row));
    for (const one of rows.slice(from, to + 1)) {
      if (put) next.add(rowId(one));
      else next.delete(rowId(one));
    }
    anchor.current = index;
    onSelected(next);
  };
  const cellsToEdit = (row: Row) =>
    editor
      ? shown.map(({ id }, at) => (byId.get(id)?.editable?.(row) ? at : -1)).filter((at) => at >= 0)
      : [];
  const edit = (row: Row, at: number) => {
    const column = shown[at]?.id;
    if (column === undefined || !cellsToEdit(row).includes(at)) return false;
    setCell(at);
    setEditing({ row: rowId(row), column });
    return true;
  };
  const leave =
    (row: Row, from: number): Leave =>
    (to = 0) => {
      const all = cellsToEdit(row);
      const next =
        to > 0 ? all.find((at) => at > from) : to < 0 ? all.findLast((at) => at < from) : undefined;
      if (next !== undefined && edit(row, next)) return;
      setEditing(null);
      // Where the reader has clicked elsewhere, the focus is theirs.
      if (box.current?.contains(document.activeElement) || document.activeElement === document.body)
        box.current?.focus({ preventScroll: true });
    };
  const widen = (column: string, by: number) => {
    const place = shown.findIndex(({ id }) => id === column);
    const head = box.current?.querySelectorAll("[role=columnheader]")[place + 1];
    if (head) onWidth?.(column, Math.max(width_min_px, Math.round(head.getBoundingClientRect().width) + by));
  };
  const shape = (event: KeyboardEvent<HTMLDivElement>) => {
    const column = shown[cell]?.id;
    const to = event.key === "ArrowRight" ? cell + 1 : event.key === "ArrowLeft" ? cell - 1 : -1;
    const place = shown[to]?.id;
    if (column && place && onMove && event.ctrlKey) {
      onMove(column, place);
      setCell(to);
    } else if (column && onWidth && !event.ctrlKey && (event.key === "+" || event.key === "-"))
      widen(column, event.key === "+" ? width_step_px : -width_step_px);
    else return false;
    event.preventDefault();
    return true;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target === event.currentTarget && shape(event)) return;
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 2);
    const row = rows[at];
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      J: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      K: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      go(to);
      if (event.shiftKey) toggle(Math.min(Math.max(to, 0), rows.length - 1), true);
    } else if (event.key === "ArrowRight") setCell(Math.min(cell + 1, shown.length - 1));
    else if (event.key === "ArrowLeft") setCell(Math.max(cell - 1, -1));
    else if (event.key === "Escape" && cell >= 0) setCell(-1);
    else if (event.key === "Enter" && row) {
      if (!edit(row, cell)) onOpen(row);
    } else if (event.key === "e" && row) {
      if (!edit(row, cell)) edit(row, cellsToEdit(row)[0] ?? -1);
    } else if ((event.key === "x" || event.key === " ") && row) toggle(at, false);
    else return;
    event.preventDefault();
  };
  const all = rows.length > 0 && selected.size >= rows.length;

  return (
    <div
      ref={box}
      className="grid"
      role="grid"
      aria-label={label}
      aria-multiselectable="true"
      aria-rowcount={(total ?? rows.length) + 1}
      aria-colcount={shown.length + 1}
      aria-busy={waiting || undefined}
      aria-activedescendant={
        focused && rows[at] ? (cell < 0 ? `${id}-${at}` : `${id}-${at}-${cell}`) : undefined
      }
      tabIndex={0}
      onFocus={() => setFocused(true)}
      onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={onKeyDown}
      style={{ "--columns": tracks, "--least": `${least}px` } as CSSProperties}
    >
      <div className="head" role="rowgroup">
        <div className="cells" role="row" aria-rowindex={1}>
          <span role="columnheader">
            <input
              type="checkbox"
              className="chk"
              aria-label={t`Select all loaded rows`}
              checked={all}
              ref={(tick) => {
                if (tick) tick.indeterminate = selected.size > 0 && !all;
              }}
              onChange={() => onSelected(all ? new Set() : new Set(rows.map(rowId)))}
            />
          </span>
          {shown.map((column) => {
            const way = column.getIsSorted();
            const known = byId.get(column.id);
            return (
              <span
                key={column.id}
                role="columnheader"
                className={known?.numeric ? "num" : ""}
                draggable={Boolean(onMove)}
                onDragStart={(event) => event.dataTransfer.setData("text/plain", column.id)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => {
                  event.preventDefault();
                  const moved = event.dataTransfer.getData("text/plain");
                  if (moved !== column.id && byId.has(moved)) onMove?.(moved, column.id);
                }}
                aria-sort={way ? (way === "asc" ? "ascending" : "descending") : undefined}
              >
                {known?.sortable ? (
                  <button type="button" onClick={column.getToggleSortingHandler()} title={known.head}>
                    <span className="cut">{known.head}</span>
                    {way === "asc" ? (
                      <ArrowUp size={12} aria-hidden="true" />
                    ) : way === "desc" ? (
                      <ArrowDown size={12} aria-hidden="true" />
                    ) : null}
                  </button>
                ) : (
                  <span className="cut">{known?.head}</span>
                )}
                {onWidth ? <Edge onWiden={(by) => widen(column.id, by)} /> : null}
              </span>
            );
          })}
        </div>
      </div>
      <div role="rowgroup" style={{ height: whole / scale, position: "relative" }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, offset) => first + offset).map((index) => {
          const row = rows[index];
          const top = index * rowHeight - view.top * scale + view.top;
          if (!row)
            return (
              <Ghost key={`ghost-${index}`} top={top} height={rowHeight} seed={index} cells={shown.length} />
            );
          const key = rowId(row);
          const extra = lineStyle?.(row);
          return (
            <div
              key={key}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected.has(key)}
              className={`line ${extra?.className ?? ""} ${focused && at === index && cell < 0 ? "at" : ""}`}
              style={{ ...extra?.style, top, height: rowHeight }}
              onPointerDown={(event) => {
                if (event.currentTarget.contains(event.target as Node)) setAt(index);
              }}
              onDoubleClick={(event) => {
                if (!(event.target as Element).closest(".edit")) onOpen(row);
              }}
            >
              <div className="cells" role="presentation">
                <span role="gridcell">
                  <input
                    type="checkbox"
                    className="chk"
                    tabIndex={-1}
                    aria-label={t`Select ${rowName(row)}`}
                    checked={selected.has(key)}
                    onChange={() => {}}
                    onClick={(event) => {
                      event.stopPropagation();
                      toggle(index, event.shiftKey);
                    }}
                  />
                </span>
                {shown.map((column, place) => {
                  const known = byId.get(column.id);
                  const isEdited = editing?.row === key && editing.column === column.id;
                  const canEdit = Boolean(editor && known?.editable?.(row));
                  const objection = said?.(row, column.id);
                  const names = [
                    known?.numeric ? "num" : "",
                    isEdited ? "edit" : canEdit ? "may" : "",
                    focused && at === index && cell === place ? "here" : "",
                  ];
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys, Enter edits the cell
                    <span
                      key={column.id}
                      id={`${id}-${index}-${place}`}
                      role="gridcell"
                      aria-readonly={editor && !canEdit ? true : undefined}
                      className={names.filter(Boolean).join(" ")}
                      onClick={(event) => {
                        const target = event.target as Element;
                        if (isEdited || !event.currentTarget.contains(target)) return;
                        if (event.shiftKey) return toggle(index, true);
                        if (event.ctrlKey || event.metaKey) return toggle(index, false);
                        if (!target.closest("a, button")) {
                          setCell(place);
                          edit(row, place);
                        }
                      }}
                    >
                      {isEdited ? editor?.(row, column.id, leave(row, place)) : known?.cell(row)}
                      {objection ? <Objection said={objection} onHeard={() => onHeard?.()} /> : null}
                    </span>
                  );
                })}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** The edge of a head, for the mouse; keys are + and - in a cell of the column. */
function Edge({ onWiden }: { onWiden: (by: number) => void }) {
  const from = useRef<number | null>(null);
  return (
    <i
      className="head-edge"
      aria-hidden="true"
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = event.clientX;
      }}
      onPointerMove={(event) => {
        if (from.current === null) return;
        onWiden(event.clientX - from.current);
        from.current = event.clientX;
      }}
      onPointerUp={() => {
        from.current = null;
      }}
    />
  );
}

/** Why a change was not taken, at the cell it was made in. */
function Objection({ said, onHeard }: { said: string; onHeard: () => void }) {
  return (
    <Popover opened onDismiss={onHeard} position="bottom-start" withRoles={false} trapFocus={false}>
      <Popover.Target>
        <i className="objection" aria-hidden="true" />
      </Popover.Target>
      <Popover.Dropdown role="alert" maw={320} className="small">
        {said}
      </Popover.Dropdown>
    </Popover>
  );
}

function Ghost({ top, height, seed, cells }: { top: number; height: number; seed: number; cells: number }) {
  return (
    <div className="line" style={{ top, height }} aria-hidden="true">
      <div className="cells">
        <span />
        {Array.from({ length: cells }, (_, cell) => cell).map((cell) => (
          <span key={cell}>
            <i className="skel" style={{ width: 36 + ((seed * 53 + cell * 31) % 70) }} />
          </span>
        ))}
      </div>
    </div>
  );
}
