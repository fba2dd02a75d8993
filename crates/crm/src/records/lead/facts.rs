//! What rules read of a lead, straight from its row: the columns hold values as they are compared, so that
//! nothing is read, folded or completed again. For all leads at once: previews, counts, batches.
//! Uses: row, columns.

use condition::{Catalog, Currency, Facts, Kind, PhoneFact, Point, Value, standard};
use serde_json::Value as Json;

use super::row;
use super::store::lead;

/// The facts of a row. `today` and `day_of` are the workspace's.
pub fn of(row: &lead::Model, catalog: &Catalog, today: i64, day_of: &dyn Fn(i64) -> i64) -> Facts {
    let mut facts = Facts::new(catalog.fields().len(), today);
    macro_rules! put {
        ($make:expr, $($field:ident $column:ident),* $(,)?) => {$(
            if let Some(value) = row.$column.as_ref().and_then($make) {
                facts.set(standard::$field, value);
            }
        )*};
    }
    put!(
        |text: &String| Some(Value::Text(text.as_str().into())),
        SALUTATION salutation_key,
        TITLE title_key,
        FIRST_NAME first_name_key,
        LAST_NAME last_name_key,
        JOB_TITLE job_title_key,
        COMPANY company_key,
        WEBSITE website_key,
        STREET street_key,
        CITY city_key,
        NOTES notes_key,
    );
    put!(
        |key: &String| Some(Value::Key(key.as_str().into())),
        COUNTRY country,
        STATE state,
        POSTCODE postcode_key,
        INDUSTRY industry,
        SOURCE source,
        STATUS status,
    );
    put!(|number: &i64| Some(Value::Integer(*number)), EMPLOYEES employees, SCORE score);
    put!(|text: &String| Some(Value::Texts(texts(&json(text)))), EMAILS emails_key);
    put!(|text: &String| Some(Value::Keys(texts(&json(text)))), REQUIREMENTS requirements);
    put!(|text: &String| Some(Value::Phones(phones(&json(text)))), PHONES phones);
    let currency = row.annual_revenue_currency.as_deref().and_then(Currency::parse);
    if let (Some(minor), Some(currency)) = (row.annual_revenue_minor, currency) {
        facts.set(standard::ANNUAL_REVENUE, Value::Money { minor, currency });
    }
    if let (Some(x), Some(y), Some(z)) = (row.point_x, row.point_y, row.point_z) {
        facts.set(standard::PLACE, Value::Point(Point { x, y, z }));
    }
    let Json::Object(own) = json(&row.custom_key) else { return facts };
    for (key, value) in own {
        if let Some(field) = catalog.find(&format!("custom.{key}"))
            && let Some(value) = own_value(&value, field.kind, day_of)
        {
            facts.set(field.id, value);
        }
    }
    facts
}

/// What the row holds as it was written, for the words of a decision.
pub fn texts_of(row: &lead::Model) -> Vec<String> {
    let mut texts = Vec::new();
    for (_, value) in row::fields(row) {
        match value {
            Json::String(text) => texts.push(text),
            Json::Array(items) => texts.extend(items.iter().filter_map(Json::as_str).map(str::to_owned)),
            _ => {}
        }
    }
    texts
}

/// The value of an own field, as `store::filter::custom_json` has written it.
fn own_value(json: &Json, kind: Kind, day_of: &dyn Fn(i64) -> i64) -> Option<Value> {
    let key = || json.as_str().map(|text| Value::Key(text.into()));
    match kind {
        Kind::Text | Kind::LongText | Kind::Email | Kind::Url => {
            json.as_str().map(|text| Value::Text(text.into()))
        }
        Kind::Choice | Kind::Country | Kind::State | Kind::Postcode => key(),
        Kind::MultiChoice => Some(Value::Keys(texts(json))),
        Kind::Phone => Some(Value::Phones(phones(json))),
        Kind::Integer | Kind::Decimal | Kind::Date => json.as_i64().map(Value::Integer),
        Kind::DateTime => json.as_i64().map(|us| Value::Moment { us, day: day_of(us) }),
        Kind::Money => Some(Value::Money {
            minor: json.get("minor")?.as_i64()?,
            currency: Currency::parse(json.get("currency")?.as_str()?)?,
        }),
        Kind::YesNo => json.as_str().map(|is| Value::YesNo(is == "1")),
        Kind::Place => None,
    }
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_default()
}

