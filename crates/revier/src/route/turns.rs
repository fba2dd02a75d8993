//! The rotations' state between runs: a file that one run writes and the next reads.
//! Uses: rotation.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use rotation::{Roster, Rotation, Seat, Turn};
use serde::{Deserialize, Serialize};
use territory::PlanFile;

const FORMAT: &str = "revier-turns/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct State {
    format: String,
    /// By the territory's name; the members are users, as the plan names them.
    territories: BTreeMap<String, Rotation<String>>,
}

/// Whose turn it is in every territory of a plan.
pub struct Turns {
    /// Numbered as in the plan.
    rosters: Vec<Roster<String>>,
    rotations: Vec<Rotation<String>>,
    /// Of territories that this plan does not have; kept for plans that do.
    others: BTreeMap<String, Rotation<String>>,
}

impl Turns {
    /// Begins anew, or where the state left off.
    pub fn of(file: &PlanFile, state: Option<&Path>) -> Result<Turns> {
        let mut saved = match state {
            Some(path) => read(path)?,
            None => BTreeMap::new(),
        };
        let mut turns = Turns { rosters: Vec::new(), rotations: Vec::new(), others: BTreeMap::new() };
        for territory in &file.territories {
            let members = territory.members.iter().filter(|member| member.assignment);
            let seats = members.map(|member| Seat {
                member: member.user.clone(),
                weight: member.weight,
                position: member.position,
            });
            let roster = Roster::new(seats.collect())
                .with_context(|| format!("the members of {} cannot take turns", territory.name))?;
            let mut rotation = saved.remove(&territory.name).unwrap_or_default();
            rotation.keep_only(|user| territory.members.iter().any(|member| member.user == *user));
            turns.rosters.push(roster);
            turns.rotations.push(rotation);
        }
        turns.others = saved;
        Ok(turns)
    }

    /// Takes the next turn of a territory; `None` where nobody takes part.
    pub fn next(&mut self, territory: usize) -> Option<Turn<String>> {
        self.rotations[territory].next(&self.rosters[territory])
    }

    pub fn roster(&self, territory: usize) -> &Roster<String> {
        &self.rosters[territory]
    }

    /// Writes the state, whole or not at all.
    pub fn save(self, file: &PlanFile, path: &Path) -> Result<()> {
        let names = file.territories.iter().map(|territory| territory.name.clone());
        let mut territories = self.others;
        territories.extend(names.zip(self.rotations).filter(|(_, rotation)| rotation.turn() > 0));
        let state = State { format: FORMAT.to_owned(), territories };
        let mut text = serde_json::to_string_pretty(&state)?;
        text.push('\n');
        let fresh = path.with_added_extension("new");
        let write = || -> std::io::Result<()> {
            let mut to = fs::File::create(&fresh)?;
            to.write_all(text.as_bytes())?;
            to.sync_all()?;
            fs::rename(&fresh, path)
        };
        write().with_context(|| format!("the turns cannot be written to {}", path.display()))
    }
}

fn read(path: &Path) -> Result<BTreeMap<String, Rotation<String>>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("the turns cannot be read from {}", path.display()));
        }
    };
    let state: State = serde_json::from_str(&text)
        .with_context(|| format!("{} holds no turns; name another file or remove it", path.display()))?;
    if state.format != FORMAT {
        bail!("{} has the format {:?}, not {FORMAT:?}; name another file", path.display(), state.format);
    }
    Ok(state.territories)
}
