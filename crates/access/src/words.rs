//! The words of access, English and German, as the glossary has them.

use crate::built_in::BuiltInRole;
use crate::object::{Action, Object};
use crate::scope::{FieldRight, Scope};

/// One word for one thing, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    pub en: &'static str,
    pub de: &'static str,
}

const fn words(en: &'static str, de: &'static str) -> Words {
    Words { en, de }
}

impl BuiltInRole {
    pub const fn words(self) -> Words {
        match self {
            BuiltInRole::Administrator => words("Administrator", "Administration"),
            BuiltInRole::SalesManager => words("Sales manager", "Vertriebsleitung"),
            BuiltInRole::Seller => words("Seller", "Verkauf"),
            BuiltInRole::RestrictedSeller => words("Restricted seller", "Verkauf (eingeschränkt)"),
            BuiltInRole::ReadOnly => words("Read only", "Nur lesen"),
        }
    }
}

impl Scope {
    pub const fn words(self) -> Words {
        match self {
            Scope::None => words("none", "keine"),
            Scope::Own => words("own", "eigene"),
            Scope::Territory => words("territory", "Gebiet"),
            Scope::All => words("all", "alle"),
        }
    }
}

impl FieldRight {
    pub const fn words(self) -> Words {
        match self {
            FieldRight::Hidden => words("hidden", "verborgen"),
            FieldRight::ReadOnly => words("read-only", "nur lesen"),
            FieldRight::Editable => words("editable", "bearbeitbar"),
        }
    }
}

impl Action {
    pub const fn words(self) -> Words {
        match self {
            Action::View => words("View", "Ansehen"),
            Action::Create => words("Create", "Anlegen"),
            Action::Edit => words("Edit", "Bearbeiten"),
            Action::Delete => words("Delete", "Löschen"),
            Action::Assign => words("Assign", "Zuweisen"),
            Action::Transfer => words("Transfer", "Weiterleiten"),
            Action::Export => words("Export", "Exportieren"),
            Action::Bulk => words("Bulk change", "Sammeländerung"),
        }
    }
}

impl Object {
    /// In the plural, where there is one.
    pub const fn words(self) -> Words {
        match self {
            Object::Lead => words("Leads", "Leads"),
            Object::Contact => words("Contacts", "Kontakte"),
            Object::Account => words("Accounts", "Firmen"),
            Object::Deal => words("Deals", "Deals"),
            Object::Activity => words("Activities", "Aktivitäten"),
            Object::Call => words("Calls", "Anrufe"),
            Object::Recording => words("Recordings", "Aufzeichnungen"),
            Object::Report => words("Reports", "Berichte"),
            Object::PeopleFigures => words("People figures", "Personenkennzahlen"),
            Object::Goal => words("Goals", "Ziele"),
            Object::Territory => words("Territories", "Gebiete"),
            Object::Plan => words("Plans", "Pläne"),
            Object::Rotation => words("Rotation", "Ringverteilung"),
            Object::Number => words("Numbers", "Rufnummern"),
            Object::User => words("Users", "Benutzerkonten"),
            Object::Role => words("Roles", "Rollen"),
            Object::Session => words("Sessions", "Sitzungen"),
            Object::Token => words("API tokens", "API-Schlüssel"),
            Object::Import => words("Imports", "Importe"),
            Object::Export => words("Exports", "Exporte"),
            Object::View => words("Views", "Ansichten"),
            Object::Field => words("Fields", "Felder"),
            Object::Audit => words("Audit log", "Protokoll"),
            Object::Settings => words("Settings", "Einstellungen"),
        }
    }
}
