import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { WorkingHours } from "../api/people";
import { SwitchField } from "../ui/Check";
import { regional } from "../ui/format";

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const usual: WorkingHours = Object.fromEntries(days.slice(0, 5).map((day) => [day, ["08:00-17:00"]]));

/** When somebody works; without hours, always. One span a day here; more come through the API. */
export function WorkingHoursEditor({
  value,
  onChange,
  error,
}: {
  value: WorkingHours | null;
  onChange: (value: WorkingHours | null) => void;
  error?: ReactNode;
}) {
  const { t, i18n } = useLingui();
  // 1 January 2024 was a Monday.
  const name = (index: number) =>
    new Intl.DateTimeFormat(regional(i18n.locale), { weekday: "long", timeZone: "UTC" }).format(
      Date.UTC(2024, 0, 1 + index),
    );
  const set = (day: string, spans: string[]) => onChange({ ...value, [day]: spans });
  return (
    <fieldset className="col g2">
      <legend className="lab">{t`Working hours`}</legend>
      <SwitchField
        checked={value !== null}
        onChange={(event) => onChange(event.target.checked ? usual : null)}
        hint={t`Outside of them nobody is handed leads.`}
      >{t`Fixed working hours`}</SwitchField>
      {value
        ? days.map((day, index) => {
            const spans = value[day] ?? [];
            const [from = "08:00", to = "17:00"] = (spans[0] ?? "").split("-");
            return (
              <div key={day} className="row" style={{ minHeight: 32 }}>
                <label className="row" style={{ width: 140 }}>
                  <input
                    type="checkbox"
                    className="chk"
                    checked={spans.length > 0}
                    onChange={(event) => set(day, event.target.checked ? ["08:00-17:00"] : [])}
                  />
                  {name(index)}
                </label>
                {spans.length ? (
                  <>
                    <input
                      type="time"
                      className="inp"
                      style={{ width: 104 }}
                      aria-label={t`${name(index)} from`}
                      value={from}
                      onChange={(event) => set(day, [`${event.target.value}-${to}`, ...spans.slice(1)])}
                    />
                    <span className="ink3">–</span>
                    <input
                      type="time"
                      className="inp"
                      style={{ width: 104 }}
                      aria-label={t`${name(index)} until`}
                      value={to}
                      onChange={(event) => set(day, [`${from}-${event.target.value}`, ...spans.slice(1)])}
                    />
                    {spans.length > 1 ? (
                      <span className="small ink3">{spans.slice(1).join(", ")}</span>
                    ) : null}
                  </>
                ) : (
                  <span className="ink3">{t`free`}</span>
                )}
              </div>
            );
          })
        : null}
      {error ? (
        <p className="said bad small" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
