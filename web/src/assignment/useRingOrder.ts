import { useLingui } from "@lingui/react/macro";
import type { Named, RingMember } from "../api/generated/types.gen";
import { membershipOf, useMembership } from "../territories/useMembership";
import { toast } from "../ui/toasts";

/** Puts the members of a ring in another order: it decides who comes first where several are owed equally. */
export function useRingOrder(territory: Named, seats: RingMember[]) {
  const { t } = useLingui();
  const change = useMembership();
  /** Numbers the seats as they stand; whose number is right already is left alone. */
  const put = (order: RingMember[]) => {
    order.forEach(({ user, position: was }, at) => {
      const position = at + 1;
      if (was !== position)
        change.mutate({ territory, user, to: (now) => ({ ...membershipOf(now), position }), isUndo: true });
    });
  };
  const move = (from: number, to: number) => {
    const moved = seats[from];
    if (!moved || to < 0 || to >= seats.length || from === to) return;
    const next = seats.filter((_, at) => at !== from);
    next.splice(to, 0, moved);
    put(next);
    const place = to + 1;
    const before = seats.map((seat) => ({ ...seat, position: 0 }));
    toast(t`${moved.user.name} is number ${place} in ${territory.name}`, { undo: () => put(before) });
  };
  return { move, isBusy: change.isPending };
}
