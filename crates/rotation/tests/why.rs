//! Decisions: what is kept of a turn, how it is told, and that nobody learns of colleagues from it.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rotation::say::{say, say_own};
use rotation::{
    Absence, Credit, How, Language, Member, Moment, Obstacle, Outcome, Ring, RingSeat, Roster, Rotation,
    Weight,
};

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("Europe/Berlin")
}

/// Tuesday 24 November 2026, 10:00 in Berlin.
fn tuesday_ten() -> Timestamp {
    at("2026-11-24T09:00:00Z")
}

const NAMES: [&str; 6] =
    ["Jonas Fehr", "Miriam Zeller", "Tobias Krüger", "Elif Aydın", "Ines Ritter", "Nils Albrecht"];

fn absent() -> Obstacle {
    Obstacle::Absent { until: Some(at("2026-11-28T23:00:00Z")) }
}

fn full() -> Obstacle {
    Obstacle::OpenLeadsMax { open: 40, max: 40 }
}

fn seat(user: u32, obstacle: Option<Obstacle>) -> RingSeat<u32> {
    RingSeat {
        user,
        name: NAMES[user as usize].to_owned(),
        position: i64::from(user),
        weight: Weight::ONE,
        credit_before: Credit(0),
        credit_after: Credit(0),
        is_taken: false,
        obstacle,
    }
}

/// Members in the order of [`NAMES`]; `taken` is handed the lead.
fn ring(obstacles: &[Option<Obstacle>], taken: Option<u32>) -> Ring<u32> {
    let seats = obstacles.iter().enumerate().map(|(user, &obstacle)| RingSeat {
        is_taken: taken == Some(user as u32),
        ..seat(user as u32, obstacle)
    });
    Ring { turn: taken.map(|_| 1_377), seats: seats.collect() }
}

fn said(how: How, ring: &Ring<u32>) -> [String; 2] {
    let owner = ring.seats.iter().find(|seat| seat.is_taken).map_or("Tobias Krüger", |seat| &seat.name);
    [Language::German, Language::English].map(|language| say(how, owner, Some(ring), language))
}

#[test]
fn a_turn_is_told_with_who_was_skipped_and_why() {
    let cases = [
        (
            ring(&[Some(absent()), Some(full()), None, None], Some(2)),
            "In der Ringverteilung war Tobias Krüger an der Reihe, nachdem Jonas Fehr (abwesend) und Miriam Zeller (Obergrenze erreicht) übersprungen wurden.",
            "It was Tobias Krüger’s turn in the rotation, after Jonas Fehr (absent) and Miriam Zeller (cap reached) were skipped.",
        ),
        (
            ring(&[None, Some(Obstacle::UserInactive), None], Some(2)),
            "In der Ringverteilung war Tobias Krüger an der Reihe, nachdem Miriam Zeller (Benutzerkonto inaktiv) übersprungen wurde.",
            "It was Tobias Krüger’s turn in the rotation, after Miriam Zeller (user inactive) was skipped.",
        ),
        (
            ring(&[None, Some(Obstacle::AssignmentOff), None], Some(2)),
            "In der Ringverteilung war Tobias Krüger an der Reihe.",
            "It was Tobias Krüger’s turn in the rotation.",
        ),
        (
            ring(&[Some(Obstacle::OutsideHours { opens_at: None }), None], Some(1)),
            "In der Ringverteilung war nur Miriam Zeller verfügbar; Jonas Fehr (außerhalb der Arbeitszeit) wurde übersprungen.",
            "Only Miriam Zeller was available in the rotation; Jonas Fehr (outside working hours) was skipped.",
        ),
        (
            ring(&[None], Some(0)),
            "In der Ringverteilung erhält nur Jonas Fehr Leads.",
            "Jonas Fehr is the only one in the rotation.",
        ),
        (
            ring(
                &[Some(absent()), Some(absent()), None, Some(absent()), Some(full()), Some(full())],
                Some(2),
            ),
            "In der Ringverteilung war nur Tobias Krüger verfügbar; Jonas Fehr (abwesend), Miriam Zeller (abwesend), Elif Aydın (abwesend) und 2 weitere wurden übersprungen.",
            "Only Tobias Krüger was available in the rotation; Jonas Fehr (absent), Miriam Zeller (absent), Elif Aydın (absent) and 2 others were skipped.",
        ),
    ];
    for (ring, german, english) in cases {
        assert_eq!(said(How::Rotation, &ring), [german, english]);
    }
}

