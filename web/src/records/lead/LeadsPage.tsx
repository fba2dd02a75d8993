import { plural } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Plus, Search } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { fieldsQuery } from "../../api/fields";
import { containing, type Lead, leadCountQuery, leadsQuery, listsQuery, refreshRow } from "../../api/leads";
import { type LiveEvent, useLive } from "../../api/live";
import { inTerritory, useLookUps } from "../../api/names";
import { useSession } from "../../api/session";
import { paths } from "../../paths";
import { Button } from "../../ui/Button";
import { useCommands } from "../../ui/commands";
import type { Condition } from "../../ui/conditions";
import { FilterChip } from "../../ui/FilterChip";
import { formatNumber } from "../../ui/format";
import { LivePill } from "../../ui/LivePill";
import { inAddress, whole } from "../../ui/lists";
import { Top } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { tint } from "../../ui/Territory";
import { useNow } from "../../ui/useNow";
import { countCriteria, sayCriterion } from "../../ui/values";
import { CellEditor } from "./CellEditor";
import { Clash } from "./Clash";
import { ColumnMenu, useColumns, useLayout } from "./ColumnMenu";
import { dayColumn, leadColumns, writtenBy } from "./columns";
import { LeadsEmpty, LeadsFailed, ListsMissing } from "./LeadsStates";
import { leadName } from "./names";
import "./lead.css";
import { Strip } from "./Strip";
import { chipsOf, isTerritory, ofChips } from "./search";
import { useCellEdits } from "./useCellEdits";

const route = getRouteApi("/shell/leads");
const FilterDialog = lazy(() => import("../../ui/FilterDialog"));
const row_px = 34;
const day_row_px = 60;

