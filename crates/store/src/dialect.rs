//! The words in which SQLite and PostgreSQL differ. No other file knows them but the migrations.

use sea_orm::{DbBackend, Statement};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub fn backend(self) -> DbBackend {
        match self {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        }
    }

    /// Tells the database the workspace of the transaction that has begun.
    pub fn telling(self, workspace: Uuid) -> Statement {
        let sql = "SELECT set_config('revier.workspace', $1, true)";
        Statement::from_sql_and_values(self.backend(), sql, [workspace.to_string().into()])
    }

    /// True once it is this transaction's turn in the line of the number bound to it; none where one writer
    /// makes a line anyway. Whoever asks to be `alone` is overtaken by none that came later.
    pub fn turn(self, alone: bool) -> Option<&'static str> {
        match (self, alone) {
            (Dialect::Sqlite, _) => None,
            (Dialect::Postgres, true) => Some("pg_advisory_xact_lock($1) IS NOT NULL"),
            (Dialect::Postgres, false) => Some("pg_advisory_xact_lock_shared($1) IS NOT NULL"),
        }
    }

    /// The rows of the table that a bound JSON list of objects describes, where one text takes any number of
    /// them; what an object lacks is NULL.
    pub fn rows_in_json(self, table: &str) -> Option<String> {
        match self {
            // Its prepared statements are cheap enough, and it would have to read the JSON once per column.
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                Some(format!("json_populate_recordset(CAST(NULL AS {table}), CAST($1 AS json))"))
            }
        }
    }

    /// A text with question marks for its parameters, as the query builder of this dialect reads it.
    pub fn slots(self, text: &str) -> String {
        if self == Dialect::Sqlite {
            return text.to_owned();
        }
        let mut number = 0;
        text.chars().fold(String::with_capacity(text.len() + 8), |mut out, sign| {
            if sign == '?' {
                number += 1;
                out.push_str(&format!("${number}"));
            } else {
                out.push(sign);
            }
            out
        })
    }

    /// The sign of a parameter, and whether its number follows.
    pub fn slot(self) -> (&'static str, bool) {
        match self {
            Dialect::Sqlite => ("?", false),
            Dialect::Postgres => ("$", true),
        }
    }

    /// The elements of the JSON array `list`, as rows of one column `value`.
    pub fn elements(self, list: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_each({list})"),
            // Both sides of a comparison need one collation; ours is that of the columns.
            Dialect::Postgres => format!(
                "(SELECT value COLLATE \"C\" AS value FROM jsonb_array_elements_text(({list})::jsonb) AS element(value)) AS element"
            ),
        }
    }

    /// As [`Dialect::elements`], its column called `listed.value`.
    pub fn listed(self, list: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_each({list}) AS listed"),
            Dialect::Postgres => format!(
                "(SELECT value COLLATE \"C\" AS value FROM jsonb_array_elements_text(({list})::jsonb) AS element(value)) AS listed"
            ),
        }
    }

    /// The member of an element of [`Dialect::elements`] that is an object.
    pub fn member_of_element(self, name: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_extract(value, '$.{name}')"),
            Dialect::Postgres => format!("((value::jsonb ->> '{name}') COLLATE \"C\")"),
        }
    }

    /// The text at a bound key of the JSON object in `column`.
    pub fn json_text(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("({column} ->> ?)"),
            Dialect::Postgres => format!("(({column}::jsonb ->> (?)::text) COLLATE \"C\")"),
        }
    }

    /// The JSON at a bound key of the JSON object in `column`.
    pub fn json_member(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("({column} -> ?)"),
            Dialect::Postgres => format!("({column}::jsonb -> (?)::text)"),
        }
    }

    /// The text of a member of the object at a bound key of the JSON object in `column`.
    pub fn json_member_text(self, column: &str, member: &str) -> String {
        match self {
            Dialect::Sqlite => format!("({column} -> ? ->> '{member}')"),
            Dialect::Postgres => format!("(({column}::jsonb -> (?)::text ->> '{member}') COLLATE \"C\")"),
        }
    }

    /// All rows as one text of JSON, each an array of these columns; nothing where there are no rows.
    pub fn rows_as_json(self, columns: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_group_array(json_array({columns}))"),
            Dialect::Postgres => format!("json_agg(json_build_array({columns}))::text"),
        }
    }

    /// An id as a text that JSON can hold; empty or nothing where there is none.
    pub fn id_in_json(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("hex({column})"),
            Dialect::Postgres => column.to_owned(),
        }
    }

    /// A text of JSON as the JSON that it is.
    pub fn text_as_json(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json({column})"),
            Dialect::Postgres => format!("({column})::json"),
        }
    }

    /// Characters from the right end of a text.
    pub fn right(self, text: &str, count: usize) -> String {
        match self {
            Dialect::Sqlite => format!("substr({text}, -{count})"),
            Dialect::Postgres => format!("right({text}, {count})"),
        }
    }

    /// True where the second text lies inside the first.
    pub fn contains(self) -> &'static str {
        match self {
            Dialect::Sqlite => "instr(?, ?) > 0",
            Dialect::Postgres => "strpos(?, ?) > 0",
        }
    }

    /// What makes a statement tell its plan, and the column that holds the steps.
    pub fn explaining(self) -> (&'static str, &'static str) {
        match self {
            Dialect::Sqlite => ("EXPLAIN QUERY PLAN ", "detail"),
            Dialect::Postgres => ("EXPLAIN ", "QUERY PLAN"),
        }
    }

    /// The names of all tables, in order.
    pub fn tables(self) -> &'static str {
        match self {
            Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            }
            Dialect::Postgres => {
                "SELECT table_name::text FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
            }
        }
    }

    /// The names of our tables that have doubled since the database looked at them; none where its plans do not
    /// depend on that. PostgreSQL lets nobody look at a table but its owner and the database's.
    pub fn grown_tables(self) -> Option<&'static str> {
        match self {
            Dialect::Sqlite => None,
            Dialect::Postgres => Some(
                "SELECT grown.relname::text FROM pg_stat_user_tables AS grown \
                 JOIN pg_class ON pg_class.oid = grown.relid \
                 JOIN pg_database ON pg_database.datname = current_database() \
                 WHERE grown.schemaname = current_schema() AND pg_table_is_visible(grown.relid) \
                 AND grown.n_mod_since_analyze > 500 AND grown.n_mod_since_analyze * 2 > grown.n_live_tup \
                 AND (pg_has_role(pg_class.relowner, 'USAGE') OR pg_has_role(pg_database.datdba, 'USAGE')) \
                 ORDER BY 1",
            ),
        }
    }

    /// Lets the database look at a table, unless somebody does already.
    pub fn look_at(self, table: &str) -> String {
        match self {
            Dialect::Sqlite => format!("ANALYZE \"{table}\""),
            Dialect::Postgres => format!("ANALYZE (SKIP_LOCKED) \"{table}\""),
        }
    }

    /// After the columns of a table of small rows: they lie in the order of their key, not beside it.
    pub fn stored_by_key(self) -> &'static str {
        match self {
            Dialect::Sqlite => "WITHOUT ROWID",
            Dialect::Postgres => "",
        }
    }

    /// The type names that migrations use.
    pub fn column_type(self, name: &str) -> &'static str {
        match (self, name) {
            (Dialect::Sqlite, "uuid") => "blob",
            (Dialect::Postgres, "uuid") => "uuid",
            // Texts compare by their bytes on both databases, so that sorts and ranges agree.
            (Dialect::Sqlite, "text") => "text",
            (Dialect::Postgres, "text") => "text COLLATE \"C\"",
            (_, "int") => "bigint",
            (_, "bool") => "boolean",
            _ => panic!("no column type is called {name}"),
        }
    }
}
