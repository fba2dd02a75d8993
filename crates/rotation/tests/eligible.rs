//! Who can be handed a lead, in every kind of local time, against a clock that ticks minute by minute.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use rotation::{Absence, Member, Obstacle, Weight, WorkingHours, day_began, next_change};

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect(name)
}

fn hours(text: &str) -> WorkingHours {
    serde_json::from_str(text).expect(text)
}

fn office_hours() -> WorkingHours {
    let spans = r#"["08:00-12:00","13:00-17:00"]"#;
    hours(&format!(
        r#"{{"monday":{spans},"tuesday":{spans},"wednesday":{spans},"thursday":{spans},"friday":{spans}}}"#
    ))
}

fn every_day(spans: &str) -> WorkingHours {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    hours(&format!("{{{}}}", days.map(|day| format!("\"{day}\":{spans}")).join(",")))
}

fn no_holidays(_: Date) -> bool {
    false
}

/// Somebody in Berlin whom nothing keeps from being handed leads.
fn member() -> Member<u32> {
    Member {
        id: 1,
        position: 1,
        weight: Weight::ONE,
        has_assignment: true,
        user_is_active: true,
        time_zone: zone("Europe/Berlin"),
        hours: None,
        absences: Vec::new(),
        open_leads: 0,
        open_leads_max: None,
        leads_today: 0,
        leads_per_day_max: None,
    }
}

fn away(from: &str, until: &str) -> Absence {
    Absence { from: at(from), until: Some(at(until)) }
}

/// Tuesday 24 November 2026, 10:00 in Berlin.
const TUESDAY_TEN: &str = "2026-11-24T09:00:00Z";

