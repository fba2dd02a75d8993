//! Switzerland, all cantons: the statutory holidays and the days treated alike, as the Federal Office of
//! Justice lists them ("Gesetzliche Feiertage und Tage, die in der Schweiz wie gesetzliche Feiertage behandelt
//! werden"). Saint Berchtold's Day in Zurich stands in no law, but everybody keeps it.
//!
//! Left out: half days (1 May in Aargau and Solothurn, Sechseläuten and Knabenschiessen in Zurich), what holds in
//! some districts or municipalities only (the Catholic holidays in Aargau and Solothurn, Corpus Christi in
//! Le Landeron, Saint Joseph in parts of Lucerne and Grisons), and the Federal Day of Thanksgiving, a Sunday.

use super::calendar::MONDAY;
use super::rule::Rule;
use super::rule::When::{Date, DateOn, Easter, FederalFastMonday, GenevaFast, Naefels};
use super::rule::{everywhere, within};

/// Cantons that keep Corpus Christi and Assumption.
const CATHOLIC: &[&str] = &["AI", "JU", "LU", "NW", "OW", "SZ", "TI", "UR", "VS", "ZG"];

/// Cantons that keep Easter Monday and Whit Monday.
const MONDAYS: &[&str] = &[
    "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NW", "OW", "SG", "SH", "SZ",
    "TG", "TI", "UR", "VD", "VS", "ZG", "ZH",
];

/// All days but those that follow or precede a Christmas Day at the edge of a weekend: not Tuesday, not Saturday.
const NOT_A_THIRD_DAY_OFF: &[i64] = &[0, 2, 3, 4, 6];

pub const RULES: &[Rule] = &[
    everywhere(Date(1, 1), "New Year's Day", "Neujahrstag"),
    within(
        &["AG", "BE", "FR", "GL", "JU", "LU", "NW", "OW", "SG", "SH", "SO", "TG", "VD", "VS", "ZG", "ZH"],
        Date(1, 2),
        "Saint Berchtold's Day",
        "Berchtoldstag",
    ),
    within(&["NE"], DateOn(1, 2, &[MONDAY]), "Saint Berchtold's Day", "Berchtoldstag"),
    within(&["SZ", "TI", "UR"], Date(1, 6), "Epiphany", "Heilige Drei Könige"),
    within(&["NE"], Date(3, 1), "Republic Day", "Jahrestag der Ausrufung der Republik"),
    within(&["NW", "SZ", "TI", "UR", "VS"], Date(3, 19), "Saint Joseph's Day", "Josefstag"),
    within(&["GL"], Naefels, "Battle of Näfels", "Näfelser Fahrt"),
    within(
        &[
            "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE", "NW", "OW", "SG",
            "SH", "SO", "SZ", "TG", "UR", "VD", "ZG", "ZH",
        ],
        Easter(-2),
        "Good Friday",
        "Karfreitag",
    ),
    within(MONDAYS, Easter(1), "Easter Monday", "Ostermontag"),
    within(&["BL", "BS", "JU", "NE", "SH", "TG", "TI", "ZH"], Date(5, 1), "Labour Day", "Tag der Arbeit"),
    everywhere(Easter(39), "Ascension Day", "Auffahrt"),
    within(MONDAYS, Easter(50), "Whit Monday", "Pfingstmontag"),
    within(CATHOLIC, Easter(60), "Corpus Christi", "Fronleichnam"),
    within(&["JU"], Date(6, 23), "Independence Day of Jura", "Fest der Unabhängigkeit"),
    within(&["TI"], Date(6, 29), "Saints Peter and Paul", "Peter und Paul"),
    // Free of work everywhere since the vote of 1993.
    everywhere(Date(8, 1), "National Day", "Bundesfeier").since(1994),
    within(CATHOLIC, Date(8, 15), "Assumption Day", "Mariä Himmelfahrt"),
    within(&["GE"], GenevaFast, "Fast of Geneva", "Genfer Bettag"),
    within(&["VD"], FederalFastMonday, "Monday after the Federal Fast", "Bettagsmontag"),
    within(&["OW"], Date(9, 25), "Saint Nicholas of Flüe", "Bruder Klaus"),
    within(
        &["AI", "GL", "JU", "LU", "NW", "OW", "SG", "SZ", "TI", "UR", "VS", "ZG"],
        Date(11, 1),
        "All Saints' Day",
        "Allerheiligen",
    ),
    within(
        &["AI", "LU", "NW", "OW", "SZ", "TI", "UR", "VS", "ZG"],
        Date(12, 8),
        "Immaculate Conception",
        "Mariä Empfängnis",
    ),
    everywhere(Date(12, 25), "Christmas Day", "Weihnachten"),
    within(
        &[
            "AG", "BE", "BL", "BS", "FR", "GL", "GR", "LU", "NW", "OW", "SG", "SH", "SZ", "TG", "TI", "VS",
            "ZG", "ZH",
        ],
        Date(12, 26),
        "Saint Stephen's Day",
        "Stephanstag",
    ),
    within(&["AI", "AR", "UR"], DateOn(12, 26, NOT_A_THIRD_DAY_OFF), "Saint Stephen's Day", "Stephanstag"),
    within(&["NE"], DateOn(12, 26, &[MONDAY]), "Saint Stephen's Day", "Stephanstag"),
    within(&["GE"], Date(12, 31), "Restoration of the Republic", "Wiederherstellung der Republik"),
];