#[test]
fn every_other_way_to_an_owner_is_told() {
    let cases = [
        (
            How::FromQueue,
            "Der Lead kam aus der Warteschlange. In der Ringverteilung war Tobias Krüger an der Reihe.",
            "The lead came from the queue. It was Tobias Krüger’s turn in the rotation.",
        ),
        (
            How::Named,
            "Beim Anlegen wurde Tobias Krüger als zuständig angegeben.",
            "Tobias Krüger was named as owner when the lead was created.",
        ),
        (
            How::Known,
            "Tobias Krüger war schon für einen Datensatz zuständig, zu dem der Lead gehört.",
            "Tobias Krüger already owned a record that the lead belongs to.",
        ),
        (
            How::ByHand,
            "Der Lead wurde von Hand an Tobias Krüger gegeben.",
            "The lead was given to Tobias Krüger by hand.",
        ),
        (
            How::Kept,
            "Tobias Krüger hat auch auf dieses Gebiet Zugriff und bleibt zuständig.",
            "Tobias Krüger has access to this territory too and still owns the lead.",
        ),
        (
            How::Unplaced,
            "Keine Regel trifft zu, der Lead ist ohne Gebiet.",
            "No rule matches, so the lead is unassigned.",
        ),
    ];
    for (how, german, english) in cases {
        assert_eq!(said(how, &ring(&[None, None, None], Some(2))), [german, english]);
    }
}

#[test]
fn the_queue_is_told_with_everybody_who_could_not_be_handed_the_lead() {
    let cases = [
        (
            ring(&[Some(absent()), Some(Obstacle::LeadsPerDayMax { today: 10, max: 10 })], None),
            "Der Lead kam in die Warteschlange, weil niemand verfügbar war: Jonas Fehr (abwesend) und Miriam Zeller (Tagesobergrenze erreicht).",
            "The lead went into the queue, because nobody was available: Jonas Fehr (absent) and Miriam Zeller (daily cap reached).",
        ),
        (
            ring(&[Some(Obstacle::AssignmentOff)], None),
            "Der Lead kam in die Warteschlange, weil in diesem Gebiet kein Mitglied Leads erhält.",
            "The lead went into the queue, because no member of this territory is handed leads.",
        ),
    ];
    for (ring, german, english) in cases {
        assert_eq!(said(How::Queued, &ring), [german, english]);
    }
}

#[test]
fn a_caption_gives_the_figures_in_the_readers_form() {
    let zone = berlin();
    let moment = Moment { at: tuesday_ten(), zone: &zone };
    let date = "2026-11-24".parse().expect("a date");
    let opens = |text: &str| Obstacle::OutsideHours { opens_at: Some(at(text)) };
    let until = |text: &str| Obstacle::Absent { until: Some(at(text)) };
    let cases = [
        (until("2026-11-28T23:00:00Z"), "abwesend bis 28.11.", "absent until Nov 28"),
        (until("2027-01-05T23:00:00Z"), "abwesend bis 5.1.2027", "absent until Jan 5, 2027"),
        (until("2026-11-24T13:30:00Z"), "abwesend bis 14:30 Uhr", "absent until 2:30 PM"),
        (until("2026-11-26T13:00:00Z"), "abwesend bis 26.11., 14:00 Uhr", "absent until Nov 26, 2:00 PM"),
        (Obstacle::Absent { until: None }, "abwesend", "absent"),
        (
            opens("2026-11-24T11:00:00Z"),
            "außerhalb der Arbeitszeit, ab 12:00 Uhr",
            "outside working hours, from 12:00 PM",
        ),
        (
            Obstacle::Holiday { date, opens_at: Some(at("2026-11-25T07:00:00Z")) },
            "Feiertag, ab 25.11., 08:00 Uhr",
            "public holiday, from Nov 25, 8:00 AM",
        ),
        (Obstacle::OpenLeadsMax { open: 1_204, max: 1_200 }, "1.204 von 1.200 offen", "1,204 of 1,200 open"),
        (Obstacle::LeadsPerDayMax { today: 10, max: 10 }, "10 von 10 heute", "10 of 10 today"),
        (Obstacle::UserInactive, "Benutzerkonto inaktiv", "user inactive"),
        (Obstacle::AssignmentOff, "ohne Zuteilung", "assignment off"),
    ];
    for (obstacle, german, english) in cases {
        let said = [Language::German, Language::English].map(|language| obstacle.caption(moment, language));
        assert_eq!(said, [german, english]);
    }
}

