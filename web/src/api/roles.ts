import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export interface Role {
  id: string;
  key: string;
  name?: string;
}

const builtIn: Record<string, MessageDescriptor> = {
  administrator: msg`Administrator`,
  sales_manager: msg`Sales manager`,
  seller: msg`Seller`,
  restricted_seller: msg`Restricted seller`,
  read_only: msg`Read only`,
};

/** Built-in roles are worded here; a workspace's own carry their name. */
export function roleLabel(role: Pick<Role, "key" | "name">, i18n: I18n): string {
  const words = builtIn[role.key];
  return words ? i18n._(words) : (role.name ?? role.key);
}
