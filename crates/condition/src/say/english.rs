//! Criteria as English relative clauses.

use super::assemble::Clause;
use super::items::Items;
use super::numbers::{self, Span};
use super::sentence::Sentence;
use super::{Language, Speaker};
use crate::field::{Field, Kind};
use crate::money::{MoneyBound, MoneyBounds};
use crate::tree::{Criterion, Test};
use crate::value::Interval;

const LANGUAGE: Language = Language::English;

/// What a field is called after `whose`; whether that is a plural. Own fields go by their label.
fn noun(field: &Field) -> Option<(&'static str, bool)> {
    Some(match field.key.as_str() {
        "salutation" => ("salutation", false),
        "title" => ("title", false),
        "first_name" => ("first name", false),
        "last_name" => ("last name", false),
        "job_title" => ("job title", false),
        "company" => ("name", false),
        "website" => ("website", false),
        "street" => ("street", false),
        "city" => ("city", false),
        "country" => ("country", false),
        "state" => ("state", false),
        "postcode" => ("postcode", false),
        "industry" => ("industry", false),
        "source" => ("source", false),
        "status" => ("status", false),
        "employees" => ("number of employees", false),
        "score" => ("score", false),
        "annual_revenue" => ("annual revenue", false),
        "requirements" => ("requirements", true),
        "notes" => ("notes", true),
        "territory" => ("territory", false),
        "owner" => ("owner", false),
        _ => return None,
    })
}

/// `in Germany or Switzerland`, for a criterion that says just that.
pub(super) fn origin(speaker: &Speaker<'_>, criterion: &Criterion) -> Option<Sentence> {
    match &criterion.test {
        Test::IsAnyOf(values) if speaker.catalog.field(criterion.field).key == "country" => {
            let countries = countries(values);
            (!countries.is_cut()).then(|| Sentence::text("in ").and(either(countries.shown)))
        }
        _ => None,
    }
}

pub(super) fn clause(speaker: &Speaker<'_>, criterion: &Criterion, negated: bool) -> Clause {
    let teller = Teller { speaker, field: speaker.catalog.field(criterion.field), negated };
    teller.special(&criterion.test).unwrap_or_else(|| teller.general(&criterion.test))
}

/// The clause of one lead: `its postcode begins` for `whose postcode begins`.
pub(super) fn of_one_lead(clause: Clause) -> Clause {
    let one = |text: &str| {
        [("are", "is"), ("have", "has"), ("lie", "lies"), ("were", "was"), ("do", "does")]
            .iter()
            .find_map(|(many, one)| {
                let rest = text.strip_prefix(many)?;
                (rest.is_empty() || rest.starts_with(' ')).then(|| format!("{one}{rest}"))
            })
            .unwrap_or_else(|| text.to_owned())
    };
    let is_that = clause.lead.to_string() == "that";
    let lead = clause.lead.with_beginning(|text| match text.split_once(' ') {
        None if text == "that" => "it".to_owned(),
        Some(("that", rest)) => format!("it {}", one(rest)),
        Some(("whose", noun)) => format!("its {noun}"),
        _ => text.to_owned(),
    });
    let body = if is_that { clause.body.with_beginning(one) } else { clause.body };
    Clause { lead, body, ..clause }
}

struct Teller<'a> {
    speaker: &'a Speaker<'a>,
    field: &'a Field,
    negated: bool,
}

fn simple(lead: impl Into<String>, body: Sentence) -> Clause {
    Clause { lead: Sentence::text(lead), body, ..Clause::default() }
}

fn either(shown: Vec<Sentence>) -> Sentence {
    Sentence::list(shown, ", ", " or ")
}

