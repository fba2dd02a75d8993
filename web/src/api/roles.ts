import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

const builtIn: Record<string, MessageDescriptor> = {
  administrator: msg`Administrator`,
  sales_manager: msg`Sales manager`,
  seller: msg`Seller`,
  restricted_seller: msg`Restricted seller`,
  read_only: msg`Read only`,
};

/** Built-in roles are worded here; a workspace's own are called as they were named. */
export function roleLabel(key: string | null | undefined, i18n: I18n): string {
  if (!key) return "–";
  const words = builtIn[key];
  return words ? i18n._(words) : key;
}
