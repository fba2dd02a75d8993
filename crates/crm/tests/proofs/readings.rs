//! Three readings of the one condition language: in memory, through the index, and as SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::Task;
use condition::generate::{self, TODAY};
use condition::parse::Purpose;
use condition::{Catalog, Condition, Criterion, Facts, Field, Interval, Test, Value, standard};
use crm::records::lead::columns;
use crm::records::lead::store::lead;
use crm::{App, Error};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::strategy::Strategy;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, sea_query};
use serde_json::{Map, json};
use store::filter::{Form, Reading};
use store::{Dialect, Sight};
use territory::{Index, Plan, Rule, RuleId, Territory, TerritoryId, When};
use testkit::Site;
use uuid::Uuid;

use crate::chance::{Chance, rounds};

const WORKSPACE: Uuid = Uuid::from_u128(1);
const LEADS: usize = 250;
/// Together with the leads: 10,000 pairs of plan and lead on each database.
const PLANS: usize = 40;
const CONDITIONS: usize = 600;

testkit::on_both_databases!(
    a_condition_holds_in_memory_where_its_sql_selects_the_row,
    every_operator_of_every_kind_reads_the_same_in_memory_and_in_sql,
    lists_of_30_000_values_select_the_same_rows_as_in_memory,
    index_plain_loop_and_sql_place_a_lead_alike,
    a_reading_that_is_wrong_is_found_out,
);

async fn a_condition_holds_in_memory_where_its_sql_selects_the_row(site: Site) {
    let catalog = generate::catalog();
    let mut chance = Chance::new(1);
    let leads = leads(&site.app, &catalog, &mut chance).await;
    let conditions = generate::conditions(&catalog, Purpose::Filter);
    for _ in 0..rounds(CONDITIONS) {
        let condition = chance.draw(&conditions);
        let wrong = disagreement(&site.app, &catalog, &leads, &condition, &honest).await;
        assert_eq!(wrong, None, "{condition:?}");
    }
}

async fn every_operator_of_every_kind_reads_the_same_in_memory_and_in_sql(site: Site) {
    let catalog = generate::catalog();
    let mut chance = Chance::new(2);
    let leads = leads(&site.app, &catalog, &mut chance).await;
    let mut met: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for field in catalog.fields() {
        let criteria = generate::criterion(field);
        for _ in 0..rounds(30) {
            let json = chance.draw(&criteria);
            let condition = generate::parse(&catalog, &json);
            let wrong = disagreement(&site.app, &catalog, &leads, &condition, &honest).await;
            assert_eq!(wrong, None, "{json}");
            let negated = Condition::Not(Box::new(condition.clone()));
            let wrong = disagreement(&site.app, &catalog, &leads, &negated, &honest).await;
            assert_eq!(wrong, None, "not {json}");
            let held = leads.iter().filter(|(_, facts)| condition.holds(facts)).count();
            let seen = met.entry(format!("{:?} {}", field.kind, json["op"])).or_default();
            seen.0 |= held > 0;
            seen.1 |= held < leads.len();
        }
    }
    let idle: Vec<_> = met.iter().filter(|(_, (held, failed))| !held || !failed).collect();
    assert!(idle.is_empty(), "these never held or never failed: {idle:?}");
}

async fn lists_of_30_000_values_select_the_same_rows_as_in_memory(site: Site) {
    let catalog = generate::catalog();
    let mut chance = Chance::new(3);
    let leads = leads(&site.app, &catalog, &mut chance).await;
    let codes: Vec<String> = (60_000..90_000).map(|code| format!("{code:05}")).collect();
    let words: Vec<String> = (0..30_000).map(|word| format!("konto {word}")).collect();
    let mut words_met = words.clone();
    words_met.extend(["huber", "gmbh", "ab"].map(str::to_owned));
    let own = "custom.text";
    let cases = [
        json!({ "field": "postcode", "op": "is_any_of", "values": codes }),
        json!({ "field": "postcode", "op": "is_none_of", "values": codes }),
        json!({ "field": "postcode", "op": "starts_with_any_of", "values": codes }),
        json!({ "field": "company", "op": "is_any_of", "values": words_met }),
        json!({ "field": "company", "op": "is_none_of", "values": words }),
        json!({ "field": "company", "op": "ends_with_any_of", "values": words_met }),
        json!({ "field": "company", "op": "contains_any_of", "values": words_met }),
        json!({ "field": "company", "op": "matches_any_of", "values": words_met }),
        json!({ "field": own, "op": "is_any_of", "values": words_met }),
        json!({ "field": "emails", "op": "ends_with_any_of", "values": words_met }),
    ];
    for json in cases {
        let condition = generate::parse(&catalog, &json);
        let wrong = disagreement(&site.app, &catalog, &leads, &condition, &honest).await;
        assert_eq!(wrong, None, "{} {}", json["field"], json["op"]);
    }
}

