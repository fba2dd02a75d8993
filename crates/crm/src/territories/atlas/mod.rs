//! The atlas: where territories lie, as far as their rules name places; outlines, areas of maps, neighbours.
//! Worked out in memory from the rule book, and kept until a territory's rules change.
//! Uses: book.
//!
//! Reading order: [`maps`] (areas and borders), [`spots`] (where leads may be), [`reach`] (where a territory's
//! rules could match), [`outline`] (that as a small shape), [`share`] (who gets the leads of an area),
//! [`names`] (what people call it).

pub mod maps;
pub mod names;
pub mod outline;
pub mod reach;
pub mod share;
pub mod spots;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use uuid::Uuid;

use self::reach::Reach;
use crate::error::Error;
use crate::territories::book::RuleBook;

/// The atlases of all workspaces on this server.
#[derive(Default)]
pub struct Atlases {
    known: Mutex<HashMap<Uuid, Arc<Atlas>>>,
}

/// Where the territories of one version of the plan lie.
pub struct Atlas {
    pages: HashMap<Uuid, Arc<Page>>,
}

/// One territory.
pub struct Page {
    pub reach: Reach,
    outline: OnceLock<Option<String>>,
}

impl Page {
    /// The outline as a path in a box of 40 pixels; none where the rules name no place.
    pub fn outline(&self) -> Option<&str> {
        self.outline.get_or_init(|| outline::draw(&self.reach.could)).as_deref()
    }
}

impl Atlases {
    /// The atlas of a book. What is not known yet is worked out beside the requests that wait for nothing.
    ///
    /// # Errors
    /// [`Error::Bug`] where the work broke off.
    pub async fn of(&self, book: &Arc<RuleBook>) -> Result<Arc<Atlas>, Error> {
        let workspace = book.workspace().id;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&workspace).cloned();
        if let Some(atlas) = known.as_ref().filter(|atlas| atlas.is_of(book)) {
            return Ok(Arc::clone(atlas));
        }
        let book = Arc::clone(book);
        let made = tokio::task::spawn_blocking(move || Atlas::after(known.as_deref(), &book)).await;
        let atlas =
            Arc::new(made.map_err(|fault| Error::Bug(format!("an atlas could not be made: {fault}")))?);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(workspace, Arc::clone(&atlas));
        Ok(atlas)
    }
}

impl Atlas {
    /// Makes the atlas of a book; pages of territories whose rules are as they were come from the one before.
    pub fn after(before: Option<&Atlas>, book: &RuleBook) -> Atlas {
        let page = |territory: Uuid| {
            let known = before.and_then(|atlas| atlas.pages.get(&territory));
            let page = known.filter(|page| page.reach.is_of(book, territory)).cloned();
            let page = page.unwrap_or_else(|| {
                Arc::new(Page { reach: Reach::of(book, territory), outline: OnceLock::new() })
            });
            // Drawn here, where nobody waits.
            page.outline();
            (territory, page)
        };
        Atlas { pages: book.tree().rows().map(|row| page(row.id)).collect() }
    }

    fn is_of(&self, book: &RuleBook) -> bool {
        let is_same = |id: Uuid| self.pages.get(&id).is_some_and(|page| page.reach.is_of(book, id));
        self.pages.len() == book.tree().len() && book.tree().rows().all(|row| is_same(row.id))
    }

    pub fn page(&self, territory: Uuid) -> Option<&Page> {
        self.pages.get(&territory).map(AsRef::as_ref)
    }
}
