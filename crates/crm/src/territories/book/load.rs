//! Loading: a book from the rows as they are, or from an older book and the rows that have changed since.
//! Never trusts an older book further than its version: whoever reads it keeps it as it is.
//! Uses: rules, crew, follow, states, fields.

use std::collections::HashSet;
use std::sync::Arc;

use ::territory::Index;
use condition::parse::{Door, Purpose};
use condition::{Catalog, Rates};
use jiff::tz::TimeZone;
use sea_orm::entity::prelude::*;
use store::Tx;

use super::crew::{Crew, People};
use super::follow::{State, built, followed};
use super::rules::{Rule, Rules};
use super::{Made, RuleBook};
use crate::error::Error;
use crate::fields::{self, grammar};
use crate::people::store::workspace;
use crate::territories::states::{self, Stateful};
use crate::territories::store::{member, rule, territory};
use crate::territories::tree::Tree;

/// What rules are read with.
struct Words {
    catalog: Catalog,
    rates: Rates,
    time_zone: TimeZone,
}

impl Words {
    fn are_those_of(&self, book: &RuleBook) -> bool {
        (self.catalog.fields(), &self.rates, &self.time_zone)
            == (book.catalog.fields(), &book.rates, &book.time_zone)
    }

    fn compiled(&self, row: rule::Model) -> Rule {
        let Words { catalog, rates, time_zone } = self;
        Rule::compiled(&Door { catalog, rates, time_zone, purpose: Purpose::Rule, is_readable: None }, row)
    }
}

impl RuleBook {
    /// Reads the book of this transaction's moment; from `base`, where that is not newer, only what has changed.
    pub(super) async fn load(
        tx: &Tx,
        workspace: workspace::Model,
        today: i64,
        base: Option<Arc<RuleBook>>,
    ) -> Result<RuleBook, Error> {
        let words = Words {
            catalog: fields::catalog(tx).await?,
            rates: grammar::rates(tx, &workspace.currency, today).await?,
            time_zone: TimeZone::get(&workspace.time_zone).unwrap_or(TimeZone::UTC),
        };
        let versions = |workspace: &workspace::Model| (workspace.rules_version, workspace.plan_version);
        let is_older = |base: &Arc<RuleBook>| {
            let (known, now) = (versions(&base.workspace), versions(&workspace));
            base.workspace.id == workspace.id && known.0 <= now.0 && known.1 <= now.1
        };
        let base = base.filter(is_older);
        let people = People::load(tx).await?;
        let tree = tree(tx, base.as_deref()).await?;
        let crew = crew(tx, base.as_deref(), people, &tree).await?;
        let Compiled { words, rules, index, made } = match base {
            Some(base) if words.are_those_of(&base) => after(tx, &base, words, &tree, &workspace).await?,
            _ => anew(tx, words, &tree, &workspace).await?,
        };
        let Words { catalog, rates, time_zone } = words;
        let (version, rule_count) = (workspace.rules_version, rules.len());
        tracing::debug!(version, rules = rule_count, ?made, "a rule book is ready");
        Ok(RuleBook { workspace, time_zone, today, catalog, rates, tree, index, rules, crew, made })
    }
}

struct Compiled {
    words: Words,
    rules: Rules,
    index: Index,
    made: Made,
}

/// All rules, read and compiled.
async fn anew(
    tx: &Tx,
    words: Words,
    tree: &Arc<Tree>,
    workspace: &workspace::Model,
) -> Result<Compiled, Error> {
    let rows = tx.select::<rule::Entity>().filter(states::now::<rule::Entity>()).all().await?;
    let (tree, default) = (Arc::clone(tree), workspace.default_territory_id);
    // Large plans take a second: other requests go on meanwhile.
    compute(move || {
        let rules = Rules::of(rows.into_iter().map(|row| words.compiled(row)), &words.catalog);
        let index = built(State { tree: &tree, rules: &rules }, default);
        Compiled { words, rules, index, made: Made::Anew }
    })
    .await
}

