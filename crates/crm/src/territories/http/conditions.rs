//! Routes of conditions: their words, and postcodes as text.

use std::collections::HashMap;

use access::{FieldRight, Object, Permission};
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use condition::postcodes::{self, CodeSet};
use condition::say::{Sentence, Span, Written};
use condition::{Condition, Field, Parsed, Purpose, standard};
use place::Country;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Tx;
use utoipa::ToSchema;
use utoipa_axum::router::UtoipaMethodRouterExt;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::error::Error;
use crate::fields::grammar::{Grammar, Sentences, as_fault};
use crate::http::caller::Caller;
use crate::http::extract::Body;
use crate::http::problem::Problem;
use crate::http::table::Table;
use crate::people::store::user;
use crate::territories::states::now;
use crate::territories::store::territory;
use crate::versions;

/// Bytes of a condition's body: 100,000 account numbers fit.
pub const CONDITION_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Characters of postcodes as text.
pub const POSTCODES_CHARS_MAX: usize = 500_000;

pub fn routes(table: Table) -> Table {
    let large = || DefaultBodyLimit::max(CONDITION_BYTES_MAX);
    table
        .row(Permission::SignedIn, routes!(say).layer(large()))
        .row(Permission::SignedIn, routes!(postcodes_as_text).layer(large()))
}

/// A condition in words.
#[derive(Serialize, ToSchema)]
pub struct SentenceView {
    pub de: Vec<SpanView>,
    pub en: Vec<SpanView>,
}

/// A piece of a sentence; values are set in bold.
#[derive(Serialize, ToSchema)]
pub struct SpanView {
    pub kind: SpanKind,
    pub text: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    Text,
    Value,
}

impl From<Sentences> for SentenceView {
    fn from(Sentences { de, en }: Sentences) -> SentenceView {
        SentenceView { de: spans(&de), en: spans(&en) }
    }
}

fn spans(sentence: &Sentence) -> Vec<SpanView> {
    let span = |span: &Span| match span {
        Span::Text(text) => SpanView { kind: SpanKind::Text, text: text.clone() },
        Span::Value(text) => SpanView { kind: SpanKind::Value, text: text.clone() },
    };
    sentence.spans().iter().map(span).collect()
}

/// A fault of a condition or of a text.
#[derive(Serialize, ToSchema)]
pub struct FaultView {
    /// JSON pointer into the condition; empty for its root and for texts.
    pointer: String,
    /// For texts: the characters that stand before the fault.
    position: Option<usize>,
    #[schema(example = "unknown_choice")]
    code: String,
    value: String,
    /// What would be right, as far as the code does not say.
    expected: String,
    detail: String,
}

