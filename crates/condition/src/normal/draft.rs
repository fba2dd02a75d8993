//! A record's values in normal form, before it is a record: place completion, and the facts for rules.

use place::{Country, State, postcode};

use super::{Context, Stored, address};
use crate::field::{Catalog, FieldId};
use crate::standard::{CITY, COUNTRY, PLACE, POSTCODE, STATE};
use crate::value::Facts;

/// Values in normal form, one per field of the catalogue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    values: Vec<Option<Stored>>,
    cleared: Vec<FieldId>,
    derived: Vec<FieldId>,
    notes: Vec<Note>,
}

/// What the door did to a value that somebody may want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub field: FieldId,
    pub kind: NoteKind,
    pub written: Box<str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// A postcode had lost leading zeros, as spreadsheets take them away.
    ZerosRestored,
    /// No valid number could be made of a telephone number.
    PhoneKeptAsWritten,
}

impl NoteKind {
    /// The kind's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            NoteKind::ZerosRestored => "zeros_restored",
            NoteKind::PhoneKeptAsWritten => "phone_kept_as_written",
        }
    }
}

impl Draft {
    pub fn new(catalog: &Catalog) -> Draft {
        Draft { values: vec![None; catalog.fields().len()], ..Draft::default() }
    }

    /// The field's value; `None` where it is missing.
    pub fn get(&self, field: FieldId) -> Option<&Stored> {
        self.values.get(usize::from(field.0)).and_then(Option::as_ref)
    }

    /// Sets a value that is in normal form already, for example one read from the database.
    pub fn set(&mut self, field: FieldId, value: Stored) {
        let slot = usize::from(field.0);
        if slot >= self.values.len() {
            self.values.resize(slot + 1, None);
        }
        self.values[slot] = Some(value);
    }

    /// Takes the value away and remembers that it was asked for.
    pub fn clear(&mut self, field: FieldId) {
        if let Some(slot) = self.values.get_mut(usize::from(field.0)) {
            *slot = None;
        }
        self.cleared.push(field);
    }

    /// The values that there are, in the catalogue's order.
    pub fn values(&self) -> impl Iterator<Item = (FieldId, &Stored)> {
        let ids = (0..=u16::MAX).map(FieldId);
        ids.zip(&self.values).filter_map(|(id, value)| Some((id, value.as_ref()?)))
    }

    /// The fields that were named without a value.
    pub fn cleared(&self) -> &[FieldId] {
        &self.cleared
    }

    /// The fields that place completion filled.
    pub fn derived(&self) -> &[FieldId] {
        &self.derived
    }

    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    pub(super) fn note(&mut self, field: FieldId, kind: NoteKind, written: &str) {
        self.notes.push(Note { field, kind, written: written.into() });
    }

    /// The record's country, written or derived.
    pub fn country(&self) -> Option<Country> {
        match self.get(COUNTRY) {
            Some(Stored::Key(code)) => Country::by_code(code),
            _ => None,
        }
    }

    /// Fills city, state and point from country and postcode, and the country from the state, or from the
    /// default country where the postcode is one of its own. Fills only what is empty, and marks it as derived.
    ///
    /// The standard fields of an address must stand in the catalogue under their constants.
    pub fn complete(&mut self, context: &Context) {
        if self.get(POSTCODE).is_none() && self.get(STATE).is_none() {
            return;
        }
        if self.get(COUNTRY).is_none()
            && let Some(country) = self.likely_country(context)
        {
            self.derive(COUNTRY, Stored::Key(country.code().into()));
        }
        let (Some(country), Some(Stored::Key(code))) = (self.country(), self.get(POSTCODE)) else { return };
        let Some(place) = postcode::find(country, address::comparable(Some(country), code)) else { return };
        if let (Some(state), None) = (place.state, self.get(STATE)) {
            self.derive(STATE, Stored::Key(state.code().into()));
        }
        if self.get(CITY).is_none() {
            self.derive(CITY, Stored::Text(place.city.into()));
        }
        if self.get(PLACE).is_none() {
            self.derive(PLACE, Stored::Point(place.point));
        }
    }

    fn likely_country(&self, context: &Context) -> Option<Country> {
        if let Some(Stored::Key(state)) = self.get(STATE) {
            return State::by_code(state).map(State::country);
        }
        let Some(Stored::Key(code)) = self.get(POSTCODE) else { return None };
        let default = context.country?;
        let is_known = || postcode::find(default, code).is_some();
        let has_form = default.postcode_digits().is_some() && postcode::fits(default, code);
        (has_form || is_known()).then_some(default)
    }

    fn derive(&mut self, field: FieldId, value: Stored) {
        self.set(field, value);
        self.derived.push(field);
    }

    /// Takes away what completion filled, so that it can be filled anew after a change of address.
    pub fn forget_derived(&mut self, derived: impl IntoIterator<Item = FieldId>) {
        for field in derived {
            if let Some(slot) = self.values.get_mut(usize::from(field.0)) {
                *slot = None;
            }
        }
        self.derived.clear();
    }

    /// Returns the texts as they were written, of which rules read the folded ones.
    pub fn texts(&self) -> Vec<String> {
        let of = |stored: &Stored| match stored {
            Stored::Text(text) => vec![text.to_string()],
            Stored::Texts(texts) => texts.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        self.values().flat_map(|(_, stored)| of(stored)).collect()
    }

    /// Returns what rules read. `today` and `day_of` are the workspace's.
    pub fn facts(&self, catalog: &Catalog, today: i64, day_of: impl Fn(i64) -> i64) -> Facts {
        let mut facts = Facts::new(catalog.fields().len(), today);
        let country = self.country();
        for (id, stored) in self.values() {
            let value = stored.value(catalog.field(id).kind, country, &day_of);
            facts.set(id, value);
        }
        facts
    }
}
