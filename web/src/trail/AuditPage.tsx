import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { type AuditAsked, auditQuery } from "../api/audit";
import type { AuditEntry } from "../api/generated/types.gen";
import { useLookUps } from "../api/names";
import { useErrorWords } from "../api/words";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { formatTime } from "../ui/format";
import { Note } from "../ui/Note";
import { Top } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { Skeleton } from "../ui/Skeleton";
import { momentOf } from "../ui/zone";
import { AuditFilter } from "./AuditFilter";
import type { AuditSearch } from "./search";
import { useAuditWords } from "./words";
import "./audit.css";

const route = getRouteApi("/shell/audit");

/** The day after, as a day. */
function dayAfter(day: string): string {
  const next = new Date(`${day}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

const askedOf = ({ user, object, action, thing, from, to }: AuditSearch): AuditAsked => ({
  user,
  object,
  action,
  object_id: thing,
  from: from && momentOf(`${from}T00:00`),
  to: to && momentOf(`${dayAfter(to)}T00:00`),
});

/** Who changed what, when and from where; nothing here can be changed. */
export default function AuditPage() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const lookUps = useLookUps();
  const navigate = useNavigate();
  const search = route.useSearch();
  const audit = useInfiniteQuery(auditQuery(askedOf(search)));
  const change = (next: AuditSearch) => void navigate({ to: paths.audit, search: next, replace: true });
  const [open, setOpen] = useState<string | null>(null);
  const { actions, objects, doors } = useAuditWords();
  const isNarrowed = Object.values(search).some(Boolean);
  /** What a thing is called, as far as its id is one of somebody or somewhere that the reader may name. */
  const nameOf = (id: string) =>
    id
      .split("/")
      .map((part) => lookUps.nameOf("owner", part) ?? lookUps.nameOf("territory", part) ?? part)
      .join(", ");
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Top title={t`Audit log`} aside={t`Append-only, each entry sealed by a hash chain`} />
      <AuditFilter search={search} lookUps={lookUps} thing={nameOf(search.thing ?? "")} onChange={change} />
      <div className="body pad" aria-busy={audit.isFetching}>
        {audit.isPending ? <Skeleton label={t`Loading`} /> : null}
        {audit.isError ? <Note kind="bad">{words.problem(audit.error)}</Note> : null}
        {audit.isSuccess && !entries.length ? (
          isNarrowed ? (
            <Empty
              title={t`No entry fits this filter`}
              actions={<Button onClick={() => change({})}>{t`Show everything`}</Button>}
            >
              <Trans>The log itself is never shortened; only what is shown is.</Trans>
            </Empty>
          ) : (
            <Empty title={t`Nothing has happened yet`} />
          )
        ) : null}
        {entries.length ? (
          <ScrollBox label={t`Audit log`}>
            <table className="tbl">
              <thead>
                <tr>
                  <th scope="col">{t`Time`}</th>
                  <th scope="col">{t`Who`}</th>
                  <th scope="col">{t`What`}</th>
                  <th scope="col">{t`Object`}</th>
                  <th scope="col">{t`From where`}</th>
                  <th scope="col">
                    <span className="sr">{t`Details`}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <Fragment key={entry.id}>
                    <tr>
                      <td className="nowrap ink2">{formatTime(entry.at, i18n.locale)}</td>
                      <td className="m nowrap">
                        {entry.user_id ? (lookUps.nameOf("owner", entry.user_id) ?? t`somebody`) : "Revier"}
                      </td>
                      <td className="nowrap">{actions[entry.action] ?? entry.action}</td>
                      <td className="ink2 nowrap">
                        {objects[entry.object] ?? entry.object}{" "}
                        <button
                          type="button"
                          className="lnk audit-thing small"
                          title={entry.object_id}
                          aria-label={t`Only ${nameOf(entry.object_id)}`}
                          onClick={() => change({ ...search, object: entry.object, thing: entry.object_id })}
                        >
                          {nameOf(entry.object_id)}
                        </button>
                      </td>
                      <td className="ink2 nowrap">
                        {doors[entry.door] ?? entry.door} {entry.address}
                      </td>
                      <td className="num">
                        {entry.before || entry.after ? (
                          <Button
                            size="s"
                            look="quiet"
                            aria-expanded={open === entry.id}
                            onClick={() => setOpen(open === entry.id ? null : entry.id)}
                          >
                            {t`Details`}
                          </Button>
                        ) : null}
                      </td>
                    </tr>
                    {open === entry.id ? (
                      <tr>
                        <td colSpan={6}>
                          <Difference entry={entry} />
                        </td>
                      </tr>
                    ) : null}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </ScrollBox>
        ) : null}
        {audit.hasNextPage ? (
          <p style={{ marginTop: 16 }}>
            <Button
              busy={audit.isFetchingNextPage}
              onClick={() => void audit.fetchNextPage()}
            >{t`Show older entries`}</Button>
          </p>
        ) : null}
      </div>
    </>
  );
}

function Difference({ entry }: { entry: AuditEntry }) {
  const { t } = useLingui();
  const [before, after] = [valuesOf(entry.before), valuesOf(entry.after)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (!keys.length) return <Trans>No value differs.</Trans>;
  const said = (value: unknown) =>
    value === undefined || value === null ? "–" : typeof value === "string" ? value : JSON.stringify(value);
  return (
    <table className="tbl" aria-label={t`Details`}>
      <thead>
        <tr>
          <th scope="col">{t`Field`}</th>
          <th scope="col">{t`Before`}</th>
          <th scope="col">{t`After`}</th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key}>
            <td className="mono">{key}</td>
            <td className="ink2" style={{ overflowWrap: "anywhere" }}>
              {said(before[key])}
            </td>
            <td style={{ overflowWrap: "anywhere" }}>{said(after[key])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const valuesOf = (said: unknown): Record<string, unknown> =>
  typeof said === "object" && said !== null ? (said as Record<string, unknown>) : {};
