//! Pages as JSON: the first rows of an order, read whole. A page of wide rows crosses from the database as one
//! value where it would have been thousands.

use std::fmt::Write as _;

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, PostgresQueryBuilder, Query, SelectStatement, SimpleExpr, SqlWriterValues,
    SqliteQueryBuilder,
};
use sea_orm::{ColumnTrait, ConnectionTrait, QuerySelect, Statement};

use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::select::{Scoped, Term, named, order};
use crate::tied::{Tie, Tied};

/// SQLite takes at most 32,766 parameters in a statement.
const BINDS_MAX: usize = 32_000;

/// How a column stands in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Texts as texts, numbers as numbers; booleans are numbers on SQLite.
    Plain,
    /// As the text of an id, with or without hyphens.
    Id,
    /// The JSON that the text holds.
    Json,
}

/// How the first rows of an order are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// An index has the rows in this order, and nearly every row counts: they are read one by one until there are
    /// enough. For viewers who see only a part of the table it is [`Way::Gather`].
    Walk,
    /// What the order compares is gathered from all rows, part by part of what the viewer may see; only the first
    /// are then read whole. Costs the same whatever the filter and whatever the order.
    Gather,
}

impl<E: Tied> Scoped<'_, E> {
    /// Reads columns of the rows as one text of JSON: an array that holds an array for each row, in their order.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn json(self, columns: Vec<(SimpleExpr, Written)>, way: Way) -> Result<String, StoreError> {
        let connection = self.tx.to_read().await?;
        let row = connection.query_one_raw(self.page(columns, way)).await?;
        let text: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(text.unwrap_or_else(|| "[]".to_owned()))
    }

    /// How the database would carry out [`Scoped::json`], step by step: what tests of indexes look at.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn plan(
        self,
        columns: Vec<(SimpleExpr, Written)>,
        way: Way,
    ) -> Result<Vec<String>, StoreError> {
        let (connection, dialect) = (self.tx.to_read().await?, self.tx.dialect());
        let (explain, column) = dialect.explaining();
        let mut statement = self.page(columns, way);
        statement.sql.insert_str(0, explain);
        let rows = connection.query_all_raw(statement).await?;
        rows.iter().map(|row| Ok(row.try_get("", column)?)).collect()
    }

    fn page(self, columns: Vec<(SimpleExpr, Written)>, way: Way) -> Statement {
        let (columns, written): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let rows = rows_as_json(self.tx.dialect(), &written);
        let is_walked = way == Way::Walk && self.visible.is_most;
        match (E::tie(), self.rows_max) {
            (Tie::Record { id, .. }, Some(rows_max)) if !is_walked => {
                let gathered = self.gathered(id, columns.clone(), &rows, rows_max);
                gathered.unwrap_or_else(|| self.walked(columns, &rows))
            }
            _ => self.walked(columns, &rows),
        }
    }

    fn walked(mut self, columns: Vec<SimpleExpr>, rows: &str) -> Statement {
        self.select = named(self.select.select_only(), columns);
        let mut inner = self.statement();
        // Both databases hand the rows of a sorted select over in its order.
        inner.sql = format!("SELECT {rows} FROM ({}) AS page", inner.sql);
        inner
    }

    /// The planner cannot see through what is materialized: it can neither walk an index of the order in the hope
    /// of finding enough rows soon, nor carry whole rows through a sort. Nothing where the parts together have more
    /// parameters than a statement may.
    fn gathered(
        &self,
        id: E::Column,
        columns: Vec<SimpleExpr>,
        rows: &str,
        rows_max: u64,
    ) -> Option<Statement> {
        let key = Expr::col(id.as_column_ref());
        let by = |at: usize| Alias::new(format!("by{at}"));
        let parts = self.parts(|select| {
            let select = select.select_only().expr_as(key.clone(), "key");
            let terms = self.terms.iter().enumerate();
            terms.fold(select, |select, (at, term)| select.expr_as(term.by.clone(), format!("by{at}")))
        });
        let terms = || {
            let named = |(at, term): (usize, &Term)| Term { by: Expr::col(by(at)), ..term.clone() };
            self.terms.iter().enumerate().map(named)
        };
        let mut first = Query::select();
        first.column(Alias::new("key")).from(Alias::new("gathered"));
        terms().enumerate().for_each(|(at, term)| {
            first.column(by(at));
            order(&mut first, term);
        });
        let mut whole = Query::select();
        for (at, column) in columns.into_iter().enumerate() {
            whole.expr_as(column, Alias::new(format!("c{at}")));
        }
        whole.from(Alias::new("first")).cross_join(E::default().table_ref());
        whole.and_where(Expr::col(E::workspace().as_column_ref()).eq(self.tx.workspace()));
        whole.and_where(key.equals((Alias::new("first"), Alias::new("key"))));
        terms().for_each(|term| order(&mut whole, term));

        let mut text = Text::new(self.tx.dialect());
        text.put("WITH gathered AS MATERIALIZED (");
        text.put_parts(&parts);
        text.put("), first AS MATERIALIZED (");
        text.put_select(&first);
        text.put(&format!(" LIMIT {rows_max}) SELECT {rows} FROM ("));
        text.put_select(&whole);
        text.put(&format!(" LIMIT {rows_max}) AS page"));
        text.statement()
    }
}

fn rows_as_json(dialect: Dialect, written: &[Written]) -> String {
    let column = |(at, written): (usize, &Written)| match written {
        Written::Plain => format!("c{at}"),
        Written::Id => dialect.id_in_json(&format!("c{at}")),
        Written::Json => dialect.text_as_json(&format!("c{at}")),
    };
    let columns: Vec<String> = written.iter().enumerate().map(column).collect();
    dialect.rows_as_json(&columns.join(", "))
}

/// A statement put together from texts of ours and selects, whose parameters are numbered through.
pub(crate) struct Text {
    dialect: Dialect,
    sql: SqlWriterValues,
}

impl Text {
    pub(crate) fn new(dialect: Dialect) -> Text {
        let (sign, is_numbered) = dialect.slot();
        Text { dialect, sql: SqlWriterValues::new(sign, is_numbered) }
    }

    pub(crate) fn put(&mut self, words: &str) {
        // Writing into a text cannot fail.
        let _ = self.sql.write_str(words);
    }

    pub(crate) fn put_parts(&mut self, parts: &[SelectStatement]) {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                self.put(" UNION ALL ");
            }
            self.put_select(part);
        }
    }

    fn put_select(&mut self, select: &SelectStatement) {
        match self.dialect {
            Dialect::Sqlite => select.build_collect_into(SqliteQueryBuilder, &mut self.sql),
            Dialect::Postgres => select.build_collect_into(PostgresQueryBuilder, &mut self.sql),
        }
    }

    /// Nothing where it has more parameters than the databases take.
    pub(crate) fn statement(self) -> Option<Statement> {
        let (sql, values) = self.sql.into_parts();
        let is_possible = values.0.len() <= BINDS_MAX;
        is_possible.then(|| Statement { sql, values: Some(values), db_backend: self.dialect.backend() })
    }
}
