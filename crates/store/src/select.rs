//! Reads within a viewer's reach: rows, tuples and counts.

use sea_orm::sea_query::{Expr, IntoCondition, LockType, NullOrdering, SelectStatement, SimpleExpr};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryResult, QuerySelect,
    QueryTrait, Select, Statement, StatementBuilder, TryGetError, TryGetableMany,
};

use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::page::Text;
use crate::scoped::ScopedTx;
use crate::tied::Visible;

/// A select that already names workspace and viewer; it can be narrowed, never widened.
pub struct Scoped<'t, E: EntityTrait> {
    pub(crate) tx: &'t ScopedTx,
    /// Of the workspace, without what the viewer may not see.
    pub(crate) visible: Visible,
    pub(crate) select: Select<E>,
    pub(crate) terms: Vec<Term>,
    pub(crate) rows_max: Option<u64>,
}

/// One term of an order.
#[derive(Clone, Debug)]
pub struct Term {
    pub by: SimpleExpr,
    pub order: Order,
    /// Where rows without a value stand; without word, the databases differ.
    pub nulls: Option<NullOrdering>,
}

impl<'t, E: EntityTrait> Scoped<'t, E> {
    pub(crate) fn new(tx: &'t ScopedTx, select: Select<E>, visible: Visible) -> Scoped<'t, E> {
        Scoped { tx, visible, select, terms: Vec::new(), rows_max: None }
    }

    #[must_use]
    pub fn filter(mut self, filter: impl IntoCondition) -> Self {
        self.select = self.select.filter(filter.into_condition());
        self
    }

    #[must_use]
    pub fn order_by(self, by: impl Into<SimpleExpr>, order: Order) -> Self {
        self.sorted([Term { by: by.into(), order, nulls: None }])
    }

    /// Adds terms to the order.
    #[must_use]
    pub fn sorted(mut self, terms: impl IntoIterator<Item = Term>) -> Self {
        self.terms.extend(terms);
        self
    }

    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.rows_max = Some(rows);
        self
    }

    /// Keeps the rows for this transaction (`FOR UPDATE`); SQLite's writer has them anyway.
    #[must_use]
    pub fn lock(self) -> Self {
        self.locked_as(LockType::Update)
    }

    /// Keeps others from changing the rows until this transaction ends, but not from reading them.
    #[must_use]
    pub fn share(self) -> Self {
        if crate::mutant!("shared rows are not locked") {
            return self;
        }
        self.locked_as(LockType::Share)
    }

    /// As [`Scoped::lock`], in turn with those who [`Scoped::share_in_turn`]. PostgreSQL lets whoever shares a
    /// row overtake whoever waits for it alone, for ever if they come often enough; in the workspace's line
    /// nobody overtakes. The line is beside the lock of the row, which alone decides who has it.
    #[must_use]
    pub fn lock_in_turn(self) -> Self {
        self.in_turn(LockType::Update).lock()
    }

    /// As [`Scoped::share`], in turn with those who [`Scoped::lock_in_turn`].
    #[must_use]
    pub fn share_in_turn(self) -> Self {
        if crate::mutant!("shared rows are not locked") {
            return self;
        }
        self.in_turn(LockType::Share).share()
    }

    fn in_turn(self, lock: LockType) -> Self {
        let turn = self.tx.dialect().turn(lock == LockType::Update);
        let Some(turn) = turn.filter(|_| !crate::mutant!("nobody waits in line")) else { return self };
        // Two workspaces with one number would only wait for each other now and then.
        let (high, low) = self.tx.workspace().as_u64_pair();
        let number = (high ^ low).cast_signed();
        self.filter(Expr::cust_with_values(turn, [number]))
    }

    fn locked_as(mut self, lock: LockType) -> Self {
        if self.tx.dialect() == Dialect::Postgres && !crate::mutant!("rows are not locked") {
            self.select = self.select.lock(lock);
        }
        self
    }

    /// Reads the rows.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn all(self) -> Result<Vec<E::Model>, StoreError>
    where
        E::Model: FromQueryResult,
    {
        let connection = self.tx.to_read().await?;
        Ok(E::find().from_raw_sql(self.statement()).all(connection).await?)
    }

    /// Reads the first row.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn one(self) -> Result<Option<E::Model>, StoreError>
    where
        E::Model: FromQueryResult,
    {
        let connection = self.tx.to_read().await?;
        Ok(E::find().from_raw_sql(self.limit(1).statement()).one(connection).await?)
    }

