import type { ReactNode } from "react";

/** Lets a wide table scroll sideways inside the page, by keyboard as well. */
export function ScrollBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className="tbl-scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

/** A side panel, which scrolls by itself beside the work area. */
export function SidePanel({
  label,
  className,
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <aside className={className} aria-label={label} tabIndex={0}>
      {children}
    </aside>
  );
}
