//! Decisions in words, German and English: the whole for those who may see the members, and to each
//! member their own part, which tells nothing about colleagues.

use condition::Language;
use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

use crate::eligible::Obstacle;
use crate::why::{How, Outcome, Ring, RingSeat};

/// When the decision was made, and where its reader is: times of that day are said without the date.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    pub at: Timestamp,
    pub zone: &'a TimeZone,
}

/// So many skipped members are named one by one; of more, one fewer and the number of the others.
const SKIPPED_NAMED_MAX: usize = 4;

/// Says in one sentence how the owner was found. For those who may see the territory's members.
pub fn say<M>(how: How, owner: &str, ring: Option<&Ring<M>>, language: Language) -> String {
    let (german, english) = match how {
        How::Unplaced => (
            "Keine Regel trifft zu, der Lead ist ohne Gebiet.",
            "No rule matches, so the lead is unassigned.",
        ),
        How::Named => (
            "Beim Anlegen wurde {} als zuständig angegeben.",
            "{} was named as owner when the lead was created.",
        ),
        How::Known => (
            "{} war schon für einen Datensatz zuständig, zu dem der Lead gehört.",
            "{} already owned a record that the lead belongs to.",
        ),
        How::ByHand => ("Der Lead wurde von Hand an {} gegeben.", "The lead was given to {} by hand."),
        How::Kept => (
            "{} hat auch auf dieses Gebiet Zugriff und bleibt zuständig.",
            "{} has access to this territory too and still owns the lead.",
        ),
        How::Rotation => return say_turn(owner, ring, language),
        How::FromQueue => {
            let turn = say_turn(owner, ring, language);
            return match language {
                Language::German => format!("Der Lead kam aus der Warteschlange. {turn}"),
                Language::English => format!("The lead came from the queue. {turn}"),
            };
        }
        How::Queued => return say_queued(ring, language),
        How::Paused => (
            "Der Lead kam in die Warteschlange, weil die Ringverteilung dieses Gebiets angehalten war.",
            "The lead went into the queue because the rotation of this territory was paused.",
        ),
    };
    let text = if language == Language::German { german } else { english };
    text.replace("{}", owner)
}

/// Answers "Warum ich?" for one user: why they were handed the lead, or why they were not. Reads only what
/// concerns this user, so that it cannot tell of anybody else. None where there is nothing to tell.
pub fn say_own(
    how: How,
    is_owner: bool,
    outcome: Option<Outcome>,
    moment: Moment<'_>,
    language: Language,
) -> Option<String> {
    let (german, english) = match (how, outcome) {
        (How::Named, _) if is_owner => {
            ("Der Lead wurde Ihnen beim Anlegen gegeben.", "The lead was given to you when it was created.")
        }
        (How::Known, _) if is_owner => (
            "Der Lead gehört zu einem Datensatz, für den Sie schon zuständig waren.",
            "The lead belongs to a record that you already owned.",
        ),
        (How::ByHand, _) if is_owner => {
            ("Der Lead wurde Ihnen von Hand gegeben.", "The lead was given to you by hand.")
        }
        (How::Kept, _) if is_owner => (
            "Sie haben auch auf dieses Gebiet Zugriff und bleiben zuständig.",
            "You have access to this territory too and still own the lead.",
        ),
        (How::Unplaced | How::Named | How::Known | How::ByHand | How::Kept, _) | (_, None) => return None,
        (How::Paused, Some(_)) => (
            "Die Ringverteilung dieses Gebiets war angehalten.",
            "The rotation of this territory was paused.",
        ),
        (_, Some(Outcome::Taken)) => {
            ("Sie waren in der Ringverteilung an der Reihe.", "It was your turn in the rotation.")
        }
        (_, Some(Outcome::NotTheirTurn)) => {
            ("Sie waren in der Ringverteilung nicht an der Reihe.", "It was not your turn in the rotation.")
        }
        (_, Some(Outcome::Skipped(Obstacle::AssignmentOff))) => (
            "Ihre Zuteilung war in diesem Gebiet ausgeschaltet.",
            "Your assignment in this territory was off.",
        ),
        (_, Some(Outcome::Skipped(_))) => {
            ("Sie wurden in der Ringverteilung übersprungen ({}).", "You were skipped in the rotation ({}).")
        }
    };
    let text = if language == Language::German { german } else { english };
    let caption = match outcome {
        Some(Outcome::Skipped(obstacle)) => obstacle.caption(moment, language),
        _ => String::new(),
    };
    Some(text.replace("{}", &caption))
}