async fn index_plain_loop_and_sql_place_a_lead_alike(site: Site) {
    let catalog = generate::catalog();
    let mut chance = Chance::new(4);
    let leads = leads(&site.app, &catalog, &mut chance).await;
    let conditions = generate::conditions(&catalog, Purpose::Rule);
    let mut placed_by_rule = 0;
    for _ in 0..rounds(PLANS) {
        let plan = plan(&mut chance, &conditions);
        let index = Index::build(&plan);
        let by_sql = placed_by_sql(&site.app, &catalog, &plan).await;
        for (id, facts) in &leads {
            let by_loop = place(&plan, facts);
            assert_eq!(index.place(facts).territory, by_loop, "the index on {facts:?} with {plan:?}");
            let by_sql = by_sql.get(id).copied().or(default_of(&plan));
            assert_eq!(by_sql, by_loop, "the SQL on {facts:?} with {plan:?}");
            placed_by_rule += usize::from(index.place(facts).rule.is_some());
        }
    }
    assert!(placed_by_rule > LEADS * PLANS / 4, "only {placed_by_rule} found a rule");
}

/// Each of these readings is wrong in one small way, and the check above has to see it.
async fn a_reading_that_is_wrong_is_found_out(site: Site) {
    let catalog = generate::catalog();
    let mut chance = Chance::new(5);
    let leads = leads(&site.app, &catalog, &mut chance).await;
    let conditions = generate::conditions(&catalog, Purpose::Filter);
    let mutants: [(&str, &Mutant); 5] = [
        ("the day ends an hour late", &|reading, condition| {
            let start = std::mem::replace(&mut reading.day_start, Box::new(|_| 0));
            reading.day_start = Box::new(move |day| start(day) + 3_600_000_000);
            condition.clone()
        }),
        ("tomorrow is taken for today", &|reading, condition| {
            reading.today += 1;
            condition.clone()
        }),
        ("two columns are mixed up", &|reading, condition| {
            let form = std::mem::replace(&mut reading.form, Box::new(|_| Form::Column("NULL")));
            let mixed_up = |field| if field == standard::COMPANY { standard::CITY } else { field };
            reading.form = Box::new(move |field| form(mixed_up(field)));
            condition.clone()
        }),
        ("the upper bound is included", &|_, condition| with_upper_bounds_included(condition)),
        ("a missing value fails a negation", &|_, condition| without_negations_of_missing(condition)),
    ];
    for (name, mutant) in mutants {
        let mut is_found = false;
        for _ in 0..CONDITIONS * 10 {
            let condition = chance.draw(&conditions);
            is_found = disagreement(&site.app, &catalog, &leads, &condition, mutant).await.is_some();
            if is_found {
                break;
            }
        }
        assert!(is_found, "nobody noticed that {name}");
    }
}

/// Changes a reading or the condition that it reads.
type Mutant = dyn Fn(&mut Reading<'_>, &Condition) -> Condition + Send + Sync;

fn honest(_: &mut Reading<'_>, condition: &Condition) -> Condition {
    condition.clone()
}

/// The first lead on which memory and database do not agree, if there is one.
async fn disagreement(
    app: &App,
    catalog: &Catalog,
    leads: &[(Uuid, Facts)],
    condition: &Condition,
    mutant: &Mutant,
) -> Option<(bool, Facts)> {
    let mut reading = reading(catalog, app.db.dialect());
    let read = mutant(&mut reading, condition);
    let selected = selected(app, &reading, &read).await;
    let differs = |(id, facts): &&(Uuid, Facts)| condition.holds(facts) != selected.contains(id);
    leads.iter().find(differs).map(|(_, facts)| (condition.holds(facts), facts.clone()))
}

fn reading(catalog: &Catalog, dialect: Dialect) -> Reading<'_> {
    let zone = generate::time_zone();
    Reading {
        dialect,
        form: Box::new(|field| columns::form(catalog, field)),
        today: TODAY,
        day_start: Box::new(move |day| {
            let day = date(1970, 1, 1) + day.days();
            let start = day.to_zoned_datetime(zone.clone()).expect("a day of our time");
            start.timestamp().as_microsecond()
        }),
    }
}

