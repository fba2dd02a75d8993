import { Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { auditQuery } from "../api/audit";
import type { AuditEntry } from "../api/generated/types.gen";
import { useLookUps } from "../api/names";
import { useErrorWords } from "../api/words";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Empty";
import { formatTime } from "../ui/format";
import { Note } from "../ui/Note";
import { Top } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { Skeleton } from "../ui/Skeleton";
import { useAuditWords } from "./words";

/** Who changed what, when and from where; nothing here can be changed. */
export default function AuditPage() {
  const { t, i18n } = useLingui();
  const words = useErrorWords();
  const lookUps = useLookUps();
  const audit = useInfiniteQuery(auditQuery);
  const [open, setOpen] = useState<string | null>(null);
  const { actions, objects, doors } = useAuditWords();
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <Top title={t`Audit log`} aside={t`Append-only, each entry sealed by a hash chain`} />
      <div className="body pad">
        {audit.isPending ? <Skeleton label={t`Loading`} /> : null}
        {audit.isError ? <Note kind="bad">{words.problem(audit.error)}</Note> : null}
        {audit.isSuccess && !entries.length ? <Empty title={t`Nothing has happened yet`} /> : null}
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
                        <span className="mono small ink3">{entry.object_id}</span>
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
