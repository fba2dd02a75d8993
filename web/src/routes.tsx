import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { isProblem } from "./api/problem";
import { queryClient } from "./api/queries";
import { sessionQuery, setupQuery } from "./api/session";
import { paths } from "./paths";
import { leadSearch } from "./records/lead/search";
import { Shell } from "./shell/Shell";
import { Failure, NotFound, Waiting } from "./shell/States";
import { mapSearch } from "./territories/search";
import { auditSearch } from "./trail/search";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const setup = createRoute({
  getParentRoute: () => root,
  path: paths.setup,
  validateSearch: (search: Record<string, unknown>): { token?: string } =>
    typeof search.token === "string" ? { token: search.token } : {},
  loader: async ({ context }) => {
    const { needed } = await context.queries.ensureQueryData(setupQuery);
    if (!needed) throw redirect({ to: paths.signIn });
  },
  component: lazyRouteComponent(() => import("./people/SetupPage")),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  validateSearch: (search: Record<string, unknown>): { after?: string } =>
    typeof search.after === "string" && search.after.startsWith("/") && !search.after.startsWith("//")
      ? { after: search.after }
      : {},
  component: lazyRouteComponent(() => import("./people/SignInPage")),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: paths.invitation,
  component: lazyRouteComponent(() => import("./people/InvitationPage")),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!isProblem(error, 401)) throw error;
      const { needed } = await context.queries.ensureQueryData(setupQuery);
      if (needed) throw redirect({ to: paths.setup });
      throw redirect({ to: paths.signIn, search: location.pathname === "/" ? {} : { after: location.href } });
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: paths.home,
  beforeLoad: () => {
    throw redirect({ to: paths.leads });
  },
});

const leads = createRoute({
  getParentRoute: () => shell,
  path: paths.leads,
  validateSearch: leadSearch,
  component: lazyRouteComponent(() => import("./records/lead/LeadsPage")),
});
const newLead = createRoute({
  getParentRoute: () => shell,
  path: paths.newLead,
  component: lazyRouteComponent(() => import("./records/lead/NewLeadPage")),
});
const lead = createRoute({
  getParentRoute: () => shell,
  path: paths.lead,
  component: lazyRouteComponent(() => import("./records/lead/LeadPage")),
});

const territories = createRoute({
  getParentRoute: () => shell,
  path: paths.territories,
  validateSearch: mapSearch,
  component: lazyRouteComponent(() => import("./territories/TerritoriesPage")),
});
const territory = createRoute({
  getParentRoute: () => shell,
  path: paths.territory,
  validateSearch: mapSearch,
  component: lazyRouteComponent(() => import("./territories/TerritoriesPage")),
});
const rule = createRoute({
  getParentRoute: () => shell,
  path: paths.rule,
  validateSearch: (search: Record<string, unknown>): { draft?: true } =>
    search.draft === true ? { draft: true } : {},
  component: lazyRouteComponent(() => import("./territories/RulePage")),
});
const preview = createRoute({
  getParentRoute: () => shell,
  path: paths.preview,
  validateSearch: (search: Record<string, unknown>): { remove?: true } =>
    search.remove === true ? { remove: true } : {},
  component: lazyRouteComponent(() => import("./territories/PreviewPage")),
});
const batches = createRoute({
  getParentRoute: () => shell,
  path: paths.batches,
  component: lazyRouteComponent(() => import("./territories/BatchesPage")),
});
const batch = createRoute({
  getParentRoute: () => shell,
  path: paths.batch,
  component: lazyRouteComponent(() => import("./territories/BatchPage")),
});
const responsibilities = createRoute({
  getParentRoute: () => shell,
  path: paths.responsibilities,
  component: lazyRouteComponent(() => import("./territories/ResponsibilitiesPage")),
});

const rotations = createRoute({
  getParentRoute: () => shell,
  path: paths.rotations,
  component: lazyRouteComponent(() => import("./assignment/RotationPage")),
});
const rotation = createRoute({
  getParentRoute: () => shell,
  path: paths.rotation,
  component: lazyRouteComponent(() => import("./assignment/RotationPage")),
});

const users = createRoute({
  getParentRoute: () => shell,
  path: paths.users,
  validateSearch: (search: Record<string, unknown>): { create?: true } =>
    search.create === true ? { create: true } : {},
  component: lazyRouteComponent(() => import("./people/UsersPage")),
});
const account = createRoute({
  getParentRoute: () => shell,
  path: paths.account,
  component: lazyRouteComponent(() => import("./people/AccountPage")),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: paths.settings,
  component: lazyRouteComponent(() => import("./workspace/SettingsPage")),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: paths.audit,
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./trail/AuditPage")),
});

const tree = root.addChildren([
  setup,
  signIn,
  invitation,
  shell.addChildren([
    home,
    leads,
    newLead,
    lead,
    territories,
    territory,
    rule,
    preview,
    batches,
    batch,
    responsibilities,
    rotations,
    rotation,
    users,
    account,
    settings,
    audit,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: { queries: queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Failure,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
