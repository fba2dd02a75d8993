import { TZDate } from "@date-fns/tz";
import { Trans, useLingui } from "@lingui/react/macro";
import type { RingMember } from "../api/generated/types.gen";
import { formatTime } from "../ui/format";
import { Owner } from "../ui/Owner";
import { Section } from "../ui/Page";
import { ScrollBox } from "../ui/ScrollBox";
import { useNow } from "../ui/useNow";
import { readerZone } from "../ui/zone";

const days_shown = 28;
const day_ms = 86_400_000;

/** Who is away in the four weeks from this Monday on. */
export function RingAbsences({ members }: { members: RingMember[] }) {
  const { t, i18n } = useLingui();
  const now = useNow();
  const today = new TZDate(now, readerZone());
  today.setHours(0, 0, 0, 0);
  const sinceMonday = (today.getDay() + 6) % 7;
  const dayAt = (at: number) => {
    const day = new TZDate(today.getTime(), readerZone());
    day.setDate(day.getDate() - sinceMonday + at);
    return day;
  };
  const days = Array.from({ length: days_shown }, (_, at) => dayAt(at));
  const first = days[0]?.getTime() ?? 0;
  // Days of 23 or 25 hours move the bars by less than a pixel.
  const place = (iso: string) =>
    Math.min(100, Math.max(0, ((Date.parse(iso) - first) / day_ms / days_shown) * 100));
  const rows = members.filter((member) => member.has_assignment);
  if (!rows.some((member) => member.absences.length))
    return (
      <Section title={t`Absences, next four weeks`}>
        <p className="ink2">
          <Trans>Nobody is away.</Trans>
        </p>
      </Section>
    );
  const said = (absence: RingMember["absences"][number]) => {
    const span = `${formatTime(absence.starts_at, i18n.locale)} – ${formatTime(absence.ends_at, i18n.locale)}`;
    return absence.note ? `${absence.note}: ${span}` : span;
  };
  return (
    <Section title={t`Absences, next four weeks`}>
      <ScrollBox label={t`Absences, next four weeks`}>
        <div className="weeks">
          <div className="weeks-row head" aria-hidden="true">
            <span />
            <span className="weeks-days">
              {days.map((day) => (
                <span
                  key={day.getTime()}
                  className={
                    day.getTime() === today.getTime() ? "today" : day.getDay() % 6 === 0 ? "weekend" : ""
                  }
                >
                  {day.getDate()}
                </span>
              ))}
            </span>
          </div>
          <ul>
            {rows.map((member) => (
              <li key={member.user.id} className="weeks-row">
                <Owner name={member.user.name} />
                <span className="weeks-days lanes">
                  {days.map((day) => (
                    <span key={day.getTime()} className={day.getDay() % 6 === 0 ? "weekend" : ""} />
                  ))}
                  {member.absences.map((absence) => {
                    const left = place(absence.starts_at);
                    const width = place(absence.ends_at) - left;
                    return (
                      <b
                        key={absence.starts_at}
                        title={said(absence)}
                        style={{ left: `${left}%`, width: `${width}%` }}
                      >
                        <span aria-hidden="true">{absence.note ?? t`away`}</span>
                        <span className="sr">{said(absence)}</span>
                      </b>
                    );
                  })}
                </span>
              </li>
            ))}
          </ul>
        </div>
      </ScrollBox>
    </Section>
  );
}
