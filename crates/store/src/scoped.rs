//! The transaction that rooms get: every statement names the workspace and obeys the viewer.

use std::sync::Arc;

use access::{Action, Reach, Task, Viewer};
use sea_orm::sea_query::{Expr, IntoCondition, LockType, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, TryGetableMany, UpdateMany,
};
use uuid::Uuid;

use crate::chaos::Trace;
use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::steady::{Texts, Twin};
use crate::tied::{self, Tied};

/// A transaction as rooms pass it on; it ends when `Db::write` or `Db::read` ends it.
pub type Tx = Arc<ScopedTx>;

/// For whom a transaction works.
#[derive(Clone, Debug)]
pub enum Sight {
    Viewer(Arc<Viewer>),
    /// Beyond any person's reach, for one named purpose.
    Task(Task),
}

/// A transaction bound to a workspace and to somebody's sight.
pub struct ScopedTx {
    tx: Arc<DatabaseTransaction>,
    dialect: Dialect,
    texts: Arc<Texts>,
    workspace: Uuid,
    sight: Sight,
    trace: Trace,
}

impl ScopedTx {
    pub(crate) fn new(
        tx: DatabaseTransaction,
        db: &Db,
        workspace: Uuid,
        sight: Sight,
        trace: Trace,
    ) -> ScopedTx {
        let (dialect, texts) = (db.dialect(), Arc::clone(&db.texts));
        ScopedTx { tx: Arc::new(tx), dialect, texts, workspace, sight, trace }
    }

    /// The transaction, where nobody holds on to it any more.
    pub(crate) fn into_inner(self) -> Option<DatabaseTransaction> {
        Arc::into_inner(self.tx)
    }

    /// The same transaction beyond its viewer's reach, for one named purpose: what a change brings
    /// with it wherever it is made, such as the plan's next version.
    #[must_use]
    pub fn as_task(&self, task: Task) -> Tx {
        let ScopedTx { tx, dialect, texts, workspace, sight: _, trace } = self;
        Arc::new(ScopedTx {
            tx: Arc::clone(tx),
            dialect: *dialect,
            texts: Arc::clone(texts),
            workspace: *workspace,
            sight: Sight::Task(task),
            trace: trace.clone(),
        })
    }

    pub fn workspace(&self) -> Uuid {
        self.workspace
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Starts a read of what the viewer may see.
    pub fn select<E: Tied>(&self) -> Scoped<'_, E> {
        self.select_for(Action::View)
    }

    /// Starts a read of the rows on which the viewer may carry out `action`.
    pub fn select_for<E: Tied>(&self, action: Action) -> Scoped<'_, E> {
        Scoped { tx: self, select: E::find().filter(self.scope::<E>(action)) }
    }

    /// Starts a change of the rows on which the viewer may carry out `action`.
    pub fn update<E: Tied>(&self, action: Action) -> ScopedUpdate<'_, E> {
        ScopedUpdate { tx: self, update: E::update_many().filter(self.scope::<E>(action)) }
    }

    /// Deletes the rows that match and that the viewer may delete; returns their number.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn delete<E: Tied>(&self, filter: impl IntoCondition) -> Result<u64, StoreError> {
        let filter = filter.into_condition();
        let statement = E::delete_many().filter(self.scope::<E>(Action::Delete)).filter(filter);
        Ok(statement.exec(self.to_write::<E>("delete").await?).await?.rows_affected)
    }

    /// Inserts the rows in few statements; sets their workspace.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a unique index refuses a row, and others by cause.
    pub async fn insert<A>(&self, rows: Vec<A>) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: Tied,
    {
        self.insert_as(rows, Twin::Refused).await
    }

    /// Inserts those rows whose keys are not there yet.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn insert_missing<A>(&self, rows: Vec<A>) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: Tied,
    {
        self.insert_as(rows, Twin::Skipped).await
    }

    /// Inserts the rows, each in place of the one with its key.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn insert_over<A>(&self, rows: Vec<A>) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: Tied,
    {
        self.insert_as(rows, Twin::Replaced).await
    }

    async fn insert_as<A>(&self, mut rows: Vec<A>, twin: Twin) -> Result<(), StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: Tied,
    {
        for row in &mut rows {
            row.set(A::Entity::workspace(), self.workspace.into());
        }
        for statement in self.texts.inserts(self.dialect, rows, twin) {
            self.to_write::<A::Entity>(twin.verb()).await?.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// Puts the row's set columns in place of those of the row that matches; its workspace stays.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn replace<A>(&self, mut row: A, filter: impl IntoCondition) -> Result<u64, StoreError>
    where
        A: ActiveModelTrait + Send,
        A::Entity: Tied,
    {
        row.not_set(A::Entity::workspace());
        let update = A::Entity::update_many()
            .set(row)
            .filter(self.scope::<A::Entity>(Action::Edit))
            .filter(filter.into_condition());
        Ok(update.exec(self.to_write::<A::Entity>("update").await?).await?.rows_affected)
    }

    /// The connection for one write. There is no other way to it, so that no write lacks its failpoint.
    async fn to_write<E: EntityTrait>(&self, verb: &str) -> Result<&DatabaseTransaction, StoreError> {
        self.trace.write(&self.tx, self.dialect, verb, E::default().table_name()).await?;
        Ok(&self.tx)
    }

    /// The connection for one read.
    async fn to_read(&self) -> Result<&DatabaseTransaction, StoreError> {
        self.trace.read(&self.tx).await?;
        Ok(&self.tx)
    }

    fn scope<E: Tied>(&self, action: Action) -> sea_orm::Condition {
        let condition = sea_orm::Condition::all().add(E::workspace().eq(self.workspace));
        if crate::mutant!("the change comes before the check") {
            return condition;
        }
        let reach = match &self.sight {
            Sight::Task(_) => return condition,
            Sight::Viewer(viewer) => viewer.reach(E::OBJECT, action),
        };
        match reach {
            Reach::Everything => condition,
            reach => condition.add(tied::condition::<E>(&reach, self.workspace)),
        }
    }
}

/// A select that already names workspace and viewer; it can be narrowed, never widened.
pub struct Scoped<'t, E: EntityTrait> {
    tx: &'t ScopedTx,
    select: Select<E>,
}