/// The rules of an older book, and those that have changed since.
async fn after(
    tx: &Tx,
    base: &Arc<RuleBook>,
    words: Words,
    tree: &Arc<Tree>,
    workspace: &workspace::Model,
) -> Result<Compiled, Error> {
    let (mut begun, mut ended) = (Vec::new(), Vec::new());
    let version = base.workspace.plan_version;
    if version < workspace.plan_version {
        let id = Expr::col(rule::Column::Id);
        begun = tx.select::<rule::Entity>().filter(begun_since::<rule::Entity>(version)).all().await?;
        ended = tx
            .select::<rule::Entity>()
            .filter(<rule::Entity as Stateful>::until().gt(version))
            .tuples::<(Uuid,)>(vec![id], Vec::new())
            .await?;
    }
    let (base, tree) = (Arc::clone(base), Arc::clone(tree));
    let default = workspace.default_territory_id;
    compute(move || {
        let mut rules = base.rules.clone();
        let touched: HashSet<Uuid> =
            begun.iter().map(|row| row.id).chain(ended.into_iter().map(|(id,)| id)).collect();
        for &id in &touched {
            rules.take(id, &words.catalog);
        }
        for row in begun {
            rules.put(words.compiled(row), &words.catalog);
        }
        let old = State { tree: &base.tree, rules: &base.rules };
        let new = State { tree: &tree, rules: &rules };
        let (index, made) = match followed(&base.index, old, new, &touched, default) {
            Some(index) => (index, Made::Followed),
            None => (built(new, default), Made::Reindexed),
        };
        Compiled { words, rules, index, made }
    })
    .await
}

async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|fault| Error::Bug(format!("a rule book could not be made: {fault}")))
}

/// Rows that are valid now and were not under that version.
fn begun_since<E: Stateful>(version: i64) -> sea_orm::Condition {
    states::now::<E>().add(E::since().gt(version))
}

async fn tree(tx: &Tx, base: Option<&RuleBook>) -> Result<Arc<Tree>, Error> {
    let Some(base) = base else {
        let rows = tx.select::<territory::Entity>().filter(states::now::<territory::Entity>()).all().await?;
        return Ok(Arc::new(Tree::of(rows)));
    };
    let version = base.workspace.plan_version;
    let begun = tx.select::<territory::Entity>().filter(begun_since::<territory::Entity>(version));
    let begun = begun.all().await?;
    let ended = tx.select::<territory::Entity>().filter(territory::Column::Until.gt(version)).all().await?;
    if begun.is_empty() && ended.is_empty() {
        return Ok(Arc::clone(&base.tree));
    }
    let touched: HashSet<Uuid> = begun.iter().chain(&ended).map(|row| row.id).collect();
    let kept = base.tree.rows().filter(|row| !touched.contains(&row.id)).cloned();
    Ok(Arc::new(Tree::of(kept.chain(begun).collect())))
}

async fn crew(
    tx: &Tx,
    base: Option<&RuleBook>,
    people: People,
    tree: &Arc<Tree>,
) -> Result<Arc<Crew>, Error> {
    let Some(base) = base else {
        let rows = tx.select::<member::Entity>().filter(states::now::<member::Entity>()).all().await?;
        return Ok(Arc::new(Crew::of(people, rows, tree)?));
    };
    let version = base.workspace.plan_version;
    let begun = tx.select::<member::Entity>().filter(begun_since::<member::Entity>(version)).all().await?;
    let ended = tx.select::<member::Entity>().filter(member::Column::Until.gt(version)).all().await?;
    let is_same = begun.is_empty() && ended.is_empty();
    if is_same && people == base.crew.people && Arc::ptr_eq(tree, &base.tree) {
        return Ok(Arc::clone(&base.crew));
    }
    let touched: HashSet<(Uuid, Uuid)> =
        begun.iter().chain(&ended).map(|row| (row.territory_id, row.user_id)).collect();
    let kept = base.crew.memberships.iter();
    let kept = kept.filter(|row| !touched.contains(&(row.territory_id, row.user_id))).cloned();
    Ok(Arc::new(Crew::of(people, kept.chain(begun).collect(), tree)?))
}
