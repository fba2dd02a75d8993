//! Austria, by the Arbeitsruhegesetz § 7: the same in all states.
//!
//! Left out: the patron saints' days of the states, on which only schools and offices close, and Good Friday,
//! which until 2019 was a holiday for members of some churches.

use super::rule::Rule;
use super::rule::When::{Date, Easter};
use super::rule::everywhere;

pub const RULES: &[Rule] = &[
    everywhere(Date(1, 1), "New Year's Day", "Neujahr"),
    everywhere(Date(1, 6), "Epiphany", "Heilige Drei Könige"),
    everywhere(Easter(1), "Easter Monday", "Ostermontag"),
    everywhere(Date(5, 1), "National Holiday", "Staatsfeiertag"),
    everywhere(Easter(39), "Ascension Day", "Christi Himmelfahrt"),
    everywhere(Easter(50), "Whit Monday", "Pfingstmontag"),
    everywhere(Easter(60), "Corpus Christi", "Fronleichnam"),
    everywhere(Date(8, 15), "Assumption Day", "Mariä Himmelfahrt"),
    everywhere(Date(10, 26), "National Day", "Nationalfeiertag"),
    everywhere(Date(11, 1), "All Saints' Day", "Allerheiligen"),
    everywhere(Date(12, 8), "Immaculate Conception", "Mariä Empfängnis"),
    everywhere(Date(12, 25), "Christmas Day", "Christtag"),
    everywhere(Date(12, 26), "Saint Stephen's Day", "Stefanitag"),
];
