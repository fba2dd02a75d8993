//! The difference of two plan files in words, a line for each change.
//! Uses: this page's types only.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{FileMember, FileRule, FileTerritory, PlanFile};

impl PlanFile {
    /// Says what somebody did who made `later` of this plan. Territories, rules and members are
    /// known again by their names; equal plans differ by nothing.
    pub fn differences(&self, later: &PlanFile) -> Vec<String> {
        let mut lines = Vec::new();
        let name =
            |name: &Option<String>| name.as_deref().map_or("none".to_owned(), |name| format!("\"{name}\""));
        changed(&mut lines, "currency", self.currency(), later.currency());
        let zone = |file: &PlanFile| file.time_zone.clone().unwrap_or_else(|| "UTC".to_owned());
        changed(&mut lines, "time zone", zone(self), zone(later));
        changed(&mut lines, "default country", name(&self.default_country), name(&later.default_country));
        for field in &later.fields {
            if !self.fields.contains(field) {
                lines.push(format!("field {} added or changed", field.key));
            }
        }
        for field in &self.fields {
            if !later.fields.iter().any(|other| other.key == field.key) {
                lines.push(format!("field {} removed", field.key));
            }
        }
        changed(
            &mut lines,
            "default territory",
            name(&self.default_territory),
            name(&later.default_territory),
        );
        let before = by_name(&self.territories, |territory| &territory.name);
        let after = by_name(&later.territories, |territory| &territory.name);
        for (name, (old, new)) in pairs(before, after) {
            match (old, new) {
                (Some(old), Some(new)) => territory(&mut lines, old, new),
                (None, Some(new)) => lines.push(format!(
                    "territory \"{name}\" added, with {} and {}",
                    counted(new.rules.len(), "rule"),
                    counted(new.members.len(), "member")
                )),
                (_, None) => lines.push(format!("territory \"{name}\" removed")),
            }
        }
        let added = later.examples.iter().filter(|example| !self.examples.contains(example)).count();
        let removed = self.examples.iter().filter(|example| !later.examples.contains(example)).count();
        for (count, what) in [(added, "added"), (removed, "removed")] {
            if count > 0 {
                lines.push(format!("{} {what}", counted(count, "example")));
            }
        }
        lines
    }
}

fn territory(lines: &mut Vec<String>, old: &FileTerritory, new: &FileTerritory) {
    let begin = lines.len();
    let text =
        |text: &Option<String>| text.as_deref().map_or("none".to_owned(), |text| format!("\"{text}\""));
    changed(lines, "parent", text(&old.parent), text(&new.parent));
    changed(lines, "position", old.position, new.position);
    changed(lines, "active", yes_no(old.active), yes_no(new.active));
    changed(lines, "calendar", text(&old.calendar), text(&new.calendar));
    changed(lines, "colour", text(&old.color), text(&new.color));
    let name = |rule: &FileRule| rule.name.clone();
    let order = |rules: &[FileRule], others: &[FileRule]| -> Vec<String> {
        let is_kept = |rule: &&FileRule| others.iter().any(|other| other.name == rule.name);
        rules.iter().filter(is_kept).map(name).collect()
    };
    for (name, (old, new)) in
        pairs(by_name(&old.rules, |rule| &rule.name), by_name(&new.rules, |rule| &rule.name))
    {
        match (old, new) {
            (Some(old), Some(new)) => {
                if old.enabled != new.enabled {
                    lines.push(format!(
                        "rule \"{name}\" {}",
                        if new.enabled { "enabled" } else { "disabled" }
                    ));
                }
                if old.when != new.when {
                    lines.push(format!("rule \"{name}\": {} → {}", old.when, new.when));
                }
            }
            (None, Some(new)) => lines.push(format!("rule \"{name}\" added: {}", new.when)),
            (_, None) => lines.push(format!("rule \"{name}\" removed")),
        }
    }
    if order(&old.rules, &new.rules) != order(&new.rules, &old.rules) {
        lines.push(format!("rules in another order: {}", order(&new.rules, &old.rules).join(", ")));
    }
    for (user, (old, new)) in
        pairs(by_name(&old.members, |member| &member.user), by_name(&new.members, |member| &member.user))
    {
        match (old, new) {
            (Some(old), Some(new)) => member(lines, old, new),
            (None, Some(new)) => lines.push(format!("member {user} added with weight {}", new.weight.get())),
            (_, None) => lines.push(format!("member {user} removed")),
        }
    }
    for line in &mut lines[begin..] {
        line.insert_str(0, &format!("territory \"{}\": ", new.name));
    }
}

fn member(lines: &mut Vec<String>, old: &FileMember, new: &FileMember) {
    let of = |what: &str| format!("member {}: {what}", new.user);
    changed(lines, of("access"), yes_no(old.access), yes_no(new.access));
    changed(lines, of("assignment"), yes_no(old.assignment), yes_no(new.assignment));
    changed(lines, of("weight"), old.weight.get(), new.weight.get());
    changed(lines, of("position"), old.position, new.position);
    let reaches = |member: &FileMember| yes_no(member.includes_children.unwrap_or_default());
    changed(lines, of("territories below"), reaches(old), reaches(new));
    let role = |member: &FileMember| member.role.clone().unwrap_or_else(|| "none".to_owned());
    changed(lines, of("role"), role(old), role(new));
    let cap = |cap: Option<u32>| cap.map_or_else(|| "none".to_owned(), |cap| cap.to_string());
    changed(lines, of("open leads at most"), cap(old.open_leads_max), cap(new.open_leads_max));
    changed(lines, of("leads per day at most"), cap(old.leads_per_day_max), cap(new.leads_per_day_max));
}

fn changed<T: PartialEq + Display>(lines: &mut Vec<String>, what: impl Display, old: T, new: T) {
    if old != new {
        lines.push(format!("{what} {old} → {new}"));
    }
}

fn yes_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// By name; the second of one name goes by `name (2)`, as rules may.
fn by_name<T>(things: &[T], name: impl Fn(&T) -> &String) -> BTreeMap<String, &T> {
    let mut named = BTreeMap::new();
    for thing in things {
        let name = name(thing);
        let names = std::iter::once(name.clone()).chain((2..).map(|count| format!("{name} ({count})")));
        let free = names.into_iter().find(|name| !named.contains_key(name)).expect("numbers do not end");
        named.insert(free, thing);
    }
    named
}

/// Both sides of every name.
type Pairs<'t, T> = BTreeMap<String, (Option<&'t T>, Option<&'t T>)>;

fn pairs<'t, T>(before: BTreeMap<String, &'t T>, after: BTreeMap<String, &'t T>) -> Pairs<'t, T> {
    let mut pairs: Pairs<'t, T> = BTreeMap::new();
    for (name, thing) in before {
        pairs.entry(name).or_default().0 = Some(thing);
    }
    for (name, thing) in after {
        pairs.entry(name).or_default().1 = Some(thing);
    }
    pairs
}
