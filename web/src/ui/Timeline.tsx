import type { CSSProperties, ReactNode } from "react";

export interface Moment {
  id: string;
  icon: ReactNode;
  /** ISO time, with the words the reader sees and the exact time as its title. */
  at: string;
  when: string;
  exact: string;
  style?: CSSProperties;
  said: ReactNode;
  body?: ReactNode;
}

export function Timeline({ moments, label }: { moments: Moment[]; label: string }) {
  return (
    <ol className="tl" aria-label={label}>
      {moments.map((moment) => (
        <li key={moment.id}>
          <span className={`ic ${moment.style ? "t" : ""}`} style={moment.style} aria-hidden="true">
            {moment.icon}
          </span>
          <div className="row" style={{ alignItems: "baseline" }}>
            <span className="grow hyphens">{moment.said}</span>
            <time dateTime={moment.at} title={moment.exact}>
              {moment.when}
            </time>
          </div>
          {moment.body}
        </li>
      ))}
    </ol>
  );
}
