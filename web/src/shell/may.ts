import { useSession } from "../api/session";

/** Whether the server says that this person's role reaches an action at all. */
export function useMay() {
  const session = useSession();
  return (object: string, action: string) => (session.can[object]?.[action] ?? "none") !== "none";
}
