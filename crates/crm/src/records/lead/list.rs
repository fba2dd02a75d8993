//! Lists of leads: filter, order, cursor pages and counts, all within the viewer's reach.

use access::{FieldRight, Object, Viewer};
use condition::{Catalog, Condition, Field, Kind, standard};
use sea_orm::sea_query::{Expr, SimpleExpr};
use store::dialect::Dialect;
use store::filter::{Form, Reading, custom_order};
use store::{Scoped, Tx, Way, Written};
use uuid::Uuid;

use super::listed::Row;
use super::store::lead;
use super::{columns, listed};
use crate::error::{Error, Fault};
use crate::fields;
use crate::http::page::{self, Count, Cursor, Sort};

/// Counted exactly up to this; beyond, the count says "more than".
pub const COUNT_EXACT_MAX: u64 = 100_000;
/// Newest first, where nobody says otherwise.
const SORT: &str = "-created_at";

/// What a list is asked for, checked.
#[derive(Clone)]
pub struct Query {
    pub filter: Option<Condition>,
    sort: String,
    sorts: Vec<Sort>,
    cursor: Option<Cursor>,
    limit: u64,
}

/// A page of rows, as [`listed`] reads them.
pub struct Page {
    text: String,
    rows_max: usize,
}

/// Says whether the viewer may use a field in filters and sorts: a hidden one is as unknown as one that
/// never was.
pub fn is_readable(viewer: &Viewer, field: &Field) -> bool {
    // Where a record lies tells its postcode, so that circles are as hidden as that.
    let key = if field.kind == Kind::Place { "postcode" } else { field.key.as_str() };
    field.is_system || viewer.field_right_everywhere(Object::Lead, key) != FieldRight::Hidden
}

impl Query {
    /// Checks sort, cursor and limit; the filter is parsed by the caller.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming each unknown field.
    pub fn new(
        catalog: &Catalog,
        dialect: Dialect,
        viewer: &Viewer,
        filter: Option<Condition>,
        sort: Option<&str>,
        cursor: Option<&str>,
        limit: Option<u64>,
    ) -> Result<Query, Error> {
        let sort = sort.filter(|sort| !sort.is_empty()).unwrap_or(SORT);
        let (sorts, faults): (Vec<_>, Vec<_>) =
            sort.split(',').map(|word| sort_of(catalog, dialect, viewer, word)).partition(Result::is_ok);
        let mut faults: Vec<Fault> = faults.into_iter().filter_map(Result::err).collect();
        if sorts.len() > page::SORTS_MAX {
            let detail = format!("a list sorts by at most {} fields", page::SORTS_MAX);
            faults.push(Fault::new("sort", "sorts_many", sort, detail));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let sorts: Vec<_> = sorts.into_iter().filter_map(Result::ok).collect();
        let cursor = cursor.map(|text| Cursor::read(text, sort, &sorts)).transpose()?;
        Ok(Query { filter, sort: sort.to_owned(), sorts, cursor, limit: page::limit(limit)? })
    }

    /// Reads the page.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn page(&self, tx: &Tx, reading: &Reading<'_>) -> Result<Page, Error> {
        let (select, columns) = self.select(tx, reading);
        let text = select.json(columns, self.way()).await?;
        Ok(Page { text, rows_max: usize::try_from(self.limit).unwrap_or(usize::MAX) })
    }

