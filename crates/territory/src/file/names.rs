//! Names in a plan file: unique, and leading somewhere.
//! Uses: read, fault.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use super::PlanFile;
use super::fault::FileCode;
use super::read::Reader;

impl Reader<'_> {
    /// Names are unique, what they name exists, and parents form no circle.
    pub(super) fn check_names(&mut self, file: &PlanFile) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, territory) in file.territories.iter().enumerate() {
            let name = territory.name.as_str();
            if name.is_empty() {
                continue;
            }
            if let Some(other) = first.get(name) {
                let detail = format!("\"{name}\" is the name of /territories/{other} too; names are unique");
                self.fault_at(format!("territories/{at}/name"), FileCode::NameTwice, name, detail);
            } else {
                first.insert(name, at);
            }
        }
        let is_known = |name: &str| first.contains_key(name);
        let unknown = |reader: &mut Self, step: String, name: &str| {
            let detail = format!("there is no territory \"{name}\" in this plan");
            reader.fault_at(step, FileCode::UnknownTerritory, name, detail);
        };
        for (at, territory) in file.territories.iter().enumerate() {
            if let Some(parent) = territory.parent.as_deref().filter(|parent| !is_known(parent)) {
                unknown(self, format!("territories/{at}/parent"), parent);
            }
        }
        if let Some(name) = file.default_territory.as_deref().filter(|name| !is_known(name)) {
            unknown(self, "default_territory".to_owned(), name);
        }
        for (at, example) in file.examples.iter().enumerate() {
            if let Some(name) = example.territory.as_deref().filter(|name| !is_known(name)) {
                unknown(self, format!("examples/{at}/territory"), name);
            }
        }
        self.check_circles(file, &first);
    }

    fn check_circles(&mut self, file: &PlanFile, places: &HashMap<&str, usize>) {
        let parent_of =
            |at: usize| file.territories[at].parent.as_deref().and_then(|name| places.get(name)).copied();
        // Territories from which a root is reached, or whose circle has been told.
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for start in 0..file.territories.len() {
            let mut path: BTreeMap<usize, usize> = BTreeMap::new();
            let mut at = Some(start);
            while let Some(here) = at.filter(|here| !done.contains(here)) {
                if let Some(&begin) = path.get(&here) {
                    let mut circle: Vec<(usize, usize)> = path
                        .iter()
                        .map(|(&at, &step)| (step, at))
                        .filter(|&(step, _)| step >= begin)
                        .collect();
                    circle.sort_unstable();
                    let mut names = String::new();
                    for (_, at) in &circle {
                        write!(names, "{} → ", file.territories[*at].name).expect("strings take everything");
                    }
                    names.push_str(&file.territories[here].name);
                    let detail = format!("parents form a circle: {names}");
                    self.fault_at(format!("territories/{here}/parent"), FileCode::Circle, &names, detail);
                    break;
                }
                path.insert(here, path.len());
                at = parent_of(here);
            }
            done.extend(path.into_keys());
        }
    }
}