fn say_turn<M>(owner: &str, ring: Option<&Ring<M>>, language: Language) -> String {
    let seats = ring.map_or(&[][..], |ring| &ring.seats);
    let skipped: Vec<&RingSeat<M>> = seats.iter().filter(|seat| is_skipped(seat)).collect();
    let is_only_one = seats.iter().filter(|seat| seat.obstacle.is_none() || seat.is_taken).count() == 1;
    let names = listed(&skipped, language);
    let is_several = skipped.len() > 1;
    match (language, is_only_one, skipped.is_empty()) {
        (Language::German, false, true) => format!("In der Ringverteilung war {owner} an der Reihe."),
        (Language::German, true, true) => format!("In der Ringverteilung erhält nur {owner} Leads."),
        (Language::German, false, false) => {
            let were = if is_several { "wurden" } else { "wurde" };
            format!("In der Ringverteilung war {owner} an der Reihe, nachdem {names} übersprungen {were}.")
        }
        (Language::German, true, false) => {
            let were = if is_several { "wurden" } else { "wurde" };
            format!("In der Ringverteilung war nur {owner} verfügbar; {names} {were} übersprungen.")
        }
        (Language::English, false, true) => format!("It was {owner}’s turn in the rotation."),
        (Language::English, true, true) => format!("{owner} is the only one in the rotation."),
        (Language::English, false, false) => {
            let were = if is_several { "were" } else { "was" };
            format!("It was {owner}’s turn in the rotation, after {names} {were} skipped.")
        }
        (Language::English, true, false) => {
            let were = if is_several { "were" } else { "was" };
            format!("Only {owner} was available in the rotation; {names} {were} skipped.")
        }
    }
}

fn say_queued<M>(ring: Option<&Ring<M>>, language: Language) -> String {
    let seats = ring.map_or(&[][..], |ring| &ring.seats);
    let skipped: Vec<&RingSeat<M>> = seats.iter().filter(|seat| is_skipped(seat)).collect();
    let names = listed(&skipped, language);
    match (language, skipped.is_empty()) {
        (Language::German, true) => {
            "Der Lead kam in die Warteschlange, weil in diesem Gebiet kein Mitglied Leads erhält.".to_owned()
        }
        (Language::German, false) => {
            format!("Der Lead kam in die Warteschlange, weil niemand verfügbar war: {names}.")
        }
        (Language::English, true) => {
            "The lead went into the queue, because no member of this territory is handed leads.".to_owned()
        }
        (Language::English, false) => {
            format!("The lead went into the queue, because nobody was available: {names}.")
        }
    }
}

/// Who has no assignment takes no part in the rotation, and so is not skipped.
fn is_skipped<M>(seat: &RingSeat<M>) -> bool {
    !seat.is_taken && !matches!(seat.obstacle, None | Some(Obstacle::AssignmentOff))
}