#[test]
fn why_me_tells_the_own_reason() {
    let zone = berlin();
    let moment = Moment { at: tuesday_ten(), zone: &zone };
    let cases = [
        (
            How::Rotation,
            true,
            Some(Outcome::Taken),
            Some(["Sie waren in der Ringverteilung an der Reihe.", "It was your turn in the rotation."]),
        ),
        (
            How::FromQueue,
            true,
            Some(Outcome::Taken),
            Some(["Sie waren in der Ringverteilung an der Reihe.", "It was your turn in the rotation."]),
        ),
        (
            How::Rotation,
            false,
            Some(Outcome::NotTheirTurn),
            Some([
                "Sie waren in der Ringverteilung nicht an der Reihe.",
                "It was not your turn in the rotation.",
            ]),
        ),
        (
            How::Queued,
            false,
            Some(Outcome::Skipped(full())),
            Some([
                "Sie wurden in der Ringverteilung übersprungen (40 von 40 offen).",
                "You were skipped in the rotation (40 of 40 open).",
            ]),
        ),
        (
            How::Rotation,
            false,
            Some(Outcome::Skipped(Obstacle::AssignmentOff)),
            Some([
                "Ihre Zuteilung war in diesem Gebiet ausgeschaltet.",
                "Your assignment in this territory was off.",
            ]),
        ),
        (
            How::Named,
            true,
            None,
            Some([
                "Der Lead wurde Ihnen beim Anlegen gegeben.",
                "The lead was given to you when it was created.",
            ]),
        ),
        (
            How::Known,
            true,
            None,
            Some([
                "Der Lead gehört zu einem Datensatz, für den Sie schon zuständig waren.",
                "The lead belongs to a record that you already owned.",
            ]),
        ),
        (
            How::ByHand,
            true,
            None,
            Some(["Der Lead wurde Ihnen von Hand gegeben.", "The lead was given to you by hand."]),
        ),
        (
            How::Kept,
            true,
            None,
            Some([
                "Sie haben auch auf dieses Gebiet Zugriff und bleiben zuständig.",
                "You have access to this territory too and still own the lead.",
            ]),
        ),
        (How::ByHand, false, Some(Outcome::NotTheirTurn), None),
        (How::Rotation, false, None, None),
        (How::Unplaced, false, None, None),
    ];
    for (how, is_owner, outcome, expected) in cases {
        let said = [Language::German, Language::English]
            .map(|language| say_own(how, is_owner, outcome, moment, language));
        assert_eq!(said, expected.map_or([None, None], |texts| texts.map(|text| Some(text.to_owned()))));
    }
}

fn member(id: u32) -> Member<u32> {
    Member {
        id,
        position: i64::from(id),
        weight: Weight::ONE,
        has_assignment: true,
        user_is_active: true,
        time_zone: berlin(),
        hours: None,
        absences: Vec::new(),
        open_leads: 0,
        open_leads_max: None,
        leads_today: 0,
        leads_per_day_max: None,
    }
}

#[test]
fn a_ring_keeps_every_member_in_order_with_credits_before_and_after() {
    let away = Absence { from: at("2026-11-23T00:00:00Z"), until: Some(at("2026-11-28T23:00:00Z")) };
    let members = [member(2), Member { absences: vec![away], ..member(0) }, member(1)];
    let now = tuesday_ten();
    let eligible = members.iter().filter(|member| member.obstacle(now, &|_| false).is_none());
    let roster = Roster::new(eligible.map(Member::seat).collect()).expect("each once");
    let mut rotation = Rotation::default();
    rotation.next(&roster);
    let before = rotation.clone();
    let turn = rotation.next(&roster);
    let name_of = |id: &u32| NAMES[*id as usize].to_owned();
    let ring = Ring::of(&members, &before, &rotation, turn.as_ref(), now, &|_| false, &name_of);
    let stored = serde_json::to_string_pretty(&ring).expect("serialises");
    insta::assert_snapshot!(stored);
    assert_eq!(serde_json::from_str::<Ring<u32>>(&stored).expect("loads"), ring);
    assert_eq!(ring.outcome_for(&0), Some(Outcome::Skipped(absent())));
    assert_eq!(ring.outcome_for(&1), Some(Outcome::NotTheirTurn));
    assert_eq!(ring.outcome_for(&2), Some(Outcome::Taken));
    assert_eq!(ring.outcome_for(&9), None);
}

