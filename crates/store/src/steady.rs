//! Statements whose texts stay the same however many rows they carry: the databases keep prepared what
//! they have seen before, and preparing a text of a thousand parameters costs more than carrying it out.
//! Where the database reads rows out of JSON, one parameter carries all of them.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{
    ActiveModelTrait, ActiveValue, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, Statement, Value,
};

use crate::dialect::Dialect;

/// Up to so many rows each number has its own text; more rows take several statements of [`MANY`].
const FEW_MAX: usize = 16;
const MANY: [usize; 3] = [64, 32, 16];
/// Rows in one parameter.
const JSON_ROWS_MAX: usize = 1_000;
/// Longer lists are too rare to be worth their repetitions.
const PADDED_MAX: usize = 512;

/// What becomes of a row whose key is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Twin {
    Refused,
    Skipped,
    Replaced,
}

impl Twin {
    /// What the write is called where tests cut it off.
    pub(crate) fn verb(self) -> &'static str {
        match self {
            Twin::Refused | Twin::Skipped => "insert",
            Twin::Replaced => "update",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    entity: TypeId,
    /// A bit for each column, in their order.
    columns: u128,
    /// None: all in one parameter.
    rows: Option<usize>,
    twin: Twin,
}

/// The texts of inserts, written once per table, columns and number of rows.
#[derive(Debug, Default)]
pub(crate) struct Texts(Mutex<HashMap<Key, Arc<str>>>);

impl Texts {
    /// The statements that insert the rows, which lack nothing but what none of them has.
    pub(crate) fn inserts<A>(&self, dialect: Dialect, rows: Vec<A>, twin: Twin) -> Vec<Statement>
    where
        A: ActiveModelTrait,
    {
        let mut rows: Vec<Vec<Option<Value>>> = rows.into_iter().map(taken).collect();
        let columns = Columns::<A::Entity>::of(&mut rows);
        let mut statements = Vec::new();
        let mut add = |rows: Option<usize>, values: Vec<Value>| {
            let text = self.text(&columns, dialect, rows, twin);
            statements.push(Statement::from_sql_and_values(dialect.backend(), text.as_ref(), values));
        };
        if let Some(lists) = columns.in_json(dialect, &rows) {
            lists.into_iter().for_each(|list| add(None, vec![list.into()]));
            return statements;
        }
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let step = step(rows.len());
            let values: Vec<Value> = rows.by_ref().take(step).flatten().flatten().collect();
            add(Some(step), values);
        }
        statements
    }

    fn text<E: EntityTrait>(
        &self,
        columns: &Columns<E>,
        dialect: Dialect,
        rows: Option<usize>,
        twin: Twin,
    ) -> Arc<str> {
        let key = Key { entity: TypeId::of::<E>(), columns: columns.bits, rows, twin };
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = texts.entry(key).or_insert_with(|| columns.text(dialect, rows, twin).into());
        Arc::clone(text)
    }
}

/// The columns that any of the rows sets.
struct Columns<E: EntityTrait> {
    set: Vec<E::Column>,
    bits: u128,
}

impl<E: EntityTrait> Columns<E> {
    /// Finds the columns, and fills with NULL what a row lacks and another has.
    fn of(rows: &mut [Vec<Option<Value>>]) -> Columns<E> {
        let mut columns = Columns { set: Vec::new(), bits: 0 };
        for (at, column) in E::Column::iter().enumerate() {
            // PostgreSQL wants to know of which type a NULL is.
            let null = rows.iter().find_map(|row| row[at].as_ref()).map(Value::as_null);
            let Some(null) = null else { continue };
            rows.iter_mut().filter(|row| row[at].is_none()).for_each(|row| row[at] = Some(null.clone()));
            columns.set.push(column);
            columns.bits |= 1 << at;
        }
        columns
    }

