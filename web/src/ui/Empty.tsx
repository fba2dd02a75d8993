import type { ReactNode } from "react";

export function Empty({
  title,
  children,
  actions,
  art,
}: {
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  art?: ReactNode;
}) {
  return (
    <div className="empty">
      {art}
      <h2 className="title">{title}</h2>
      {children ? <p>{children}</p> : null}
      {actions ? <div className="row">{actions}</div> : null}
    </div>
  );
}