impl Teller<'_> {
    /// Fields that have a verb of their own.
    fn special(&self, test: &Test) -> Option<Clause> {
        let not = if self.negated { "not " } else { "" };
        match (self.field.key.as_str(), test) {
            ("country", Test::IsAnyOf(values) | Test::IsNoneOf(values)) => {
                let negated = self.negated != matches!(test, Test::IsNoneOf(_));
                let are = if negated { "are not in" } else { "are in" };
                Some(simple("that", listed(are, countries(values), "countries")))
            }
            ("employees", Test::Within(interval)) => self.employees(*interval),
            ("emails", test) => Some(self.of_list("e-mail address", "an", test)),
            ("phones", test) => Some(self.of_list("phone number", "a", test)),
            ("pinned", Test::Is(wanted)) => {
                let not = if *wanted == self.negated { "not " } else { "" };
                Some(simple("whose territory", Sentence::text(format!("is {not}pinned"))))
            }
            ("queued", Test::Is(wanted)) => {
                let not = if *wanted == self.negated { "not " } else { "" };
                Some(simple("that", Sentence::text(format!("are {not}in the queue"))))
            }
            ("owner", Test::IsEmpty | Test::IsNotEmpty) => {
                let nobody = self.negated != matches!(test, Test::IsEmpty);
                Some(simple("that", Sentence::text(if nobody { "have no owner" } else { "have an owner" })))
            }
            ("territory", Test::IsEmpty | Test::IsNotEmpty) => {
                let none = self.negated != matches!(test, Test::IsEmpty);
                let body = if none { "are in no territory" } else { "are in a territory" };
                Some(simple("that", Sentence::text(body)))
            }
            ("created_by", Test::IsAnyOf(values) | Test::IsNoneOf(values)) => {
                let negated = self.negated != matches!(test, Test::IsNoneOf(_));
                let were = if negated { "were not created by" } else { "were created by" };
                Some(simple("that", listed(were, self.speaker.items(self.field, values), "users")))
            }
            (key @ ("created_at" | "updated_at" | "assigned_at"), test) => {
                let verb = match key {
                    "created_at" => "created ",
                    "updated_at" => "changed ",
                    _ => "assigned ",
                };
                let when = self.when(test)?;
                Some(simple("that", Sentence::text(format!("were {not}{verb}")).and(when)))
            }
            (_, Test::WithinKm(circles)) => {
                let lie = if self.negated { "do not lie" } else { "lie" };
                let circles = self.speaker.circles(circles);
                let where_to = if circles.is_cut() { format!("{lie} in") } else { format!("{lie} within") };
                Some(simple("that", listed(&where_to, circles, "circles")))
            }
            _ => None,
        }
    }

    fn general(&self, test: &Test) -> Clause {
        let (lead, is_plural) = self.lead(test);
        let is = match (is_plural, self.negated) {
            (false, false) => "is",
            (false, true) => "is not",
            (true, false) => "are",
            (true, true) => "are not",
        };
        let does = |singular: &str, plural: &str| match (is_plural, self.negated) {
            (false, false) => singular.to_owned(),
            (true, false) => plural.to_owned(),
            (false, true) => format!("does not {plural}"),
            (true, true) => format!("do not {plural}"),
        };
        let items = |values| self.speaker.items(self.field, values);
        let quoted = |values| self.speaker.quoted(values);
        let body = match test {
            Test::IsEmpty => Sentence::text(format!("{is} empty")),
            Test::IsNotEmpty => {
                return Teller { negated: !self.negated, ..*self }.general(&Test::IsEmpty);
            }
            Test::IsAnyOf(values) => listed(is, items(values), "values"),
            Test::IsNoneOf(values) => {
                return Teller { negated: !self.negated, ..*self }.general(&Test::IsAnyOf(values.clone()));
            }
            Test::StartsWithAnyOf(values) => {
                let items = if self.field.kind == Kind::Postcode {
                    self.speaker.runs(values)
                } else {
                    quoted(values)
                };
                listed(&does("begins with", "begin with"), items, "values")
            }
            Test::EndsWithAnyOf(values) => listed(&does("ends with", "end with"), quoted(values), "values"),
            Test::ContainsAnyOf(values) => listed(&does("contains", "contain"), quoted(values), "values"),
            Test::MatchesAnyOf(values) => {
                let items = quoted(values);
                let verb = does("matches", "match");
                let verb = if items.is_cut() { verb } else { format!("{verb} the pattern") };
                listed(&verb, items, "patterns")
            }
            Test::HasAnyOf(values) => listed(&does("includes", "include"), items(values), "values"),
            Test::HasNoneOf(values) => {
                return Teller { negated: !self.negated, ..*self }.general(&Test::HasAnyOf(values.clone()));
            }
            Test::HasAllOf(values) => {
                let (items, verb) = (items(values), does("includes", "include"));
                match items.shown.len() {
                    _ if items.is_cut() => {
                        let head = Sentence::text(format!("{verb} all ")).and_value(count(items.total));
                        head.and_text(" values ").and(items.excerpt(LANGUAGE).in_parentheses())
                    }
                    2 => {
                        Sentence::text(format!("{verb} both ")).and(Sentence::list(items.shown, "", " and "))
                    }
                    1 => listed(&verb, items, "values"),
                    _ => Sentence::text(format!("{verb} all of ")).and(Sentence::list(
                        items.shown,
                        ", ",
                        " and ",
                    )),
                }
            }
            Test::InRangeAnyOf(ranges) => {
                let ranges = self.speaker.ranges(ranges);
                let lies = match (ranges.is_cut(), ranges.shown.len(), self.negated) {
                    (true, ..) => does("lies in", "lie in"),
                    (false, 1, _) => does("lies in the range", "lie in the range"),
                    (false, _, false) => "lies in one of the ranges".to_owned(),
                    (false, _, true) => "lies in none of the ranges".to_owned(),
                };
                listed(&lies, ranges, "ranges")
            }
            Test::Within(Interval { lo: None, hi: None }) => {
                return Teller { negated: !self.negated, ..*self }.general(&Test::IsEmpty);
            }
            Test::InLastDays(_) | Test::InNextDays(_) => {
                Sentence::text(format!("{is} ")).and(self.when(test).unwrap_or_default())
            }
            Test::Within(_) if matches!(self.field.kind, Kind::Date | Kind::DateTime) => {
                Sentence::text(format!("{is} ")).and(self.when(test).unwrap_or_default())
            }
            Test::Within(interval) => Sentence::text(format!("{is} ")).and(self.amount(*interval)),
            Test::MoneyWithin(bounds) => Sentence::text(format!("{is} ")).and(money(bounds)),
            Test::Is(wanted) => {
                let yes = *wanted != self.negated;
                Sentence::text("is ").and_value(if yes { "yes" } else { "no" })
            }
            Test::PhoneCountryIsAnyOf(_) | Test::PhoneAreaIsAnyOf(_) => {
                return self.of_list(&format!("number in “{}”", self.field.label_en), "a", test);
            }
            Test::WithinKm(_) => unreachable!("said as a special"),
        };
        simple(lead, body)
    }

    /// `whose postcode`, or for an own field `whose “Machines”`.
    fn lead(&self, test: &Test) -> (String, bool) {
        let is_canton = matches!(test, Test::IsAnyOf(values) | Test::IsNoneOf(values)
            if self.field.key == "state" && values.iter().all(|code| code.starts_with("CH-")));
        match noun(self.field) {
            _ if is_canton => ("whose canton".to_owned(), false),
            Some((noun, is_plural)) => (format!("whose {noun}"), is_plural),
            None => (format!("whose “{}”", self.field.label_en), false),
        }
    }

    /// E-mails and phones: any of them, or none.
    fn of_list(&self, noun: &str, article: &str, test: &Test) -> Clause {
        let negates = matches!(test, Test::IsEmpty | Test::IsNoneOf(_) | Test::HasNoneOf(_));
        let article = if negates != self.negated { "no" } else { article };
        let head = format!("have {article} {noun}");
        match test {
            Test::PhoneCountryIsAnyOf(values) => {
                simple("that", listed(&format!("{head} from"), countries(values), "countries"))
            }
            Test::PhoneAreaIsAnyOf(values) => {
                let areas = Items::plain(values);
                let with = if areas.is_cut() { "with" } else { "with the area code" };
                simple("that", listed(&format!("{head} {with}"), areas, "area codes"))
            }
            Test::IsEmpty | Test::IsNotEmpty => simple("that", Sentence::text(head)),
            test => {
                let positive = match test {
                    Test::IsNoneOf(values) => Test::IsAnyOf(values.clone()),
                    other => other.clone(),
                };
                let clause = Teller { negated: false, ..*self }.general(&positive);
                Clause { lead: Sentence::text(format!("that {head} that")), ..clause }
            }
        }
    }

    fn employees(&self, interval: Interval) -> Option<Clause> {
        if interval.lo.is_none() && interval.hi.is_none() {
            return None;
        }
        let one = match (interval.lo, interval.hi) {
            (Some(1), None | Some(2)) => "employee",
            _ => "employees",
        };
        let amount = self.amount(interval);
        let short = (!self.negated).then(|| amount.clone().and_text(format!(" {one}")));
        let have = if self.negated { "that do not have" } else { "that have" };
        Some(Clause { short, tail: Sentence::text(one), ..simple(have, amount) })
    }

    /// `at least 10`, `10 to under 50`.
    fn amount(&self, interval: Interval) -> Sentence {
        let number = |value| match self.field.kind {
            Kind::Decimal => numbers::decimal(LANGUAGE, value, 6, 0),
            _ => numbers::whole(LANGUAGE, value),
        };
        match (interval.lo, interval.hi) {
            (Some(lo), Some(hi)) if hi == lo + 1 => Sentence::text("exactly ").and_value(number(lo)),
            (Some(lo), Some(hi)) => Sentence::value(format!("{} to under {}", number(lo), number(hi))),
            (Some(lo), None) if self.follows_round(lo) => {
                Sentence::text("more than ").and_value(number(lo - 1))
            }
            (Some(lo), None) => Sentence::text("at least ").and_value(number(lo)),
            (None, Some(hi)) if self.follows_round(hi) => {
                Sentence::text("at most ").and_value(number(hi - 1))
            }
            (None, Some(hi)) if self.field.key == "employees" => {
                Sentence::text("fewer than ").and_value(number(hi))
            }
            (None, Some(hi)) => Sentence::text("less than ").and_value(number(hi)),
            (None, None) => Sentence::text("any number"),
        }
    }

    /// A millionth above a round number is somebody's `more than`.
    fn follows_round(&self, value: i64) -> bool {
        self.field.kind == Kind::Decimal && value.rem_euclid(1000) == 1
    }

    fn when(&self, test: &Test) -> Option<Sentence> {
        let span = match test {
            Test::InLastDays(1) | Test::InNextDays(1) => return Some(Sentence::value("today")),
            Test::InLastDays(days) => {
                let days = numbers::whole(LANGUAGE, *days);
                return Some(Sentence::text("in the ").and_value(format!("last {days} days")));
            }
            Test::InNextDays(days) => {
                let days = numbers::whole(LANGUAGE, *days);
                return Some(Sentence::text("in the ").and_value(format!("next {days} days")));
            }
            Test::Within(interval) if self.field.kind == Kind::DateTime => {
                numbers::moments(self.speaker, *interval)
            }
            Test::Within(interval) => numbers::days(LANGUAGE, *interval),
            _ => return None,
        };
        let day = |date| numbers::day(LANGUAGE, date);
        Some(match span {
            Span::Day(date) => Sentence::text("on ").and_value(day(date)),
            Span::Days(first, last) => {
                Sentence::text("from ").and_value(day(first)).and_text(" through ").and_value(day(last))
            }
            Span::From(from) => Sentence::text("on or after ").and_value(from),
            Span::Before(before) => Sentence::text("before ").and_value(before),
            Span::FromBefore(from, before) => {
                Sentence::text("from ").and_value(from).and_text(" until before ").and_value(before)
            }
            Span::Always => Sentence::default(),
        })
    }
}