fn texts(json: &Json) -> Box<[Box<str>]> {
    let items = json.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Json::as_str).map(Into::into).collect()
}

fn phones(json: &Json) -> Box<[PhoneFact]> {
    let items = json.as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |item: &Json, key: &str| item.get(key).and_then(Json::as_str).map(Into::into);
    let fact = |item: &Json| {
        let number = text(item, "number")?;
        Some(PhoneFact { number, country: text(item, "country"), area: text(item, "area") })
    };
    items.iter().filter_map(fact).collect()
}

#[cfg(test)]
mod tests {
    use condition::normal::{Context, Notation, Reader};
    use jiff::tz::TimeZone;
    use sea_orm::ActiveValue::Set;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_holds_the_facts_of_the_draft_that_filled_it() {
        let mut catalog = Catalog::standard();
        for (key, kind) in [
            ("text", Kind::Text),
            ("number", Kind::Integer),
            ("decimal", Kind::Decimal),
            ("day", Kind::Date),
            ("moment", Kind::DateTime),
            ("money", Kind::Money),
            ("is", Kind::YesNo),
            ("phone", Kind::Phone),
            ("country", Kind::Country),
        ] {
            catalog.add(&format!("custom.{key}"), kind, key, key);
        }
        let context = Context {
            country: place::Country::by_code("DE"),
            notation: Notation::German,
            currency: Currency::EUR,
            time_zone: TimeZone::UTC,
        };
        let fields = json!({
            "salutation": "Frau", "title": "Dr.", "first_name": "Änne", "last_name": "Groß", "job_title": "Einkauf",
            "company": "Bäckerei Huber", "emails": ["A@Huber.example", "b@huber.example"],
            "phones": ["089 1234567", "+1 415 555 0132"], "website": "Huber.example/Brot", "street": "Am Tor 1",
            "country": "DE", "postcode": "80331", "industry": "it", "source": "trade_fair", "status": "new",
            "employees": 60, "score": 7, "annual_revenue": { "amount": "12.50", "currency": "CHF" },
            "requirements": ["quote", "demo"], "notes": "Ruft Mittwoch an",
            "custom.text": "Straße", "custom.number": 5, "custom.decimal": "1.25", "custom.day": "2026-11-24",
            "custom.moment": "2026-11-24T10:00:00Z", "custom.money": { "amount": "3.10", "currency": "EUR" },
            "custom.is": true, "custom.phone": "030 123456", "custom.country": "AT"
        });
        let Json::Object(fields) = fields else { unreachable!("an object") };
        let mut draft = Reader::new(&catalog, &context).json(&fields).expect("sound fields");
        draft.complete(&context);
        let day_of = |us: i64| us.div_euclid(86_400_000_000);
        let mut row = <lead::ActiveModel as sea_orm::ActiveModelTrait>::default();
        row.id = Set(uuid::Uuid::nil());
        (row.version, row.created_at, row.updated_at) = (Set(1), Set(1), Set(1));
        (row.created_by, row.territory_id, row.owner_id) = (Set(None), Set(None), Set(None));
        (row.door, row.is_pinned) = (Set("page".to_owned()), Set(false));
        (row.queued_at, row.assigned_at) = (Set(None), Set(None));
        row::fill(&mut row, &draft, &catalog, &day_of);
        let row = row::shown(&row).expect("a whole row");
        let facts = of(&row, &catalog, 20_000, &day_of);
        assert_eq!(facts, draft.facts(&catalog, 20_000, day_of));
        assert!(texts_of(&row).contains(&"Bäckerei Huber".to_owned()));
    }
}
