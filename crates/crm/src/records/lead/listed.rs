//! Rows of a list. They come from the database as one text of JSON and leave as another: what is shown as it is
//! stored goes over without being read.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use access::{FieldRight, Object, Tie, Viewer};
use condition::{FieldId, Kind, standard};
use sea_orm::sea_query::{Expr, SimpleExpr};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use store::Written;
use uuid::Uuid;

use super::row;
use super::view::{self, Fields, Head, LeadView, Shown};
use crate::error::Error;
use crate::territories::book::RuleBook;

/// What every row begins with, in the order in which [`Row::head`] takes it.
const HEAD: [(&str, Written); 12] = [
    ("id", Written::Id),
    ("version", Written::Plain),
    ("created_at", Written::Plain),
    ("updated_at", Written::Plain),
    ("assigned_at", Written::Plain),
    ("queued_at", Written::Plain),
    ("territory_id", Written::Id),
    ("owner_id", Written::Id),
    ("is_pinned", Written::Plain),
    ("door", Written::Plain),
    ("derived", Written::Json),
    ("repairs", Written::Json),
];

/// The columns of the fields; money stands in two.
const FIELDS: [(FieldId, &str, Written); 23] = [
    (standard::SALUTATION, "salutation", Written::Plain),
    (standard::TITLE, "title", Written::Plain),
    (standard::FIRST_NAME, "first_name", Written::Plain),
    (standard::LAST_NAME, "last_name", Written::Plain),
    (standard::JOB_TITLE, "job_title", Written::Plain),
    (standard::COMPANY, "company", Written::Plain),
    (standard::EMAILS, "emails", Written::Json),
    (standard::PHONES, "phones", Written::Json),
    (standard::WEBSITE, "website", Written::Plain),
    (standard::STREET, "street", Written::Plain),
    (standard::CITY, "city", Written::Plain),
    (standard::COUNTRY, "country", Written::Plain),
    (standard::STATE, "state", Written::Plain),
    (standard::POSTCODE, "postcode", Written::Plain),
    (standard::INDUSTRY, "industry", Written::Plain),
    (standard::SOURCE, "source", Written::Plain),
    (standard::STATUS, "status", Written::Plain),
    (standard::EMPLOYEES, "employees", Written::Plain),
    (standard::SCORE, "score", Written::Plain),
    (standard::ANNUAL_REVENUE, "annual_revenue_minor", Written::Plain),
    (standard::ANNUAL_REVENUE, "annual_revenue_currency", Written::Plain),
    (standard::REQUIREMENTS, "requirements", Written::Json),
    (standard::NOTES, "notes", Written::Plain),
];

/// Where the own fields stand: behind all others.
const OWN_AT: usize = HEAD.len() + FIELDS.len();

/// The columns of a row; `sorts` come last.
pub fn columns(sorts: impl Iterator<Item = SimpleExpr>) -> Vec<(SimpleExpr, Written)> {
    let column = |name: &str| Expr::cust(format!("\"lead\".\"{name}\""));
    let head = HEAD.iter().map(|&(name, written)| (column(name), written));
    let fields = FIELDS.iter().map(|&(_, name, written)| (column(name), written));
    let own = std::iter::once((column("custom"), Written::Json));
    head.chain(fields).chain(own).chain(sorts.map(|sort| (sort, Written::Plain))).collect()
}

/// A row as [`columns`] reads it.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Row<'a>(#[serde(borrow)] Vec<&'a RawValue>);

impl<'a> Row<'a> {
    pub fn id(&self) -> Result<Uuid, Error> {
        self.id_at(0)?.ok_or_else(|| Error::Bug("a lead without id".to_owned()))
    }

    /// What the sorts compare, for the cursor.
    pub fn sorted_by(&self) -> Result<Vec<Value>, Error> {
        self.0[OWN_AT + 1..].iter().map(|value| Ok(serde_json::from_str(value.get())?)).collect()
    }

    fn id_at(&self, at: usize) -> Result<Option<Uuid>, Error> {
        let text: Option<&str> = self.read(at)?;
        let text = text.filter(|text| !text.is_empty());
        let id = text.map(Uuid::try_parse).transpose();
        id.map_err(|fault| Error::Bug(format!("a lead's id does not parse: {fault}")))
    }

