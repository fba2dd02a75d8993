//! Faults of conditions as codes and values: where, what, and what would be right. The web words
//! the codes in the reader's language, the command line takes the sentences of [`Fault::words`].

use std::fmt;

/// Declares each code once with its name, which is part of the API.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal)*) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code's name in the API.
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }
        }
    };
}

codes! {
    // The shape of a condition.
    NotJson "not_json"
    NotACondition "not_a_condition"
    UnknownKey "unknown_key"
    MissingKey "missing_key"
    NotAList "not_a_list"
    TooDeep "too_deep"
    TooManyValues "too_many_values"
    NoValues "no_values"
    WrongValueCount "wrong_value_count"
    UnknownOperator "unknown_operator"
    OperatorNotForField "operator_not_for_field"
    // Values.
    NotAText "not_a_text"
    EmptyText "empty_text"
    NotAWholeNumber "not_a_whole_number"
    NotADecimal "not_a_decimal"
    NotAnAmount "not_an_amount"
    TooManyDecimals "too_many_decimals"
    NotADate "not_a_date"
    NotADateTime "not_a_date_time"
    NotYesNo "not_yes_no"
    NotADayCount "not_a_day_count"
    NumberTooLarge "number_too_large"
    BetweenReversed "between_reversed"
    TwoCurrencies "two_currencies"
    NotAPostcodeRange "not_a_postcode_range"
    PostcodeRangeLengths "postcode_range_lengths"
    PostcodeRangeReversed "postcode_range_reversed"
    NotACircle "not_a_circle"
    NotALatitude "not_a_latitude"
    NotALongitude "not_a_longitude"
    NotADistance "not_a_distance"
    NotAPostcode "not_a_postcode"
    NotAUrl "not_a_url"
    NotAnEmail "not_an_email"
    NotAPhone "not_a_phone"
    NotAnAreaCode "not_an_area_code"
    // A criterion that the catalogue or the tables do not know: it breaks its rule only.
    UnknownField "unknown_field"
    FieldNotForRules "field_not_for_rules"
    UnknownChoice "unknown_choice"
    UnknownCountry "unknown_country"
    UnknownState "unknown_state"
    AmbiguousState "ambiguous_state"
    UnknownCurrency "unknown_currency"
    UnknownPostcode "unknown_postcode"
    // Postcodes as text.
    PostcodesEmpty "postcodes_empty"
    PostcodesUnknownWord "postcodes_unknown_word"
    PostcodesUnknownCharacter "postcodes_unknown_character"
    PostcodesCodeMissing "postcodes_code_missing"
    PostcodesSeparatorMissing "postcodes_separator_missing"
    PostcodesTooLong "postcodes_too_long"
    PostcodesRangeReversed "postcodes_range_reversed"
    PostcodesWildcardInRange "postcodes_wildcard_in_range"
    PostcodesTwoStars "postcodes_two_stars"
    PostcodesNothingToTakeFrom "postcodes_nothing_to_take_from"
    PostcodesTooMany "postcodes_too_many"
}

impl Code {
    /// True for what breaks a rule but leaves its plan usable.
    pub fn breaks_only_the_rule(self) -> bool {
        matches!(
            self,
            Code::UnknownField
                | Code::FieldNotForRules
                | Code::UnknownChoice
                | Code::UnknownCountry
                | Code::UnknownState
                | Code::AmbiguousState
                | Code::UnknownCurrency
                | Code::UnknownPostcode
        )
    }
}

/// One fault: where it stands, what is wrong, the value found, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer from the condition's root, like `/all/1/values/0`; empty for the root and for text.
    pub pointer: String,
    /// For text: the characters that stand before the fault.
    pub position: Option<usize>,
    pub code: Code,
    /// What was found, as written.
    pub value: String,
    /// What would be right, as far as the code does not say: the operators that the field knows, the
    /// number of digits, the choices.
    pub expected: String,
}

impl Fault {
    /// Makes a fault at a place in JSON.
    pub fn at(pointer: impl fmt::Display, code: Code, value: impl fmt::Display) -> Fault {
        Fault {
            pointer: pointer.to_string(),
            position: None,
            code,
            value: value.to_string(),
            expected: String::new(),
        }
    }

    /// Says what would be right.
    pub fn expecting(mut self, expected: impl fmt::Display) -> Fault {
        self.expected = expected.to_string();
        self
    }

    /// Moves the fault below a place in a greater document.
    pub fn below(mut self, pointer: &str) -> Fault {
        self.pointer.insert_str(0, pointer);
        self
    }
}
