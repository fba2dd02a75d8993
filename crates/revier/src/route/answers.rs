//! What `revier route` prints: a row per lead, as CSV or JSON lines.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::Format;

/// Where a lead went, or that its row was bad.
pub struct Answer<'a> {
    pub line: u64,
    /// `error` for a bad row.
    pub territory: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub turn: Option<u64>,
    pub rule: Option<&'a str>,
    pub why: Option<String>,
}

pub enum Answers<W: Write> {
    Csv { to: Box<csv::Writer<W>>, explains: bool },
    Json(W),
}

impl<W: Write> Answers<W> {
    pub fn new(to: W, format: Format, explains: bool) -> io::Result<Answers<W>> {
        match format {
            Format::Jsonl => Ok(Answers::Json(to)),
            Format::Csv => {
                let mut to = Box::new(csv::Writer::from_writer(to));
                let names = ["line", "territory", "owner", "turn", "rule"];
                to.write_record(names.into_iter().chain(explains.then_some("why"))).map_err(as_io)?;
                Ok(Answers::Csv { to, explains })
            }
        }
    }

    pub fn write(&mut self, answer: &Answer<'_>) -> io::Result<()> {
        let Answer { line, territory, owner, turn, rule, why } = answer;
        match self {
            Answers::Csv { to, explains } => {
                let number = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
                to.write_field(line.to_string()).map_err(as_io)?;
                to.write_field(territory.unwrap_or_default()).map_err(as_io)?;
                to.write_field(owner.unwrap_or_default()).map_err(as_io)?;
                to.write_field(number(*turn)).map_err(as_io)?;
                to.write_field(rule.unwrap_or_default()).map_err(as_io)?;
                if *explains {
                    to.write_field(why.as_deref().unwrap_or_default()).map_err(as_io)?;
                }
                to.write_record(None::<&[u8]>).map_err(as_io)?;
                Ok(())
            }
            Answers::Json(to) => {
                let mut object: Map<String, Json> = Map::new();
                object.insert("line".into(), json!(line));
                object.insert("territory".into(), json!(territory));
                object.insert("owner".into(), json!(owner));
                object.insert("turn".into(), json!(turn));
                object.insert("rule".into(), json!(rule));
                if let Some(why) = why {
                    object.insert("why".into(), json!(why));
                }
                serde_json::to_writer(&mut *to, &object)?;
                to.write_all(b"\n")
            }
        }
    }

    pub fn finish(self) -> io::Result<()> {
        match self {
            Answers::Csv { mut to, .. } => to.flush(),
            Answers::Json(mut to) => to.flush(),
        }
    }
}

/// The failure below, such as a closed pipe: the writer of CSV wraps it.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