/// `begins with A or B`, or for a cut list `begins with one of 120 values (A, B and 118 more)`.
fn listed(verb: &str, items: Items, values: &str) -> Sentence {
    if items.is_cut() {
        let head = Sentence::text(format!("{verb} one of ")).and_value(count(items.total));
        return head.and_text(format!(" {values} ")).and(items.excerpt(LANGUAGE).in_parentheses());
    }
    Sentence::text(format!("{verb} ")).and(either(items.shown))
}

fn count(number: usize) -> String {
    numbers::whole(LANGUAGE, i64::try_from(number).unwrap_or(i64::MAX))
}

/// `at least €1,000`; its ends as somebody wrote them.
fn money(bounds: &MoneyBounds) -> Sentence {
    let amount = |bound: MoneyBound| numbers::money(LANGUAGE, bound.minor, bounds.currency);
    let from = |bound: MoneyBound| {
        Sentence::text(if bound.is_included { "at least " } else { "more than " }).and_value(amount(bound))
    };
    let to = |bound: MoneyBound| {
        Sentence::text(if bound.is_included { "at most " } else { "less than " }).and_value(amount(bound))
    };
    match (bounds.lower, bounds.upper) {
        (Some(lower), Some(upper)) if lower == upper => Sentence::text("exactly ").and_value(amount(lower)),
        (Some(lower), Some(upper)) if lower.is_included && !upper.is_included => {
            Sentence::value(format!("{} to under {}", amount(lower), amount(upper)))
        }
        (Some(lower), Some(upper)) => from(lower).and_text(" and ").and(to(upper)),
        (Some(lower), None) => from(lower),
        (None, Some(upper)) => to(upper),
        (None, None) => Sentence::text("any amount"),
    }
}

fn countries(values: &[Box<str>]) -> Items {
    let mut names: Vec<(&str, &str)> = values
        .iter()
        .map(|code| {
            let name = place::Country::by_code(code).map_or(&**code, |country| country.name_en());
            (if has_article(code) { "the " } else { "" }, name)
        })
        .collect();
    names.sort_by_cached_key(|(_, name)| place::name::key(name));
    let said = names.into_iter().map(|(article, name)| (Sentence::text(article).and_value(name), 1));
    Items::cut(said.collect())
}

/// Countries that English names with an article.
fn has_article(code: &str) -> bool {
    const WITH_ARTICLE: &str =
        "AE AX BS CC CD CF CK DO FK FO GB IM IO KM KY MH MP MV NL PH SB SC TC TF UM US VG VI";
    WITH_ARTICLE.split(' ').any(|known| known == code)
}
