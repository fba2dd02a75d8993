import { useLingui } from "@lingui/react/macro";
import { Popover } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { Columns3 } from "lucide-react";
import { useMemo } from "react";
import { Button } from "../../ui/Button";
import { CheckField } from "../../ui/Check";
import type { TableColumn } from "../../ui/Table";
import { shownAtFirst } from "./columns";

type Visible = Record<string, boolean>;

/** Which columns are on; one that nobody has chosen about shows only if it is one of the first. */
export function useColumns<Row>(columns: TableColumn<Row>[]): [Visible, (visible: Visible) => void] {
  const [chosen, setChosen] = useLocalStorage<Visible>({
    key: "revier.lead-columns",
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const visible = useMemo(
    () =>
      Object.fromEntries(
        columns.map((column) => [column.id, chosen[column.id] ?? shownAtFirst.includes(column.id)]),
      ),
    [columns, chosen],
  );
  return [visible, setChosen];
}

/** The reader's widths and order of columns; those that nobody has moved come behind in their own order. */
export function useLayout<Row>(columns: TableColumn<Row>[]) {
  const [layout, setLayout] = useLocalStorage<{ widths: Record<string, number>; order: string[] }>({
    key: "revier.lead-layout",
    defaultValue: { widths: {}, order: [] },
    getInitialValueInEffect: false,
  });
  const { widths, order } = layout;
  const ordered = useMemo(() => {
    const places = new Map(order.map((id, place) => [id, place]));
    return columns.toSorted(
      (a, b) => (places.get(a.id) ?? columns.length) - (places.get(b.id) ?? columns.length),
    );
  }, [columns, order]);
  return {
    ordered,
    widths,
    widen: (column: string, width: number) => setLayout({ order, widths: { ...widths, [column]: width } }),
    move: (column: string, place: string) => {
      const ids = ordered.map((one) => one.id);
      const [from, to] = [ids.indexOf(column), ids.indexOf(place)];
      if (from < 0 || to < 0) return;
      ids.splice(to, 0, ...ids.splice(from, 1));
      setLayout({ order: ids, widths });
    },
  };
}

export function ColumnMenu<Row>({
  columns,
  visible,
  onChange,
}: {
  columns: TableColumn<Row>[];
  visible: Visible;
  onChange: (visible: Visible) => void;
}) {
  const { t } = useLingui();
  const on = columns.filter((column) => visible[column.id]).length;
  return (
    <Popover position="bottom-end" transitionProps={{ duration: 0 }}>
      <Popover.Target>
        <Button
          size="s"
          look="quiet"
          icon={<Columns3 size={14} aria-hidden="true" />}
        >{t`${on} of ${columns.length} columns`}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="col g2" style={{ maxHeight: 420, overflow: "auto", padding: 8, minWidth: 200 }}>
          {columns.map((column) => (
            <CheckField
              key={column.id}
              checked={visible[column.id] ?? false}
              onChange={(event) => onChange({ ...visible, [column.id]: event.target.checked })}
            >
              {column.head}
            </CheckField>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