/// "Jonas Fehr (abwesend) und Miriam Zeller (Obergrenze erreicht)".
fn listed<M>(seats: &[&RingSeat<M>], language: Language) -> String {
    let named = if seats.len() > SKIPPED_NAMED_MAX { SKIPPED_NAMED_MAX - 1 } else { seats.len() };
    let mut parts: Vec<String> = Vec::new();
    for seat in &seats[..named] {
        let reason = seat.obstacle.map_or("", |obstacle| obstacle.word(language));
        parts.push(format!("{} ({reason})", seat.name));
    }
    if named < seats.len() {
        let others = grouped((seats.len() - named) as u64, language);
        parts.push(match language {
            Language::German => format!("{others} weitere"),
            Language::English => format!("{others} others"),
        });
    }
    let and = if language == Language::German { " und " } else { " and " };
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{}{and}{last}", parts.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

impl Obstacle {
    /// The reason in a word or two, as it stands behind a name.
    pub const fn word(&self, language: Language) -> &'static str {
        let (german, english) = match self {
            Obstacle::AssignmentOff => ("ohne Zuteilung", "assignment off"),
            Obstacle::UserInactive => ("Benutzerkonto inaktiv", "user inactive"),
            Obstacle::Absent { .. } => ("abwesend", "absent"),
            Obstacle::Holiday { .. } => ("Feiertag", "public holiday"),
            Obstacle::OutsideHours { .. } => ("außerhalb der Arbeitszeit", "outside working hours"),
            Obstacle::OpenLeadsMax { .. } => ("Obergrenze erreicht", "cap reached"),
            Obstacle::LeadsPerDayMax { .. } => ("Tagesobergrenze erreicht", "daily cap reached"),
        };
        match language {
            Language::German => german,
            Language::English => english,
        }
    }

    /// The reason with its figures, as it stands under a name: "abwesend bis 28.11.", "40 von 40 offen".
    pub fn caption(&self, moment: Moment<'_>, language: Language) -> String {
        let word = self.word(language);
        let is_german = language == Language::German;
        match *self {
            Obstacle::Absent { until: Some(until) } => {
                let until = last_of(until, moment, language);
                if is_german { format!("{word} bis {until}") } else { format!("{word} until {until}") }
            }
            Obstacle::Holiday { opens_at: Some(opens_at), .. }
            | Obstacle::OutsideHours { opens_at: Some(opens_at) } => {
                let opens = date_and_time(moment.zone.to_datetime(opens_at), moment, language);
                if is_german { format!("{word}, ab {opens}") } else { format!("{word}, from {opens}") }
            }
            Obstacle::OpenLeadsMax { open, max } => {
                let [open, max] = [open, max].map(|number| grouped(number.into(), language));
                if is_german { format!("{open} von {max} offen") } else { format!("{open} of {max} open") }
            }
            Obstacle::LeadsPerDayMax { today, max } => {
                let [today, max] = [today, max].map(|number| grouped(number.into(), language));
                if is_german { format!("{today} von {max} heute") } else { format!("{today} of {max} today") }
            }
            Obstacle::AssignmentOff
            | Obstacle::UserInactive
            | Obstacle::Absent { until: None }
            | Obstacle::Holiday { opens_at: None, .. }
            | Obstacle::OutsideHours { opens_at: None } => word.to_owned(),
        }
    }
}

/// An end that is not included: midnight is said as the day that ends with it.
fn last_of(until: Timestamp, moment: Moment<'_>, language: Language) -> String {
    let local = moment.zone.to_datetime(until);
    match local.date().yesterday() {
        Ok(last) if local.time() == Time::midnight() => {
            date(last.to_datetime(Time::midnight()), moment, language)
        }
        _ => date_and_time(local, moment, language),
    }
}

fn date_and_time(local: DateTime, moment: Moment<'_>, language: Language) -> String {
    let time = match language {
        Language::German => local.strftime("%H:%M Uhr").to_string(),
        Language::English => local.strftime("%-I:%M %p").to_string(),
    };
    if local.date() == moment.zone.to_datetime(moment.at).date() {
        return time;
    }
    format!("{}, {time}", date(local, moment, language))
}

/// Without the year where it is the decision's.
fn date(local: DateTime, moment: Moment<'_>, language: Language) -> String {
    let is_this_year = local.year() == moment.zone.to_datetime(moment.at).year();
    let form = match (language, is_this_year) {
        (Language::German, true) => "%-d.%-m.",
        (Language::German, false) => "%-d.%-m.%Y",
        (Language::English, true) => "%b %-d",
        (Language::English, false) => "%b %-d, %Y",
    };
    local.strftime(form).to_string()
}

/// Thousands apart: 1.377, 1,377.
fn grouped(number: u64, language: Language) -> String {
    let mark = if language == Language::German { '.' } else { ',' };
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}
