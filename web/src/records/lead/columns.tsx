import type { I18n } from "@lingui/core";
import { Link } from "@tanstack/react-router";
import type { FieldInfo, Lead } from "../../api/types";
import { paths } from "../../paths";
import { formatAgo, formatNumber, formatTime } from "../../ui/format";
import { Owner } from "../../ui/Owner";
import { Status } from "../../ui/Status";
import type { TableColumn } from "../../ui/Table";
import { Terr } from "../../ui/Territory";
import { choiceLabel, fieldLabel, sayValue } from "../../ui/values";
import { leadName } from "./names";

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

const tracks: Record<string, string> = {
  text: "minmax(120px, 1fr)",
  long_text: "minmax(160px, 1fr)",
  integer: "96px",
  decimal: "96px",
  money: "128px",
  date: "104px",
  date_time: "128px",
  yes_no: "80px",
  country: "128px",
  postcode: "88px",
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

export function leadColumns(fields: FieldInfo[], i18n: I18n, words: Words, now: number): TableColumn<Lead>[] {
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
      width: "minmax(180px, 2fr)",
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
      width: "minmax(140px, 1.3fr)",
      cell: (lead) =>
        lead.territory ? <Terr mark={lead.territory} /> : <span className="ink3">{words.noTerritory}</span>,
    },
    {
      id: "owner",
      head: head("owner"),
      width: "minmax(140px, 1.2fr)",
      cell: (lead) => <Owner name={lead.owner?.name} nobody={words.queue} />,
    },
    {
      id: "status",
      head: head("status"),
      width: "130px",
      sortable: true,
      cell: (lead) =>
        lead.status ? (
          <Status status={lead.status} label={choiceLabel(field("status"), lead.status, i18n)} />
        ) : null,
    },
    {
      id: "place",
      head: words.place,
      width: "minmax(140px, 1.2fr)",
      cell: (lead) => (
        <span className="cut">
          <span className="num ink2">{lead.postcode}</span> {lead.city}
        </span>
      ),
    },
    {
      id: "person",
      head: words.person,
      width: "minmax(130px, 1fr)",
      cell: (lead) => (
        <span className="cut">{[lead.first_name, lead.last_name].filter(Boolean).join(" ")}</span>
      ),
    },
    {
      id: "created_at",
      head: head("created_at"),
      width: "96px",
      numeric: true,
      sortable: true,
      cell: (lead) => when(lead.created_at),
    },
    {
      id: "updated_at",
      head: head("updated_at"),
      width: "96px",
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
      width: tracks[known.kind] ?? "minmax(120px, 1fr)",
      numeric,
      sortable: !known.is_list && known.kind !== "multi_choice",
      cell: (lead) => {
        const value = readValue(lead, key);
        if (value === null || value === undefined || (Array.isArray(value) && !value.length)) return null;
        if (key === "score" && typeof value === "number")
          return <Score value={value} shown={formatNumber(value, language)} />;
        return <span className="cut ink2">{sayValue(known, value, i18n)}</span>;
      },
    });
  }
  const order = new Map(shownAtFirst.map((id, index) => [id, index]));
  return columns.sort((a, b) => (order.get(a.id) ?? 99) - (order.get(b.id) ?? 99));
}

export function readValue(lead: Lead, key: string): unknown {
  if (key.startsWith("custom.")) return lead.custom[key.slice("custom.".length)];
  return (lead as unknown as Record<string, unknown>)[key];
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
