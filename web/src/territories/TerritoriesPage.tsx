import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay, useSession } from "../api/session";
import { asTree, territoriesQuery } from "../api/territories";
import { paths } from "../paths";
import { Button } from "../ui/Button";
import { useCommands } from "../ui/commands";
import { Empty } from "../ui/Empty";
import { formatNumber } from "../ui/format";
import { Top } from "../ui/Page";
import { Outline, tint } from "../ui/Territory";
import { Gaps } from "./Gaps";
import { mapSearch } from "./search";
import { TerritoryDetail } from "./TerritoryDetail";
import { TerritoryDialog } from "./TerritoryDialog";
import { TerritoryMap } from "./TerritoryMap";
import "./territories.css";

export default function TerritoriesPage() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const session = useSession();
  const may = useMay();
  const { territoryId } = useParams({ strict: false });
  const search = mapSearch(useSearch({ strict: false }));
  const territories = useSuspenseQuery(territoriesQuery).data;
  const [creating, setCreating] = useState(false);
  const mayEdit = (session.permissions.territory?.create ?? "none") !== "none";
  const tree = asTree(territories);
  const chosen =
    territories.find((one) => one.id === territoryId) ?? (territoryId ? undefined : tree[0]?.territory);
  const step = (by: number) => {
    const at = tree.findIndex((line) => line.territory.id === chosen?.id);
    const next = tree[(at + by + tree.length) % tree.length];
    if (next) void navigate({ to: paths.territory, params: { territoryId: next.territory.id }, search });
  };
  useCommands([
    ...(mayEdit
      ? [
          {
            id: "create-territory",
            label: t`Create territory`,
            group: t`Territories`,
            keys: "C",
            run: () => setCreating(true),
          },
        ]
      : []),
    {
      id: "next-territory",
      label: t`Next territory`,
      group: t`Territories`,
      keys: "]",
      run: () => step(1),
      quiet: true,
    },
    {
      id: "previous-territory",
      label: t`Previous territory`,
      group: t`Territories`,
      keys: "[",
      run: () => step(-1),
      quiet: true,
    },
  ]);
  const active = territories.filter((one) => one.active).length;
  const rules = territories.reduce((sum, one) => sum + one.rules, 0);
  return (
    <>
      <Top
        title={t`Territories`}
        aside={
          territories.length
            ? t`${plural(active, { one: "# active", other: "# active" })} · ${plural(rules, { one: "# rule", other: "# rules" })}`
            : undefined
        }
      >
        {may("plan", "view") ? (
          <Link className="btn q hide-small" to={paths.batches}>{t`Moved leads`}</Link>
        ) : null}
        {mayEdit ? (
          <Button
            look="filled"
            icon={<Plus size={15} aria-hidden="true" />}
            keys="C"
            onClick={() => setCreating(true)}
          >{t`Create territory`}</Button>
        ) : null}
      </Top>
      {tree.length ? (
        <div className="split terr-page">
          <nav className="tree" aria-label={t`Order of trial`}>
            <h2 className="h3" style={{ padding: "0 8px 6px" }}>{t`Order of trial`}</h2>
            <ul>
              {tree.map(({ territory, depth }) => (
                <li key={territory.id} className="t" style={tint(territory.color)}>
                  <Link
                    to={paths.territory}
                    params={{ territoryId: territory.id }}
                    search={search}
                    aria-current={territory.id === chosen?.id ? "page" : undefined}
                    style={{ paddingLeft: 8 + depth * 18 }}
                  >
                    <Outline mark={territory} />
                    <span className={`cut ${territory.active ? "" : "ink3"}`}>{territory.name}</span>
                    {territory.default ? <span className="tag">{t`default`}</span> : null}
                    <span className="n" title={t`Rules`}>
                      {formatNumber(territory.rules, i18n.locale)}
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
            <p className="small ink3" style={{ padding: "12px 8px" }}>
              <Trans>Children are tried before their parent; the first territory that matches wins.</Trans>
            </p>
            <Gaps map={search.map ?? "dach-postcodes-2"} />
          </nav>
          <TerritoryMap territories={territories} chosen={chosen} search={search} />
          {chosen ? (
            <TerritoryDetail key={chosen.id} territory={chosen} territories={territories} />
          ) : (
            <Empty title={t`This territory does not exist`}>{t`Choose another one from the list.`}</Empty>
          )}
        </div>
      ) : (
        <Empty
          title={t`No territories yet`}
          actions={
            mayEdit ? (
              <Button
                look="filled"
                icon={<Plus size={15} aria-hidden="true" />}
                onClick={() => setCreating(true)}
              >{t`Create territory`}</Button>
            ) : null
          }
        >
          <Trans>
            A territory is a part of the market with rules that say who belongs, and members who look after
            it.
          </Trans>
        </Empty>
      )}
      {creating ? (
        <TerritoryDialog
          territories={territories}
          onClose={() => setCreating(false)}
          onDone={(id) => void navigate({ to: paths.territory, params: { territoryId: id } })}
        />
      ) : null}
    </>
  );
}
