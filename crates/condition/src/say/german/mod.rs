//! Criteria as German relative clauses, the verb at the end.

mod lands;

use lands::{countries, state_noun};

use crate::field::{Field, Kind};
use crate::money::{MoneyBound, MoneyBounds};
use crate::say::assemble::Clause;
use crate::say::items::Items;
use crate::say::numbers::{self, Span};
use crate::say::sentence::Sentence;
use crate::say::{Language, Speaker};
use crate::tree::{Criterion, Test};
use crate::value::Interval;

const LANGUAGE: Language = Language::German;

/// What a field is called after `deren`; whether that is a plural. Own fields go by their label in
/// quotes, whose number nobody knows: `bei denen „Maschinen“ mindestens 5 beträgt`.
fn noun(field: &Field) -> Option<(&'static str, bool)> {
    Some(match field.key.as_str() {
        "salutation" => ("Anrede", false),
        "title" => ("Titel", false),
        "first_name" => ("Vorname", false),
        "last_name" => ("Nachname", false),
        "job_title" => ("Funktion", false),
        "company" => ("Name", false),
        "website" => ("Website", false),
        "street" => ("Straße", false),
        "city" => ("Ort", false),
        "country" => ("Land", false),
        "state" => ("Bundesland", false),
        "postcode" => ("Postleitzahl", false),
        "industry" => ("Branche", false),
        "source" => ("Herkunft", false),
        "status" => ("Status", false),
        "employees" => ("Beschäftigtenzahl", false),
        "score" => ("Score", false),
        "annual_revenue" => ("Jahresumsatz", false),
        "requirements" => ("Anforderungen", true),
        "notes" => ("Notizen", true),
        "territory" => ("Gebiet", false),
        _ => return None,
    })
}

/// `aus Deutschland oder der Schweiz`, for a criterion that says just that.
pub(super) fn origin(speaker: &Speaker<'_>, criterion: &Criterion) -> Option<Sentence> {
    match &criterion.test {
        Test::IsAnyOf(values) if speaker.catalog.field(criterion.field).key == "country" => {
            let countries = countries(values);
            (!countries.is_cut()).then(|| Sentence::text("aus ").and(either(countries.shown)))
        }
        _ => None,
    }
}

pub(super) fn clause(speaker: &Speaker<'_>, criterion: &Criterion, negated: bool) -> Clause {
    let teller = Teller { speaker, field: speaker.catalog.field(criterion.field), negated };
    teller.special(&criterion.test).unwrap_or_else(|| teller.general(&criterion.test))
}

/// The clause of one lead: `seine Postleitzahl … beginnt` for `deren Postleitzahl … beginnt`.
pub(super) fn of_one_lead(clause: Clause) -> Clause {
    const FEMININE_OR_MANY: &str = "Anrede Funktion Website Straße Postleitzahl Branche Herkunft \
        Beschäftigtenzahl Provinz Anforderungen Notizen";
    let lead = clause.lead.with_beginning(|text| match text.split_once(' ') {
        None if text == "die" => "er".to_owned(),
        Some(("deren", noun)) if FEMININE_OR_MANY.split(' ').any(|known| known == noun) => {
            format!("seine {noun}")
        }
        Some(("deren", noun)) => format!("sein {noun}"),
        Some(("bei", rest)) => rest.replacen("denen", "bei ihm", 1),
        Some(("für", _)) => "für ihn".to_owned(),
        _ => text.to_owned(),
    });
    let tail = match clause.tail {
        tail if lead.to_string() == "er" => tail.with_beginning(|text| {
            [
                ("kommen", "kommt"),
                ("haben", "hat"),
                ("liegen", "liegt"),
                ("wurden", "wurde"),
                ("stehen", "steht"),
            ]
            .iter()
            .fold(text.to_owned(), |text, (many, one)| text.replacen(many, one, 1))
        }),
        tail => tail,
    };
    Clause { lead, tail, ..clause }
}

struct Teller<'a> {
    speaker: &'a Speaker<'a>,
    field: &'a Field,
    negated: bool,
}

/// The forms of a word that a list hangs on: `mit 80`, `mit einem von 120 Werten`, `mit keinem …`.
struct Case {
    before: &'static str,
    one_of: &'static str,
    none_of: &'static str,
}