    /// The rows as JSON lists; none where the database or one of the values asks for parameters of their own.
    fn in_json(&self, dialect: Dialect, rows: &[Vec<Option<Value>>]) -> Option<Vec<String>> {
        dialect.rows_in_json("")?;
        let keys: Vec<String> = self.set.iter().map(|column| quoted(column.as_str())).collect();
        rows.chunks(JSON_ROWS_MAX).map(|rows| listed(&keys, rows)).collect()
    }

    fn text(&self, dialect: Dialect, rows: Option<usize>, twin: Twin) -> String {
        let list = |columns: &[E::Column]| {
            let names: Vec<String> = columns.iter().map(|column| quoted(column.as_str())).collect();
            names.join(", ")
        };
        let table = quoted(E::default().table_name());
        let (columns, in_json) = (list(&self.set), dialect.rows_in_json(&table));
        let insert = match (rows, in_json) {
            (None, Some(source)) => format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {source}"),
            (rows, _) => {
                let row = format!("({})", vec!["?"; self.set.len()].join(", "));
                let rows = vec![row.as_str(); rows.unwrap_or(1)].join(", ");
                dialect.slots(&format!("INSERT INTO {table} ({columns}) VALUES {rows}"))
            }
        };
        match twin {
            Twin::Refused => insert,
            Twin::Skipped => format!("{insert} ON CONFLICT DO NOTHING"),
            Twin::Replaced => {
                let key: Vec<E::Column> = E::PrimaryKey::iter().map(|key| key.into_column()).collect();
                let is_key = |name: &str| key.iter().any(|column| column.as_str() == name);
                let rest = self.set.iter().map(|column| column.as_str()).filter(|name| !is_key(name));
                let rest: Vec<String> =
                    rest.map(|name| format!("{0} = excluded.{0}", quoted(name))).collect();
                format!("{insert} ON CONFLICT ({}) DO UPDATE SET {}", list(&key), rest.join(", "))
            }
        }
    }
}

fn taken<A: ActiveModelTrait>(mut row: A) -> Vec<Option<Value>> {
    let columns = <A::Entity as EntityTrait>::Column::iter();
    columns
        .map(|column| match row.take(column) {
            ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some(value),
            ActiveValue::NotSet => None,
        })
        .collect()
}

/// A JSON list of objects, without what is NULL.
fn listed(keys: &[String], rows: &[Vec<Option<Value>>]) -> Option<String> {
    let mut list = String::with_capacity(rows.len() * keys.len() * 24);
    list.push('[');
    for (at, row) in rows.iter().enumerate() {
        list.push_str(if at == 0 { "{" } else { ",{" });
        let mut is_first = true;
        for (key, value) in keys.iter().zip(row.iter().flatten()) {
            let mark = list.len();
            list.push_str(if is_first { "" } else { "," });
            list.push_str(key);
            list.push(':');
            if json(&mut list, value)? {
                is_first = false;
            } else {
                list.truncate(mark);
            }
        }
        list.push('}');
    }
    list.push(']');
    Some(list)
}

