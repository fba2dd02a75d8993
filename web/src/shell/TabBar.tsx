import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Inbox, Map as MapIcon, RefreshCw, Search, UserRound } from "lucide-react";
import { useMay, useSession } from "../api/session";
import { paths } from "../paths";
import { AccountMenu } from "./AccountMenu";

/** The navigation of a phone: at most five places under the thumb. */
export function TabBar({ onSearch }: { onSearch: () => void }) {
  const { t } = useLingui();
  const session = useSession();
  const may = useMay();
  return (
    <nav className="tabbar" aria-label={t`Main navigation`}>
      <Link to={paths.leads}>
        <Inbox aria-hidden="true" />
        {t`Leads`}
      </Link>
      {may("territory", "view") ? (
        <>
          <Link to={paths.territories}>
            <MapIcon aria-hidden="true" />
            {t`Territories`}
          </Link>
          <Link to={paths.rotations}>
            <RefreshCw aria-hidden="true" />
            {t`Rotation`}
          </Link>
        </>
      ) : null}
      <button type="button" onClick={onSearch}>
        <Search aria-hidden="true" />
        {t`Search`}
      </button>
      <AccountMenu>
        <button type="button" aria-label={t`${session.user.name}: account, language, theme`}>
          <UserRound aria-hidden="true" />
          {t`Me`}
        </button>
      </AccountMenu>
    </nav>
  );
}
