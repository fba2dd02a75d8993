//! What can be wrong with a plan file: where, what as a code, the value found, and a sentence.
//! The web words the codes in its reader's language.

use std::fmt;

/// Declares each code once with its name, which is part of the API.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal)*) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FileCode {
            $($(#[$doc])* $name,)*
            /// A condition's own fault.
            Condition(condition::Code),
        }

        impl FileCode {
            /// All but those of conditions.
            pub const ALL: &[FileCode] = &[$(FileCode::$name),*];

            /// The code's name in the API.
            pub fn name(self) -> &'static str {
                match self {
                    $(FileCode::$name => $text,)*
                    FileCode::Condition(code) => code.name(),
                }
            }
        }
    };
}

codes! {
    // The shape.
    NotJson "plan_not_json"
    UnknownFormat "plan_format_unknown"
    UnknownKey "plan_key_unknown"
    MissingKey "plan_key_missing"
    NotAnObject "not_an_object"
    NotAList "not_a_list"
    NotAText "not_a_text"
    EmptyText "empty_text"
    NotAWholeNumber "not_a_whole_number"
    NotYesNo "not_yes_no"
    // Values.
    UnknownCurrency "currency_unknown"
    UnknownTimeZone "time_zone_unknown"
    UnknownCountry "country_unknown"
    UnknownCalendar "unknown_calendar"
    UnreadableColor "color_unreadable"
    OutOfRange "out_of_range"
    AssignmentWithoutAccess "assignment_without_access"
    // Names, and what they lead to.
    NameTwice "plan_name_twice"
    UnknownTerritory "plan_territory_unknown"
    Circle "plan_circle"
    MemberTwice "plan_member_twice"
    // Fields.
    NoStandardField "plan_field_not_standard"
    FieldTwice "plan_field_twice"
    KindDiffers "plan_field_kind_differs"
    UnknownKind "unknown_kind"
    ChoicesUnwanted "choices_unwanted"
    ChoiceTwice "choice_taken"
}

/// What is wrong with a file, and where, as a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    pub pointer: String,
    pub code: FileCode,
    /// What was found, as written.
    pub value: String,
    /// What is wrong and what to do, in English.
    pub detail: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = if self.pointer.is_empty() { "/" } else { &self.pointer };
        write!(f, "{pointer}: {}", self.detail)
    }
}