    /// How the database would read the page, step by step.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn plan(&self, tx: &Tx, reading: &Reading<'_>) -> Result<Vec<String>, Error> {
        let (select, columns) = self.select(tx, reading);
        Ok(select.plan(columns, self.way()).await?)
    }

    fn select<'t>(
        &self,
        tx: &'t Tx,
        reading: &Reading<'_>,
    ) -> (Scoped<'t, lead::Entity>, Vec<(SimpleExpr, Written)>) {
        let id = Expr::cust(r#""lead"."id""#);
        let is_descending = self.sorts.first().is_some_and(|sort| sort.is_descending);
        let mut select = filtered(tx.select::<lead::Entity>(), self.filter.as_ref(), reading);
        if let Some(cursor) = &self.cursor {
            select = select.filter(cursor.after(&self.sorts, &id, is_descending));
        }
        let select = select.sorted(page::order(&self.sorts, &id, is_descending)).limit(self.limit + 1);
        (select, listed::columns(self.sorts.iter().map(|sort| sort.column.clone())))
    }

    /// Rows of a rare kind may be far apart in any order, and only the order of creation has an index.
    fn way(&self) -> Way {
        let is_of_creation = matches!(self.sort.as_str(), "created_at" | "-created_at");
        if is_of_creation && self.filter.is_none() { Way::Walk } else { Way::Gather }
    }

    /// The rows of a page, and the cursor of the next where there is one.
    ///
    /// # Errors
    /// Where the page is not one that this query has read, which would be a bug.
    pub fn rows<'p>(&self, page: &'p Page) -> Result<(Vec<Row<'p>>, Option<String>), Error> {
        let mut rows: Vec<Row<'p>> = serde_json::from_str(&page.text)?;
        let has_more = rows.len() > page.rows_max;
        rows.truncate(page.rows_max);
        let last = rows.last().filter(|_| has_more);
        let next_cursor = match last {
            Some(row) => Some(Cursor::new(&self.sort, row.sorted_by()?, row.id()?).write()),
            None => None,
        };
        Ok((rows, next_cursor))
    }

    /// Counts all rows of the list.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn count(&self, tx: &Tx, reading: &Reading<'_>) -> Result<Count, Error> {
        count(tx, self.filter.as_ref(), reading).await
    }
}

/// Counts the leads that satisfy the condition and that the viewer may see.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(tx: &Tx, filter: Option<&Condition>, reading: &Reading<'_>) -> Result<Count, Error> {
    let select = filtered(tx.select::<lead::Entity>(), filter, reading);
    let value = select.count_up_to(COUNT_EXACT_MAX + 1).await?;
    Ok(Count { value: value.min(COUNT_EXACT_MAX), exact: value <= COUNT_EXACT_MAX })
}

/// The ids of the leads that satisfy the condition, oldest first, at most `limit`.
///
/// # Errors
/// Where the database does not answer.
pub async fn ids(tx: &Tx, filter: &Condition, reading: &Reading<'_>, limit: u64) -> Result<Vec<Uuid>, Error> {
    let select = filtered(tx.select::<lead::Entity>(), Some(filter), reading)
        .order_by(Expr::cust(r#""lead"."id""#), sea_orm::Order::Asc)
        .limit(limit);
    let rows: Vec<(Uuid,)> = select.tuples(vec![Expr::cust(r#""lead"."id""#)], Vec::new()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

fn filtered<'t>(
    select: Scoped<'t, lead::Entity>,
    filter: Option<&Condition>,
    reading: &Reading<'_>,
) -> Scoped<'t, lead::Entity> {
    match filter {
        Some(condition) => select.filter(sea_orm::Condition::all().add(reading.expression(condition))),
        None => select,
    }
}

fn sort_of(catalog: &Catalog, dialect: Dialect, viewer: &Viewer, word: &str) -> Result<Sort, Fault> {
    let (name, is_descending) = word.strip_prefix('-').map_or((word, false), |name| (name, true));
    let field = catalog.find(name).filter(|field| is_readable(viewer, field)).ok_or_else(|| unknown(word))?;
    let (column, is_nullable) = sort_column(field, dialect).ok_or_else(|| unsortable(word))?;
    let is_text =
        !matches!(field.kind, Kind::Integer | Kind::Decimal | Kind::Money | Kind::Date | Kind::DateTime);
    Ok(Sort { column, is_descending, is_nullable, is_text })
}

fn unknown(word: &str) -> Fault {
    Fault::new("sort", "field_unknown", word, "there is no such field; GET /api/v1/fields lists them")
}

fn unsortable(word: &str) -> Fault {
    Fault::new("sort", "field_unsortable", word, "lists cannot be sorted by this field")
}

fn sort_column(field: &Field, dialect: Dialect) -> Option<(SimpleExpr, bool)> {
    if !fields::is_sortable(field) {
        return None;
    }
    if let Some(own) = field.key.strip_prefix("custom.") {
        return Some((custom_order(dialect, columns::OWN, own, field.kind), true));
    }
    let column = match columns::standard_form(field.id)? {
        Form::Column(column) => column,
        Form::Money { minor, .. } => minor,
        _ => return None,
    };
    let is_nullable = !matches!(field.id, standard::CREATED_AT | standard::UPDATED_AT);
    Some((Expr::cust(column), is_nullable))
}
