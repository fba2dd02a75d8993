//! The catalogue of fields: the standard ones of `rules.md` §1 and a workspace's own.

use std::collections::HashMap;

use crate::fold::fold;

/// A field's place in its [`Catalog`], and the slot of its value in [`crate::Facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u16);

/// What a field holds, and so which operators it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Text,
    LongText,
    Email,
    Phone,
    Url,
    /// Whole number.
    Integer,
    /// Fixed point, in millionths.
    Decimal,
    Money,
    Date,
    DateTime,
    YesNo,
    Choice,
    MultiChoice,
    Country,
    State,
    Postcode,
    /// The record's point on earth; only `within_km` asks for it.
    Place,
}

impl Kind {
    /// The kinds that own fields have; postcodes and places are standard fields only.
    pub const OWN: [Kind; 15] = [
        Kind::Text,
        Kind::LongText,
        Kind::Email,
        Kind::Phone,
        Kind::Url,
        Kind::Integer,
        Kind::Decimal,
        Kind::Money,
        Kind::Date,
        Kind::DateTime,
        Kind::YesNo,
        Kind::Choice,
        Kind::MultiChoice,
        Kind::Country,
        Kind::State,
    ];

    /// The kind's name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::LongText => "long_text",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Money => "money",
            Kind::Date => "date",
            Kind::DateTime => "date_time",
            Kind::YesNo => "yes_no",
            Kind::Choice => "choice",
            Kind::MultiChoice => "multi_choice",
            Kind::Country => "country",
            Kind::State => "state",
            Kind::Postcode => "postcode",
            Kind::Place => "place",
        }
    }

    /// The kind of own fields with that name.
    pub fn own(name: &str) -> Option<Kind> {
        Kind::OWN.into_iter().find(|kind| kind.name() == name)
    }
}

/// One value of a choice field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    pub label_en: String,
    pub label_de: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub id: FieldId,
    /// The API name: `postcode`, `custom.machine_count`.
    pub key: String,
    pub kind: Kind,
    /// True for fields of several values (`emails`, `phones`): any element may satisfy a criterion.
    pub is_list: bool,
    pub label_en: String,
    pub label_de: String,
    pub choices: Vec<Choice>,
    /// Kept by Revier itself (territory, owner, creation …): filters may read it, rules may not.
    pub is_system: bool,
    /// The values are ids of users, territories …, known to the database and not to the catalogue.
    pub holds_ids: bool,
}

impl Field {
    /// Finds a choice by its key, or by its English or German label in any spelling of case.
    pub fn choice(&self, text: &str) -> Option<&Choice> {
        let text = text.trim();
        self.choices.iter().find(|choice| choice.key == text).or_else(|| {
            let text = text.to_lowercase();
            self.choices.iter().find(|choice| {
                [&choice.key, &choice.label_en, &choice.label_de]
                    .iter()
                    .any(|name| name.to_lowercase() == text)
            })
        })
    }
}

/// All fields of one record type in one workspace.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    fields: Vec<Field>,
    by_key: HashMap<String, FieldId>,
    /// Choices are whatever plan and file say (`revier route`): an unknown one breaks nothing.
    pub choices_are_open: bool,
}

impl Catalog {
    /// Finds a field by its API name.
    pub fn find(&self, key: &str) -> Option<&Field> {
        self.by_key.get(key).map(|&id| self.field(id))
    }

    /// Returns the field with that id; ids come only from this catalogue.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[usize::from(id.0)]
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Changes a field in place; its id and key stay.
    pub(crate) fn field_mut(&mut self, id: FieldId) -> &mut Field {
        &mut self.fields[usize::from(id.0)]
    }

    /// Adds a choice to a field that has none with that key.
    pub fn add_choice(&mut self, id: FieldId, choice: Choice) {
        let field = self.field_mut(id);
        if !field.choices.iter().any(|known| known.key == choice.key) {
            field.choices.push(choice);
        }
    }

    /// Returns the key that a text means in a choice field: that of a choice by key or label; where
    /// choices are open, the folded text itself; of a field that holds ids, the id as it stands.
    pub fn choice_key(&self, field: &Field, text: &str) -> Option<Box<str>> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match field.choice(text) {
            Some(choice) => Some(choice.key.as_str().into()),
            None if field.holds_ids => Some(text.into()),
            None => self.choices_are_open.then(|| fold(text).into()),
        }
    }

    /// Adds a workspace's own field under the API name `custom.<key>` and returns its id.
    pub fn add_custom(
        &mut self,
        key: &str,
        kind: Kind,
        label_en: &str,
        label_de: &str,
        choices: Vec<Choice>,
    ) -> FieldId {
        let id = self.add(&format!("custom.{key}"), kind, label_en, label_de);
        self.field_mut(id).choices = choices;
        id
    }

    /// Adds a field at the end and returns its id.
    pub fn add(&mut self, key: &str, kind: Kind, label_en: &str, label_de: &str) -> FieldId {
        let id = FieldId(u16::try_from(self.fields.len()).expect("fewer than 65,536 fields"));
        self.by_key.insert(key.to_owned(), id);
        self.fields.push(Field {
            id,
            key: key.to_owned(),
            kind,
            is_list: false,
            label_en: label_en.to_owned(),
            label_de: label_de.to_owned(),
            choices: Vec::new(),
            is_system: false,
            holds_ids: false,
        });
        id
    }
}
