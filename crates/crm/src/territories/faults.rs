//! What can be wrong with a territory.
//! Uses: tree, palette.

use uuid::Uuid;

use super::palette;
use super::tree::Tree;
use crate::error::{Error, Fault};

/// Levels of the tree.
pub const TREE_DEPTH_MAX: usize = 32;
pub const NAME_CHARS_MAX: usize = 120;

/// Every fault at once.
///
/// # Errors
/// [`Error::Invalid`] where there are any.
pub fn refuse(faults: Vec<Fault>) -> Result<(), Error> {
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// What is wrong with a name in this tree: names are unique.
pub fn name_fault(tree: &Tree, own: Option<Uuid>, name: &str) -> Option<Fault> {
    if let Some(other) = tree.named(name).filter(|other| Some(other.id) != own) {
        let detail = format!("another territory is called \"{}\"; names are unique in a plan", other.name);
        return Some(Fault::new("/name", "name_taken", name, detail));
    }
    text_fault("/name", name)
}

/// What is wrong with a name: it has 1 to [`NAME_CHARS_MAX`] characters.
pub fn text_fault(pointer: &str, name: &str) -> Option<Fault> {
    let chars = name.chars().count();
    if (1..=NAME_CHARS_MAX).contains(&chars) {
        return None;
    }
    let detail = format!("a name has 1 to {NAME_CHARS_MAX} characters; this one has {chars}");
    Some(Fault::new(pointer, "name_length", name, detail))
}

/// What is wrong with a parent: it exists, lies outside of the branch, and not too deep.
pub fn parent_fault(tree: &Tree, own: Option<Uuid>, parent: Option<Uuid>) -> Option<Fault> {
    let parent = parent?;
    let fault = |code, detail: &str| Some(Fault::new("/parent", code, parent.to_string(), detail));
    if tree.get(parent).is_none() {
        return fault(
            "unknown_territory",
            "there is no such territory; pick another parent, or null for none",
        );
    }
    if own.is_some_and(|own| tree.is_within(parent, own)) {
        return fault("circle", "a territory cannot move below itself; pick a parent outside of it");
    }
    let below = own.map_or(1, |own| height(tree, own));
    if tree.path(parent).len() + below > TREE_DEPTH_MAX {
        return fault("too_deep", "the tree has at most 32 levels; pick a parent further up");
    }
    None
}

/// Levels of a branch.
fn height(tree: &Tree, id: Uuid) -> usize {
    let above = tree.path(id).len();
    let levels = tree.branch(id).into_iter().map(|id| tree.path(id).len() + 1 - above);
    levels.max().unwrap_or(1)
}

/// What is wrong with a calendar: it is a country's or a state's code.
pub fn calendar_fault(calendar: &str) -> Option<Fault> {
    let is_known = place::Country::by_code(calendar).is_some() || place::State::by_code(calendar).is_some();
    let detail = "a calendar is a country or state, like DE or DE-BY, whose public holidays count";
    (!is_known).then(|| Fault::new("/calendar", "unknown_calendar", calendar, detail))
}

/// What is wrong with a colour: it is a name of the palette.
pub fn color_fault(color: &str) -> Option<Fault> {
    let is_known = palette::PALETTE.contains(&color);
    let detail = format!("colours go by name: {}", palette::PALETTE.join(", "));
    (!is_known).then(|| Fault::new("/color", "unknown_color", color, detail))
}
