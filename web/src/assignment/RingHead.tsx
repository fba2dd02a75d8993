import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { RingMember, RotationView, TerritoryRef } from "../api/generated/types.gen";
import { formatDate, formatNumber } from "../ui/format";
import { Avatar } from "../ui/Owner";
import { RingWheel } from "../ui/Ring";

/** Why somebody is not handed leads now, in the server's words. */
export const obstacle = (member: RingMember, locale: string) =>
  (locale === "de" ? member.obstacle?.de : member.obstacle?.en) ?? "";

/** What a member has been handed beyond the exact share, in leads; negative: less. */
export const beyondDue = (member: RingMember) => member.received - member.due_thousandths / 1000;

/** The ring with who is next, the figures of its fairness, and why it is that person's turn. */
export function RingHead({ territory, rotation }: { territory: TerritoryRef; rotation: RotationView }) {
  const { t, i18n } = useLingui();
  const { next, turn } = rotation;
  const seats = rotation.members.filter((member) => member.has_assignment);
  const beads = seats.map((seat) => ({
    id: seat.user.id,
    name: seat.user.name,
    next: seat.user.id === next?.id,
    out: !seat.is_eligible,
    reason: obstacle(seat, i18n.locale),
  }));
  const shownTurn = formatNumber(turn + 1, i18n.locale);
  return (
    <div className="rotation-top">
      <RingWheel
        beads={beads}
        mark={territory}
        caption={next ? t`Next` : rotation.paused ? t`Paused` : t`Nobody is ready`}
        name={next?.name ?? "–"}
        below={t`Turn ${shownTurn}`}
        label={
          next
            ? t`Next in ${territory.name}: ${next.name}`
            : rotation.paused
              ? t`The rotation of ${territory.name} is paused`
              : t`Nobody in ${territory.name} is ready`
        }
      />
      <div className="col g4">
        {turn ? <Figures rotation={rotation} /> : null}
        <Whose seats={seats} rotation={rotation} />
      </div>
    </div>
  );
}

function Figures({ rotation: { members, turn, since, wait_ms } }: { rotation: RotationView }) {
  const { t, i18n } = useLingui();
  const strays = Math.max(0, ...members.map((member) => Math.abs(beyondDue(member))));
  const least = 0.05;
  const stray = new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1 }).format(strays);
  return (
    <dl className="figures">
      <div>
        <dd className="fig">{formatNumber(turn, i18n.locale)}</dd>
        <dt>
          {since
            ? t`${plural(turn, { one: "lead", other: "leads" })} handed out since ${formatDate(since, i18n.locale)}`
            : plural(turn, { one: "lead handed out", other: "leads handed out" })}
        </dt>
      </div>
      <div>
        <dd className="fig ok">{strays < least ? "0" : `± ${stray}`}</dd>
        <dt>{t`furthest from the exact share`}</dt>
      </div>
      {wait_ms == null ? null : (
        <div>
          <dd className="fig">{waited(wait_ms, i18n.locale)}</dd>
          <dt>{t`from arrival to owner`}</dt>
        </div>
      )}
    </dl>
  );
}

const steps = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A span of time in the largest unit that it fills. */
function waited(ms: number, locale: string) {
  const [unit, length] = steps.find(([, length]) => ms >= length) ?? steps[3];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: unit === "second" ? 1 : 0,
  }).format(ms / length);
}

function Whose({
  seats,
  rotation: { next, recent, paused },
}: {
  seats: RingMember[];
  rotation: RotationView;
}) {
  const { t, i18n } = useLingui();
  const reason = (seat: RingMember) => {
    if (!seat.is_eligible) return obstacle(seat, i18n.locale);
    if (seat.user.id === next?.id) return t`whose turn it is`;
    const last = recent.find((one) => one.user.id === seat.user.id);
    if (paused && !last) return t`ready`;
    return last ? t`had turn ${formatNumber(last.turn, i18n.locale)}` : t`ready, had more of the share`;
  };
  return (
    <div>
      <h2 className="h2" style={{ marginBottom: 8 }}>
        {next ? t`Why ${next.name}?` : paused ? t`Who takes part` : t`Why nobody?`}
      </h2>
      <ol className="whose">
        {seats.map((seat, at) => (
          <li key={seat.user.id} className={seat.user.id === next?.id ? "next" : ""}>
            <span className="small ink3 num">{at + 1}</span>
            <Avatar name={seat.user.name} />
            <span className={`cut ${seat.is_eligible ? "m" : "ink3"}`}>{seat.user.name}</span>
            <span className="small ink2">{reason(seat)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
