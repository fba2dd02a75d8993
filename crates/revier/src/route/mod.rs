//! `revier route`: a file of leads through a plan file, without database and server.
//! Never keeps more than one row, and never stops at a bad one.
//! Uses: territory, rotation, condition.
//!
//! Reading order: this page, [`decode`], [`lines`] and [`rows`] (what comes in), [`turns`], [`why`], [`answers`].

mod answers;
mod decode;
mod lines;
mod rows;
mod turns;
mod why;

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use condition::normal::{Context, Draft, Fault, Notation, Reader, time};
use condition::{Catalog, Facts};
use jiff::tz::TimeZone;
use place::Country;
use rotation::Turn;
use territory::file::catalog;
use territory::index::Explained;
use territory::{Index, PlanFile, TerritoryId};

use crate::outcome::{Outcome, Speech};
use answers::{Answer, Answers};
use rows::{Row, Rows};
use turns::Turns;

/// What stands in place of a bad row's territory.
const ERROR: &str = "error";
/// Countries in which numbers are written `1.234,5`.
const GERMAN_NUMBERS: [&str; 5] = ["AT", "CH", "DE", "LI", "LU"];

#[derive(Debug, Args)]
pub struct Route {
    /// The plan: a file of the format revier-plan/1.
    #[arg(long, env = "REVIER_PLAN", value_name = "PLAN.json")]
    pub plan: PathBuf,
    /// The leads: CSV whose header names fields as the API does, or JSON lines; - is standard input.
    /// Encoding and delimiter are found out; lists are parted by semicolons.
    #[arg(long, env = "REVIER_LEADS", value_name = "FILE")]
    pub leads: PathBuf,
    /// How the answers are written; without it as the leads are.
    #[arg(long, env = "REVIER_FORMAT")]
    pub format: Option<Format>,
    /// Where phones without country code are dialled and postcodes of leads without country lie.
    #[arg(long, env = "REVIER_COUNTRY", value_parser = country, value_name = "COUNTRY")]
    pub country: Option<Country>,
    /// Says for each lead why it went where it did.
    #[arg(long, env = "REVIER_EXPLAIN", value_parser = FalseyValueParser::new())]
    pub explain: bool,
    /// Reads and writes whose turn it is, so that runs continue each other.
    #[arg(long, env = "REVIER_TURNS", value_name = "STATE.json")]
    pub turns: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Csv,
    Jsonl,
}

fn country(text: &str) -> Result<Country, String> {
    Country::find(text)
        .ok_or_else(|| format!("{text:?} is no country; write its name or ISO code, such as DE"))
}

/// Routes the leads to standard output.
pub fn run(options: &Route, speech: Speech) -> Result<Outcome> {
    let catalog = catalog();
    let Some(file) = read_plan(&options.plan, &catalog)? else { return Ok(Outcome::Unusable) };
    let catalog = file.catalog(&catalog);
    let turns = Turns::of(&file, options.turns.as_deref())?;
    let rows = Rows::open(open(&options.leads)?, &catalog)?;
    let format = options.format.unwrap_or(match &rows {
        Rows::Csv(_) if !speech.json => Format::Csv,
        _ => Format::Jsonl,
    });
    let context = context(options, &file, &rows);
    let zone = file.zone();
    let mut router = Router {
        index: Index::build(&file.plan()),
        reader: Reader::new(&catalog, &context),
        today: time::day_of(jiff::Timestamp::now().as_microsecond(), &zone),
        rule_names: file
            .territories
            .iter()
            .flat_map(|territory| &territory.rules)
            .map(|rule| &*rule.name)
            .collect(),
        file: &file,
        catalog: &catalog,
        context: &context,
        zone,
        turns,
        explains: options.explain,
        rejected: 0,
    };
    let answers = Answers::new(BufWriter::new(io::stdout().lock()), format, options.explain);
    let routed = answers.map_err(Into::into).and_then(|answers| router.route(rows, answers));
    // Turns that were told count, whatever stopped the run.
    if let Some(path) = &options.turns {
        router.turns.save(&file, path)?;
    }
    match routed {
        // Who reads the answers has seen enough (`revier route … | head`): no failure of ours.
        Err(error) if is_left(&error) => return Ok(Outcome::Fine),
        routed => routed?,
    }
    Ok(if router.rejected > 0 { Outcome::Rejections } else { Outcome::Fine })
}

/// Whether standard output was closed at its other end.
fn is_left(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Reads the plan, or tells every fault of it on standard error.
pub fn read_plan(path: &Path, catalog: &Catalog) -> Result<Option<PlanFile>> {
    match PlanFile::read(&text_of(path)?, catalog) {
        Ok(file) => {
            tell_broken_rules(path, &file);
            Ok(Some(file))
        }
        Err(faults) => {
            for fault in faults {
                eprintln!("{}: {fault}", path.display());
            }
            Ok(None)
        }
    }
}

/// The text of a plan file, without the mark that some editors put in front.
pub fn text_of(path: &Path) -> Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("the plan {} cannot be read", path.display()))?;
    Ok(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

pub fn tell_broken_rules(path: &Path, file: &PlanFile) {
    for fault in file.broken_rules() {
        eprintln!("{}: the rule is broken and never matches: {fault}", path.display());
    }
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).with_context(|| format!("the leads {} cannot be read", path.display()))?;
    Ok(Box::new(file))
}