/// Writes a value; false where it is NULL, none where JSON has no form of it that every database reads alike.
fn json(list: &mut String, value: &Value) -> Option<bool> {
    let text = match value {
        Value::Bool(value) => value.map(|value| value.to_string()),
        Value::Int(value) => value.map(|value| value.to_string()),
        Value::BigInt(value) => value.map(|value| value.to_string()),
        Value::Uuid(value) => value.map(|value| format!("\"{value}\"")),
        Value::String(Some(value)) => Some(serde_json::to_string(value).ok()?),
        Value::String(None) => None,
        _ => return None,
    };
    list.push_str(text.as_deref().unwrap_or_default());
    Some(text.is_some())
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// How many of the rows that are left the next statement takes.
fn step(rows: usize) -> usize {
    if rows <= FEW_MAX {
        return rows;
    }
    MANY.into_iter().find(|&step| step <= rows).unwrap_or(FEW_MAX)
}

/// The values for an `IN`, the last one repeated up to a power of two: few texts serve lists of any length.
pub fn padded<V: Clone>(values: impl IntoIterator<Item = V>) -> Vec<V> {
    let mut values: Vec<V> = values.into_iter().collect();
    if let Some(last) = values.last().filter(|_| values.len() <= PADDED_MAX).cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

#[cfg(test)]
mod tests {
    use sea_orm::ActiveValue::Set;

    use super::*;

    mod thing {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
        #[sea_orm(table_name = "thing")]
        pub struct Model {
            #[sea_orm(primary_key, auto_increment = false)]
            pub workspace_id: i64,
            #[sea_orm(primary_key, auto_increment = false)]
            pub id: i64,
            pub name: Option<String>,
            pub seal: Option<i64>,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }

    fn thing(id: i64, name: Option<&str>) -> thing::ActiveModel {
        let mut row = thing::ActiveModel { workspace_id: Set(1), id: Set(id), ..Default::default() };
        if let Some(name) = name {
            row.name = Set(Some(name.to_owned()));
        }
        row
    }

    #[test]
    fn one_parameter_carries_all_rows_where_the_database_reads_json() {
        let rows = vec![thing(7, None), thing(8, Some("Huber \"& Söhne\""))];
        let statements = Texts::default().inserts(Dialect::Postgres, rows, Twin::Skipped);
        let [statement] = statements.as_slice() else { panic!("{statements:?}") };
        assert_eq!(
            statement.sql,
            "INSERT INTO \"thing\" (\"workspace_id\", \"id\", \"name\") \
             SELECT \"workspace_id\", \"id\", \"name\" \
             FROM json_populate_recordset(CAST(NULL AS \"thing\"), CAST($1 AS json)) ON CONFLICT DO NOTHING"
        );
        let list = r#"[{"workspace_id":1,"id":7},{"workspace_id":1,"id":8,"name":"Huber \"& Söhne\""}]"#;
        assert_eq!(statement.values.clone().expect("values").0, [Value::from(list.to_owned())]);
    }

    #[test]
    fn rows_are_written_with_the_columns_that_any_of_them_has() {
        let rows = vec![thing(7, None), thing(8, Some("Huber"))];
        let statements = Texts::default().inserts(Dialect::Sqlite, rows, Twin::Replaced);
        let [statement] = statements.as_slice() else { panic!("{statements:?}") };
        assert_eq!(
            statement.sql,
            "INSERT INTO \"thing\" (\"workspace_id\", \"id\", \"name\") VALUES (?, ?, ?), (?, ?, ?) \
             ON CONFLICT (\"workspace_id\", \"id\") DO UPDATE SET \"name\" = excluded.\"name\""
        );
        let values = statement.values.clone().expect("values").0;
        let huber = Value::from("Huber".to_owned());
        assert_eq!(values, [1.into(), 7.into(), huber.as_null(), 1.into(), 8.into(), huber].map(as_i64));
    }

    /// Whole numbers in literals are smaller than those of columns.
    fn as_i64(value: Value) -> Value {
        match value {
            Value::Int(number) => Value::BigInt(number.map(i64::from)),
            value => value,
        }
    }

    #[test]
    fn any_number_of_rows_is_written_once_each_in_few_texts() {
        let texts = Texts::default();
        for count in 0..300 {
            let rows: Vec<_> = (0..count).map(|id| thing(id, None)).collect();
            let statements = texts.inserts(Dialect::Sqlite, rows, Twin::Refused);
            let values = statements.iter().flat_map(|statement| statement.values.clone().expect("values").0);
            let written: Vec<Value> = values.skip(1).step_by(2).collect();
            assert_eq!(written, (0..count).map(Value::from).collect::<Vec<_>>());
        }
        assert_eq!(texts.0.lock().expect("texts").len(), FEW_MAX + MANY.len() - 1);
    }

    #[test]
    fn a_padded_list_holds_the_same_values() {
        assert_eq!(padded(Vec::<u8>::new()), Vec::<u8>::new());
        assert_eq!(padded([1, 2, 3]), [1, 2, 3, 3]);
        assert_eq!(padded(0..1_000).len(), 1_000);
    }
}
