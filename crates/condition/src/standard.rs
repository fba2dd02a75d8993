//! The standard fields of a lead, in a fixed order, so that their ids are constants.
//! Uses: field.

use crate::field::{Catalog, Choice, FieldId, Kind};

/// Declares each field once: its constant, and its row in [`Catalog::standard`].
macro_rules! standard_fields {
    ($($name:ident $key:literal $kind:ident $en:literal $de:literal;)*) => {
        standard_fields!(@ids 0u16; $($name)*);

        const ROWS: &[(&str, Kind, &str, &str)] = &[$(($key, Kind::$kind, $en, $de)),*];
    };
    (@ids $next:expr; $name:ident $($rest:ident)*) => {
        pub const $name: FieldId = FieldId($next);
        standard_fields!(@ids $next + 1; $($rest)*);
    };
    (@ids $next:expr;) => {};
}

standard_fields! {
    SALUTATION "salutation" Text "Salutation" "Anrede";
    TITLE "title" Text "Title" "Titel";
    FIRST_NAME "first_name" Text "First name" "Vorname";
    LAST_NAME "last_name" Text "Last name" "Nachname";
    JOB_TITLE "job_title" Text "Job title" "Funktion";
    COMPANY "company" Text "Company" "Firma";
    EMAILS "emails" Email "E-mail" "E-Mail";
    PHONES "phones" Phone "Phone" "Telefon";
    WEBSITE "website" Url "Website" "Website";
    STREET "street" Text "Street" "Straße";
    CITY "city" Text "City" "Ort";
    COUNTRY "country" Country "Country" "Land";
    STATE "state" State "State" "Bundesland";
    POSTCODE "postcode" Postcode "Postcode" "Postleitzahl";
    INDUSTRY "industry" Choice "Industry" "Branche";
    SOURCE "source" Choice "Source" "Herkunft";
    STATUS "status" Choice "Status" "Status";
    EMPLOYEES "employees" Integer "Employees" "Beschäftigte";
    SCORE "score" Integer "Score" "Score";
    ANNUAL_REVENUE "annual_revenue" Money "Annual revenue" "Jahresumsatz";
    REQUIREMENTS "requirements" MultiChoice "Requirements" "Anforderungen";
    NOTES "notes" LongText "Notes" "Notizen";
    PLACE "place" Place "Radius" "Umkreis";
    TERRITORY "territory" Choice "Territory" "Gebiet";
    OWNER "owner" Choice "Owner" "Zuständig";
    PINNED "pinned" YesNo "Pinned" "Von Hand festgelegt";
    QUEUED "queued" YesNo "In the queue" "In der Warteschlange";
    CREATED_AT "created_at" DateTime "Created" "Angelegt";
    CREATED_BY "created_by" Choice "Created by" "Angelegt von";
    UPDATED_AT "updated_at" DateTime "Changed" "Geändert";
    ASSIGNED_AT "assigned_at" DateTime "Assigned" "Zugeteilt";
}

/// Fields from here on are Revier's own records about a lead.
const FIRST_SYSTEM: FieldId = TERRITORY;
const LISTS: [FieldId; 2] = [EMAILS, PHONES];
const IDS: [FieldId; 3] = [TERRITORY, OWNER, CREATED_BY];

const STATUSES: &[(&str, &str, &str)] = &[
    ("new", "New", "Neu"),
    ("contacted", "Contacted", "In Kontakt"),
    ("qualified", "Qualified", "Qualifiziert"),
    ("follow_up", "Follow-up", "Wiedervorlage"),
    ("disqualified", "Disqualified", "Disqualifiziert"),
];

const SOURCES: &[(&str, &str, &str)] = &[
    ("web_form", "Web form", "Webformular"),
    ("phone", "Phone", "Telefon"),
    ("email", "E-mail", "E-Mail"),
    ("trade_fair", "Trade fair", "Messe"),
    ("event", "Event", "Veranstaltung"),
    ("referral", "Referral", "Empfehlung"),
    ("partner", "Partner", "Partner"),
    ("advertising", "Advertising", "Werbung"),
    ("search", "Web search", "Suchmaschine"),
    ("social_media", "Social media", "Soziale Medien"),
    ("cold_call", "Cold call", "Kaltakquise"),
    ("bought_list", "Bought list", "Adressliste"),
    ("existing_customer", "Existing customer", "Bestandskundschaft"),
    ("import", "Import", "Import"),
    ("other", "Other", "Sonstige"),
];

