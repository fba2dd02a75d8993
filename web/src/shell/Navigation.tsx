import { useLingui } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import {
  ChevronsUpDown,
  Grid2x2Check,
  Inbox,
  Map as MapIcon,
  RefreshCw,
  ScrollText,
  Search,
  Settings,
  Users,
} from "lucide-react";
import { leadCountQuery } from "../api/leads";
import { inTerritory } from "../api/names";
import { useMay, useSession } from "../api/session";
import { paths } from "../paths";
import { BrandMark } from "../ui/Brand";
import { keyNames } from "../ui/commands";
import { formatNumber } from "../ui/format";
import { Kbd } from "../ui/Kbd";
import { Avatar } from "../ui/Owner";
import { Outline, tint } from "../ui/Territory";
import { AccountMenu } from "./AccountMenu";

const icon = { size: 16, strokeWidth: 1.75, "aria-hidden": true } as const;

export function Navigation({ onSearch, folded }: { onSearch: () => void; folded: boolean }) {
  const { t, i18n } = useLingui();
  const session = useSession();
  const may = useMay();
  const mine = session.territories;
  const name = (words: string) => (folded ? words : undefined);
  const lead = may("territory", "edit") || may("user", "view") || may("settings", "view");
  return (
    <nav className="side" aria-label={t`Main navigation`}>
      <div className="brand">
        <BrandMark />
        <span className="word">Revier</span>
        {may("settings", "view") ? (
          <Menu position="bottom-end" transitionProps={{ duration: 0 }}>
            <Menu.Target>
              <button type="button" className="ws" aria-label={t`Workspace ${session.workspace.name}`}>
                <span className="cut">{session.workspace.name}</span>
                <ChevronsUpDown size={13} aria-hidden="true" />
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                component={Link}
                to={paths.settings}
                leftSection={<Settings {...icon} />}
              >{t`Settings`}</Menu.Item>
              {may("audit", "view") ? (
                <Menu.Item
                  component={Link}
                  to={paths.audit}
                  leftSection={<ScrollText {...icon} />}
                >{t`Audit log`}</Menu.Item>
              ) : null}
            </Menu.Dropdown>
          </Menu>
        ) : (
          <span className="ws cut">{session.workspace.name}</span>
        )}
      </div>
      <button type="button" className="search" onClick={onSearch} aria-label={t`Search or jump`}>
        <Search size={15} aria-hidden="true" />
        <span>{t`Search or jump`}</span>
        {folded ? null : <Kbd keys={keyNames("Mod K", i18n.locale)} />}
      </button>
      <div className="nav">
        <Link to={paths.leads} title={name(t`Leads`)}>
          <Inbox {...icon} />
          <span className="cut">{t`Leads`}</span>
        </Link>
        {lead ? <h2>{t`Sales management`}</h2> : null}
        {may("territory", "view") ? (
          <>
            <Link to={paths.territories} title={name(t`Territories`)}>
              <MapIcon {...icon} />
              <span className="cut">{t`Territories`}</span>
            </Link>
            <Link to={paths.rotations} title={name(t`Rotation`)}>
              <RefreshCw {...icon} />
              <span className="cut">{t`Rotation`}</span>
            </Link>
          </>
        ) : null}
        {may("user", "view") ? (
          <>
            <Link to={paths.responsibilities} title={name(t`Responsibilities`)}>
              <Grid2x2Check {...icon} />
              <span className="cut">{t`Responsibilities`}</span>
            </Link>
            <Link to={paths.users} title={name(t`Users`)}>
              <Users {...icon} />
              <span className="cut">{t`Users`}</span>
            </Link>
          </>
        ) : null}
        {may("settings", "edit") ? (
          <Link to={paths.settings} title={name(t`Settings`)}>
            <Settings {...icon} />
            <span className="cut">{t`Settings`}</span>
          </Link>
        ) : null}
        {may("audit", "view") ? (
          <Link to={paths.audit} title={name(t`Audit log`)}>
            <ScrollText {...icon} />
            <span className="cut">{t`Audit log`}</span>
          </Link>
        ) : null}
        {mine.length ? (
          <>
            <h2>{t`My territories`}</h2>
            {mine.map((territory) => (
              <Link
                key={territory.id}
                to={paths.leads}
                search={{ filter: inTerritory(territory.id) }}
                className="t"
                style={tint(territory.color)}
                title={territory.name}
                activeOptions={{ includeSearch: true }}
              >
                <Outline mark={territory} />
                <span className="cut">{territory.name}</span>
                <OpenLeads territory={territory.id} />
              </Link>
            ))}
          </>
        ) : null}
      </div>
      <AccountMenu>
        <button type="button" className="dock" aria-label={t`${session.user.name}: account, language, theme`}>
          <Avatar name={session.user.name} size="l" me />
          <span className="grow">
            <span className="m cut" style={{ display: "block" }}>
              {session.user.name}
            </span>
            <span className="tiny ink3 cut" style={{ display: "block" }}>
              {session.user.email}
            </span>
          </span>
        </button>
      </AccountMenu>
    </nav>
  );
}

/** How many leads of a territory are still to be worked on. */
function OpenLeads({ territory }: { territory: string }) {
  const { i18n } = useLingui();
  const condition = {
    all: [inTerritory(territory), { field: "status", op: "is_none_of", values: ["disqualified"] }],
  };
  const count = useQuery({ ...leadCountQuery(condition), staleTime: 60_000 }).data;
  return count ? <span className="n">{formatNumber(count.value, i18n.locale)}</span> : null;
}