#[test]
fn obstacles_are_stored_in_one_stable_form() {
    let cases = [
        (Obstacle::AssignmentOff, r#"{"reason":"assignment_off"}"#),
        (Obstacle::UserInactive, r#"{"reason":"user_inactive"}"#),
        (absent(), r#"{"reason":"absent","until":"2026-11-28T23:00:00Z"}"#),
        (
            Obstacle::Holiday { date: "2026-12-25".parse().expect("a date"), opens_at: None },
            r#"{"reason":"holiday","date":"2026-12-25","opens_at":null}"#,
        ),
        (
            Obstacle::OutsideHours { opens_at: Some(tuesday_ten()) },
            r#"{"reason":"outside_hours","opens_at":"2026-11-24T09:00:00Z"}"#,
        ),
        (full(), r#"{"reason":"open_leads_max","open":40,"max":40}"#),
        (
            Obstacle::LeadsPerDayMax { today: 3, max: 3 },
            r#"{"reason":"leads_per_day_max","today":3,"max":3}"#,
        ),
    ];
    for (obstacle, stored) in cases {
        assert_eq!(serde_json::to_string(&obstacle).expect("serialises"), stored);
        assert_eq!(serde_json::from_str::<Obstacle>(stored).expect("loads"), obstacle);
    }
}

fn any_obstacle() -> impl Strategy<Value = Obstacle> {
    prop_oneof![
        Just(Obstacle::AssignmentOff),
        Just(Obstacle::UserInactive),
        Just(Obstacle::Absent { until: None }),
        Just(absent()),
        Just(Obstacle::OutsideHours { opens_at: Some(at("2026-11-24T11:00:00Z")) }),
        (100..900_u32).prop_map(|open| Obstacle::OpenLeadsMax { open, max: open }),
        (100..900_u32).prop_map(|today| Obstacle::LeadsPerDayMax { today, max: today }),
    ]
}

/// Colleagues of user 0: name, obstacle, weight, credits, and whether one of them is taken.
fn colleagues() -> impl Strategy<Value = Vec<RingSeat<u32>>> {
    let colleague =
        ("[A-Z][a-z]{6,9} [A-Z][a-z]{6,9}", option::of(any_obstacle()), 1..=1000_u32, any::<i64>());
    vec(colleague, 0..8).prop_map(|colleagues| {
        let seats =
            colleagues.into_iter().enumerate().map(|(index, (name, obstacle, weight, credit))| RingSeat {
                user: index as u32 + 1,
                name,
                position: index as i64,
                weight: Weight::new(weight).expect("a weight"),
                credit_before: Credit(credit),
                credit_after: Credit(credit),
                is_taken: false,
                obstacle,
            });
        seats.collect()
    })
}

proptest! {
    #[test]
    fn why_me_tells_nothing_about_colleagues(
        mine in option::of(any_obstacle()),
        is_taken: bool,
        before in colleagues(),
        after in colleagues(),
        turns in (any::<u64>(), any::<u64>()),
    ) {
        let zone = berlin();
        let moment = Moment { at: tuesday_ten(), zone: &zone };
        let me = RingSeat { is_taken: is_taken && mine.is_none(), ..seat(0, mine) };
        let ring = |turn, colleagues: &[RingSeat<u32>]| {
            let mut seats = colleagues.to_vec();
            seats.insert(colleagues.len() / 2, me.clone());
            Ring { turn: Some(turn), seats }
        };
        let rings = [ring(turns.0, &before), ring(turns.1, &after)];
        for how in [How::Rotation, How::FromQueue, How::Queued, How::Named, How::Known, How::ByHand, How::Kept] {
            for language in [Language::German, Language::English] {
                let own = |ring: &Ring<u32>| say_own(how, me.is_taken, ring.outcome_for(&0), moment, language);
                let told = own(&rings[0]);
                prop_assert_eq!(&told, &own(&rings[1]), "whoever the colleagues are");
                let told = told.unwrap_or_default();
                for colleague in &before {
                    for name in colleague.name.split(' ') {
                        prop_assert!(!told.contains(name), "{}", told);
                    }
                }
            }
        }
    }

    #[test]
    fn the_whole_names_everybody_who_was_skipped_or_counts_them(colleagues in colleagues()) {
        let me = RingSeat { is_taken: true, ..seat(0, None) };
        let skipped = colleagues.iter()
            .filter(|seat| !matches!(seat.obstacle, None | Some(Obstacle::AssignmentOff)))
            .map(|seat| seat.name.clone())
            .collect::<Vec<_>>();
        let ring = Ring { turn: Some(1), seats: [vec![me], colleagues].concat() };
        let told = say(How::Rotation, "Jonas Fehr", Some(&ring), Language::English);
        let named = skipped.iter().filter(|name| told.contains(&format!("{name} ("))).count();
        if skipped.len() <= 4 {
            prop_assert_eq!(named, skipped.len());
        } else {
            prop_assert_eq!(named, 3);
            let others = format!("and {} others", skipped.len() - 3);
            prop_assert!(told.contains(&others));
        }
    }
}
