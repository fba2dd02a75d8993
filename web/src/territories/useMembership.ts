import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Membership, Named } from "../api/generated/types.gen";
import { deleteMember, type Member, membersQuery, putMember } from "../api/territories";
import { useErrorWords } from "../api/words";
import { toast } from "../ui/toasts";

interface Change {
  territory: Named;
  user: Named;
  /** What the person is there from now on, seen from what they are now; nothing: no member. */
  to: (was: Member | undefined) => Membership | undefined;
  /** Takes back what was done: says so no more. */
  isUndo?: boolean;
}

/** What somebody is in a territory, without whose it is and in which version. */
export const membershipOf = (member?: Member): Membership => ({
  access: member?.access ?? false,
  assignment: member?.assignment ?? false,
  includes_children: member?.includes_children ?? false,
  role: member?.role ?? null,
  weight: member?.weight ?? 1,
  position: member?.position ?? null,
  open_leads_max: member?.open_leads_max ?? null,
  leads_per_day_max: member?.leads_per_day_max ?? null,
});

/** Changes what somebody is in a territory at once; a toast says it and takes it back. */
export function useMembership() {
  const { t } = useLingui();
  const words = useErrorWords();
  const client = useQueryClient();
  const said = (name: string, now: Membership) => {
    if (now.assignment) return t`${name} is handed leads, weight ${now.weight ?? 1}`;
    return t`${name} has access, and is handed no leads`;
  };
  const change = useMutation({
    // One after the other: each reads the version that the one before has made.
    scope: { id: "membership" },
    mutationFn: async ({ territory, user, to }: Change) => {
      const { items } = await client.fetchQuery({ ...membersQuery(territory.id), staleTime: 0 });
      const was = items.find((one) => one.user === user.id);
      const now = to(was);
      if (now) await putMember(territory.id, user.id, now, was);
      else if (was) await deleteMember(was, { records: "rotate" });
      return { was, now };
    },
    onSuccess: async ({ was, now }, { territory, user, isUndo }) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["territories"] }),
        client.invalidateQueries({ queryKey: ["rotation"] }),
      ]);
      if (isUndo || !now) return;
      const undo = () =>
        change.mutate({ territory, user, to: () => (was ? membershipOf(was) : undefined), isUndo: true });
      toast(`${territory.name}: ${said(user.name, now)}`, { undo });
    },
    onError: (error) => toast(words.problem(error) ?? "", { bad: true }),
  });
  return change;
}