    fn read<T: Deserialize<'a>>(&self, at: usize) -> Result<T, Error> {
        Ok(serde_json::from_str(self.0[at].get())?)
    }

    fn head(&self, collaborators: &[Uuid]) -> Result<Head<'a, 'a>, Error> {
        let collaborators = collaborators.to_vec();
        Ok(Head {
            id: self.id()?,
            version: self.read(1)?,
            created_at: self.read(2)?,
            updated_at: self.read(3)?,
            assigned_at: self.read(4)?,
            queued_at: self.read(5)?,
            tie: Tie { territory: self.id_at(6)?, owner: self.id_at(7)?, collaborators },
            is_pinned: matches!(self.0[8].get(), "1" | "true"),
            door: self.read::<Text<'a>>(9)?.0,
            derived: self.0[10].get(),
            repairs: self.0[11].get(),
        })
    }

    fn own(&self) -> Result<BTreeMap<Cow<'a, str>, &'a RawValue>, Error> {
        self.read(OWN_AT)
    }
}

/// A text that is borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// How the value of a field is found in a row.
#[derive(Clone, Copy)]
enum Source {
    AsStored(usize),
    Phones(usize),
    /// Its amount; the currency follows.
    Money(usize),
    Own,
    Nowhere,
}

/// Shows rows to one viewer; what their roles say of fields is worked out once for each territory.
pub struct Lens<'b> {
    book: &'b RuleBook,
    viewer: &'b Viewer,
    /// By API name, in their order.
    fields: Vec<(&'b str, Source)>,
    visible: HashMap<Option<Uuid>, Vec<(&'b str, Source)>>,
    /// The leads in which the viewer takes part.
    shared: HashSet<Uuid>,
}

impl<'b> Lens<'b> {
    pub fn new(book: &'b RuleBook, viewer: &'b Viewer, shared: HashSet<Uuid>) -> Lens<'b> {
        let shown = view::shown_fields(book).map(|field| (field.key.as_str(), source(field)));
        let mut fields: Vec<(&str, Source)> = shown.collect();
        fields.sort_unstable_by_key(|&(key, _)| key);
        Lens { book, viewer, fields, visible: HashMap::new(), shared }
    }

    /// Shows a row.
    ///
    /// # Errors
    /// Where the row is not as [`columns`] reads it, which would be a bug.
    pub fn show<'v>(&mut self, row: &Row<'v>) -> Result<LeadView<'v>, Error>
    where
        'b: 'v,
    {
        let me = [self.viewer.user()];
        let head = row.head(if self.shared.contains(&row.id()?) { &me } else { &[] })?;
        let (all, viewer) = (&self.fields, self.viewer);
        let visible = self.visible.entry(head.tie.territory).or_insert_with(|| {
            let is_hidden = |key| viewer.field_right(Object::Lead, key, &head.tie) == FieldRight::Hidden;
            all.iter().filter(|(key, _)| !is_hidden(key)).copied().collect()
        });
        let mut fields: Vec<(Cow<'v, str>, Shown<'v>)> = Vec::with_capacity(visible.len());
        let mut own = None;
        for &(key, source) in visible.iter() {
            let shown = match source {
                Source::Phones(at) if row.0[at].get() != "null" => {
                    Shown::Value(row::shown_phones(row.read(at)?))
                }
                Source::AsStored(at) | Source::Phones(at) => Shown::Stored(row.0[at]),
                Source::Money(at) => Shown::Value(money(row, at)?),
                Source::Own => {
                    let own = match &mut own {
                        Some(own) => own,
                        unread => unread.insert(row.own()?),
                    };
                    let key = key.strip_prefix("custom.").unwrap_or(key);
                    own.get(key).map_or(Shown::Value(Value::Null), |value| Shown::Stored(value))
                }
                Source::Nowhere => Shown::Value(Value::Null),
            };
            fields.push((Cow::Borrowed(key), shown));
        }
        Ok(view::seen(head, Fields(fields), self.book, self.viewer))
    }
}

fn source(field: &condition::Field) -> Source {
    if field.key.starts_with("custom.") {
        return Source::Own;
    }
    let Some(at) = FIELDS.iter().position(|&(id, ..)| id == field.id) else { return Source::Nowhere };
    let at = HEAD.len() + at;
    match field.kind {
        Kind::Phone => Source::Phones(at),
        Kind::Money => Source::Money(at),
        _ => Source::AsStored(at),
    }
}

fn money(row: &Row<'_>, at: usize) -> Result<Value, Error> {
    let currency: Option<&str> = row.read(at + 1)?;
    Ok(row::shown_money(row.read(at)?, currency).unwrap_or(Value::Null))
}