#[test]
fn each_obstacle_is_named_with_its_figures() {
    let friday = Some(at("2026-11-27T23:00:00Z"));
    let absence = away("2026-11-22T23:00:00Z", "2026-11-27T23:00:00Z");
    let late = Some(hours(r#"{"tuesday":["12:30-20:00"]}"#));
    let opens_at = Some(at("2026-11-24T11:30:00Z"));
    let cases = [
        (member(), None),
        (Member { has_assignment: false, ..member() }, Some(Obstacle::AssignmentOff)),
        (Member { user_is_active: false, ..member() }, Some(Obstacle::UserInactive)),
        (Member { absences: vec![absence], ..member() }, Some(Obstacle::Absent { until: friday })),
        (Member { hours: Some(office_hours()), ..member() }, None),
        (Member { hours: late, ..member() }, Some(Obstacle::OutsideHours { opens_at })),
        (Member { open_leads: 39, open_leads_max: Some(40), ..member() }, None),
        (
            Member { open_leads: 40, open_leads_max: Some(40), ..member() },
            Some(Obstacle::OpenLeadsMax { open: 40, max: 40 }),
        ),
        (Member { leads_today: 9, leads_per_day_max: Some(10), ..member() }, None),
        (
            Member { leads_today: 11, leads_per_day_max: Some(10), ..member() },
            Some(Obstacle::LeadsPerDayMax { today: 11, max: 10 }),
        ),
    ];
    for (member, expected) in cases {
        assert_eq!(member.obstacle(at(TUESDAY_TEN), &no_holidays), expected, "{member:?}");
    }
}

#[test]
fn a_holiday_closes_working_hours_and_says_when_they_open() {
    let christmas = |date: Date| date.month() == 12 && (25..=26).contains(&date.day());
    let working = Member { hours: Some(office_hours()), ..member() };
    let friday_25th = at("2026-12-25T09:00:00Z");
    let monday = at("2026-12-28T07:00:00Z");
    assert_eq!(
        working.obstacle(friday_25th, &christmas),
        Some(Obstacle::Holiday { date: "2026-12-25".parse().unwrap(), opens_at: Some(monday) })
    );
    assert_eq!(working.next_change(friday_25th, &christmas), Some(monday));
    let saturday_26th = at("2026-12-26T09:00:00Z");
    assert_eq!(
        working.obstacle(saturday_26th, &christmas),
        Some(Obstacle::OutsideHours { opens_at: Some(monday) }),
        "nobody works on a Saturday anyway"
    );
    assert_eq!(member().obstacle(friday_25th, &christmas), None, "without working hours, always");
}

#[test]
fn absences_that_touch_are_one() {
    let absences = vec![
        away("2026-11-23T00:00:00Z", "2026-11-25T00:00:00Z"),
        away("2026-11-25T00:00:00Z", "2026-11-29T00:00:00Z"),
        away("2026-11-24T00:00:00Z", "2026-11-26T00:00:00Z"),
        away("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
    ];
    let until = Some(at("2026-11-29T00:00:00Z"));
    let absent = Member { absences, ..member() };
    assert_eq!(absent.obstacle(at(TUESDAY_TEN), &no_holidays), Some(Obstacle::Absent { until }));
    assert_eq!(absent.next_change(at(TUESDAY_TEN), &no_holidays), until);
    assert_eq!(
        absent.next_change(at("2026-11-30T00:00:00Z"), &no_holidays),
        Some(at("2026-12-01T00:00:00Z"))
    );
}

#[test]
fn an_absence_without_end_never_ends_by_itself() {
    let ill = Absence { from: at("2026-11-20T00:00:00Z"), until: None };
    let absent =
        Member { absences: vec![away("2026-11-20T00:00:00Z", "2026-11-26T00:00:00Z"), ill], ..member() };
    assert_eq!(absent.obstacle(at(TUESDAY_TEN), &no_holidays), Some(Obstacle::Absent { until: None }));
    assert_eq!(absent.next_change(at(TUESDAY_TEN), &no_holidays), None);
}

#[test]
fn an_absence_begins_with_its_first_instant_and_ends_before_its_last() {
    let absent = Member { absences: vec![away(TUESDAY_TEN, "2026-11-25T09:00:00Z")], ..member() };
    let eligible = |text: &str| absent.obstacle(at(text), &no_holidays).is_none();
    assert!(eligible("2026-11-24T08:59:59Z") && !eligible(TUESDAY_TEN));
    assert!(!eligible("2026-11-25T08:59:59Z") && eligible("2026-11-25T09:00:00Z"));
}

#[test]
fn whoever_is_full_for_today_is_eligible_again_at_midnight_of_their_own_zone() {
    let full = Member { leads_today: 10, leads_per_day_max: Some(10), ..member() };
    assert_eq!(full.next_change(at(TUESDAY_TEN), &no_holidays), Some(at("2026-11-24T23:00:00Z")));
    let in_denver = Member { time_zone: zone("America/Denver"), ..full.clone() };
    assert_eq!(in_denver.next_change(at(TUESDAY_TEN), &no_holidays), Some(at("2026-11-25T07:00:00Z")));
    let with_hours = Member { hours: Some(office_hours()), ..full.clone() };
    assert_eq!(with_hours.next_change(at(TUESDAY_TEN), &no_holidays), Some(at("2026-11-25T07:00:00Z")));
    let never = Member { leads_per_day_max: Some(0), ..full };
    assert_eq!(never.next_change(at(TUESDAY_TEN), &no_holidays), None);
}

#[test]
fn where_midnight_comes_twice_the_cap_ends_with_the_one_ahead() {
    // At 00:01 on 29 October 2006 the clocks of St. John's went back to 23:01.
    let full = Member {
        time_zone: zone("America/St_Johns"),
        leads_today: 1,
        leads_per_day_max: Some(1),
        ..member()
    };
    let second_quarter_past_eleven = at("2006-10-29T02:45:00Z");
    assert_eq!(full.next_change(second_quarter_past_eleven, &no_holidays), Some(at("2006-10-29T03:30:00Z")));
}

#[test]
fn in_an_hour_that_comes_twice_only_what_lies_ahead_counts() {
    let evenings = every_day(r#"["23:00-23:15"]"#);
    let second_twenty_past_eleven = at("2006-10-29T02:50:00Z");
    let flip = evenings.next_flip(second_twenty_past_eleven, &zone("America/St_Johns"), &no_holidays);
    assert_eq!(flip, Some(at("2006-10-30T02:30:00Z")));
}

#[test]
fn an_absence_that_ends_before_it_begins_is_none() {
    let void = away("2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z");
    let absent = Member { absences: vec![void], ..member() };
    assert_eq!(absent.next_change(at(TUESDAY_TEN), &no_holidays), None);
}

#[test]
fn what_only_people_can_change_sets_no_timer() {
    let absence = away("2026-11-22T23:00:00Z", "2026-11-27T23:00:00Z");
    let cases = [
        Member { has_assignment: false, ..member() },
        Member { user_is_active: false, hours: Some(office_hours()), ..member() },
        Member { open_leads: 5, open_leads_max: Some(5), absences: vec![absence], ..member() },
        member(),
    ];
    for member in cases {
        assert_eq!(member.next_change(at(TUESDAY_TEN), &no_holidays), None, "{member:?}");
    }
}

#[test]
fn the_queue_is_looked_at_when_the_first_of_several_changes() {
    let back_on_friday =
        Member { absences: vec![away("2026-11-22T23:00:00Z", "2026-11-27T00:00:00Z")], ..member() };
    let in_new_york = Member { time_zone: zone("America/New_York"), hours: Some(office_hours()), ..member() };
    let members = [back_on_friday, in_new_york];
    assert_eq!(next_change(&members, at(TUESDAY_TEN), &no_holidays), Some(at("2026-11-24T13:00:00Z")));
    assert_eq!(next_change(&members[..1], at(TUESDAY_TEN), &no_holidays), Some(at("2026-11-27T00:00:00Z")));
    assert_eq!(next_change::<u32>(&[], at(TUESDAY_TEN), &no_holidays), None);
}

#[test]
fn hours_open_at_the_same_time_on_the_wall_on_both_sides_of_a_clock_change() {
    let berlin = Member { hours: Some(office_hours()), ..member() };
    // Summer time ended on Sunday 25 October 2026 and begins on Sunday 28 March 2027.
    let cases =
        [("2026-10-23T16:00:00Z", "2026-10-26T07:00:00Z"), ("2027-03-26T17:00:00Z", "2027-03-29T06:00:00Z")];
    for (evening, monday) in cases {
        assert_eq!(berlin.next_change(at(evening), &no_holidays), Some(at(monday)));
    }
}

#[test]
fn a_span_that_begins_in_the_lost_hour_begins_when_the_clocks_are_put_forward() {
    let night = every_day(r#"["02:30-05:00"]"#);
    let sunday = at("2027-03-28T00:00:00Z");
    assert_eq!(
        night.next_flip(sunday, &zone("Europe/Berlin"), &no_holidays),
        Some(at("2027-03-28T01:00:00Z"))
    );
}

#[test]
fn a_span_in_the_hour_that_comes_twice_is_open_twice() {
    let (berlin, night) = (zone("Europe/Berlin"), every_day(r#"["02:30-03:00"]"#));
    let mut at_ = at("2026-10-25T00:00:00Z");
    let mut flips = Vec::new();
    for _ in 0..5 {
        at_ = night.next_flip(at_, &berlin, &no_holidays).expect("flips");
        flips.push(at_.to_string());
    }
    let expected = [
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T02:00:00Z",
        "2026-10-26T01:30:00Z",
    ];
    assert_eq!(flips, expected);
}

#[test]
fn spans_that_meet_at_midnight_are_one_night() {
    let nights = every_day(r#"["00:00-06:00","22:00-24:00"]"#);
    let flip = nights.next_flip(at("2026-11-24T21:30:00Z"), &zone("Europe/Berlin"), &no_holidays);
    assert_eq!(flip, Some(at("2026-11-25T05:00:00Z")));
}

#[test]
fn a_year_of_holidays_is_looked_through_to_a_horizon() {
    let working = Member { hours: Some(office_hours()), ..member() };
    let now = at(TUESDAY_TEN);
    let horizon = working.next_change(now, &|_| true).expect("looks again");
    assert!((399..=401).contains(&(horizon.duration_since(now).as_hours() / 24)), "{horizon}");
    assert!(matches!(working.obstacle(now, &|_| true), Some(Obstacle::Holiday { opens_at: None, .. })));
}

#[test]
fn the_day_begins_at_local_midnight_or_when_it_is_first_shown() {
    let cases = [
        ("Europe/Berlin", TUESDAY_TEN, "2026-11-23T23:00:00Z"),
        ("America/Los_Angeles", TUESDAY_TEN, "2026-11-24T08:00:00Z"),
        // On 4 November 2018 the clocks of São Paulo went from 00:00 to 01:00.
        ("America/Sao_Paulo", "2018-11-04T15:00:00Z", "2018-11-04T03:00:00Z"),
    ];
    for (name, now, expected) in cases {
        assert_eq!(day_began(&zone(name), at(now)), at(expected), "{name}");
    }
}

#[test]
fn working_hours_keep_their_written_form() {
    let written = r#"{"friday":["08:00-24:00"],"monday":["08:00-12:00","13:00-17:30"]}"#;
    assert_eq!(serde_json::to_string(&hours(written)).unwrap(), written);
    let loose = r#"{"monday":["13:00 – 17:30","8:00-12:00"],"friday":["08:00-24:00"],"sunday":[]}"#;
    assert_eq!(hours(loose), hours(written));
}

#[test]
fn every_fault_in_working_hours_is_named_at_once() {
    let written = r#"{"funday":["08:00-12:00"],"monday":["08:00-12:00","11:00-13:00"],
        "tuesday":["9-12","17:00-08:00","08:00-24:01","08:60-09:00","+8:00-09:00"]}"#;
    let faults = serde_json::from_str::<WorkingHours>(written).expect_err("faulty").to_string();
    let expected = [
        r#""funday" is no day"#,
        "monday: 08:00-12:00 and 11:00-13:00 overlap",
        r#"tuesday: "9-12" is no span"#,
        r#"tuesday: "17:00-08:00" is no span"#,
        r#"tuesday: "08:00-24:01" is no span"#,
        r#"tuesday: "08:60-09:00" is no span"#,
        r#"tuesday: "+8:00-09:00" is no span"#,
    ];
    for fault in expected {
        assert!(faults.contains(fault), "{fault} in {faults}");
    }
    let empty = serde_json::from_str::<WorkingHours>(r#"{"monday":[]}"#).expect_err("empty").to_string();
    assert!(empty.contains("hold no span"), "{empty}");
}

/// Zones and instants at which the clocks do something odd.
const ODD_TIMES: [(&str, &str); 12] = [
    ("UTC", "2026-11-24T00:00:00Z"),
    ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ("Europe/Berlin", "2027-03-28T01:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("America/New_York", "2027-03-14T07:00:00Z"),
    // Half an hour.
    ("Australia/Lord_Howe", "2027-04-03T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    // At midnight.
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-18T02:00:00Z"),
    // One minute past midnight, so that the evening before is shown twice.
    ("America/St_Johns", "2006-10-29T02:31:00Z"),
    ("America/St_Johns", "2007-03-11T03:31:00Z"),
    // Friday 30 December 2011 was left out.
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
];

const SCAN_MINUTES: i64 = 5 * 24 * 60;

/// Ticks on minute by minute until the answer changes.
fn scan<T: PartialEq>(from: Timestamp, answer: impl Fn(Timestamp) -> T) -> Option<Timestamp> {
    let now = answer(from);
    let ticks = (1..=SCAN_MINUTES).map(|minutes| from + SignedDuration::from_mins(minutes));
    ticks.into_iter().find(|&tick| answer(tick) != now)
}

fn odd_moment() -> impl Strategy<Value = (TimeZone, Timestamp)> {
    let minutes = prop_oneof![-180..180_i64, -2880..1440_i64];
    (0..ODD_TIMES.len(), minutes).prop_map(|(index, minutes)| {
        let (name, instant) = ODD_TIMES[index];
        (zone(name), at(instant) + SignedDuration::from_mins(minutes))
    })
}

fn any_hours() -> impl Strategy<Value = WorkingHours> {
    // Ends in order make spans that do not overlap; steps of a quarter of an hour meet and touch often.
    let day = vec(0..=96_u16, 0..=6).prop_map(|mut quarters| {
        quarters.sort_unstable();
        quarters.dedup();
        let clock = |quarter: u16| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        let spans = quarters.chunks_exact(2).map(|pair| format!("\"{}-{}\"", clock(pair[0]), clock(pair[1])));
        format!("[{}]", spans.collect::<Vec<_>>().join(","))
    });
    vec(day, 7).prop_filter_map("at least one span", |days| {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let named = names.iter().zip(days).map(|(name, spans)| format!("\"{name}\":{spans}"));
        serde_json::from_str(&format!("{{{}}}", named.collect::<Vec<_>>().join(","))).ok()
    })
}

fn some_holidays(salt: i16) -> impl Fn(Date) -> bool {
    move |date| (date.day_of_year() + salt) % 4 == 0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn hours_flip_exactly_when_a_ticking_clock_sees_them_flip(
        (zone, now) in odd_moment(), hours in any_hours(), salt in 0..4_i16,
    ) {
        let holidays = some_holidays(salt);
        let seen = scan(now, |at| hours.is_open(at, &zone, &holidays));
        let said = hours.next_flip(now, &zone, &holidays);
        match seen {
            Some(_) => prop_assert_eq!(said, seen),
            None => prop_assert!(said > Some(now + SignedDuration::from_mins(SCAN_MINUTES))),
        }
    }

    #[test]
    fn eligibility_changes_exactly_when_a_ticking_clock_sees_it_change(
        (zone, now) in odd_moment(),
        hours in proptest::option::of(any_hours()),
        salt in 0..4_i16,
        absences in vec((-3000..6000_i64, 1..3000_i64), 0..4),
        leads_today in 0..4_u32,
    ) {
        let holidays = some_holidays(salt);
        let minutes = |minutes: i64| now + SignedDuration::from_mins(minutes);
        let absences = absences.into_iter()
            .map(|(from, long)| Absence { from: minutes(from), until: Some(minutes(from + long)) })
            .collect();
        let member = Member {
            time_zone: zone.clone(), hours, absences, leads_today, leads_per_day_max: Some(3), ..member()
        };
        let today = zone.to_datetime(now).date();
        let seen = scan(now, |at| {
            let is_later_day = zone.to_datetime(at).date() > today;
            let leads_today = if is_later_day { 0 } else { leads_today };
            Member { leads_today, ..member.clone() }.obstacle(at, &holidays).is_none()
        });
        let said = member.next_change(now, &holidays);
        match seen {
            Some(_) => prop_assert_eq!(said, seen),
            None => prop_assert!(said.is_none_or(|said| said > minutes(SCAN_MINUTES))),
        }
    }
}
