//! Working hours: spans of the local day, per weekday, as the clock on the wall shows them.
//! On a holiday nobody works. Where clocks are put back a span may be passed through twice.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::day;

/// Says whether a local date is a holiday in the territory's calendar.
pub type Holidays<'a> = &'a dyn Fn(Date) -> bool;

/// How far ahead an opening is looked for: past any run of holidays.
pub const LOOK_AHEAD_DAYS_MAX: i32 = 400;

const MINUTES_PER_DAY: u16 = 24 * 60;

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Minutes of a day, `from` included, `until` excluded; written `08:00-12:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: u16,
    until: u16,
}

/// When a member can be handed leads: at least one span in the week, written per day as
/// `{"monday": ["08:00-12:00", "13:00-17:00"]}`; `24:00` is the end of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Vec<String>>", into = "BTreeMap<String, Vec<String>>")]
pub struct WorkingHours {
    /// Monday first; sorted, apart from each other.
    days: [Vec<Span>; 7],
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursFault {
    #[error("working hours: \"{0}\" is no day; use monday to sunday")]
    NoSuchDay(String),
    #[error(
        "working hours, {day}: \"{span}\" is no span; write it like 08:00-17:00, the end after the start"
    )]
    NoSpan { day: String, span: String },
    #[error("working hours, {day}: {first} and {second} overlap; make them one span or keep them apart")]
    Overlap { day: String, first: String, second: String },
    #[error(
        "working hours hold no span; add one, or leave them out for somebody who can always be handed leads"
    )]
    Empty,
}

/// Every fault at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoursFaults(pub Vec<HoursFault>);

impl fmt::Display for HoursFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if index > 0 { "; " } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for HoursFaults {}

impl TryFrom<BTreeMap<String, Vec<String>>> for WorkingHours {
    type Error = HoursFaults;

    fn try_from(written: BTreeMap<String, Vec<String>>) -> Result<WorkingHours, HoursFaults> {
        let mut days: [Vec<Span>; 7] = Default::default();
        let mut faults = Vec::new();
        for (day, spans) in written {
            let Some(weekday) = DAYS.iter().position(|name| *name == day) else {
                faults.push(HoursFault::NoSuchDay(day));
                continue;
            };
            for span in spans {
                match Span::parse(&span) {
                    Some(span) => days[weekday].push(span),
                    None => faults.push(HoursFault::NoSpan { day: day.clone(), span }),
                }
            }
            days[weekday].sort_unstable();
            for pair in days[weekday].windows(2).filter(|pair| pair[1].from < pair[0].until) {
                let [first, second] = [pair[0].to_string(), pair[1].to_string()];
                faults.push(HoursFault::Overlap { day: day.clone(), first, second });
            }
        }
        if faults.is_empty() && days.iter().all(Vec::is_empty) {
            faults.push(HoursFault::Empty);
        }
        if faults.is_empty() { Ok(WorkingHours { days }) } else { Err(HoursFaults(faults)) }
    }
}

impl From<WorkingHours> for BTreeMap<String, Vec<String>> {
    fn from(hours: WorkingHours) -> BTreeMap<String, Vec<String>> {
        let named = DAYS.iter().zip(hours.days).filter(|(_, spans)| !spans.is_empty());
        named.map(|(day, spans)| (day.to_string(), spans.iter().map(Span::to_string).collect())).collect()
    }
}

impl Span {
    fn parse(text: &str) -> Option<Span> {
        let (from, until) = text.split_once(['-', '–'])?;
        let span = Span { from: minute(from)?, until: minute(until)? };
        (span.from < span.until).then_some(span)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { from, until } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

/// `08:00` to `24:00` as the minute of the day.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= MINUTES_PER_DAY).then_some(total)
}

impl WorkingHours {
    /// Says whether the member works at that instant, by the clock on the wall of that zone.
    pub fn is_open(&self, at: Timestamp, zone: &TimeZone, holidays: Holidays<'_>) -> bool {
        let local = zone.to_datetime(at);
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let spans = &self.days[local.weekday().to_monday_zero_offset() as usize];
        spans.iter().any(|span| span.from <= minute && minute < span.until) && !holidays(local.date())
    }

    /// The spans of a local date, as they are written; none on a day off.
    pub fn on(&self, date: Date, holidays: Holidays<'_>) -> Vec<String> {
        let spans = &self.days[date.weekday().to_monday_zero_offset() as usize];
        if holidays(date) { Vec::new() } else { spans.iter().map(Span::to_string).collect() }
    }

    /// Says whether the member would work on that date if it were no holiday.
    pub(crate) fn has_day(&self, weekday: Weekday) -> bool {
        !self.days[weekday.to_monday_zero_offset() as usize].is_empty()
    }

    /// The first instant after `at` at which [`WorkingHours::is_open`] answers otherwise than at `at`.
    ///
    /// Where nothing changes within [`LOOK_AHEAD_DAYS_MAX`] days that horizon is answered,
    /// so that whoever waits looks again then.
    pub fn next_flip(&self, at: Timestamp, zone: &TimeZone, holidays: Holidays<'_>) -> Option<Timestamp> {
        let is_open = self.is_open(at, zone, holidays);
        let mut date = zone.to_datetime(at).date();
        let mut begins = at;
        for _ in 0..LOOK_AHEAD_DAYS_MAX {
            date = date.tomorrow().ok()?;
            let ends = day::beginning(zone, date)?;
            let flip = self
                .edges(zone, date, begins, ends)
                .into_iter()
                .find(|&edge| self.is_open(edge, zone, holidays) != is_open);
            if flip.is_some() {
                return flip;
            }
            begins = begins.max(ends);
        }
        Some(begins)
    }

    /// Every instant after `begins` up to `ends`, the beginning of `next`, at which a span begins or ends
    /// or the clocks are changed: between two of them nothing changes.
    fn edges(&self, zone: &TimeZone, next: Date, begins: Timestamp, ends: Timestamp) -> Vec<Timestamp> {
        let mut edges: Vec<Timestamp> = zone
            .following(begins)
            .map(|transition| transition.timestamp())
            .take_while(|&transition| transition <= ends)
            .collect();
        // Clocks put back at midnight show the evening before once more, so three dates are looked at.
        let yesterday = next.yesterday().and_then(|today| today.yesterday());
        for date in yesterday.into_iter().flat_map(|first| first.series(jiff::Span::new().days(1)).take(3)) {
            edges.extend(shown(zone, date, 0));
            for span in &self.days[date.weekday().to_monday_zero_offset() as usize] {
                edges.extend(shown(zone, date, span.from));
                edges.extend(shown(zone, date, span.until));
            }
        }
        edges.retain(|&edge| begins < edge && edge <= ends);
        edges.sort_unstable();
        edges
    }
}

/// The instants at which that minute of that date is shown; minute 1,440 is the next midnight.
fn shown(zone: &TimeZone, date: Date, minute: u16) -> Vec<Timestamp> {
    let time: Option<DateTime> = if minute == MINUTES_PER_DAY {
        date.tomorrow().ok().map(|next| next.at(0, 0, 0, 0))
    } else {
        Some(date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0))
    };
    time.map(|time| day::shown_at(zone, time)).unwrap_or_default()
}
