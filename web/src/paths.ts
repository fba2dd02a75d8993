/** Every address of the product, so that rooms can point at each other without importing each other. */
export const paths = {
  home: "/",
  setup: "/setup",
  signIn: "/sign-in",
  leads: "/leads",
  newLead: "/leads/new",
  lead: "/leads/$leadId",
  territories: "/territories",
  territory: "/territories/$territoryId",
  rule: "/territories/$territoryId/rules/$ruleId",
  rotations: "/rotation",
  rotation: "/rotation/$territoryId",
  responsibilities: "/responsibilities",
  users: "/users",
  account: "/account",
  settings: "/settings",
  audit: "/audit",
} as const;
