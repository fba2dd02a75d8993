import { useEffect, useState } from "react";

const patience_ms = 150;

/** Grey lines in place of text, shown only once waiting is noticeable. */
export function Skeleton({ lines = 6, label }: { lines?: number; label: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience_ms);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="col g4 pad" role="status" aria-busy="true">
      <span className="sr">{label}</span>
      {late
        ? Array.from({ length: lines }, (_, line) => line).map((line) => (
            <span key={line} className="skel" style={{ width: `${35 + ((line * 37) % 50)}%` }} />
          ))
        : null}
    </div>
  );
}
