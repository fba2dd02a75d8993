//! Reasons in words, to stand after "weil" and "because": `seine Postleitzahl 88682 mit 88 beginnt`,
//! `its postcode 88682 begins with 88`. One lead is spoken of, where a condition speaks of companies.

use super::assemble::Clause;
use super::items::Items;
use super::numbers;
use super::sentence::Sentence;
use super::{Language, Speaker, english, german};
use crate::explain::{By, Reason};
use crate::field::{Field, Kind};
use crate::tree::{Criterion, PostcodeRange, Test, values};
use crate::value::Value;

impl Speaker<'_> {
    /// Says why a condition held or not, from [`crate::Condition::explain`].
    pub fn because(&self, reasons: &[Reason<'_>]) -> Sentence {
        let mut said: Vec<Sentence> = Vec::new();
        for reason in reasons {
            let sentence = self.reason(reason);
            if !said.contains(&sentence) {
                said.push(sentence);
            }
        }
        let and = if self.language == Language::German { " und " } else { " and " };
        Sentence::list(said, ", ", and)
    }

    fn reason(&self, reason: &Reason<'_>) -> Sentence {
        let field = self.catalog.field(reason.criterion.field);
        let Some(value) = reason.value else { return self.missing(field) };
        if let (Test::MoneyWithin(bounds), Value::Money { currency, .. }) = (&reason.criterion.test, value)
            && bounds.interval(*currency).is_none()
        {
            let (before, between, after) = match self.language {
                Language::German => ("kein Wechselkurs von ", " zu ", " bekannt ist"),
                Language::English => ("no exchange rate is known from ", " to ", ""),
            };
            let from = Sentence::text(before).and_value(currency.code());
            return from.and_text(between).and_value(bounds.currency.code()).and_text(after);
        }
        let test = narrowed(reason);
        let criterion = Criterion { test, ..reason.criterion.clone() };
        let clause = self.of_one_lead(&criterion, !reason.held);
        let is_own = matches!(criterion.test, Test::IsAnyOf(_) | Test::Is(_) | Test::HasAnyOf(_));
        let is_violated = matches!(criterion.test, Test::IsNoneOf(_) | Test::HasNoneOf(_)) && !reason.held;
        let of_text = match &reason.by {
            Some(By::Text { text, .. } | By::Range { text, .. }) if reason.held && !field.is_list => {
                Some(*text)
            }
            _ => None,
        };
        let Clause { lead, body, tail, .. } = clause;
        match of_text {
            _ if matches!(criterion.test, Test::IsEmpty | Test::IsNotEmpty) => lead.then(body).then(tail),
            // The value says it all: `seine Branche Chemie ist`.
            _ if is_violated || (is_own && reason.held) => lead.then(body).then(tail),
            Some(text) => lead.then(self.text_of(field, text)).then(body).then(tail),
            None => {
                let clause = lead.then(body).then(tail);
                match self.fact(field, value) {
                    Some(fact) => clause.then(fact.in_parentheses()),
                    None => clause,
                }
            }
        }
    }

    fn missing(&self, field: &Field) -> Sentence {
        let empty = Criterion::new(field, Test::IsEmpty);
        let Clause { lead, body, tail, .. } = self.of_one_lead(&empty, false);
        match (field.key.as_str(), self.language) {
            ("place", Language::German) => Sentence::text("sein Standort unbekannt ist"),
            ("place", Language::English) => Sentence::text("its location is unknown"),
            ("emails" | "phones" | "owner" | "territory", _) => lead.then(body).then(tail),
            (_, Language::German) => lead.and_text(" fehlt"),
            (_, Language::English) => lead.and_text(" is missing"),
        }
    }

    fn of_one_lead(&self, criterion: &Criterion, negated: bool) -> Clause {
        match self.language {
            Language::German => german::of_one_lead(german::clause(self, criterion, negated)),
            Language::English => english::of_one_lead(english::clause(self, criterion, negated)),
        }
    }

    fn text_of(&self, field: &Field, text: &str) -> Sentence {
        match field.kind {
            Kind::Postcode => Sentence::value(text),
            _ => self.quote(self.written.get(text)),
        }
    }

    /// What the record has, short.
    fn fact(&self, field: &Field, value: &Value) -> Option<Sentence> {
        let language = self.language;
        let listed = |items: Items| match items.is_cut() {
            true => items.excerpt(language),
            false => Sentence::list(items.shown, ", ", ", "),
        };
        Some(match value {
            Value::Text(text) => self.quote(self.written.get(text)),
            Value::Texts(texts) => listed(self.quoted(texts)),
            Value::Phones(phones) => {
                let numbers: Vec<Box<str>> = phones.iter().map(|phone| phone.number.clone()).collect();
                listed(Items::plain(&numbers))
            }
            Value::Integer(number) => Sentence::value(match field.kind {
                Kind::Decimal => numbers::decimal(language, *number, crate::normal::DECIMAL_DIGITS, 0),
                Kind::Date => numbers::day(language, numbers::date(*number)),
                _ => numbers::whole(language, *number),
            }),
            Value::Moment { day, .. } => Sentence::value(numbers::day(language, numbers::date(*day))),
            Value::Money { minor, currency } => Sentence::value(numbers::money(language, *minor, *currency)),
            Value::Key(key) if field.kind == Kind::Postcode => Sentence::value(&**key),
            Value::Key(key) => Sentence::value(self.name(field, key)),
            Value::Keys(keys) => listed(self.items(field, keys)),
            Value::YesNo(_) | Value::Point(_) => return None,
        })
    }
}

/// The test with only what the value met, where it met one of many.
fn narrowed(reason: &Reason<'_>) -> Test {
    let test = &reason.criterion.test;
    match (&reason.by, test) {
        (Some(By::Text { value, .. }), _) => {
            let one = values([*value]);
            match test {
                Test::IsAnyOf(_) => Test::IsAnyOf(one),
                Test::IsNoneOf(_) => Test::IsNoneOf(one),
                Test::StartsWithAnyOf(_) => Test::StartsWithAnyOf(one),
                Test::EndsWithAnyOf(_) => Test::EndsWithAnyOf(one),
                Test::ContainsAnyOf(_) => Test::ContainsAnyOf(one),
                Test::MatchesAnyOf(_) => Test::MatchesAnyOf(one),
                Test::HasAnyOf(_) => Test::HasAnyOf(one),
                Test::HasNoneOf(_) => Test::HasNoneOf(one),
                Test::PhoneCountryIsAnyOf(_) => Test::PhoneCountryIsAnyOf(one),
                Test::PhoneAreaIsAnyOf(_) => Test::PhoneAreaIsAnyOf(one),
                other => other.clone(),
            }
        }
        (Some(By::Range { range, .. }), _) => Test::InRangeAnyOf(PostcodeRange::merge(vec![*range])),
        (Some(By::Circle(index)), Test::WithinKm(circles)) => Test::WithinKm(circles.only(*index)),
        _ => test.clone(),
    }
}
