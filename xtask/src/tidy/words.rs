//! Words that must not stand in the code.

use super::{Finding, Source};

/// Spelt in halves, so that this file does not find itself.
const FORBIDDEN: [(&str, &str); 6] = [
    (concat!("to", "do!("), "finish it, or leave it out"),
    (concat!("unimpl", "emented!("), "finish it, or leave it out"),
    (concat!("#[ign", "ore"), "a test that does not run proves nothing"),
    (concat!("#[all", "ow("), "use #[expect(…, reason = …)]"),
    (concat!("#![all", "ow("), "use #![expect(…, reason = …)]"),
    (concat!("db", "g!("), "take it out again"),
];

/// Unfinished work, silenced warnings, tests that do not run, paths of one machine.
pub fn forbidden(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        if source.path.ends_with(".rs") {
            for (line, text) in source.code() {
                for (word, remedy) in FORBIDDEN.iter().filter(|(word, _)| text.contains(word)) {
                    findings.push(source.finding("words", format!("line {line}: {word}…: {remedy}")));
                }
            }
        }
        let machine = concat!("/wo", "rk/");
        if let Some((line, _)) = source.text.lines().enumerate().find(|(_, text)| names_path(text, machine)) {
            findings.push(source.finding("words", format!("line {}: a path of one machine", line + 1)));
        }
    }
    findings
}

/// True where the path stands on its own and not inside another, such as `https://host/work/`.
fn names_path(text: &str, path: &str) -> bool {
    let mut from = 0;
    while let Some(at) = text[from..].find(path).map(|at| at + from) {
        let before = text[..at].chars().next_back();
        if before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '.' | '}' | '_' | '-')) {
            return true;
        }
        from = at + path.len();
    }
    false
}

/// SQL that names a workspace's table outside `store`: nothing would bind it to workspace and viewer.
pub fn tables(sources: &[Source]) -> Vec<Finding> {
    let tables = table_names(sources);
    let mut findings = Vec::new();
    let rooms = sources.iter().filter(|source| {
        let is_code = source.path.starts_with("crates/") && source.path.ends_with(".rs");
        is_code && !source.path.starts_with("crates/store/") && !source.is_test()
    });
    for source in rooms {
        for (line, text) in source.code() {
            if let Some(table) = tables.iter().find(|table| names_table(text, table)) {
                findings.push(source.finding("sql", format!("line {line}: SQL names the table {table}")));
            }
        }
    }
    findings
}

fn table_names(sources: &[Source]) -> Vec<String> {
    let migrations = sources.iter().filter(|source| source.path.starts_with("crates/store/src/migrations/"));
    let lines = migrations.flat_map(|source| source.text.lines());
    let names = lines.filter_map(|line| line.trim().strip_prefix("CREATE TABLE "));
    names
        .filter_map(|rest| rest.split([' ', '(']).next())
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

fn names_table(text: &str, table: &str) -> bool {
    ["FROM ", "JOIN ", "INTO ", "UPDATE ", "TABLE "].iter().any(|verb| {
        text.match_indices(verb).any(|(at, _)| {
            let named = text[at + verb.len()..].trim_start_matches(['"', '\\']);
            let rest = named.strip_prefix(table);
            rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{names_path, names_table};

    #[test]
    fn sql_that_names_a_table_is_found() {
        assert!(names_table("SELECT id FROM lead WHERE x", "lead"));
        assert!(names_table("INSERT INTO \\\"user\\\" (id)", "user"));
        assert!(!names_table("SELECT id FROM lead_collaborator", "lead"));
        assert!(!names_table("the lead is taken FROM visible_lead", "lead"));
    }

    #[test]
    fn a_path_inside_an_address_is_none_of_a_machine() {
        let machine = concat!("/wo", "rk/");
        assert!(names_path(&format!("read \"{machine}x\""), machine));
        assert!(!names_path(&format!("https://example.org{machine}x"), machine));
    }
}
