//! Local days: at which instants a clock on the wall shows a time, and when a day begins.
//! Clocks are put forward (a time is never shown) and back (a time is shown twice).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

/// The instants at which the wall clock shows that time: one, two, or none.
pub(crate) fn shown_at(zone: &TimeZone, time: DateTime) -> Vec<Timestamp> {
    let offsets = match zone.to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => vec![offset],
        AmbiguousOffset::Fold { before, after } => vec![before, after],
        AmbiguousOffset::Gap { .. } => vec![],
    };
    offsets.into_iter().filter_map(|offset| offset.to_timestamp(time).ok()).collect()
}

/// The first instant of that local day; `None` only at the end of all calendars.
pub(crate) fn beginning(zone: &TimeZone, date: Date) -> Option<Timestamp> {
    // Where midnight is never shown, the day begins when the clocks have been put forward.
    match date.to_zoned_datetime(zone.clone()) {
        Ok(zoned) => zoned.start_of_day().ok().map(|start| start.timestamp()),
        Err(_) => None,
    }
}

/// When today began at that place: leads per day are counted from here.
pub fn day_began(zone: &TimeZone, now: Timestamp) -> Timestamp {
    beginning(zone, zone.to_datetime(now).date()).unwrap_or(now)
}

/// When the next local day begins.
pub(crate) fn next_day(zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let tomorrow = zone.to_datetime(now).date().tomorrow().ok()?;
    // Clocks put back just after midnight show the old day once more: then midnight comes twice.
    let midnights = shown_at(zone, tomorrow.at(0, 0, 0, 0));
    midnights.into_iter().find(|&midnight| midnight > now).or_else(|| beginning(zone, tomorrow))
}
