import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronDown, ChevronUp, Minus, Plus } from "lucide-react";
import type { Named, RingMember, RotationView, TerritoryRef } from "../api/generated/types.gen";
import { useMay } from "../api/session";
import { membershipOf, useMembership } from "../territories/useMembership";
import { formatAgo, formatNumber, formatTime } from "../ui/format";
import { Owner } from "../ui/Owner";
import { Section } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { useNow } from "../ui/useNow";
import { beyondDue, obstacle } from "./RingHead";
import { useRingOrder } from "./useRingOrder";

/** What is dragged: the number of a seat. */
const ring_seat = "text/x-revier-seat";

/** Every member with weight, what they received against their due, load, hours and last turn. */
export function RingSeats({
  territory,
  rotation: { members: seats, next },
}: {
  territory: TerritoryRef;
  rotation: RotationView;
}) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const mayEdit = useMay()("rotation", "edit");
  const order = useRingOrder(territory, seats);
  const most = Math.max(1, ...seats.map((seat) => Math.max(seat.received, seat.due_thousandths / 1000)));
  const state = (seat: RingMember) => {
    if (seat.user.id === next?.id) return <span className="m">→ {t`next`}</span>;
    if (seat.is_eligible)
      return (
        <>
          <i className="dot" aria-hidden="true" /> {t`ready`}
        </>
      );
    return (
      <span className="ink2">
        <i className="dot off" aria-hidden="true" />{" "}
        {seat.has_assignment ? obstacle(seat, i18n.locale) : t`access only`}
      </span>
    );
  };
  const difference = new Intl.NumberFormat(i18n.locale, {
    maximumFractionDigits: 1,
    signDisplay: "exceptZero",
  });
  return (
    <Section title={t`Members`}>
      <ScrollBox label={t`Members`}>
        <table className="tbl">
          <thead>
            <tr>
              <th scope="col">{t`Order`}</th>
              <th scope="col">{t`Person`}</th>
              <th scope="col">{t`Status`}</th>
              <th scope="col" className="num">{t`Weight`}</th>
              <th scope="col">{t`Received (bar: due)`}</th>
              <th scope="col">{t`Open / cap`}</th>
              <th scope="col" className="num">{t`Today`}</th>
              <th scope="col">{t`Hours`}</th>
              <th scope="col" className="num">{t`Last`}</th>
            </tr>
          </thead>
          <tbody>
            {seats.map((seat, at) => (
              <tr
                key={seat.user.id}
                className={seat.user.id === next?.id ? "on" : ""}
                draggable={mayEdit && seats.length > 1}
                onDragStart={(event) => event.dataTransfer.setData(ring_seat, String(at))}
                onDragOver={(event) => event.dataTransfer.types.includes(ring_seat) && event.preventDefault()}
                onDrop={(event) => {
                  const from = event.dataTransfer.getData(ring_seat);
                  if (from) order.move(Number(from), at);
                }}
              >
                <td className="nowrap">
                  <span className="ink3 num">{at + 1}</span>
                  {mayEdit && seats.length > 1 ? (
                    <Order name={seat.user.name} at={at} last={seats.length - 1} order={order} />
                  ) : null}
                </td>
                <td>
                  <Owner name={seat.user.name} />
                </td>
                <td className="nowrap">{state(seat)}</td>
                <td className="num">
                  {mayEdit && seat.has_assignment ? (
                    <Weight territory={territory} user={seat.user} weight={seat.weight} />
                  ) : seat.has_assignment ? (
                    seat.weight
                  ) : (
                    "–"
                  )}
                </td>
                <td>
                  {seat.has_assignment || seat.received ? (
                    <span className="row">
                      <span className="share" aria-hidden="true">
                        <i style={{ width: `${(seat.received / most) * 100}%` }} />
                        <b style={{ left: `${Math.min(98, (seat.due_thousandths / 1000 / most) * 100)}%` }} />
                      </span>
                      <span className="num">{formatNumber(seat.received, i18n.locale)}</span>
                      <span className="small ink3 num" title={t`more or less than the exact share`}>
                        {difference.format(beyondDue(seat))}
                      </span>
                    </span>
                  ) : (
                    "–"
                  )}
                </td>
                <td>
                  <span className="row">
                    {seat.open_leads_max ? (
                      <span className="share" aria-hidden="true">
                        <i
                          style={{ width: `${Math.min(1, seat.open_leads / seat.open_leads_max) * 100}%` }}
                        />
                      </span>
                    ) : null}
                    <span className="num">
                      {seat.open_leads_max == null
                        ? formatNumber(seat.open_leads, i18n.locale)
                        : `${seat.open_leads}/${seat.open_leads_max}`}
                    </span>
                  </span>
                </td>
                <td className="num">
                  {seat.leads_per_day_max == null
                    ? seat.leads_today
                    : `${seat.leads_today}/${seat.leads_per_day_max}`}
                </td>
                <td className="nowrap num-plain">
                  {seat.hours_today == null
                    ? t`always`
                    : seat.hours_today.length
                      ? seat.hours_today.map((span) => span.replace("-", "–")).join(", ")
                      : t`day off`}
                </td>
                <td className="num nowrap" title={seat.last_at ? formatTime(seat.last_at, i18n.locale) : ""}>
                  {seat.last_at ? formatAgo(seat.last_at, i18n.locale, now) : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="small ink3" style={{ marginTop: 10 }}>
        <Trans>Where several are owed equally, the upper one comes first.</Trans>{" "}
        <Trans>Members who are passed over neither gain nor lose: they are not owed what they missed.</Trans>
      </p>
    </Section>
  );
}

/** A place up or down, by button and by arrow key. */
function Order({
  name,
  at,
  last,
  order,
}: {
  name: string;
  at: number;
  last: number;
  order: ReturnType<typeof useRingOrder>;
}) {
  const { t } = useLingui();
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || order.isBusy) return;
    event.preventDefault();
    order.move(at, at + by);
  };
  return (
    <span className="ring-order">
      <button
        type="button"
        aria-label={t`Move ${name} up`}
        disabled={order.isBusy || at === 0}
        onKeyDown={onKeyDown}
        onClick={() => order.move(at, at - 1)}
      >
        <ChevronUp size={13} aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-label={t`Move ${name} down`}
        disabled={order.isBusy || at === last}
        onKeyDown={onKeyDown}
        onClick={() => order.move(at, at + 1)}
      >
        <ChevronDown size={13} aria-hidden="true" />
      </button>
    </span>
  );
}

/** The weight with its steps; each step is a change that can be taken back. */
function Weight({ territory, user, weight }: { territory: Named; user: Named; weight: number }) {
  const { t } = useLingui();
  const change = useMembership();
  const step = (by: number) =>
    change.mutate({
      territory,
      user,
      to: (was) => ({ ...membershipOf(was), weight: Math.max(1, (was?.weight ?? 1) + by) }),
    });
  return (
    <span className="stepper">
      <button
        type="button"
        aria-label={t`Less weight for ${user.name}`}
        disabled={change.isPending || weight <= 1}
        onClick={() => step(-1)}
      >
        <Minus size={12} aria-hidden="true" />
      </button>
      <span>{weight}</span>
      <button
        type="button"
        aria-label={t`More weight for ${user.name}`}
        disabled={change.isPending}
        onClick={() => step(1)}
      >
        <Plus size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