const INDUSTRIES: &[(&str, &str, &str)] = &[
    ("agriculture", "Agriculture and forestry", "Land- und Forstwirtschaft"),
    ("mining", "Mining and raw materials", "Bergbau und Rohstoffe"),
    ("food", "Food and beverages", "Lebensmittel und Getränke"),
    ("textiles", "Textiles and clothing", "Textil und Bekleidung"),
    ("wood_paper", "Wood, paper and furniture", "Holz, Papier und Möbel"),
    ("chemicals", "Chemicals", "Chemie"),
    ("pharma", "Pharmaceuticals and biotechnology", "Pharma und Biotechnologie"),
    ("plastics", "Plastics and rubber", "Kunststoffe und Gummi"),
    ("metals", "Metals", "Metall"),
    ("mechanical_engineering", "Mechanical engineering", "Maschinenbau"),
    ("electronics", "Electronics and electrical engineering", "Elektronik und Elektrotechnik"),
    ("medical_technology", "Medical technology", "Medizintechnik"),
    ("automotive", "Vehicles and aerospace", "Fahrzeugbau und Luftfahrt"),
    ("energy", "Energy and utilities", "Energie und Versorgung"),
    ("construction", "Construction and trades", "Bau und Handwerk"),
    ("real_estate", "Real estate", "Immobilien"),
    ("wholesale", "Wholesale", "Großhandel"),
    ("retail", "Retail", "Einzelhandel"),
    ("logistics", "Transport and logistics", "Transport und Logistik"),
    ("hospitality", "Hotels, restaurants and tourism", "Gastgewerbe und Tourismus"),
    ("it", "Software and IT services", "Software und IT-Dienste"),
    ("telecommunications", "Telecommunications", "Telekommunikation"),
    ("media", "Media and advertising", "Medien und Werbung"),
    ("finance", "Banking and insurance", "Banken und Versicherungen"),
    ("consulting", "Consulting and professional services", "Beratung und Unternehmensdienste"),
    ("health", "Health and social care", "Gesundheit und Soziales"),
    ("education", "Education and research", "Bildung und Forschung"),
    ("public_administration", "Public administration", "Öffentliche Verwaltung"),
    ("associations", "Associations and non-profits", "Vereine und Verbände"),
    ("other", "Other", "Sonstige"),
];

const REQUIREMENTS_ASKED: &[(&str, &str, &str)] = &[
    ("quote", "Quote", "Angebot"),
    ("demo", "Demonstration", "Vorführung"),
    ("sample", "Sample", "Muster"),
    ("consulting", "Consulting", "Beratung"),
    ("training", "Training", "Schulung"),
    ("maintenance", "Maintenance", "Wartung"),
];

fn choices(rows: &[(&str, &str, &str)]) -> Vec<Choice> {
    rows.iter()
        .map(|&(key, label_en, label_de)| Choice {
            key: key.to_owned(),
            label_en: label_en.to_owned(),
            label_de: label_de.to_owned(),
        })
        .collect()
}

impl Catalog {
    /// Returns the standard fields with their standard choices; a workspace adds its own to it.
    pub fn standard() -> Catalog {
        let mut catalog = Catalog::default();
        for &(key, kind, label_en, label_de) in ROWS {
            let id = catalog.add(key, kind, label_en, label_de);
            let field = catalog.field_mut(id);
            field.is_list = LISTS.contains(&id);
            field.is_system = id >= FIRST_SYSTEM;
            field.holds_ids = IDS.contains(&id);
        }
        catalog.field_mut(STATUS).choices = choices(STATUSES);
        catalog.field_mut(SOURCE).choices = choices(SOURCES);
        catalog.field_mut(INDUSTRY).choices = choices(INDUSTRIES);
        catalog.field_mut(REQUIREMENTS).choices = choices(REQUIREMENTS_ASKED);
        catalog
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_field_has_the_id_of_its_constant() {
        let catalog = Catalog::standard();
        for (key, id) in
            [("salutation", SALUTATION), ("country", COUNTRY), ("place", PLACE), ("owner", OWNER)]
        {
            assert_eq!(catalog.find(key).map(|field| field.id), Some(id), "{key}");
        }
        assert_eq!(catalog.field(ASSIGNED_AT).key, "assigned_at");
        assert_eq!(catalog.fields().len(), usize::from(ASSIGNED_AT.0) + 1);
    }

    #[test]
    fn a_choice_is_found_by_key_and_by_either_label() {
        let catalog = Catalog::standard();
        let source = catalog.field(SOURCE);
        for text in ["trade_fair", "Messe", "messe", " Trade Fair "] {
            assert_eq!(source.choice(text).map(|choice| choice.key.as_str()), Some("trade_fair"), "{text}");
        }
        assert_eq!(source.choice("Brieftaube"), None);
    }

    #[test]
    fn no_choice_goes_by_the_name_of_another() {
        for field in Catalog::standard().fields() {
            for choice in &field.choices {
                for name in [&choice.key, &choice.label_en, &choice.label_de] {
                    assert_eq!(field.choice(name), Some(choice), "{name}");
                }
            }
        }
    }

    #[test]
    fn an_own_field_works_like_a_standard_one() {
        let mut catalog = Catalog::standard();
        let id = catalog.add_custom("machine_count", Kind::Integer, "Machines", "Maschinen", Vec::new());
        assert_eq!(catalog.find("custom.machine_count").map(|field| field.id), Some(id));
        assert!(!catalog.field(id).is_system);
    }
}
