import { useLingui } from "@lingui/react/macro";

/** What happened to what, and by which door, in the reader's language. */
export function useAuditWords(): Record<"actions" | "objects" | "doors", Record<string, string>> {
  const { t } = useLingui();
  return {
    actions: {
      create: t`created`,
      edit: t`changed`,
      delete: t`deleted`,
      assign: t`assigned`,
      end: t`ended`,
      revoke: t`revoked`,
      set_password: t`set the password`,
      accept: t`accepted`,
      begin: t`begun`,
      undo: t`undone`,
      pause: t`paused`,
      resume: t`let go on`,
      import: t`imported`,
    },
    objects: {
      lead: t`Lead`,
      user: t`User`,
      territory: t`Territory`,
      rule: t`Rule`,
      member: t`Membership`,
      rotation: t`Rotation`,
      session: t`Session`,
      token: t`API token`,
      workspace: t`Workspace`,
      absence: t`Absence`,
      field: t`Own field`,
      plan: t`Plan`,
      invitation: t`Invitation`,
      batch: t`Batch`,
      exchange_rates: t`Exchange rates`,
    },
    doors: {
      page: t`Page`,
      api: t`API`,
      console: t`Command line`,
      revier: t`Revier itself`,
    },
  };
}
