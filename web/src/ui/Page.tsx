import type { ReactNode } from "react";
import { useEffect } from "react";

/** The top bar: title or path, tabs, quiet buttons and the page's one main action. */
export function Top({
  title,
  crumbs,
  tabs,
  aside,
  children,
}: {
  title: string;
  crumbs?: ReactNode;
  tabs?: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Revier`;
  }, [title]);
  return (
    <div className="top">
      {crumbs ? (
        <nav className="crumb">
          {crumbs}
          <h1>{title}</h1>
        </nav>
      ) : (
        <h1>{title}</h1>
      )}
      {tabs}
      {aside ? <span className="small ink3 hide-small cut">{aside}</span> : null}
      <span className="end row" style={{ flex: "none" }}>
        {children}
      </span>
    </div>
  );
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="section" id={id}>
      <header>
        <h2 className="h2">{title}</h2>
        {aside ? <span className="end row">{aside}</span> : null}
      </header>
      {children}
    </section>
  );
}
