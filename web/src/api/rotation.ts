import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { queryOptions } from "@tanstack/react-query";
import { formatTime } from "../ui/format";
import { get } from "./call";
import type { Named } from "./types";

export interface Obstacle {
  reason:
    | "assignment_off"
    | "user_inactive"
    | "absent"
    | "holiday"
    | "outside_hours"
    | "open_leads_max"
    | "leads_per_day_max";
  until?: string | null;
  opens_at?: string | null;
  open?: number;
  today?: number;
  max?: number;
}

export interface Seat {
  user: Named;
  position: number;
  weight: number;
  /** Leads handed over since the rotation began, and the exact share due. */
  received: number;
  due: number;
  open_leads: number;
  open_leads_max: number | null;
  leads_today: number;
  leads_per_day_max: number | null;
  last_at: string | null;
  obstacle: Obstacle | null;
}

export interface RotationState {
  territory_id: string;
  turn: number;
  next: Named | null;
  seats: Seat[];
  queue_count: number;
}

export const rotationQuery = (territoryId: string) =>
  queryOptions({
    queryKey: ["rotation", territoryId],
    queryFn: async ({ signal }) =>
      (await get<RotationState>(`/territories/${territoryId}/rotation`, { signal })).data,
  });

/** Why somebody is not handed leads now, with when that ends. */
export function sayObstacle(obstacle: Obstacle, i18n: I18n): string {
  const at = (iso: string | null | undefined) => (iso ? formatTime(iso, i18n.locale) : null);
  switch (obstacle.reason) {
    case "assignment_off":
      return i18n._(msg`access only`);
    case "user_inactive":
      return i18n._(msg`account is off`);
    case "absent": {
      const until = at(obstacle.until);
      return until ? i18n._(msg`absent until ${until}`) : i18n._(msg`absent`);
    }
    case "holiday": {
      const opens = at(obstacle.opens_at);
      return opens ? i18n._(msg`public holiday, back ${opens}`) : i18n._(msg`public holiday`);
    }
    case "outside_hours": {
      const opens = at(obstacle.opens_at);
      return opens ? i18n._(msg`off duty until ${opens}`) : i18n._(msg`off duty`);
    }
    case "open_leads_max":
      return i18n._(msg`cap reached: ${obstacle.open ?? 0} of ${obstacle.max ?? 0} open`);
    case "leads_per_day_max":
      return i18n._(msg`cap reached: ${obstacle.today ?? 0} of ${obstacle.max ?? 0} today`);
    default:
      return obstacle.reason;
  }
}