const IS: Case = Case { before: "", one_of: "einer von", none_of: "keiner von" };
const WITH: Case = Case { before: "mit ", one_of: "mit einem von", none_of: "mit keinem von" };
const ON: Case = Case { before: "auf ", one_of: "auf einen von", none_of: "auf keinen von" };
const OBJECT: Case = Case { before: "", one_of: "einen von", none_of: "keinen von" };
const FROM: Case = Case { before: "aus ", one_of: "aus einem von", none_of: "aus keinem von" };
const BY: Case = Case { before: "von ", one_of: "von einem von", none_of: "von keinem von" };
const WITHIN: Case = Case { before: "im Umkreis von ", one_of: "in einem von", none_of: "in keinem von" };

fn simple(lead: impl Into<String>, body: Sentence, tail: impl Into<String>) -> Clause {
    Clause { lead: Sentence::text(lead), body, tail: Sentence::text(tail), short: None }
}

fn either(shown: Vec<Sentence>) -> Sentence {
    Sentence::list(shown, ", ", " oder ")
}

impl Teller<'_> {
    /// Fields that have a verb of their own.
    fn special(&self, test: &Test) -> Option<Clause> {
        let not = if self.negated { "nicht " } else { "" };
        match (self.field.key.as_str(), test) {
            ("country", Test::IsAnyOf(values)) => {
                Some(self.listed("die", countries(values), &FROM, "kommen", "Ländern", self.negated))
            }
            ("country", Test::IsNoneOf(values)) => {
                Some(self.listed("die", countries(values), &FROM, "kommen", "Ländern", !self.negated))
            }
            ("employees", Test::Within(interval)) => self.employees(*interval),
            ("emails", test) => Some(self.of_list("E-Mail-Adresse", test)),
            ("phones", test) => Some(self.of_list("Telefonnummer", test)),
            ("pinned", Test::Is(wanted)) => {
                let not = if *wanted == self.negated { "nicht " } else { "" };
                Some(simple("deren Gebiet", Sentence::text(format!("{not}von Hand")), "festgelegt ist"))
            }
            ("queued", Test::Is(wanted)) => {
                let not = if *wanted == self.negated { "nicht " } else { "" };
                Some(simple("die", Sentence::text(format!("{not}in der Warteschlange")), "stehen"))
            }
            ("owner", Test::IsAnyOf(values) | Test::IsNoneOf(values)) => {
                let negated = self.negated != matches!(test, Test::IsNoneOf(_));
                let items = self.speaker.items(self.field, values);
                Some(self.listed("für die", items, &IS, "zuständig ist", "Benutzerkonten", negated))
            }
            ("owner", Test::IsEmpty | Test::IsNotEmpty) => {
                let nobody = self.negated != matches!(test, Test::IsEmpty);
                let who = if nobody { "niemand" } else { "jemand" };
                Some(simple("für die", Sentence::text(who), "zuständig ist"))
            }
            ("territory", Test::IsEmpty | Test::IsNotEmpty) => {
                let none = self.negated != matches!(test, Test::IsEmpty);
                let body = if none { "in keinem Gebiet" } else { "in einem Gebiet" };
                Some(simple("die", Sentence::text(body), "liegen"))
            }
            ("created_by", Test::IsAnyOf(values) | Test::IsNoneOf(values)) => {
                let negated = self.negated != matches!(test, Test::IsNoneOf(_));
                let items = self.speaker.items(self.field, values);
                Some(self.listed("die", items, &BY, "angelegt wurden", "Benutzerkonten", negated))
            }
            (key @ ("created_at" | "updated_at" | "assigned_at"), test) => {
                let verb = match key {
                    "created_at" => "angelegt wurden",
                    "updated_at" => "geändert wurden",
                    _ => "zugeteilt wurden",
                };
                let when = self.when(test)?;
                Some(simple("die", Sentence::text(not).and(when), verb))
            }
            (_, Test::WithinKm(circles)) => {
                let items = self.speaker.circles(circles);
                Some(self.listed("die", items, &WITHIN, "liegen", "Umkreisen", self.negated))
            }
            _ => None,
        }
    }

    fn general(&self, test: &Test) -> Clause {
        let (lead, is_plural) = self.lead(test);
        let verb = |singular: &'static str, plural: &'static str| if is_plural { plural } else { singular };
        let not = if self.negated { "nicht " } else { "" };
        let items = |values| self.speaker.items(self.field, values);
        let is = verb("ist", "sind");
        match test {
            Test::IsEmpty | Test::IsNotEmpty => {
                let empty = self.negated != matches!(test, Test::IsEmpty);
                simple(lead, Sentence::text(if empty { "leer" } else { "ausgefüllt" }), is)
            }
            Test::IsAnyOf(values) => self.listed(lead, items(values), &IS, is, "Werten", self.negated),
            Test::IsNoneOf(values) => self.listed(lead, items(values), &IS, is, "Werten", !self.negated),
            Test::StartsWithAnyOf(values) => {
                let items = match self.field.kind {
                    Kind::Postcode => self.speaker.runs(values),
                    _ => self.speaker.quoted(values),
                };
                self.listed(lead, items, &WITH, verb("beginnt", "beginnen"), "Werten", self.negated)
            }
            Test::EndsWithAnyOf(values) => self.listed(
                lead,
                self.speaker.quoted(values),
                &ON,
                verb("endet", "enden"),
                "Werten",
                self.negated,
            ),
            Test::ContainsAnyOf(values) => {
                let items = self.speaker.quoted(values);
                self.listed(lead, items, &OBJECT, verb("enthält", "enthalten"), "Werten", self.negated)
            }
            Test::MatchesAnyOf(values) => {
                self.patterns(lead, self.speaker.quoted(values), verb("entspricht", "entsprechen"))
            }
            Test::HasAnyOf(values) | Test::HasNoneOf(values) => {
                let negated = self.negated != matches!(test, Test::HasNoneOf(_));
                self.listed(lead, items(values), &OBJECT, verb("enthält", "enthalten"), "Werten", negated)
            }
            Test::HasAllOf(values) => {
                let contain = verb("enthält", "enthalten");
                let items = items(values);
                if items.is_cut() || values.len() == 1 {
                    return self.all_of(lead, items, contain);
                }
                let together = if self.negated { "nicht zugleich " } else { "" };
                simple(
                    lead,
                    Sentence::text(together).and(Sentence::list(items.shown, ", ", " und ")),
                    contain,
                )
            }
            Test::InRangeAnyOf(ranges) => self.ranges(lead, self.speaker.ranges(ranges)),
            Test::Within(interval) if matches!(self.field.kind, Kind::Date | Kind::DateTime) => {
                let when = self.when(test).unwrap_or_default();
                let (before, verb) = match self.span(*interval) {
                    Span::Always => ("", "ausgefüllt ist"),
                    Span::Days(..) | Span::FromBefore(..) => ("in der Zeit ", "liegt"),
                    _ => ("", "liegt"),
                };
                simple(lead, Sentence::text(not).and_text(before).and(when), verb)
            }
            Test::InLastDays(_) | Test::InNextDays(_) => {
                simple(lead, Sentence::text(not).and(self.when(test).unwrap_or_default()), "liegt")
            }
            Test::Within(interval) => {
                let body = Sentence::text(not).and(self.amount(*interval));
                simple(lead, body, verb("beträgt", "betragen"))
            }
            Test::MoneyWithin(bounds) => {
                simple(lead, Sentence::text(not).and(money(bounds)), verb("beträgt", "betragen"))
            }
            Test::Is(wanted) => {
                let yes = *wanted != self.negated;
                simple(lead, Sentence::value(if yes { "Ja" } else { "Nein" }), "ist")
            }
            Test::PhoneCountryIsAnyOf(_) | Test::PhoneAreaIsAnyOf(_) => {
                self.of_list(&format!("Nummer in „{}“", self.field.label_de), test)
            }
            Test::WithinKm(_) => unreachable!("said as a special"),
        }
    }

    /// `deren Postleitzahl`, or for an own field `bei denen „Maschinen“`.
    fn lead(&self, test: &Test) -> (String, bool) {
        let state = match test {
            Test::IsAnyOf(values) | Test::IsNoneOf(values) if self.field.key == "state" => {
                Some(state_noun(values))
            }
            _ => None,
        };
        match (state, noun(self.field)) {
            (Some(noun), _) => (format!("deren {noun}"), false),
            (None, Some((noun, is_plural))) => (format!("deren {noun}"), is_plural),
            (None, None) => (format!("bei denen „{}“", self.field.label_de), false),
        }
    }

    /// Any of some values, or none: `mit A oder B`, `weder mit A noch mit B`, `mit einem von 120 Werten`.
    fn listed(
        &self,
        lead: impl Into<String>,
        items: Items,
        case: &Case,
        verb: &str,
        values: &str,
        negated: bool,
    ) -> Clause {
        if items.is_cut() {
            let head = if negated { case.none_of } else { case.one_of };
            let total = count(items.total);
            let body = Sentence::text(format!("{head} ")).and_value(total).and_text(format!(" {values}"));
            let tail = Sentence::text(format!("{verb} ")).and(items.excerpt(LANGUAGE).in_parentheses());
            return Clause { lead: Sentence::text(lead), body, tail, short: None };
        }
        let before = Sentence::text(case.before);
        let mut shown = items.shown;
        let body = match (negated, shown.len()) {
            (false, _) => before.and(either(shown)),
            // `nicht` follows what a verb has as its object, and stands before all else.
            (true, 1) if case.one_of == OBJECT.one_of => shown.remove(0).and_text(" nicht"),
            (true, 1) => Sentence::text("nicht ").and(before).and(shown.remove(0)),
            (true, _) => {
                let word = format!(" noch {}", case.before);
                Sentence::text("weder ").and(before).and(Sentence::list(shown, &word, &word))
            }
        };
        simple(lead, body, verb)
    }

    fn all_of(&self, lead: String, items: Items, verb: &str) -> Clause {
        if !items.is_cut() {
            return self.listed(lead, items, &OBJECT, verb, "Werten", self.negated);
        }
        let not = if self.negated { "nicht alle " } else { "alle " };
        let body = Sentence::text(not).and_value(count(items.total)).and_text(" Werte");
        let tail = Sentence::text(format!("{verb} ")).and(items.excerpt(LANGUAGE).in_parentheses());
        Clause { lead: Sentence::text(lead), body, tail, short: None }
    }

    fn patterns(&self, lead: String, items: Items, verb: &str) -> Clause {
        if items.is_cut() {
            const PATTERN: Case = Case { before: "", one_of: "einem von", none_of: "keinem von" };
            return self.listed(lead, items, &PATTERN, verb, "Mustern", self.negated);
        }
        let head = match (items.shown.len(), self.negated) {
            (1, false) => "dem Muster ",
            (1, true) => "nicht dem Muster ",
            (_, false) => "einem der Muster ",
            (_, true) => "keinem der Muster ",
        };
        simple(lead, Sentence::text(head).and(either(items.shown)), verb)
    }

    fn ranges(&self, lead: String, items: Items) -> Clause {
        if items.is_cut() {
            const IN: Case = Case { before: "in ", one_of: "in einem von", none_of: "in keinem von" };
            return self.listed(lead, items, &IN, "liegt", "Bereichen", self.negated);
        }
        let head = match (items.shown.len(), self.negated) {
            (1, false) => "im Bereich ",
            (1, true) => "nicht im Bereich ",
            (_, false) => "in einem der Bereiche ",
            (_, true) => "in keinem der Bereiche ",
        };
        simple(lead, Sentence::text(head).and(either(items.shown)), "liegt")
    }

    /// E-mails and phones: any of them, or none.
    fn of_list(&self, noun: &str, test: &Test) -> Clause {
        let negates = matches!(test, Test::IsEmpty | Test::IsNoneOf(_) | Test::HasNoneOf(_));
        let article = if negates != self.negated { "keine" } else { "eine" };
        let head = Sentence::text(format!("{article} {noun}"));
        let having = |more: Sentence| simple("die", head.clone().then(more), "haben");
        match test {
            Test::PhoneCountryIsAnyOf(values) => {
                let countries = countries(values);
                let more = match countries.is_cut() {
                    true => Sentence::text(format!("aus einem von {} Ländern", count(countries.total))),
                    false => Sentence::text("aus ").and(either(countries.shown)),
                };
                having(more)
            }
            Test::PhoneAreaIsAnyOf(values) => {
                let areas = Items::plain(values);
                let more = match areas.is_cut() {
                    true => Sentence::text(format!("mit einer von {} Vorwahlen", count(areas.total))),
                    false => Sentence::text("mit der Vorwahl ").and(either(areas.shown)),
                };
                having(more)
            }
            Test::IsEmpty | Test::IsNotEmpty => having(Sentence::default()),
            test => {
                let positive = match test {
                    Test::IsNoneOf(values) => Test::IsAnyOf(values.clone()),
                    other => other.clone(),
                };
                let clause = Teller { negated: false, ..*self }.general(&positive);
                Clause { lead: Sentence::text("bei denen ").and(head), ..clause }
            }
        }
    }

    fn employees(&self, interval: Interval) -> Option<Clause> {
        // `mindestens 1 Beschäftigte` would be neither one nor many.
        if [interval.lo, interval.hi].contains(&Some(1)) || (interval.lo.is_none() && interval.hi.is_none()) {
            return None;
        }
        let amount = self.amount(interval);
        let short = (!self.negated).then(|| amount.clone().and_text(" Beschäftigte"));
        let not = if self.negated { "nicht " } else { "" };
        Some(Clause { short, ..simple("die", Sentence::text(not).and(amount), "Beschäftigte haben") })
    }

    /// `mindestens 10`, `10 bis unter 50`.
    fn amount(&self, interval: Interval) -> Sentence {
        let number = |value| match self.field.kind {
            Kind::Decimal => numbers::decimal(LANGUAGE, value, 6, 0),
            _ => numbers::whole(LANGUAGE, value),
        };
        match (interval.lo, interval.hi) {
            (Some(lo), Some(hi)) if hi == lo + 1 => Sentence::text("genau ").and_value(number(lo)),
            (Some(lo), Some(hi)) => Sentence::value(format!("{} bis unter {}", number(lo), number(hi))),
            (Some(lo), None) if self.follows_round(lo) => {
                Sentence::text("mehr als ").and_value(number(lo - 1))
            }
            (Some(lo), None) => Sentence::text("mindestens ").and_value(number(lo)),
            (None, Some(hi)) if self.follows_round(hi) => {
                Sentence::text("höchstens ").and_value(number(hi - 1))
            }
            (None, Some(hi)) => Sentence::text("weniger als ").and_value(number(hi)),
            (None, None) => Sentence::text("irgendeine Zahl"),
        }
    }

    /// A millionth above a round number is somebody's `mehr als`.
    fn follows_round(&self, value: i64) -> bool {
        self.field.kind == Kind::Decimal && value.rem_euclid(1000) == 1
    }

    fn span(&self, interval: Interval) -> Span {
        match self.field.kind {
            Kind::DateTime => numbers::moments(self.speaker, interval),
            _ => numbers::days(LANGUAGE, interval),
        }
    }

    fn when(&self, test: &Test) -> Option<Sentence> {
        let span = match test {
            Test::InLastDays(1) | Test::InNextDays(1) => return Some(Sentence::value("heute")),
            Test::InLastDays(days) => {
                let days = numbers::whole(LANGUAGE, *days);
                return Some(Sentence::text("in den ").and_value(format!("letzten {days} Tagen")));
            }
            Test::InNextDays(days) => {
                let days = numbers::whole(LANGUAGE, *days);
                return Some(Sentence::text("in den ").and_value(format!("nächsten {days} Tagen")));
            }
            Test::Within(interval) => self.span(*interval),
            _ => return None,
        };
        let day = |date| numbers::day(LANGUAGE, date);
        Some(match span {
            Span::Day(date) => Sentence::text("am ").and_value(day(date)),
            Span::Days(first, last) => {
                Sentence::text("vom ").and_value(day(first)).and_text(" bis zum ").and_value(day(last))
            }
            Span::From(from) => Sentence::text("ab dem ").and_value(from),
            Span::Before(before) => Sentence::text("vor dem ").and_value(before),
            Span::FromBefore(from, before) => {
                Sentence::text("ab dem ").and_value(from).and_text(" und vor dem ").and_value(before)
            }
            Span::Always => Sentence::default(),
        })
    }
}

