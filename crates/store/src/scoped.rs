//! The transaction that rooms get: every statement names the workspace and obeys the viewer.

use std::sync::Arc;

use access::{Action, Task, Viewer};
use sea_orm::sea_query::{IntoCondition, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany,
};
use uuid::Uuid;

use crate::chaos::Trace;
use crate::connect::Db;
use crate::dialect::Dialect;
use crate::error::StoreError;
use crate::select::Scoped;
use crate::steady::{Texts, Twin};
use crate::tied::{Tied, Visible};

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
        let of_workspace = E::find().filter(E::workspace().eq(self.workspace));
        Scoped::new(self, of_workspace, self.visible::<E>(action))
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
    pub(crate) async fn to_read(&self) -> Result<&DatabaseTransaction, StoreError> {
        self.trace.read(&self.tx).await?;
        Ok(&self.tx)
    }

    fn scope<E: Tied>(&self, action: Action) -> sea_orm::Condition {
        let condition = sea_orm::Condition::all().add(E::workspace().eq(self.workspace));
        condition.add(self.visible::<E>(action).whole)
    }

    fn visible<E: Tied>(&self, action: Action) -> Visible {
        if crate::mutant!("the change comes before the check") {
            return Visible::everything();
        }
        match &self.sight {
            Sight::Task(_) => Visible::everything(),
            Sight::Viewer(viewer) => Visible::of::<E>(&viewer.reach(E::OBJECT, action), self.workspace),
        }
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