/// Numbers are written the German way in German-speaking countries and, where no country is named, in
/// files parted by semicolons, as German Excel writes them.
fn context(options: &Route, file: &PlanFile, rows: &Rows) -> Context {
    let is_german = match (options.country, rows) {
        (Some(country), _) => GERMAN_NUMBERS.contains(&country.code()),
        (None, Rows::Csv(rows)) => rows.delimiter == b';',
        (None, Rows::Json(_)) => false,
    };
    Context {
        country: options.country.or_else(|| file.country()),
        notation: if is_german { Notation::German } else { Notation::English },
        currency: file.currency(),
        time_zone: file.zone(),
    }
}

struct Router<'a> {
    file: &'a PlanFile,
    catalog: &'a Catalog,
    context: &'a Context,
    reader: Reader<'a>,
    index: Index,
    turns: Turns,
    /// By the rules' numbers.
    rule_names: Vec<&'a str>,
    zone: TimeZone,
    today: i64,
    explains: bool,
    rejected: u64,
}

impl<'a> Router<'a> {
    fn route<W: Write>(&mut self, mut rows: Rows, mut answers: Answers<W>) -> Result<()> {
        if let Rows::Csv(rows) = &rows {
            rows.ignored.iter().for_each(|column| tell_ignored("column", column));
        }
        while let Some(row) = rows.next(self.catalog)? {
            let (line, draft) = self.read(row);
            match draft {
                Ok(draft) => self.answer(line, draft, &mut answers)?,
                Err(faults) => {
                    self.rejected += 1;
                    for fault in &faults {
                        eprintln!("line {line}{fault}");
                    }
                    let why = self.explains.then(|| format!("line {line}{}", faults.join("; ")));
                    let territory = Some(ERROR);
                    answers.write(&Answer { line, territory, owner: None, turn: None, rule: None, why })?;
                }
            }
        }
        Ok(answers.finish()?)
    }

    /// Reads a row; faults say which column and what, behind the line's number.
    fn read(&mut self, row: Row<'_>) -> (u64, Result<Draft, Vec<String>>) {
        let in_words = |catalog: &Catalog, faults: Vec<Fault>| {
            let word = |fault: &Fault| format!(", column {}: {}", fault.field_key(catalog), fault.detail());
            faults.iter().map(word).collect()
        };
        match row {
            Row::Csv { line, cells, columns } => {
                let cells: Vec<_> =
                    columns.iter().zip(cells).filter_map(|(field, cell)| Some(((*field)?, cell))).collect();
                (line, self.reader.texts(&cells).map_err(|faults| in_words(self.catalog, faults)))
            }
            Row::Json { line, object, newly_ignored } => {
                newly_ignored.iter().for_each(|key| tell_ignored("key", key));
                (line, self.reader.json(&object).map_err(|faults| in_words(self.catalog, faults)))
            }
            Row::Broken { line, why } => (line, Err(vec![format!(": {why}")])),
        }
    }

    fn answer<W: Write>(&mut self, line: u64, mut draft: Draft, answers: &mut Answers<W>) -> Result<()> {
        draft.complete(self.context);
        let facts = draft.facts(self.catalog, self.today, |us| time::day_of(us, &self.zone));
        let explained = match self.explains {
            true => Some(self.index.explain(&facts, why::TRIED_MAX)),
            false => None,
        };
        let placed =
            explained.as_ref().map_or_else(|| self.index.place(&facts), |explained| explained.placed);
        let territory = placed.territory.map(number_of);
        let turn = territory.and_then(|territory| self.turns.next(territory));
        let why = explained.map(|explained| self.why(&facts, &explained, territory, turn.as_ref()));
        answers.write(&Answer {
            line,
            territory: territory.map(|territory| self.file.territories[territory].name.as_str()),
            owner: turn.as_ref().map(|turn| turn.member.as_str()),
            turn: turn.as_ref().map(|turn| turn.number),
            rule: placed
                .rule
                .map(|rule| self.rule_names[usize::try_from(rule.0).expect("rules are numbered")]),
            why,
        })?;
        Ok(())
    }

    fn why(
        &self,
        facts: &Facts,
        explained: &Explained,
        territory: Option<usize>,
        turn: Option<&Turn<String>>,
    ) -> String {
        let turn = territory.and_then(|territory| Some((turn?, self.turns.roster(territory))));
        why::sentence(self.file, self.catalog, &self.zone, facts, explained, turn)
    }
}

fn number_of(territory: TerritoryId) -> usize {
    usize::try_from(territory.0).expect("territories are numbered")
}

fn tell_ignored(what: &str, name: &str) {
    let name = if name.is_empty() { Cow::Borrowed("without name") } else { Cow::Owned(format!("{name:?}")) };
    eprintln!("the {what} {name} is no field of a lead and is ignored");
}
