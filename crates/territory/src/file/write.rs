//! From a plan file back to text, in one order: a changed plan differs only where it was changed.
//! Uses: plan.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{FORMAT, FileField, FileMember, FileRule, FileTerritory, PlanFile};

pub(super) fn write(file: &PlanFile) -> String {
    let mut json = Map::new();
    json.insert("format".into(), json!(FORMAT));
    if let Some(currency) = file.currency {
        json.insert("currency".into(), json!(currency.code()));
    }
    if let Some(zone) = &file.time_zone {
        json.insert("time_zone".into(), json!(zone));
    }
    if let Some(country) = &file.default_country {
        json.insert("default_country".into(), json!(country));
    }
    if let Some(name) = &file.default_territory {
        json.insert("default_territory".into(), json!(name));
    }
    if !file.fields.is_empty() {
        let mut fields: Vec<&FileField> = file.fields.iter().collect();
        fields.sort_by(|a, b| a.key.cmp(&b.key));
        json.insert("fields".into(), fields.into_iter().map(super::fields::written).collect());
    }
    json.insert("territories".into(), parents_first(file).into_iter().map(territory).collect());
    if !file.examples.is_empty() {
        let examples = file.examples.iter();
        let examples =
            examples.map(|example| json!({ "lead": example.lead, "territory": example.territory }));
        json.insert("examples".into(), examples.collect());
    }
    let mut text = serde_json::to_string_pretty(&json).expect("a map of texts is JSON");
    text.push('\n');
    text
}

/// Each territory right after its parent and that one's earlier children, siblings by position and name.
fn parents_first(file: &PlanFile) -> Vec<&FileTerritory> {
    let mut children: HashMap<Option<&str>, Vec<&FileTerritory>> = HashMap::new();
    for territory in &file.territories {
        children.entry(territory.parent.as_deref()).or_default().push(territory);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| (b.position, &b.name).cmp(&(a.position, &a.name)));
    }
    let mut order = Vec::with_capacity(file.territories.len());
    let mut open = children.remove(&None).unwrap_or_default();
    while let Some(territory) = open.pop() {
        order.push(territory);
        open.extend(children.remove(&Some(territory.name.as_str())).unwrap_or_default());
    }
    order
}

fn territory(territory: &FileTerritory) -> Json {
    let FileTerritory { name, parent, position, active, color, calendar, rules, members } = territory;
    let mut json = Map::new();
    json.insert("name".into(), json!(name));
    if let Some(parent) = parent {
        json.insert("parent".into(), json!(parent));
    }
    json.insert("position".into(), json!(position));
    json.insert("active".into(), json!(active));
    if let Some(color) = color {
        json.insert("color".into(), json!(color));
    }
    if let Some(calendar) = calendar {
        json.insert("calendar".into(), json!(calendar));
    }
    json.insert("rules".into(), rules.iter().map(rule).collect());
    let mut members: Vec<&FileMember> = members.iter().collect();
    members.sort_by(|a, b| (a.position, &a.user).cmp(&(b.position, &b.user)));
    json.insert("members".into(), members.into_iter().map(member).collect());
    Json::Object(json)
}

fn rule(rule: &FileRule) -> Json {
    let FileRule { name, enabled, when, parsed: _, broken: _ } = rule;
    json!({ "name": name, "enabled": enabled, "when": in_order(when) })
}

fn member(member: &FileMember) -> Json {
    let FileMember {
        user,
        access,
        assignment,
        weight,
        position,
        includes_children,
        role,
        open_leads_max,
        leads_per_day_max,
    } = member;
    let always = [
        ("user", json!(user)),
        ("access", json!(access)),
        ("assignment", json!(assignment)),
        ("weight", json!(weight.get())),
        ("position", json!(position)),
    ];
    let sometimes = [
        ("includes_children", includes_children.map(Json::from)),
        ("role", role.as_deref().map(Json::from)),
        ("open_leads_max", open_leads_max.map(Json::from)),
        ("leads_per_day_max", leads_per_day_max.map(Json::from)),
    ];
    let sometimes = sometimes.into_iter().filter_map(|(key, value)| Some((key, value?)));
    let json = always.into_iter().chain(sometimes).map(|(key, value)| (key.to_owned(), value));
    Json::Object(json.collect())
}

/// A condition with its keys in one order; lists stay as somebody wrote them.
fn in_order(when: &Json) -> Json {
    match when {
        Json::Array(items) => items.iter().map(in_order).collect(),
        Json::Object(object) => {
            let first = ["field", "op", "values"];
            let known = first.iter().filter_map(|&key| Some((key.to_owned(), object.get(key)?)));
            let mut others: Vec<_> =
                object.iter().filter(|(key, _)| !first.contains(&key.as_str())).collect();
            others.sort_by_key(|&(key, _)| key);
            let others = others.into_iter().map(|(key, value)| (key.clone(), value));
            Json::Object(known.chain(others).map(|(key, value)| (key, in_order(value))).collect())
        }
        other => other.clone(),
    }
}
