//! The operators of `rules.md` §2 and the kinds of fields that know them.
//! Uses: field.

use crate::field::Kind;

/// Declares each operator once with its name in JSON.
macro_rules! operators {
    ($($name:ident $text:literal)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Operator { $($name,)* }

        impl Operator {
            pub const ALL: &[Operator] = &[$(Operator::$name),*];

            /// The operator's name in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Operator::$name => $text,)* }
            }
        }
    };
}

operators! {
    IsEmpty "is_empty"
    IsNotEmpty "is_not_empty"
    IsAnyOf "is_any_of"
    IsNoneOf "is_none_of"
    StartsWithAnyOf "starts_with_any_of"
    EndsWithAnyOf "ends_with_any_of"
    ContainsAnyOf "contains_any_of"
    MatchesAnyOf "matches_any_of"
    Eq "eq"
    Lt "lt"
    Lte "lte"
    Gt "gt"
    Gte "gte"
    Between "between"
    InLastDays "in_last_days"
    InNextDays "in_next_days"
    HasAnyOf "has_any_of"
    HasAllOf "has_all_of"
    HasNoneOf "has_none_of"
    Is "is"
    InRangeAnyOf "in_range_any_of"
    WithinKm "within_km"
    CountryIsAnyOf "country_is_any_of"
    AreaCodeIsAnyOf "area_code_is_any_of"
}

/// How many values an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exactly(usize),
    AtLeastOne,
}

impl Operator {
    pub fn parse(name: &str) -> Option<Operator> {
        Operator::ALL.iter().copied().find(|operator| operator.name() == name)
    }

    pub fn count(self) -> Count {
        use Operator::*;
        match self {
            IsEmpty | IsNotEmpty => Count::Exactly(0),
            Eq | Lt | Lte | Gt | Gte | InLastDays | InNextDays | Is => Count::Exactly(1),
            Between => Count::Exactly(2),
            _ => Count::AtLeastOne,
        }
    }

    /// The operators that a kind of field knows, in the order in which an editor offers them.
    pub fn of(kind: Kind) -> &'static [Operator] {
        use Operator::*;
        match kind {
            Kind::Text | Kind::LongText | Kind::Email | Kind::Url => &[
                IsAnyOf,
                IsNoneOf,
                StartsWithAnyOf,
                EndsWithAnyOf,
                ContainsAnyOf,
                MatchesAnyOf,
                IsEmpty,
                IsNotEmpty,
            ],
            Kind::Phone => &[CountryIsAnyOf, AreaCodeIsAnyOf, IsAnyOf, IsNoneOf, IsEmpty, IsNotEmpty],
            Kind::Integer | Kind::Decimal | Kind::Money => {
                &[Eq, Gte, Lte, Gt, Lt, Between, IsEmpty, IsNotEmpty]
            }
            Kind::Date | Kind::DateTime => {
                &[Eq, Gte, Lte, Gt, Lt, Between, InLastDays, InNextDays, IsEmpty, IsNotEmpty]
            }
            Kind::YesNo => &[Is],
            Kind::Choice | Kind::Country | Kind::State => &[IsAnyOf, IsNoneOf, IsEmpty, IsNotEmpty],
            Kind::MultiChoice => &[HasAnyOf, HasAllOf, HasNoneOf, IsEmpty, IsNotEmpty],
            Kind::Postcode => &[StartsWithAnyOf, InRangeAnyOf, IsAnyOf, IsNoneOf, IsEmpty, IsNotEmpty],
            Kind::Place => &[WithinKm],
        }
    }
}
