import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import type { TerritoryRef } from "../api/generated/types.gen";
import { paths } from "../paths";
import { Outline } from "../ui/Territory";

/** The way to a page of a territory: all territories, then this one. */
export function TerritoryCrumbs({ territory }: { territory: Pick<TerritoryRef, "id" | "name" | "color"> }) {
  const { t } = useLingui();
  return (
    <>
      <Link to={paths.territories} className="hide-small">{t`Territories`}</Link>
      <ChevronRight size={14} aria-hidden="true" className="hide-small" />
      <Link to={paths.territory} params={{ territoryId: territory.id }} className="row g1">
        <Outline mark={territory} />
        <span className="cut">{territory.name}</span>
      </Link>
      <ChevronRight size={14} aria-hidden="true" />
    </>
  );
}
