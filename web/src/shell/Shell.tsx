import { useLingui } from "@lingui/react/macro";
import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLiveEvents } from "../api/live";
import { useMay, useSession } from "../api/session";
import { outlinesQuery } from "../api/territories";
import { paths } from "../paths";
import { useCommands, useKeys } from "../ui/commands";
import { speak } from "../ui/language";
import { Outlines } from "../ui/Territory";
import { undoLatest } from "../ui/toasts";
import { readIn } from "../ui/zone";
import { Navigation } from "./Navigation";
import { TabBar } from "./TabBar";

const CommandMenu = lazy(() => import("./CommandMenu"));
const KeyHelp = lazy(() => import("./KeyHelp"));

const noOutlines: ReadonlyMap<string, string> = new Map();

export function Shell() {
  const { t, i18n } = useLingui();
  const session = useSession();
  readIn(session.user.time_zone);
  const navigate = useNavigate();
  const client = useQueryClient();
  const may = useMay();
  const [menu, setMenu] = useState(false);
  const [help, setHelp] = useState(false);
  const [chosenFold, setChosenFold] = useLocalStorage<boolean | null>({
    key: "revier.folded",
    defaultValue: null,
  });
  const narrow = useMediaQuery("(max-width: 1100px)");
  const folded = chosenFold ?? narrow ?? false;
  useKeys();
  useLiveEvents(client);

  const language = session.user.language === "de" ? "de" : "en";
  useEffect(() => {
    if (i18n.locale !== language) void speak(language);
  }, [i18n, language]);

  const go = t`Go to`;
  const here = t`Revier`;
  useCommands([
    {
      id: "menu",
      label: t`Search or jump`,
      group: here,
      keys: "Mod K",
      run: () => setMenu(true),
      quiet: true,
    },
    { id: "help", label: t`Show all keys`, group: here, keys: "?", run: () => setHelp(true) },
    {
      id: "fold",
      label: t`Fold the navigation`,
      group: here,
      keys: "Mod B",
      run: () => setChosenFold(!folded),
    },
    { id: "undo", label: t`Undo`, group: here, keys: "Z", run: undoLatest, quiet: true },
    { id: "leads", label: t`Leads`, group: go, keys: "G L", run: () => navigate({ to: paths.leads }) },
    ...(may("territory", "view")
      ? [
          {
            id: "territories",
            label: t`Territories`,
            group: go,
            keys: "G T",
            run: () => void navigate({ to: paths.territories }),
          },
        ]
      : []),
    ...(may("territory", "view")
      ? [
          {
            id: "rotation",
            label: t`Rotation`,
            group: go,
            keys: "G R",
            run: () => void navigate({ to: paths.rotations }),
          },
        ]
      : []),
    ...(may("rotation", "view")
      ? [
          {
            id: "responsibilities",
            label: t`Responsibilities`,
            group: go,
            run: () => void navigate({ to: paths.responsibilities }),
          },
        ]
      : []),
    ...(may("rotation", "view")
      ? [
          {
            id: "users",
            label: t`Users`,
            group: go,
            keys: "G U",
            run: () => void navigate({ to: paths.users }),
          },
        ]
      : []),
    ...(may("settings", "view")
      ? [
          {
            id: "settings",
            label: t`Settings`,
            group: go,
            keys: "G S",
            run: () => void navigate({ to: paths.settings }),
          },
        ]
      : []),
    ...(may("audit", "view")
      ? [{ id: "audit", label: t`Audit log`, group: go, run: () => void navigate({ to: paths.audit }) }]
      : []),
    { id: "account", label: t`My account`, group: go, run: () => navigate({ to: paths.account }) },
  ]);

  const outlines = useQuery({ ...outlinesQuery, enabled: may("territory", "view") }).data ?? noOutlines;
  return (
    <Outlines outlines={outlines}>
      <div className={`app ${folded ? "folded" : ""}`}>
        <a className="btn skip" href="#main">
          {t`Skip to the content`}
        </a>
        <Navigation onSearch={() => setMenu(true)} folded={folded} />
        <main id="main" className="main" tabIndex={-1}>
          <Outlet />
        </main>
        <TabBar onSearch={() => setMenu(true)} />
        <Suspense>
          {menu ? <CommandMenu onClose={() => setMenu(false)} /> : null}
          {help ? <KeyHelp onClose={() => setHelp(false)} /> : null}
        </Suspense>
      </div>
    </Outlines>
  );
}