    /// Reads expressions of the rows in place of whole rows: columns, counts, sums.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn tuples<T>(
        mut self,
        columns: Vec<SimpleExpr>,
        group_by: Vec<SimpleExpr>,
    ) -> Result<Vec<T>, StoreError>
    where
        T: TryGetableMany + Send + Sync,
    {
        self.select = named(self.select.select_only(), columns);
        for column in group_by {
            self.select = self.select.group_by(column);
        }
        let connection = self.tx.to_read().await?;
        let rows = connection.query_all_raw(self.statement()).await?;
        rows.iter().map(tuple).collect()
    }

    /// Counts the rows.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn count(self) -> Result<u64, StoreError> {
        self.counted("").await
    }

    /// Counts the rows, but stops at `most`: large counts cost no more than that.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn count_up_to(self, most: u64) -> Result<u64, StoreError> {
        self.counted(&format!(" LIMIT {most}")).await
    }

    async fn counted(self, limit: &str) -> Result<u64, StoreError> {
        let connection = self.tx.to_read().await?;
        let text = |parts: &[SelectStatement]| {
            let mut text = Text::new(self.tx.dialect());
            text.put("SELECT COUNT(*) FROM (");
            text.put_parts(parts);
            text.put(limit);
            text.put(") AS page");
            text.statement()
        };
        let one = |select: Select<E>| select.select_only().expr_as(Expr::cust("1"), "one");
        let whole = || one(self.select.clone().filter(self.visible.whole.clone())).into_query();
        let statement = text(&self.parts(one)).or_else(|| text(&[whole()]));
        let statement = statement.ok_or_else(too_many)?;
        let row = connection.query_one_raw(statement).await?;
        let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        Ok(count.unsigned_abs())
    }

    /// Selects of the parts of what the viewer may see; all their rows together are the rows.
    pub(crate) fn parts(&self, columns: impl Fn(Select<E>) -> Select<E>) -> Vec<SelectStatement> {
        let part = |part: &Condition| columns(self.select.clone().filter(part.clone())).into_query();
        self.visible.parts.iter().map(part).collect()
    }

    pub(crate) fn statement(self) -> Statement {
        let Scoped { tx, visible, select, terms, rows_max } = self;
        let mut select = select.filter(visible.whole).into_query();
        for term in terms {
            order(&mut select, term);
        }
        limited(tx.dialect(), select, rows_max)
    }
}

fn too_many() -> StoreError {
    StoreError::Other(sea_orm::DbErr::Custom("a count has more parameters than a statement takes".to_owned()))
}

/// Adds a term to the order of a select.
pub(crate) fn order(select: &mut SelectStatement, Term { by, order, nulls }: Term) {
    match nulls {
        Some(nulls) => select.order_by_expr_with_nulls(by, order, nulls),
        None => select.order_by_expr(by, order),
    };
}

/// SQLite makes a new plan for every value bound to a LIMIT, which costs more than most reads: there the number
/// stands in the text.
fn limited(dialect: Dialect, mut select: SelectStatement, rows_max: Option<u64>) -> Statement {
    match (dialect, rows_max) {
        (Dialect::Sqlite, Some(rows)) => {
            let mut statement = StatementBuilder::build(&select, &dialect.backend());
            statement.sql.push_str(&format!(" LIMIT {rows}"));
            statement
        }
        (Dialect::Postgres, Some(rows)) => StatementBuilder::build(select.limit(rows), &dialect.backend()),
        (_, None) => StatementBuilder::build(&select, &dialect.backend()),
    }
}

pub(crate) fn named<E: EntityTrait>(select: Select<E>, columns: Vec<SimpleExpr>) -> Select<E> {
    let numbered = columns.into_iter().enumerate();
    numbered.fold(select, |select, (at, column)| select.expr_as(column, format!("c{at}")))
}

fn tuple<T: TryGetableMany>(row: &QueryResult) -> Result<T, StoreError> {
    T::try_get_many_by_index(row).map_err(|fault| {
        StoreError::from(match fault {
            TryGetError::DbErr(error) => error,
            TryGetError::Null(column) => sea_orm::DbErr::Type(format!("{column} is null")),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::sea_query::{Alias, Query};

    #[test]
    fn a_limit_is_part_of_the_text_where_a_bound_one_would_cost_a_new_plan() {
        let select = Query::select().column(Alias::new("id")).from(Alias::new("lead")).to_owned();
        let on = |dialect, rows| limited(dialect, select.clone(), rows);
        assert_eq!(on(Dialect::Sqlite, Some(51)).sql, r#"SELECT "id" FROM "lead" LIMIT 51"#);
        assert_eq!(on(Dialect::Postgres, Some(51)).sql, r#"SELECT "id" FROM "lead" LIMIT $1"#);
        assert_eq!(on(Dialect::Sqlite, None).sql, r#"SELECT "id" FROM "lead""#);
    }
}
