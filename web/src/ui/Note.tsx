import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert };

/** Says what is, then what to do. A bad note is announced at once. */
export function Note({
  kind,
  children,
  action,
}: {
  kind: keyof typeof icons;
  children: ReactNode;
  action?: ReactNode;
}) {
  const Icon = icons[kind];
  return (
    <div className={`note ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <div className="grow hyphens">{children}</div>
      {action}
    </div>
  );
}
