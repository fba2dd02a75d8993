//! Germany, all sixteen states, by their laws on Sundays and holidays.
//!
//! Left out, since they hold in some municipalities only: Assumption in Bavaria (where most inhabitants are
//! Catholic), Corpus Christi in parts of Saxony and Thuringia, and the Peace Festival of Augsburg.

use super::rule::Rule;
use super::rule::When::{Date, Easter, Repentance};
use super::rule::{everywhere, within};

pub const RULES: &[Rule] = &[
    everywhere(Date(1, 1), "New Year's Day", "Neujahr"),
    within(&["BW", "BY"], Date(1, 6), "Epiphany", "Heilige Drei Könige"),
    within(&["ST"], Date(1, 6), "Epiphany", "Heilige Drei Könige").since(1993),
    within(&["BE"], Date(3, 8), "International Women's Day", "Internationaler Frauentag").since(2019),
    within(&["MV"], Date(3, 8), "International Women's Day", "Internationaler Frauentag").since(2023),
    everywhere(Easter(-2), "Good Friday", "Karfreitag"),
    within(&["BB"], Easter(0), "Easter Sunday", "Ostersonntag"),
    everywhere(Easter(1), "Easter Monday", "Ostermontag"),
    everywhere(Date(5, 1), "Labour Day", "Tag der Arbeit"),
    within(&["BE"], Date(5, 8), "Day of Liberation", "Tag der Befreiung").only(2020, 2020),
    within(&["BE"], Date(5, 8), "Day of Liberation", "Tag der Befreiung").only(2025, 2025),
    everywhere(Easter(39), "Ascension Day", "Christi Himmelfahrt"),
    within(&["BB"], Easter(49), "Whit Sunday", "Pfingstsonntag"),
    everywhere(Easter(50), "Whit Monday", "Pfingstmontag"),
    within(&["BW", "BY", "HE", "NW", "RP", "SL"], Easter(60), "Corpus Christi", "Fronleichnam"),
    within(
        &["BE"],
        Date(6, 17),
        "Anniversary of the uprising of 1953",
        "Jahrestag des Aufstandes vom 17. Juni 1953",
    )
    .only(2028, 2028),
    within(&["SL"], Date(8, 15), "Assumption Day", "Mariä Himmelfahrt"),
    within(&["TH"], Date(9, 20), "World Children's Day", "Weltkindertag").since(2019),
    everywhere(Date(10, 3), "German Unity Day", "Tag der Deutschen Einheit"),
    within(&["BB", "MV", "SN", "ST", "TH"], Date(10, 31), "Reformation Day", "Reformationstag"),
    within(&["HB", "HH", "NI", "SH"], Date(10, 31), "Reformation Day", "Reformationstag").since(2018),
    // Five hundred years after the theses of Wittenberg.
    everywhere(Date(10, 31), "Reformation Day", "Reformationstag").only(2017, 2017),
    within(&["BW", "BY", "NW", "RP", "SL"], Date(11, 1), "All Saints' Day", "Allerheiligen"),
    // Given up in 1995 for the long-term care insurance, but for Saxony.
    everywhere(Repentance, "Day of Repentance and Prayer", "Buß- und Bettag").only(1990, 1994),
    within(&["SN"], Repentance, "Day of Repentance and Prayer", "Buß- und Bettag").since(1995),
    everywhere(Date(12, 25), "Christmas Day", "Erster Weihnachtsfeiertag"),
    everywhere(Date(12, 26), "Second Day of Christmas", "Zweiter Weihnachtsfeiertag"),
];