async fn selected(app: &App, reading: &Reading<'_>, condition: &Condition) -> BTreeSet<Uuid> {
    let expression = reading.expression(condition);
    let rows = app
        .db
        .read(WORKSPACE, Sight::Task(Task::Assignment), |tx| async move {
            let select = tx.select::<lead::Entity>().filter(sea_query::Condition::all().add(expression));
            let id = sea_query::Expr::cust(r#""lead"."id""#);
            Ok::<Vec<(Uuid,)>, Error>(select.tuples(vec![id], Vec::new()).await?)
        })
        .await
        .unwrap_or_else(|error| panic!("{error:?} on {condition:?}"));
    rows.into_iter().map(|(id,)| id).collect()
}

/// Random leads, written as rows.
async fn leads(app: &App, catalog: &Catalog, chance: &mut Chance) -> Vec<(Uuid, Facts)> {
    let random = generate::facts(catalog);
    let mut leads: Vec<(Uuid, Facts)> = Vec::new();
    for number in 0..LEADS {
        let mut facts = chance.draw(&random);
        complete(&mut facts);
        leads.push((Uuid::from_u128(1_000 + number as u128), facts));
    }
    let rows: Vec<lead::ActiveModel> = leads.iter().map(|(id, facts)| row(catalog, *id, facts)).collect();
    app.db
        .write(WORKSPACE, Sight::Task(Task::Assignment), |tx| {
            let rows = rows.clone();
            async move { Ok::<_, Error>(tx.insert(rows).await?) }
        })
        .await
        .expect("the leads are written");
    leads
}

/// Every record has these.
fn complete(facts: &mut Facts) {
    let moment = Value::Moment { us: TODAY * 86_400_000_000, day: TODAY };
    let always = [
        (standard::PINNED, Value::YesNo(false)),
        (standard::QUEUED, Value::YesNo(false)),
        (standard::CREATED_AT, moment.clone()),
        (standard::UPDATED_AT, moment),
    ];
    for (field, value) in always {
        if facts.get(field).is_none() {
            facts.set(field, value);
        }
    }
}

/// The row whose compared columns hold exactly these facts.
fn row(catalog: &Catalog, id: Uuid, facts: &Facts) -> lead::ActiveModel {
    let mut row = lead::ActiveModel {
        id: Set(id),
        version: Set(1),
        door: Set("api".to_owned()),
        derived: Set("[]".to_owned()),
        repairs: Set("[]".to_owned()),
        custom: Set("{}".to_owned()),
        ..Default::default()
    };
    let mut own = Map::new();
    for field in catalog.fields() {
        let Some(value) = facts.get(field.id) else { continue };
        match field.key.strip_prefix("custom.") {
            Some(key) => drop(own.insert(key.to_owned(), store::filter::custom_json(value))),
            None => put(&mut row, field, value),
        }
    }
    row.custom_key = Set(serde_json::Value::Object(own).to_string());
    row
}

fn put(row: &mut lead::ActiveModel, field: &Field, value: &Value) {
    let mut set = |column: &str, value: sea_orm::Value| {
        let name = column.trim_start_matches("\"lead\".").trim_matches('"');
        let column: lead::Column = name.parse().unwrap_or_else(|_| panic!("no column {name}"));
        row.set(column, value);
    };
    let texts = |texts: &[Box<str>]| json!(texts).to_string().into();
    match (columns::standard_form(field.id).expect("a standard field"), value) {
        (Form::Id(column), Value::Key(id)) => set(column, Uuid::try_parse(id).expect("an id").into()),
        (Form::IsSet(column), Value::YesNo(is)) => set(column, is.then_some(1_i64).into()),
        (Form::Money { minor, currency }, Value::Money { minor: amount, currency: code }) => {
            set(minor, (*amount).into());
            set(currency, code.code().to_owned().into());
        }
        (Form::Point([x, y, z]), Value::Point(point)) => {
            set(x, point.x.into());
            set(y, point.y.into());
            set(z, point.z.into());
        }
        (Form::Array(column), Value::Texts(list) | Value::Keys(list)) => set(column, texts(list)),
        (Form::Phones(column), phones) => set(column, store::filter::custom_json(phones).to_string().into()),
        (Form::Column(column), Value::Text(text) | Value::Key(text)) => set(column, text.to_string().into()),
        (Form::Column(column), Value::Integer(number) | Value::Moment { us: number, .. }) => {
            set(column, (*number).into());
        }
        (Form::Column(column), Value::YesNo(is)) => set(column, (*is).into()),
        (form, value) => panic!("{} has {value:?}, its form is {form:?}", field.key),
    }
}

/// Up to six territories in a random tree; some inactive, some rules off or broken.
pub fn plan(chance: &mut Chance, conditions: &impl Strategy<Value = Condition>) -> Plan {
    let count = 1 + chance.below(6);
    let mut territories: Vec<Territory> = Vec::new();
    for number in 0..count {
        let parent = chance.below(number + 1);
        let rules = (0..chance.below(4)).map(|at| {
            let when =
                if chance.one_in(8) { When::Broken } else { When::Holds(Arc::new(chance.draw(conditions))) };
            Rule {
                id: RuleId((number * 10 + at) as u128),
                name: String::new(),
                enabled: !chance.one_in(6),
                when,
            }
        });
        let rules = rules.collect();
        territories.push(Territory {
            id: TerritoryId(number as u128 + 1),
            parent: (parent > 0).then_some(TerritoryId(parent as u128)),
            name: format!("T{number}"),
            position: chance.below(3) as i64,
            active: !chance.one_in(6),
            color: None,
            rules,
        });
    }
    let default_territory = chance.one_in(2).then(|| TerritoryId(1 + chance.below(count) as u128));
    Plan { territories, default_territory }
}

/// The plain loop: territory by territory, rule by rule.
pub fn place(plan: &Plan, facts: &Facts) -> Option<TerritoryId> {
    let matches = |territory: &&&Territory| {
        let rules = territory.rules.iter().filter_map(Rule::condition);
        territory.active && rules.into_iter().any(|condition| condition.holds(facts))
    };
    let order = plan.in_order();
    order.iter().find(matches).map(|territory| territory.id).or(default_of(plan))
}

fn default_of(plan: &Plan) -> Option<TerritoryId> {
    let default = plan.territories.iter().find(|territory| Some(territory.id) == plan.default_territory);
    default.filter(|territory| territory.active).map(|territory| territory.id)
}

/// The first territory that selects each lead.
async fn placed_by_sql(app: &App, catalog: &Catalog, plan: &Plan) -> BTreeMap<Uuid, TerritoryId> {
    let reading = reading(catalog, app.db.dialect());
    let mut placed = BTreeMap::new();
    for territory in plan.in_order().into_iter().filter(|territory| territory.active) {
        for condition in territory.rules.iter().filter_map(Rule::condition) {
            for id in selected(app, &reading, condition).await {
                placed.entry(id).or_insert(territory.id);
            }
        }
    }
    placed
}

fn map(condition: &Condition, change: &impl Fn(&Criterion) -> Condition) -> Condition {
    let all = |parts: &[Condition]| parts.iter().map(|part| map(part, change)).collect();
    match condition {
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::Not(part) => Condition::Not(Box::new(map(part, change))),
        Condition::Is(criterion) => change(criterion),
    }
}

fn with_upper_bounds_included(condition: &Condition) -> Condition {
    map(condition, &|criterion| {
        let mut criterion = criterion.clone();
        if let Test::Within(Interval { hi: Some(hi), .. }) = &mut criterion.test {
            *hi += 1;
        }
        Condition::Is(criterion)
    })
}

fn without_negations_of_missing(condition: &Condition) -> Condition {
    map(condition, &|criterion| {
        let is = Condition::Is(criterion.clone());
        if !matches!(criterion.test, Test::IsNoneOf(_) | Test::HasNoneOf(_)) {
            return is;
        }
        let is_there = Condition::Is(Criterion { test: Test::IsNotEmpty, ..criterion.clone() });
        Condition::All(vec![is, is_there])
    })
}
