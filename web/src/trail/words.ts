import { useLingui } from "@lingui/react/macro";

/** What happened to what, and by which door, in the reader's language. */
export function useAuditWords(): Record<"actions" | "objects" | "doors", Record<string, string>> {
  const { t } = useLingui();
  return {
    actions: {
      create: t`created`,
      change: t`changed`,
      edit: t`changed`,
      delete: t`deleted`,
      assign: t`assigned`,
      end: t`ended`,
      revoke: t`revoked`,
      sign_in: t`signed in`,
      sign_out: t`signed out`,
      password: t`changed the password`,
    },
    objects: {
      lead: t`Lead`,
      user: t`User`,
      role: t`Role`,
      territory: t`Territory`,
      rule: t`Rule`,
      member: t`Membership`,
      session: t`Session`,
      token: t`API token`,
      workspace: t`Workspace`,
      settings: t`Settings`,
      absence: t`Absence`,
      field: t`Own field`,
      plan: t`Plan`,
      password: t`Password`,
    },
    doors: {
      page: t`Page`,
      api: t`API`,
      cli: t`Command line`,
      command_line: t`Command line`,
      import: t`Import`,
    },
  };
}
