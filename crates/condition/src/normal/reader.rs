//! The door for records: a row of texts or a JSON object becomes a draft, or every fault at once.

use std::collections::HashMap;

use place::{Country, State};
use serde_json::{Map, Value as Json};

use super::draft::{Draft, NoteKind};
use super::fault::{Code, Fault, Problem};
use super::input::{
    Input, Read, escaped, is_blank, is_empty, number_text, point, shown, some_text, string, string_of_phone,
    whole, yes_no,
};
use super::{
    Context, LIST_VALUES_MAX, LONG_TEXT_CHARACTERS_MAX, PHONE_CHARACTERS_MAX, Phone, Stored,
    TEXT_CHARACTERS_MAX, address, number, phone, text, time,
};
use crate::field::{Catalog, Field, FieldId, Kind};
use crate::standard::COUNTRY;

/// Names that were looked up are remembered up to that number per field or country, then forgotten all at once.
const REMEMBERED_MAX: usize = 1_000;

/// Reads records of one catalogue. Remembers the names of countries, states and choices that it looked up, so
/// keep it for all rows of a file.
pub struct Reader<'a> {
    catalog: &'a Catalog,
    context: &'a Context,
    countries: HashMap<Box<str>, Country>,
    states: HashMap<Option<Country>, HashMap<Box<str>, State>>,
    choices: HashMap<FieldId, HashMap<Box<str>, Box<str>>>,
}