fn count(number: usize) -> String {
    numbers::whole(LANGUAGE, i64::try_from(number).unwrap_or(i64::MAX))
}

/// `mindestens 1.000 €`; its ends as somebody wrote them.
fn money(bounds: &MoneyBounds) -> Sentence {
    let amount = |bound: MoneyBound| numbers::money(LANGUAGE, bound.minor, bounds.currency);
    let from = |bound: MoneyBound| {
        Sentence::text(if bound.is_included { "mindestens " } else { "mehr als " }).and_value(amount(bound))
    };
    let to = |bound: MoneyBound| {
        Sentence::text(if bound.is_included { "höchstens " } else { "weniger als " }).and_value(amount(bound))
    };
    match (bounds.lower, bounds.upper) {
        (Some(lower), Some(upper)) if lower == upper => Sentence::text("genau ").and_value(amount(lower)),
        (Some(lower), Some(upper)) if lower.is_included && !upper.is_included => {
            Sentence::value(format!("{} bis unter {}", amount(lower), amount(upper)))
        }
        (Some(lower), Some(upper)) => from(lower).and_text(" und ").and(to(upper)),
        (Some(lower), None) => from(lower),
        (None, Some(upper)) => to(upper),
        (None, None) => Sentence::text("irgendeinen Betrag"),
    }
}
