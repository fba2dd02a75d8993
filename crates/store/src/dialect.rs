//! The words in which SQLite and PostgreSQL differ. No other file knows them but the migrations.

use sea_orm::DbBackend;

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

    /// The elements of a JSON array of texts in `column`, as rows of one column `value`.
    pub fn elements(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_each({column})"),
            Dialect::Postgres => format!("jsonb_array_elements_text({column}::jsonb) AS element(value)"),
        }
    }

    /// The member `name` of each object in the JSON array `column` equals one of the bound JSON array.
    pub fn member_of_element(self, name: &str) -> String {
        match self {
            Dialect::Sqlite => format!("json_extract(value, '$.{name}')"),
            Dialect::Postgres => format!("(value::jsonb ->> '{name}')"),
        }
    }

    /// The text at `key` of the JSON object in `column`; the key is bound as a parameter.
    pub fn json_text(self, column: &str) -> String {
        match self {
            Dialect::Sqlite => format!("({column} ->> ?)"),
            Dialect::Postgres => format!("({column}::jsonb ->> ?)"),
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
    pub fn contains(self, text: &str) -> String {
        match self {
            Dialect::Sqlite => format!("instr({text}, ?) > 0"),
            Dialect::Postgres => format!("strpos({text}, ?) > 0"),
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