impl<'a> Reader<'a> {
    pub fn new(catalog: &'a Catalog, context: &'a Context) -> Reader<'a> {
        Reader {
            catalog,
            context,
            countries: HashMap::new(),
            states: HashMap::new(),
            choices: HashMap::new(),
        }
    }

    /// Reads a row of texts, as CSV and forms have them; empty texts are missing values.
    pub fn texts(&mut self, row: &[(FieldId, &str)]) -> Result<Draft, Vec<Fault>> {
        let mut draft = Draft::new(self.catalog);
        let mut faults = Vec::new();
        let read =
            |reader: &mut Self, draft: &mut Draft, faults: &mut Vec<Fault>, (id, text): (FieldId, &str)| {
                let field = reader.catalog.field(id);
                let text = text.trim();
                if text.is_empty() {
                    return;
                }
                if let Err(problem) = reader.value(draft, field, Input::Text(text)) {
                    faults.push(Fault::new(Some(id), format!("/{}", field.key), problem));
                }
            };
        // The country first: phones, states and postcodes are read with it.
        for &cell in row.iter().filter(|(id, _)| *id == COUNTRY) {
            read(self, &mut draft, &mut faults, cell);
        }
        for &cell in row.iter().filter(|(id, _)| *id != COUNTRY) {
            read(self, &mut draft, &mut faults, cell);
        }
        if faults.is_empty() { Ok(draft) } else { Err(faults) }
    }

    /// Reads a JSON object, as the API and JSON lines have it. `null`, empty texts and empty lists are missing
    /// values. Own fields stand as `custom.<key>` or in an object `custom`.
    pub fn json(&mut self, object: &Map<String, Json>) -> Result<Draft, Vec<Fault>> {
        let mut draft = Draft::new(self.catalog);
        let mut faults = Vec::new();
        let country = self.catalog.fields().get(usize::from(COUNTRY.0)).map(|field| field.key.as_str());
        let is_country = |key: &str| Some(key) == country;
        for first in [true, false] {
            for (key, json) in object.iter().filter(|(key, _)| is_country(key) == first) {
                let pointer = format!("/{}", escaped(key));
                match json {
                    Json::Object(own) if key == "custom" => {
                        for (key, json) in own {
                            let pointer = format!("{pointer}/{}", escaped(key));
                            self.member(&mut draft, &mut faults, &format!("custom.{key}"), pointer, json);
                        }
                    }
                    json => self.member(&mut draft, &mut faults, key, pointer, json),
                }
            }
        }
        if faults.is_empty() { Ok(draft) } else { Err(faults) }
    }

    fn member(
        &mut self,
        draft: &mut Draft,
        faults: &mut Vec<Fault>,
        key: &str,
        pointer: String,
        json: &Json,
    ) {
        let Some(field) = self.catalog.find(key) else {
            faults.push(Fault::new(None, pointer, Problem::new(Code::UnknownField, key)));
            return;
        };
        if is_empty(json) {
            draft.clear(field.id);
            return;
        }
        match json {
            // Each wrong element is a fault of its own.
            Json::Array(elements) if field.is_list || field.kind == Kind::MultiChoice => {
                let problems = self.elements(draft, field, elements);
                let located = problems.into_iter().map(|(at, problem)| {
                    let pointer = at.map_or(pointer.clone(), |at| format!("{pointer}/{at}"));
                    Fault::new(Some(field.id), pointer, problem)
                });
                faults.extend(located);
            }
            json => {
                if let Err(problem) = self.value(draft, field, Input::Json(json)) {
                    faults.push(Fault::new(Some(field.id), pointer, problem));
                }
            }
        }
    }

    fn elements(
        &mut self,
        draft: &mut Draft,
        field: &Field,
        elements: &[Json],
    ) -> Vec<(Option<usize>, Problem)> {
        if elements.len() > LIST_VALUES_MAX {
            let problem = Problem::new(Code::TooManyValues, elements.len()).expecting(LIST_VALUES_MAX);
            return vec![(None, problem)];
        }
        let mut problems = Vec::new();
        let mut texts = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate().filter(|(_, element)| !is_blank(element)) {
            match element.as_str() {
                Some(text) => texts.push((at, text)),
                None => problems.push((Some(at), Problem::new(Code::NotAText, element))),
            }
        }
        match self.list(draft, field, texts.iter().map(|&(_, text)| text)) {
            Ok(Some(stored)) if problems.is_empty() => draft.set(field.id, stored),
            Ok(_) => {}
            Err(wrong) => {
                problems.extend(wrong.into_iter().map(|(at, problem)| (Some(texts[at].0), problem)))
            }
        }
        problems
    }

    /// Reads one value into the draft; what is empty after all stays missing.
    fn value(&mut self, draft: &mut Draft, field: &Field, input: Input<'_>) -> Read<()> {
        if field.is_system {
            return Err(Problem::new(Code::FieldIsReadOnly, &field.key));
        }
        let stored = match field.kind {
            _ if field.is_list || field.kind == Kind::MultiChoice => self.cell(draft, field, input)?,
            Kind::Text => some_text(&text::line(string(input)?, TEXT_CHARACTERS_MAX)?),
            Kind::LongText => some_text(&text::lines(string(input)?, LONG_TEXT_CHARACTERS_MAX)?),
            Kind::Email => some_text(&text::email(string(input)?)?),
            Kind::Url => some_text(&text::url(string(input)?)?),
            Kind::Phone => Some(Stored::Phones([self.phone(draft, field, string_of_phone(input)?)?].into())),
            Kind::Integer => Some(Stored::Integer(whole(field, input)?)),
            Kind::Decimal => Some(Stored::Decimal(self.decimal(input)?)),
            Kind::Money => Some(self.money(input)?),
            Kind::Date => Some(Stored::Date(self.date(input)?)),
            Kind::DateTime => Some(Stored::Moment(self.moment(input)?)),
            Kind::YesNo => Some(Stored::YesNo(yes_no(input)?)),
            Kind::Choice => Some(Stored::Key(self.choice(field, string(input)?)?)),
            Kind::Country => Some(Stored::Key(self.country(string(input)?)?.code().into())),
            Kind::State => Some(Stored::Key(self.state(draft.country(), string(input)?)?.code().into())),
            Kind::Postcode => self.postcode(draft, field, string(input)?)?,
            Kind::Place => Some(Stored::Point(point(input)?)),
            Kind::MultiChoice => unreachable!("read as a cell of several values"),
        };
        if let Some(stored) = stored {
            draft.set(field.id, stored);
        }
        Ok(())
    }

    /// Reads a text that holds several values, parted by semicolons.
    fn cell(&mut self, draft: &mut Draft, field: &Field, input: Input<'_>) -> Read<Option<Stored>> {
        let text = match input {
            Input::Text(text) => text,
            Input::Json(Json::String(text)) => text,
            Input::Json(json) => return Err(Problem::new(Code::NotAList, json)),
        };
        let first_problem = |mut problems: Vec<(usize, Problem)>| problems.swap_remove(0).1;
        if field.kind == Kind::Phone {
            let parts: Vec<&str> = phone::parts(text).collect();
            return self.list(draft, field, parts.into_iter()).map_err(first_problem);
        }
        self.list(draft, field, text.split(';')).map_err(first_problem)
    }

    /// Reads several values of one field, each once; wrong ones are named by their place.
    fn list<'t>(
        &mut self,
        draft: &mut Draft,
        field: &Field,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<Option<Stored>, Vec<(usize, Problem)>> {
        let mut problems = Vec::new();
        let mut found: Vec<Box<str>> = Vec::new();
        let mut phones: Vec<Phone> = Vec::new();
        for (at, text) in texts.enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let read = match field.kind {
                Kind::Phone => self.phone(draft, field, text).map(|phone| {
                    if !phones.contains(&phone) {
                        phones.push(phone);
                    }
                    None
                }),
                Kind::Email => text::email(text).map(|email| Some(email.into())),
                Kind::MultiChoice => self.choice(field, text).map(Some),
                Kind::Url => text::url(text).map(|url| Some(url.into())),
                _ => text::line(text, TEXT_CHARACTERS_MAX).map(|line| Some(line.as_ref().into())),
            };
            match read {
                Ok(Some(text)) if !found.contains(&text) => found.push(text),
                Ok(_) => {}
                Err(problem) => problems.push((at, problem)),
            }
        }
        let count = found.len().max(phones.len());
        if count > LIST_VALUES_MAX {
            problems.push((0, Problem::new(Code::TooManyValues, count).expecting(LIST_VALUES_MAX)));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        if count == 0 {
            return Ok(None);
        }
        Ok(Some(match field.kind {
            Kind::Phone => Stored::Phones(phones.into()),
            Kind::MultiChoice => {
                found.sort_unstable();
                Stored::Keys(found.into())
            }
            _ => Stored::Texts(found.into()),
        }))
    }

    fn phone(&self, draft: &mut Draft, field: &Field, text: &str) -> Read<Phone> {
        let text = text::line(text, PHONE_CHARACTERS_MAX)?;
        let phone = Phone::read(&text, draft.country().or(self.context.country));
        if !phone.is_valid {
            draft.note(field.id, NoteKind::PhoneKeptAsWritten, &text);
        }
        Ok(phone)
    }

    fn postcode(&self, draft: &mut Draft, field: &Field, text: &str) -> Read<Option<Stored>> {
        let postcode = address::postcode(text, draft.country(), self.context.country)?;
        if postcode.is_repaired {
            draft.note(field.id, NoteKind::ZerosRestored, text.trim());
        }
        Ok((!postcode.text.is_empty()).then(|| Stored::Key(postcode.text.into())))
    }

    fn country(&mut self, text: &str) -> Read<Country> {
        if let Some(country) = Country::by_code(text) {
            return Ok(country);
        }
        if let Some(&country) = self.countries.get(text) {
            return Ok(country);
        }
        let country = address::country(text)?;
        if self.countries.len() >= REMEMBERED_MAX {
            self.countries.clear();
        }
        self.countries.insert(text.into(), country);
        Ok(country)
    }

    fn state(&mut self, country: Option<Country>, text: &str) -> Read<State> {
        let known = self.states.entry(country).or_default();
        if let Some(&state) = known.get(text) {
            return Ok(state);
        }
        let state = address::state(text, country, self.context.country)?;
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(text.into(), state);
        Ok(state)
    }

    fn choice(&mut self, field: &Field, text: &str) -> Read<Box<str>> {
        let text = text::line(text, TEXT_CHARACTERS_MAX)?;
        if let Some(choice) = field.choices.iter().find(|choice| *choice.key == *text) {
            return Ok(choice.key.as_str().into());
        }
        let known = self.choices.entry(field.id).or_default();
        if let Some(key) = known.get(&*text) {
            return Ok(key.clone());
        }
        let key = self.catalog.choice_key(field, &text).ok_or_else(|| {
            let keys: Vec<&str> = field.choices.iter().map(|choice| choice.key.as_str()).collect();
            Problem::new(Code::UnknownChoice, &text).expecting(keys.join(", "))
        })?;
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert((&*text).into(), key.clone());
        Ok(key)
    }

    fn decimal(&self, input: Input<'_>) -> Read<i64> {
        match input {
            Input::Text(text) => number::decimal(text, self.context.notation),
            Input::Json(json) => {
                number::decimal_of_json(&number_text(json, Code::NotADecimal)?, super::DECIMAL_DIGITS)
            }
        }
    }

    /// Reads `{"amount": "1234.50", "currency": "EUR"}`, or an amount in the workspace's currency.
    fn money(&self, input: Input<'_>) -> Read<Stored> {
        let json = match input {
            Input::Text(text) => {
                let (minor, currency) = number::money(text, self.context.notation, self.context.currency)?;
                return Ok(Stored::Money { minor, currency });
            }
            Input::Json(json) => json,
        };
        let fault = || Problem::new(Code::NotAnAmount, json);
        let (amount, currency) = match json {
            Json::Object(object) => {
                let is_known = |key: &String| key == "amount" || key == "currency";
                let amount =
                    object.get("amount").filter(|_| object.keys().all(is_known)).ok_or_else(fault)?;
                (amount, object.get("currency"))
            }
            amount => (amount, None),
        };
        let currency = match currency {
            None | Some(Json::Null) => self.context.currency,
            Some(json) => {
                let unknown = || Problem::new(Code::UnknownCurrency, shown(json));
                json.as_str().and_then(crate::value::Currency::parse).ok_or_else(unknown)?
            }
        };
        let text = number_text(amount, Code::NotAnAmount)?;
        let minor = number::decimal_of_json(&text, currency.minor_digits());
        let minor = minor.map_err(|problem| match problem.code {
            Code::NotADecimal => Problem::new(Code::NotAnAmount, &text),
            _ => problem,
        })?;
        Ok(Stored::Money { minor, currency })
    }

    fn date(&self, input: Input<'_>) -> Read<i64> {
        match input {
            Input::Text(text) => time::date(text, self.context.notation),
            Input::Json(Json::String(text)) => time::date_of_json(text),
            Input::Json(json) => Err(Problem::new(Code::NotADate, json)),
        }
    }

    fn moment(&self, input: Input<'_>) -> Read<i64> {
        match input {
            Input::Text(text) => time::moment(text, self.context.notation, &self.context.time_zone),
            Input::Json(Json::String(text)) => time::moment_of_json(text),
            Input::Json(json) => Err(Problem::new(Code::NotADateTime, json)),
        }
    }
}