export default function LeadsPage() {
  const { t, i18n } = useLingui();
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useSession();
  const fields = useSuspenseQuery(fieldsQuery).data;
  const now = useNow();
  const shown = useCallback((key: string) => fields.some((field) => field.key === key), [fields]);
  const missing = useSuspenseQuery(listsQuery(search.filter)).data;
  const isWhole = missing.length === 0;
  const filter = useMemo(() => (isWhole ? whole(search.filter) : undefined), [isWhole, search.filter]);
  const asked = useMemo(() => {
    const wanted = search.q ? containing(search.q, shown) : undefined;
    return wanted && filter ? { all: [filter, wanted] } : (wanted ?? filter);
  }, [search.q, filter, shown]);
  const list = useInfiniteQuery({ ...leadsQuery(asked, search.sort), enabled: isWhole });
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const [editing, setEditing] = useState<Condition | null | false>(false);
  const [waiting, setWaiting] = useState<Set<string>>(new Set());
  // How often each row has been changed by others while it was on screen.
  const [glowing, setGlowing] = useState<ReadonlyMap<string, number>>(new Map());
  const searchBox = useRef<HTMLInputElement>(null);

  const edits = useCellEdits(({ base, column }) => {
    const head = columns.find((one) => one.id === column)?.head ?? column;
    return t`${leadName(base)}: ${head} changed`;
  });
  const read = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const rows = useMemo(() => read.map(edits.shown), [read, edits.shown]);
  const lookUps = useLookUps(rows.map((lead) => lead.country));
  const count = list.data?.pages[0]?.count ?? null;
  const chips = useMemo(() => chipsOf(filter), [filter]);
  const columns = useMemo(
    () =>
      leadColumns(
        fields,
        i18n,
        {
          company: t`Company`,
          place: t`Place`,
          queue: t`Queue`,
          noTerritory: t`No territory`,
          person: t`Person`,
        },
        now,
        lookUps.nameOf,
      ),
    [fields, i18n, t, now, lookUps.nameOf],
  );
  const [visible, setVisible] = useColumns(columns);
  const layout = useLayout(columns);
  const isSmall = useMediaQuery("(max-width: 639px)", false, { getInitialValueInEffect: false });
  const day = useMemo(() => [dayColumn(fields, i18n, t`Company`)], [fields, i18n, t]);
  const open = (lead: Lead) => navigate({ to: paths.lead, params: { leadId: lead.id } });
  const seek = (part: Partial<typeof search>) =>
    navigate({ to: paths.leads, search: { ...search, ...part } });
  const seekFilter = (next: Condition | null | undefined) =>
    seek({ filter: next ? inAddress(next) : undefined });

  const onLive = useCallback(
    (event: LiveEvent) => {
      if (event.kind === "lead.created") setWaiting((old) => new Set(old).add(event.object_id));
      if (event.kind === "lead.changed") {
        const id = event.object_id;
        void refreshRow(client, id).then((isNew) => {
          if (isNew) setGlowing((old) => new Map(old).set(id, (old.get(id) ?? 0) + 1));
        });
      }
    },
    [client],
  );
  useLive(onLive);
  const take = () => {
    setWaiting(new Set());
    void client.resetQueries({ queryKey: ["leads", "list"] });
  };
  const fetchMore = useCallback(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  }, [list.hasNextPage, list.isFetchingNextPage, list.fetchNextPage]);

  const mayCreate = (session.permissions.lead?.create ?? "none") !== "none";
  const create = () => void navigate({ to: paths.newLead });
  useCommands([
    ...(mayCreate
      ? [{ id: "create-lead", label: t`Create lead`, group: t`Leads`, keys: "C", run: create }]
      : []),
    {
      id: "filter-leads",
      label: t`Filter the list`,
      group: t`Leads`,
      keys: "F",
      run: () => setEditing(filter ?? null),
    },
    {
      id: "search-leads",
      label: t`Search in the list`,
      group: t`Leads`,
      keys: "/",
      run: () => searchBox.current?.focus(),
    },
    { id: "new-rows", label: t`Show new rows`, group: t`Leads`, keys: ".", run: take, quiet: !waiting.size },
  ]);

  const views: { id: string; label: string; filter?: Condition }[] = [
    { id: "all", label: t`All` },
    { id: "mine", label: t`Mine`, filter: { field: "owner", op: "is_any_of", values: [session.user.id] } },
    { id: "today", label: t`New today`, filter: { field: "created_at", op: "in_last_days", values: [1] } },
    { id: "queue", label: t`In the queue`, filter: { field: "queued", op: "is", values: [true] } },
  ];
  const same = (filter?: Condition) =>
    JSON.stringify(filter ?? null) === JSON.stringify(search.filter ?? null) && !search.q;
  const sorting = (search.sort ?? "-created_at")
    .split(",")
    .map((part) => ({ id: part.replace(/^-/, ""), desc: part.startsWith("-") }));

  return (
    <>
      <Top
        title={t`Leads`}
        tabs={
          <nav className="tabs" aria-label={t`Views`}>
            {views.map((view) => (
              <Link
                key={view.id}
                to={paths.leads}
                search={{ filter: view.filter, sort: search.sort }}
                className={same(view.filter) ? "on" : ""}
                aria-current={same(view.filter) ? "true" : undefined}
              >
                {view.label}
                <TabCount known={same(view.filter) ? count : null} filter={view.filter} />
              </Link>
            ))}
          </nav>
        }
      >
        {mayCreate ? (
          <Button
            look="filled"
            icon={<Plus size={15} aria-hidden="true" />}
            keys="C"
            onClick={create}
          >{t`Create lead`}</Button>
        ) : null}
      </Top>
      <div className="bar">
        {chips.map((chip, index) => {
          const said =
            "field" in chip
              ? sayCriterion(chip, fields, i18n, lookUps.nameOf)
              : {
                  field: t`Condition`,
                  op: "",
                  value: t`${plural(countCriteria(chip), { one: "# criterion", other: "# criteria" })}`,
                };
          return (
            <FilterChip
              // biome-ignore lint/suspicious/noArrayIndexKey: a chip is its place in the filter
              key={index}
              {...said}
              removeLabel={t`Remove filter ${said.field}`}
              onOpen={() => setEditing(filter ?? null)}
              onRemove={() => seekFilter(ofChips(chips.filter((_, at) => at !== index)))}
            />
          );
        })}
        <Button
          size="s"
          look="quiet"
          icon={<Plus size={14} aria-hidden="true" />}
          keys="F"
          onClick={() => setEditing(filter ?? null)}
        >{t`Filter`}</Button>
        <LivePill
          words={
            waiting.size ? t`${plural(waiting.size, { one: "# new lead", other: "# new leads" })}` : null
          }
          onTake={take}
        />
        <span className="end row">
          <span className="row small ink3">
            <Search size={14} aria-hidden="true" />
            <SearchBox
              key={search.q ?? ""}
              start={search.q ?? ""}
              onSearch={(q) => seek({ q: q || undefined })}
              box={searchBox}
              placeholder={t`Search in the list`}
            />
          </span>
          {isSmall ? null : <ColumnMenu columns={columns} visible={visible} onChange={setVisible} />}
        </span>
      </div>
      <Strip
        rows={rows}
        filterFor={(id) => {
          const next = ofChips([...chips.filter((chip) => !isTerritory(chip)), inTerritory(id)]);
          return next && inAddress(next);
        }}
      />
      {isWhole ? null : <ListsMissing onReset={() => seekFilter(null)} />}
      {list.isError ? (
        <LeadsFailed error={list.error} stand={list.dataUpdatedAt} onRetry={() => void list.refetch()} />
      ) : null}
      {!isWhole ? null : rows.length || list.isPending || list.isError ? (
        <Table
          label={t`Leads`}
          columns={isSmall ? day : layout.ordered}
          widths={isSmall ? undefined : layout.widths}
          onWidth={isSmall ? undefined : layout.widen}
          onMove={isSmall ? undefined : layout.move}
          visible={isSmall ? undefined : visible}
          rows={rows}
          rowId={(lead) => lead.id}
          rowName={leadName}
          rowHeight={isSmall ? day_row_px : row_px}
          total={count?.value}
          sorting={sorting}
          onSorting={(next) =>
            seek({
              sort: next.length ? next.map((one) => (one.desc ? `-${one.id}` : one.id)).join(",") : undefined,
            })
          }
          selected={selected}
          onSelected={setSelected}
          onOpen={open}
          onNearEnd={fetchMore}
          waiting={list.isPending || list.isFetchingNextPage}
          editor={
            isSmall
              ? undefined
              : (lead, column, leave) => (
                  <CellEditor
                    key={lead.id + column}
                    lead={lead}
                    fields={writtenBy(column, fields)}
                    lookUps={lookUps}
                    currency={session.workspace.currency}
                    onSave={(base, changes) => edits.save(base, column, changes)}
                    onLeave={leave}
                  />
                )
          }
          said={(lead, column) => edits.saidOf(lead.id, column)}
          onHeard={edits.hear}
          lineStyle={(lead) => {
            const times = glowing.get(lead.id);
            const glow = times ? ` glow-${times % 2}` : "";
            return lead.territory
              ? { className: `t${glow}`, style: tint(lead.territory.color) }
              : { className: glow };
          }}
        />
      ) : (
        <LeadsEmpty
          q={search.q}
          chips={chips}
          fields={fields}
          nameOf={lookUps.nameOf}
          mayCreate={mayCreate}
          onCreate={create}
          onFilter={seekFilter}
          onReset={() => seek({ filter: undefined, q: undefined })}
        />
      )}
      <div className="grid-foot">
        {count ? (
          <span>
            <b className="b">{shownCount(count, i18n.locale)}</b>{" "}
            <Plural value={count.value} one="lead" other="leads" />
          </span>
        ) : null}
        {selected.size ? (
          <span>
            <Trans>{formatNumber(selected.size, i18n.locale)} selected</Trans>{" "}
            <Button size="s" look="quiet" onClick={() => setSelected(new Set())}>{t`Clear selection`}</Button>
          </span>
        ) : null}
      </div>
      {edits.clash ? (
        <Clash
          fields={fields.filter((field) => field.key in (edits.clash?.changes ?? {}))}
          mine={edits.clash.changes}
          theirs={edits.clash.theirs}
          back={t`Leave it as it is saved`}
          onClose={edits.drop}
          onChoose={(kept) => edits.settle(kept.map((field) => field.key))}
        />
      ) : null}
      {editing === false ? null : (
        <Suspense>
          <FilterDialog
            start={editing}
            fields={fields}
            lookUps={lookUps}
            onClose={() => setEditing(false)}
            onApply={(next) => {
              setEditing(false);
              void seekFilter(next);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

/** How many leads a tab holds; of the tab that is open, the list knows it. */
function TabCount({
  known,
  filter,
}: {
  known: { value: number; exact: boolean } | null;
  filter: Condition | undefined;
}) {
  const { i18n } = useLingui();
  const read = useQuery({ ...leadCountQuery(filter ?? { all: [] }), enabled: !known }).data;
  const count = known ?? read;
  return count ? <span className="n">{shownCount(count, i18n.locale)}</span> : null;
}

function shownCount(count: { value: number; exact: boolean }, language: string) {
  return `${count.exact ? "" : "> "}${formatNumber(count.value, language)}`;
}

function SearchBox({
  start,
  onSearch,
  box,
  placeholder,
}: {
  start: string;
  onSearch: (text: string) => void;
  box: React.RefObject<HTMLInputElement | null>;
  placeholder: string;
}) {
  const [text, setText] = useState(start);
  return (
    <input
      ref={box}
      className="inp"
      style={{ height: 26, width: 168 }}
      type="search"
      aria-label={placeholder}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onSearch(text.trim());
        if (event.key === "Escape") {
          onSearch("");
          event.currentTarget.blur();
        }
      }}
    />
  );
}
