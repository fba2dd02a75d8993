//! Lists: sorts, cursors and pages, the same for every resource.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, SimpleExpr};
use sea_orm::{Condition, Order};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Term;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Error, Fault};

pub const PAGE_ROWS: u64 = 50;
pub const PAGE_ROWS_MAX: u64 = 200;
pub const SORTS_MAX: usize = 4;

/// How many rows a list has in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Count {
    pub value: u64,
    /// False: there are more than `value`.
    pub exact: bool,
}

/// One column of an order.
#[derive(Clone, Debug)]
pub struct Sort {
    pub column: SimpleExpr,
    pub is_descending: bool,
    /// Rows without a value come last in both directions.
    pub is_nullable: bool,
    /// Holds texts; else whole numbers.
    pub is_text: bool,
}

/// The place in a list after its last row: the values that the order compares, and the id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order it belongs to, as it was written in the query.
    sort: String,
    values: Vec<Value>,
    id: Uuid,
}

impl Cursor {
    pub fn new(sort: &str, values: Vec<Value>, id: Uuid) -> Cursor {
        Cursor { sort: sort.to_owned(), values, id }
    }

    /// Opaque text for the next request.
    pub fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a cursor back.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is none of ours or belongs to another order.
    pub fn read(text: &str, sort: &str, sorts: &[Sort]) -> Result<Cursor, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let cursor: Option<Cursor> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let fits = cursor.filter(|cursor| cursor.sort == sort && cursor.fits(sorts));
        fits.ok_or_else(|| {
            let detail =
                "this cursor does not belong to this list and order; leave it out to start at the top";
            Error::invalid("cursor", "cursor_unknown", text, detail)
        })
    }

    /// True where each value is one that its column can be compared with: whoever forges one is told so.
    fn fits(&self, sorts: &[Sort]) -> bool {
        let fits = |(value, sort): (&Value, &Sort)| match value {
            Value::Null => sort.is_nullable,
            // PostgreSQL knows no text with that character.
            Value::String(text) => sort.is_text && !text.contains('\0'),
            Value::Number(number) => !sort.is_text && number.as_i64().is_some(),
            _ => false,
        };
        self.values.len() == sorts.len() && self.values.iter().zip(sorts).all(fits)
    }

    /// The rows that come after it.
    pub fn after(&self, sorts: &[Sort], id: &SimpleExpr, id_is_descending: bool) -> Condition {
        let mut any = Condition::any();
        let mut same = Condition::all();
        for (sort, value) in sorts.iter().zip(&self.values) {
            if let Some(beyond) = beyond(sort, value) {
                any = any.add(same.clone().add(beyond));
            }
            same = same.add(equal(sort, value));
        }
        let id = if id_is_descending { id.clone().lt(self.id) } else { id.clone().gt(self.id) };
        // Follows from the rest, but an index of the order can begin there.
        let begin = sorts.first().zip(self.values.first()).and_then(|(sort, value)| not_before(sort, value));
        Condition::all().add_option(begin).add(any.add(same.add(id)))
    }
}

/// The terms of a list's order: the sorts, then the id.
pub fn order(sorts: &[Sort], id: &SimpleExpr, id_is_descending: bool) -> Vec<Term> {
    let direction = |is_descending: bool| if is_descending { Order::Desc } else { Order::Asc };
    let mut terms: Vec<Term> = sorts
        .iter()
        .map(|sort| Term {
            by: sort.column.clone(),
            order: direction(sort.is_descending),
            nulls: sort.is_nullable.then_some(NullOrdering::Last),
        })
        .collect();
    terms.push(Term { by: id.clone(), order: direction(id_is_descending), nulls: None });
    terms
}

fn beyond(sort: &Sort, value: &Value) -> Option<SimpleExpr> {
    let bind = bind(value)?;
    let column = sort.column.clone();
    let beyond = if sort.is_descending { column.lt(bind) } else { column.gt(bind) };
    Some(if sort.is_nullable { beyond.or(sort.column.clone().is_null()) } else { beyond })
}

/// True of the values from there on, where every row has one.
fn not_before(sort: &Sort, value: &Value) -> Option<SimpleExpr> {
    let bind = bind(value).filter(|_| !sort.is_nullable)?;
    let column = sort.column.clone();
    Some(if sort.is_descending { column.lte(bind) } else { column.gte(bind) })
}

fn equal(sort: &Sort, value: &Value) -> SimpleExpr {
    match bind(value) {
        Some(bind) => sort.column.clone().eq(bind),
        None => sort.column.clone().is_null(),
    }
}

fn bind(value: &Value) -> Option<SimpleExpr> {
    match value {
        Value::String(text) => Some(Expr::val(text.clone())),
        Value::Number(number) => Some(Expr::val(number.as_i64().unwrap_or_default())),
        Value::Bool(is) => Some(Expr::val(*is)),
        _ => None,
    }
}

/// The number of rows asked for.
///
/// # Errors
/// [`Error::Invalid`] where it is 0 or too large.
pub fn limit(asked: Option<u64>) -> Result<u64, Error> {
    match asked {
        None => Ok(PAGE_ROWS),
        Some(rows) if (1..=PAGE_ROWS_MAX).contains(&rows) => Ok(rows),
        Some(rows) => {
            let detail = format!("limit is 1 to {PAGE_ROWS_MAX} rows");
            Err(Error::Invalid(vec![Fault::new("limit", "limit_range", rows, detail)]))
        }
    }
}
