//! A condition as SQL: the third reading of the one language, equal to `Condition::holds` on every row.
//! Every criterion is true or false, never NULL, so that `not` is plain negation here too.

use condition::{Condition, Criterion, FieldId, Interval, Kind, Test, Value};
use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr, Value as Bind};

use crate::dialect::Dialect;

/// Longer lists travel as one JSON parameter: statements stay short and below every limit.
const BOUND_VALUES_MAX: usize = 12;
/// Groups wider than this are halved, since SQLite parses at most 1,000 nested expressions.
const GROUP_WIDTH_MAX: usize = 64;

/// How a field is stored. Column names are ours, never input.
#[derive(Clone, Debug)]
pub enum Form {
    /// Compared text, key, or whole number in a column.
    Column(&'static str),
    /// JSON array of texts.
    Array(&'static str),
    /// JSON array of `{"number", "country", "area"}`.
    Phones(&'static str),
    Money {
        minor: &'static str,
        currency: &'static str,
    },
    /// A point's three coordinates.
    Point([&'static str; 3]),
    /// An id, written as a UUID.
    Id(&'static str),
    /// True where the column holds something.
    IsSet(&'static str),
    /// A member of the JSON object in the column.
    Custom {
        column: &'static str,
        key: String,
    },
}

/// What a condition needs besides the row: where its fields are and what day it is.
pub struct Reading<'a> {
    pub dialect: Dialect,
    pub form: Box<dyn Fn(FieldId) -> Form + Send + Sync + 'a>,
    /// Today in the workspace's time zone, in days since 1970-01-01.
    pub today: i64,
    /// The first microsecond of a day in the workspace's time zone.
    pub day_start: Box<dyn Fn(i64) -> i64 + Send + Sync + 'a>,
}

impl Reading<'_> {
    /// The condition as an expression over the table's columns.
    pub fn expression(&self, condition: &Condition) -> SimpleExpr {
        match condition {
            Condition::All(parts) => join(parts.iter().map(|part| self.expression(part)).collect(), true),
            Condition::Any(parts) => join(parts.iter().map(|part| self.expression(part)).collect(), false),
            Condition::Not(part) => self.expression(part).not(),
            Condition::Is(criterion) => self.criterion(criterion),
        }
    }

    fn criterion(&self, criterion: &Criterion) -> SimpleExpr {
        let form = (self.form)(criterion.field);
        let there = self.is_there(&form);
        match &criterion.test {
            Test::IsEmpty => there.not(),
            Test::IsNotEmpty => there,
            Test::IsNoneOf(_) | Test::HasNoneOf(_) => self.holds(criterion, &form).not(),
            _ => self.holds(criterion, &form),
        }
    }

    /// True where the value is there and satisfies the positive side of the test.
    fn holds(&self, criterion: &Criterion, form: &Form) -> SimpleExpr {
        if let Form::Array(_) | Form::Phones(_) = form {
            return self.any_element(&criterion.test, criterion.kind, form);
        }
        if let (Form::Custom { .. }, Kind::MultiChoice | Kind::Phone) = (form, criterion.kind) {
            return self.any_element(&criterion.test, criterion.kind, form);
        }
        let test = match (form, &criterion.test) {
            (Form::IsSet(_), Test::Is(wanted)) => {
                let there = self.is_there(form);
                return if *wanted { there } else { there.not() };
            }
            (Form::Id(column), Test::IsAnyOf(values) | Test::IsNoneOf(values)) => id_in(column, values),
            (Form::Money { minor, currency }, Test::MoneyWithin(bounds)) => {
                money(Expr::cust(*minor), &Expr::cust(*currency), bounds)
            }
            (Form::Custom { .. }, Test::MoneyWithin(bounds)) => {
                money(self.custom_number(form, "minor"), &self.custom_member(form, "currency"), bounds)
            }
            (Form::Point(columns), Test::WithinKm(circles)) => {
                join(circles.iter().map(|circle| self.near(columns, circle)).collect(), false)
            }
            (_, test) => self.scalar(test, criterion.kind, form),
        };
        self.is_there(form).and(test)
    }

    fn is_there(&self, form: &Form) -> SimpleExpr {
        let column = match form {
            Form::Column(column) | Form::Array(column) | Form::Phones(column) => Expr::cust(*column),
            Form::Id(column) | Form::IsSet(column) => Expr::cust(*column),
            Form::Money { minor, .. } => Expr::cust(*minor),
            Form::Point([x, ..]) => Expr::cust(*x),
            Form::Custom { .. } => self.custom_text(form),
        };
        column.is_not_null()
    }

    fn scalar(&self, test: &Test, kind: Kind, form: &Form) -> SimpleExpr {
        let text = || match form {
            Form::Column(column) => Expr::cust(*column),
            _ => self.custom_text(form),
        };
        let number = || match form {
            Form::Column(column) => Expr::cust(*column),
            _ => self.number(self.custom_text(form)),
        };
        match test {
            Test::Within(interval) => within(&number(), *interval),
            Test::InLastDays(_) | Test::InNextDays(_) => {
                let days = test.days(self.today).unwrap_or(Interval { lo: None, hi: None });
                if kind == Kind::DateTime {
                    let us = |day: Option<i64>| day.map(|day| (self.day_start)(day));
                    within(&number(), Interval { lo: us(days.lo), hi: us(days.hi) })
                } else {
                    within(&number(), days)
                }
            }
            Test::Is(wanted) => match form {
                Form::Column(column) => Expr::cust(*column).eq(*wanted),
                _ => self.custom_text(form).eq(if *wanted { "1" } else { "0" }),
            },
            test => self.text_test(test, &text),
        }
    }

    /// Tests of one text: of a column, or of an element of a list.
    fn text_test(&self, test: &Test, text: &dyn Fn() -> SimpleExpr) -> SimpleExpr {
        match test {
            Test::IsAnyOf(values)
            | Test::IsNoneOf(values)
            | Test::HasAnyOf(values)
            | Test::HasNoneOf(values) => self.one_of(text(), values),
            Test::StartsWithAnyOf(values) => {
                self.by_length(values, &|length| self.filled(&format!("substr(?, 1, {length})"), [text()]))
            }
            Test::EndsWithAnyOf(values) => {
                self.by_length(values, &|length| self.filled(&self.dialect.right("?", length), [text()]))
            }
            Test::ContainsAnyOf(values) => {
                self.any_listed(values, &|value| self.filled(self.dialect.contains(), [text(), value]))
            }
            Test::MatchesAnyOf(values) => {
                let patterns: Vec<Box<str>> = values.iter().map(|value| like(value).into()).collect();
                self.any_listed(&patterns, &|pattern| self.filled("? LIKE ? ESCAPE '!'", [text(), pattern]))
            }
            Test::InRangeAnyOf(ranges) => {
                let codes: Vec<Box<str>> = ranges
                    .iter()
                    .map(|range| {
                        let digits = usize::from(range.digits);
                        format!("{:0digits$}{:0digits$}", range.first, range.last).into()
                    })
                    .collect();
                let is_digits = self.filled("ltrim(?, '0123456789') = ''", [text()]);
                let inside = self.any_listed(&codes, &|code| {
                    let text = &text;
                    self.filled(
                        "(length(?) * 2 = length(?) AND ? >= substr(?, 1, length(?)) AND ? <= substr(?, length(?) + 1))",
                        [text(), code.clone(), text(), code.clone(), text(), text(), code, text()],
                    )
                });
                is_digits.and(inside)
            }
            // No other test reads a text: it holds for none.
            _ => Expr::cust("1 = 0"),
        }
    }

    fn any_element(&self, test: &Test, kind: Kind, form: &Form) -> SimpleExpr {
        let (rows, is_phones) = match form {
            Form::Array(column) => (Expr::cust(*column), false),
            Form::Phones(column) => (Expr::cust(*column), true),
            Form::Custom { column, key } => {
                let member = self.filled(&self.dialect.json_member(column), [Expr::val(key.clone())]);
                (member, kind == Kind::Phone)
            }
            _ => return Expr::cust("1 = 0"),
        };
        if let Test::HasAllOf(values) = test {
            return join(values.iter().map(|value| self.exists(&rows, self.value_is(value))).collect(), true)
                .and(rows.is_not_null());
        }
        let member = |name: &str| Expr::cust(self.dialect.member_of_element(name));
        let inner = match test {
            Test::PhoneCountryIsAnyOf(values) => self.one_of(member("country"), values),
            Test::PhoneAreaIsAnyOf(values) => self.one_of(member("area"), values),
            test if is_phones => self.text_test(test, &|| member("number")),
            test => self.text_test(test, &|| Expr::cust("value")),
        };
        self.exists(&rows, inner)
    }

    fn value_is(&self, value: &str) -> SimpleExpr {
        Expr::cust("value").eq(value)
    }

    fn exists(&self, rows: &SimpleExpr, inner: SimpleExpr) -> SimpleExpr {
        let text = format!("EXISTS (SELECT 1 FROM {} WHERE ?)", self.dialect.elements("?"));
        self.filled(&text, [rows.clone(), inner])
    }

    fn one_of(&self, text: SimpleExpr, values: &[Box<str>]) -> SimpleExpr {
        let values = &storable(values);
        if values.len() <= BOUND_VALUES_MAX {
            return text.is_in(values.iter().map(|value| Bind::from(value.to_string())));
        }
        let list = format!("? IN (SELECT value FROM {})", self.dialect.elements("?"));
        self.filled(&list, [text, json(values)])
    }

    /// Prefixes and suffixes: one list per length, compared with that many characters of the text.
    fn by_length(&self, values: &[Box<str>], cut: &dyn Fn(usize) -> SimpleExpr) -> SimpleExpr {
        let mut lengths: std::collections::BTreeMap<usize, Vec<Box<str>>> = std::collections::BTreeMap::new();
        for value in values {
            lengths.entry(value.chars().count()).or_default().push(value.clone());
        }
        join(lengths.into_iter().map(|(length, values)| self.one_of(cut(length), &values)).collect(), false)
    }

    fn any_listed(&self, values: &[Box<str>], test: &dyn Fn(SimpleExpr) -> SimpleExpr) -> SimpleExpr {
        let values = &storable(values);
        if values.len() <= BOUND_VALUES_MAX {
            let tests = values.iter().map(|value| test(Expr::val(value.to_string()))).collect();
            return join(tests, false);
        }
        let text = format!("EXISTS (SELECT 1 FROM {} WHERE ?)", self.dialect.listed("?"));
        self.filled(&text, [json(values), test(Expr::cust("listed.value"))])
    }

    fn custom_text(&self, form: &Form) -> SimpleExpr {
        let Form::Custom { column, key } = form else { return Expr::cust("NULL") };
        self.filled(&self.dialect.json_text(column), [Expr::val(key.clone())])
    }

    fn custom_member(&self, form: &Form, member: &str) -> SimpleExpr {
        let Form::Custom { column, key } = form else { return Expr::cust("NULL") };
        self.filled(&self.dialect.json_member_text(column, member), [Expr::val(key.clone())])
    }

    fn custom_number(&self, form: &Form, member: &str) -> SimpleExpr {
        self.number(self.custom_member(form, member))
    }

    fn number(&self, text: SimpleExpr) -> SimpleExpr {
        self.filled("CAST(? AS bigint)", [text])
    }

    fn near(&self, [x, y, z]: &[&'static str; 3], circle: &condition::Circle) -> SimpleExpr {
        let square = |column: &str| format!("({column} - ?) * ({column} - ?)");
        let text = format!("{} + {} + {} <= ?", square(x), square(y), square(z));
        let center = circle.center;
        let binds = [center.x, center.x, center.y, center.y, center.z, center.z, circle.chord2];
        self.filled(&text, binds.map(Expr::val))
    }

    /// The text with its question marks replaced by the expressions, in order.
    fn filled<const N: usize>(&self, text: &str, parts: [SimpleExpr; N]) -> SimpleExpr {
        Expr::cust_with_exprs(self.dialect.slots(text), parts)
    }
}

/// What a list is sorted by where it is sorted by a member of the JSON object in `column`: a number for
/// numbers and times, the compared text for all else.
pub fn custom_order(dialect: Dialect, column: &'static str, key: &str, kind: Kind) -> SimpleExpr {
    let bound = || [Expr::val(key)];
    let text = match kind {
        Kind::Money => {
            Expr::cust_with_exprs(dialect.slots(&dialect.json_member_text(column, "minor")), bound())
        }
        _ => Expr::cust_with_exprs(dialect.slots(&dialect.json_text(column)), bound()),
    };
    let is_number = matches!(kind, Kind::Integer | Kind::Decimal | Kind::Money | Kind::Date | Kind::DateTime);
    if is_number { Expr::cust_with_exprs(dialect.slots("CAST(? AS bigint)"), [text]) } else { text }
}

/// The stored form of a value inside the JSON object of own fields, as the forms above read it.
pub fn custom_json(value: &Value) -> serde_json::Value {
    use serde_json::json;
    match value {
        Value::Text(text) | Value::Key(text) => json!(text),
        Value::Texts(texts) | Value::Keys(texts) => json!(texts),
        Value::Phones(phones) => {
            let phone = |phone: &condition::PhoneFact| json!({ "number": phone.number, "country": phone.country, "area": phone.area });
            phones.iter().map(phone).collect()
        }
        Value::Integer(number) => json!(number),
        Value::Moment { us, .. } => json!(us),
        Value::Money { minor, currency } => json!({ "minor": minor, "currency": currency.code() }),
        Value::YesNo(is) => json!(if *is { "1" } else { "0" }),
        Value::Point(_) => serde_json::Value::Null,
    }
}

fn join(mut parts: Vec<SimpleExpr>, is_all: bool) -> SimpleExpr {
    if parts.len() > GROUP_WIDTH_MAX {
        let rest = parts.split_off(parts.len() / 2);
        let (left, right) = (join(parts, is_all), join(rest, is_all));
        return if is_all { left.and(right) } else { left.or(right) };
    }
    let joined = parts.into_iter().reduce(|a, b| if is_all { a.and(b) } else { a.or(b) });
    joined.unwrap_or_else(|| Expr::cust(if is_all { "1 = 1" } else { "1 = 0" }))
}

fn within(number: &SimpleExpr, interval: Interval) -> SimpleExpr {
    let low = interval.lo.map(|lo| number.clone().gte(lo));
    let high = interval.hi.map(|hi| number.clone().lt(hi));
    join(low.into_iter().chain(high).collect(), true)
}

fn money(minor: SimpleExpr, currency: &SimpleExpr, bounds: &[(condition::Currency, Interval)]) -> SimpleExpr {
    let of = |(code, interval): &(condition::Currency, Interval)| {
        currency.clone().eq(code.code()).and(within(&minor, *interval))
    };
    join(bounds.iter().map(of).collect(), false)
}

/// Without those that no stored text can equal, begin with or hold: PostgreSQL knows none with a zero
/// character, and refuses it in a parameter too.
fn storable(values: &[Box<str>]) -> std::borrow::Cow<'_, [Box<str>]> {
    let is_storable = |value: &str| !value.contains('\0');
    if values.iter().all(|value| is_storable(value)) {
        return values.into();
    }
    values.iter().filter(|value| is_storable(value)).cloned().collect::<Vec<_>>().into()
}

fn id_in(column: &'static str, values: &[Box<str>]) -> SimpleExpr {
    let ids = values.iter().filter_map(|value| uuid::Uuid::try_parse(value).ok());
    Expr::cust(column).is_in(ids.map(Bind::from))
}

fn json(values: &[Box<str>]) -> SimpleExpr {
    Expr::val(serde_json::to_string(values).expect("texts are JSON"))
}

/// A folded pattern of `*` and `?` as a LIKE pattern.
fn like(pattern: &str) -> String {
    let mut like = String::with_capacity(pattern.len() + 4);
    for sign in pattern.chars() {
        match sign {
            '*' => like.push('%'),
            '?' => like.push('_'),
            '%' | '_' | '!' => like.extend(['!', sign]),
            sign => like.push(sign),
        }
    }
    like
}
