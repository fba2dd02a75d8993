import type { I18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import type { Lead } from "../../api/leads";
import { paths } from "../../paths";
import type { FieldInfo } from "../../ui/conditions";
import { formatAgo, formatNumber, formatTime } from "../../ui/format";
import { Owner } from "../../ui/Owner";
import { Status } from "../../ui/Status";
import type { TableColumn } from "../../ui/Table";
import { Terr } from "../../ui/Territory";
import { choiceLabel, fieldLabel, type Names, sayValue } from "../../ui/values";
import { leadName, textOf } from "./names";

interface Words {
  company: string;
  place: string;
  queue: string;
  noTerritory: string;
  person: string;
}

/** Columns that a new reader sees; the others wait in the column menu. */
export const shownAtFirst = [
  "company",
  "territory",
  "owner",
  "status",
  "place",
  "industry",
  "employees",
  "score",
  "created_at",
];

const tracks: Record<string, [number, number]> = {
  text: [120, 1],
  long_text: [160, 1],
  integer: [96, 0],
  decimal: [96, 0],
  money: [128, 0],
  date: [104, 0],
  date_time: [128, 0],
  yes_no: [80, 0],
  country: [128, 0],
  postcode: [88, 0],
};
const composed = new Set([
  "company",
  "territory",
  "owner",
  "status",
  "city",
  "postcode",
  "place",
  "created_at",
  "updated_at",
  "first_name",
  "last_name",
  "created_by",
]);

const parts: Record<string, string[]> = {
  place: ["postcode", "city"],
  person: ["first_name", "last_name"],
};

/** The fields behind a column that its reader may write. */
export const writtenBy = (column: string, fields: FieldInfo[]): FieldInfo[] =>
  (parts[column] ?? [column])
    .map((key) => fields.find((field) => field.key === key))
    .filter((field) => field !== undefined)
    .filter((field) => field.is_editable && !field.is_system);

export function leadColumns(
  fields: FieldInfo[],
  i18n: I18n,
  words: Words,
  now: number,
  names: Names,
): TableColumn<Lead>[] {
  const field = (key: string) => fields.find((one) => one.key === key);
  const head = (key: string) => {
    const known = field(key);
    return known ? fieldLabel(known, i18n) : key;
  };
  const language = i18n.locale;
  const when = (iso: string | null) =>
    iso ? (
      <span className="ink3 num" title={formatTime(iso, language)}>
        {formatAgo(iso, language, now)}
      </span>
    ) : null;
  const columns: TableColumn<Lead>[] = [
    {
      id: "company",
      head: words.company,
      width: [180, 2],
      sortable: true,
      cell: (lead) => (
        <Link
          className="nm"
          to={paths.lead}
          params={{ leadId: lead.id }}
          title={leadName(lead)}
          tabIndex={-1}
        >
          {leadName(lead)}
        </Link>
      ),
    },
    {
      id: "territory",
      head: head("territory"),
      width: [140, 1.3],
      cell: (lead) =>
        lead.territory ? <Terr mark={lead.territory} /> : <span className="ink3">{words.noTerritory}</span>,
    },
    {
      id: "owner",
      head: head("owner"),
      width: [140, 1.2],
      cell: (lead) => <Owner name={lead.owner?.name} nobody={words.queue} />,
    },
    {
      id: "status",
      head: head("status"),
      width: [130, 0],
      sortable: true,
      cell: (lead) =>
        textOf(lead, "status") ? (
          <Status
            status={textOf(lead, "status") ?? ""}
            label={choiceLabel(field("status"), textOf(lead, "status") ?? "", i18n)}
          />
        ) : null,
    },
    {
      id: "place",
      head: words.place,
      width: [140, 1.2],
      cell: (lead) => (
        <span className="cut">
          <span className="num ink2">{textOf(lead, "postcode")}</span> {textOf(lead, "city")}
        </span>
      ),
    },
    {
      id: "person",
      head: words.person,
      width: [130, 1],
      cell: (lead) => (
        <span className="cut">
          {[textOf(lead, "first_name"), textOf(lead, "last_name")].filter(Boolean).join(" ")}
        </span>
      ),
    },
    {
      id: "created_at",
      head: head("created_at"),
      width: [96, 0],
      numeric: true,
      sortable: true,
      cell: (lead) => when(lead.created_at),
    },
    {
      id: "updated_at",
      head: head("updated_at"),
      width: [96, 0],
      numeric: true,
      sortable: true,
      cell: (lead) => when(lead.updated_at),
    },
  ];
  for (const known of fields) {
    if (composed.has(known.key) || (known.is_system && known.key !== "score")) continue;
    const numeric = ["integer", "decimal", "money"].includes(known.kind);
    const key = known.key;
    columns.push({
      id: key,
      head: fieldLabel(known, i18n),
      width: tracks[known.kind] ?? [120, 1],
      numeric,
      sortable: known.is_sortable,
      cell: (lead) => {
        const value = lead[key];
        if (value === null || value === undefined || (Array.isArray(value) && !value.length)) return null;
        if (key === "score" && typeof value === "number")
          return <Score value={value} shown={formatNumber(value, language)} />;
        return <span className="cut ink2">{sayValue(known, value, i18n, names)}</span>;
      },
    });
  }
  const order = new Map(shownAtFirst.map((id, index) => [id, index]));
  for (const column of columns) {
    const written = writtenBy(column.id, fields);
    // A field that the lead's territory hides is not in it.
    if (written.length)
      column.editable = (lead) => lead.can.edit && written.every((field) => field.key in lead);
  }
  return columns.sort((a, b) => (order.get(a.id) ?? 99) - (order.get(b.id) ?? 99));
}

/** On a telephone a row is one column: who it is, where, and how far one has come with them. */
export function dayColumn(fields: FieldInfo[], i18n: I18n, head: string): TableColumn<Lead> {
  const field = fields.find((one) => one.key === "status");
  return {
    id: "company",
    head,
    width: [200, 1],
    sortable: true,
    cell: (lead) => {
      const status = textOf(lead, "status");
      const place = [textOf(lead, "postcode"), textOf(lead, "city")].filter(Boolean).join(" ");
      return (
        <Link className="day" to={paths.lead} params={{ leadId: lead.id }} tabIndex={-1}>
          <span className="cut m">{leadName(lead)}</span>
          <span className="day-facts small ink2">
            <span className="cut">{place || "–"}</span>
            {status ? <Status status={status} label={choiceLabel(field, status, i18n)} /> : null}
          </span>
        </Link>
      );
    },
  };
}

function Score({ value, shown }: { value: number; shown: string }) {
  return (
    <span className="row" style={{ gap: 7 }}>
      <span className="num">{shown}</span>
      <span className="meter" style={{ width: 28, height: 4 }} aria-hidden="true">
        <i style={{ width: `${Math.min(100, value)}%`, background: "var(--ink-2)" }} />
      </span>
    </span>
  );
}