impl From<condition::Fault> for FaultView {
    fn from(fault: condition::Fault) -> FaultView {
        let detail = as_fault(&fault, "").detail;
        let condition::Fault { pointer, position, code, value, expected } = fault;
        FaultView { pointer, position, code: code.name().to_owned(), value, expected, detail }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToSay {
    #[schema(value_type = serde_json::Value, example = json!({ "field": "employees", "op": "gte", "values": [50] }))]
    condition: Value,
    /// Rules cannot read what Revier itself keeps: territory, owner, times.
    #[serde(default)]
    purpose: For,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum For {
    #[default]
    Rule,
    Filter,
}

#[derive(Serialize, ToSchema)]
pub struct Said {
    /// The condition in its canonical form; none where there are faults.
    #[schema(value_type = Option<Object>)]
    condition: Option<Value>,
    sentence: Option<SentenceView>,
    /// Every fault; empty where the condition is sound.
    faults: Vec<FaultView>,
}

/// Says a condition in words, or what is wrong with it.
#[utoipa::path(post, path = "/api/v1/conditions/say", tag = "conditions", request_body = ToSay,
    responses((status = 200, body = Said), (status = "4XX", body = Problem)))]
async fn say(State(app): State<App>, caller: Caller, body: Body<ToSay>) -> Result<Json<Said>, Error> {
    let ToSay { condition, purpose } = body.value;
    let purpose = match purpose {
        For::Rule => Purpose::Rule,
        For::Filter => Purpose::Filter,
    };
    let (grammar, names) = app
        .db
        .read(caller.workspace, caller.sight(), |tx| {
            let clock = app.clock.clone();
            async move {
                let grammar = Grammar::load(&tx, &versions::workspace(&tx).await?, clock.now()).await?;
                let names = match purpose {
                    Purpose::Rule => HashMap::new(),
                    Purpose::Filter => names(&tx).await?,
                };
                Ok::<_, Error>((grammar, names))
            }
        })
        .await?;
    let is_readable = |field: &Field| {
        caller.viewer.field_right_everywhere(Object::Lead, &field.key) >= FieldRight::ReadOnly
    };
    let parsed = grammar.door(purpose, Some(&is_readable)).parse(&condition).and_then(Parsed::sound);
    let said = match parsed {
        Err(faults) => {
            let faults = faults.into_iter().map(FaultView::from).collect();
            Said { condition: None, sentence: None, faults }
        }
        Ok(sound) => {
            let name_of =
                |_: &Field, id: &str| Uuid::try_parse(id).ok().and_then(|id| names.get(&id).cloned());
            let sentence = grammar.say_naming(&sound, &Written::of(&condition), &name_of);
            let condition = Some(sound.to_json(grammar.fields()));
            Said { condition, sentence: Some(sentence.into()), faults: Vec::new() }
        }
    };
    Ok(Json(said))
}

/// Names of the people and territories that the caller may see.
async fn names(tx: &Tx) -> Result<HashMap<Uuid, String>, Error> {
    let users = tx.select::<user::Entity>().all().await?;
    let territories = tx.select::<territory::Entity>().filter(now::<territory::Entity>()).all().await?;
    let users = users.into_iter().map(|user| (user.id, user.name));
    Ok(users.chain(territories.into_iter().map(|territory| (territory.id, territory.name))).collect())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Postcodes {
    /// As field sales write them.
    #[schema(example = "60–65, 67–69 + 76726–76891")]
    text: Option<String>,
    /// In place of a text: the condition on postcodes that is to be written as one.
    #[schema(value_type = Option<serde_json::Value>)]
    condition: Option<Value>,
    /// A country whose postcodes have a fixed number of digits.
    #[serde(default = "germany")]
    #[schema(example = "DE")]
    country: String,
}

fn germany() -> String {
    "DE".to_owned()
}

#[derive(Serialize, ToSchema)]
pub struct PostcodesRead {
    /// None where there are faults, or where the condition says more than postcodes.
    text: Option<String>,
    #[schema(value_type = Option<Object>)]
    condition: Option<Value>,
    /// Postcodes of the country that satisfy it.
    codes: Option<usize>,
    faults: Vec<FaultView>,
}

/// Reads postcodes as text into a condition, or writes a condition on postcodes as text.
#[utoipa::path(post, path = "/api/v1/conditions/postcodes", tag = "conditions", request_body = Postcodes,
    responses((status = 200, body = PostcodesRead), (status = "4XX", body = Problem)))]
async fn postcodes_as_text(
    State(app): State<App>,
    caller: Caller,
    body: Body<Postcodes>,
) -> Result<Json<PostcodesRead>, Error> {
    let Postcodes { text, condition, country } = body.value;
    let found = Country::find(&country);
    let digits = found.and_then(|country| Some((country, u8::try_from(country.postcode_digits()?).ok()?)));
    let Some((country, digits)) = digits else {
        let detail = "postcodes as text work for countries whose postcodes have a fixed number of digits";
        return Err(Error::invalid("/country", "no_fixed_digits", country, detail));
    };
    let grammar = app
        .db
        .read(caller.workspace, caller.sight(), |tx| {
            let clock = app.clock.clone();
            async move { Grammar::load(&tx, &versions::workspace(&tx).await?, clock.now()).await }
        })
        .await?;
    let read = match (text, condition) {
        (Some(text), None) if text.chars().count() > POSTCODES_CHARS_MAX => {
            let detail = format!("at most {POSTCODES_CHARS_MAX} characters");
            return Err(Error::invalid("/text", "text_length", text.chars().count(), detail));
        }
        (Some(text), None) => postcodes::read(&text, digits, grammar.fields().field(standard::POSTCODE)),
        (None, Some(condition)) => {
            grammar.door(Purpose::Rule, None).parse(&condition).and_then(Parsed::sound)
        }
        _ => {
            let detail = "give either \"text\" or \"condition\"";
            return Err(Error::invalid("", "one_of", Value::Null, detail));
        }
    };
    Ok(Json(match read {
        Ok(condition) => both_ways(&condition, digits, country, &grammar),
        Err(faults) => {
            let faults = faults.into_iter().map(FaultView::from).collect();
            PostcodesRead { text: None, condition: None, codes: None, faults }
        }
    }))
}

fn both_ways(condition: &Condition, digits: u8, country: Country, grammar: &Grammar) -> PostcodesRead {
    let field = grammar.fields().field(standard::POSTCODE);
    let text = postcodes::write(condition, digits, field);
    let reads_more = condition.fields().into_iter().any(|read| read != field.id);
    let set = CodeSet::of_condition(condition, digits).filter(|_| !reads_more);
    let codes = set.map(|set| {
        let codes = place::postcode::codes(country);
        codes.filter(|(code, _)| code.as_str().parse().is_ok_and(|code| set.contains(code))).count()
    });
    PostcodesRead { text, condition: Some(condition.to_json(grammar.fields())), codes, faults: Vec::new() }
}
