import { useEffect, useState } from "react";

const step_ms = 60_000;

/** The time, told once a minute, so that "5 min ago" stays true. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), step_ms);
    return () => clearInterval(timer);
  }, []);
  return now;
}
