import { useLingui } from "@lingui/react/macro";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Lead } from "../../api/leads";
import { paths } from "../../paths";
import type { Condition } from "../../ui/conditions";
import { tint } from "../../ui/Territory";

const route = getRouteApi("/shell/leads");

/** The share of each territory in the rows that are loaded; a click on one keeps only its leads. */
export function Strip({
  rows,
  filterFor,
}: {
  rows: Lead[];
  filterFor: (territory: string) => Condition | undefined;
}) {
  const { t } = useLingui();
  const search = route.useSearch();
  const shares = useMemo(() => {
    const found = new Map<string, { name: string; color: string; count: number }>();
    for (const { territory } of rows) {
      if (!territory) continue;
      const share = found.get(territory.id) ?? { name: territory.name, color: territory.color, count: 0 };
      share.count += 1;
      found.set(territory.id, share);
    }
    return [...found].sort((a, b) => b[1].count - a[1].count);
  }, [rows]);
  if (shares.length < 2) return null;
  return (
    <div className="strip">
      <span
        className="sr"
        role="img"
        aria-label={t`Territories of the loaded rows: ${shares.map(([, share]) => `${share.name} ${share.count}`).join(", ")}`}
      />
      {/* For the mouse only: fingers and keys have the filter, for segments this thin are missed. */}
      {shares.map(([id, share]) => (
        <Link
          key={id}
          to={paths.leads}
          search={{ ...search, filter: filterFor(id) }}
          style={{ ...tint(share.color), flex: share.count }}
          title={t`${share.name}: ${share.count}. Show only these`}
          tabIndex={-1}
          aria-hidden="true"
        />
      ))}
    </div>
  );
}