impl<'t, E: EntityTrait> Scoped<'t, E> {
    #[must_use]
    pub fn filter(mut self, filter: impl IntoCondition) -> Self {
        self.select = self.select.filter(filter.into_condition());
        self
    }

    #[must_use]
    pub fn order_by(mut self, by: impl Into<SimpleExpr>, order: sea_orm::Order) -> Self {
        self.select = self.select.order_by(by.into(), order);
        self
    }

    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        self.select = self.select.limit(rows);
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
        let turn = self.tx.dialect.turn(lock == LockType::Update);
        let Some(turn) = turn.filter(|_| !crate::mutant!("nobody waits in line")) else { return self };
        // Two workspaces with one number would only wait for each other now and then.
        let (high, low) = self.tx.workspace.as_u64_pair();
        let number = (high ^ low).cast_signed();
        self.filter(Expr::cust_with_values(turn, [number]))
    }

    fn locked_as(mut self, lock: LockType) -> Self {
        if self.tx.dialect == Dialect::Postgres && !crate::mutant!("rows are not locked") {
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
        Ok(self.select.all(self.tx.to_read().await?).await?)
    }

    /// Reads the first row.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn one(self) -> Result<Option<E::Model>, StoreError>
    where
        E::Model: FromQueryResult,
    {
        Ok(self.select.limit(1).one(self.tx.to_read().await?).await?)
    }

    /// Reads expressions of the rows in place of whole rows: columns, counts, sums.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn tuples<T>(
        self,
        columns: Vec<SimpleExpr>,
        group_by: Vec<SimpleExpr>,
    ) -> Result<Vec<T>, StoreError>
    where
        T: TryGetableMany + Send + Sync,
    {
        let mut select = self.select.select_only();
        for (at, column) in columns.into_iter().enumerate() {
            select = select.expr_as(column, format!("c{at}"));
        }
        for column in group_by {
            select = select.group_by(column);
        }
        Ok(select.into_tuple().all(self.tx.to_read().await?).await?)
    }

    /// Counts the rows.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn count(self) -> Result<u64, StoreError> {
        let rows: Vec<(i64,)> = self.tuples_raw("COUNT(*)").await?;
        Ok(rows.first().map_or(0, |row| row.0.unsigned_abs()))
    }

    /// Counts the rows, but stops at `most`: large counts cost no more than that.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn count_up_to(mut self, most: u64) -> Result<u64, StoreError> {
        self.select = self.select.limit(most);
        let inner = self.select.select_only().expr_as(Expr::val(1), "one").into_query();
        let mut outer = sea_orm::sea_query::Query::select();
        outer.expr(Expr::cust("COUNT(*)")).from_subquery(inner, "bounded");
        let row = self.tx.to_read().await?.query_one(&outer).await?;
        let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        Ok(count.unsigned_abs())
    }

    async fn tuples_raw<T: TryGetableMany + Send + Sync>(
        self,
        expression: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        let select = self.select.select_only().expr_as(Expr::cust(expression), "c0");
        Ok(select.into_tuple().all(self.tx.to_read().await?).await?)
    }
}

/// An update that already names workspace and viewer.
pub struct ScopedUpdate<'t, E: EntityTrait> {
    tx: &'t ScopedTx,
    update: UpdateMany<E>,
}

impl<E: EntityTrait> ScopedUpdate<'_, E> {
    #[must_use]
    pub fn set(mut self, column: E::Column, value: impl Into<SimpleExpr>) -> Self {
        self.update = self.update.col_expr(column, value.into());
        self
    }

    #[must_use]
    pub fn filter(mut self, filter: impl IntoCondition) -> Self {
        self.update = self.update.filter(filter.into_condition());
        self
    }

    /// Carries it out and returns the number of rows changed.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn run(self) -> Result<u64, StoreError> {
        Ok(self.update.exec(self.tx.to_write::<E>("update").await?).await?.rows_affected)
    }
}
