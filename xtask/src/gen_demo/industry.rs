//! Industries: what sources call them, and what a German company's name tells of its own.

/// Of a sector and an industry (GICS), as FinanceDatabase and the S&P 500 have them.
pub(super) fn of_gics(sector: &str, industry: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| industry.contains(word));
    match sector {
        "Communication Services" | "Communications" if has(&["Telecom", "Wireless"]) => "telecommunications",
        "Communication Services" => "media",
        "Consumer Discretionary" if has(&["Auto"]) => "automotive",
        "Consumer Discretionary" if has(&["Textiles", "Apparel", "Footwear"]) => "textiles",
        "Consumer Discretionary" if has(&["Hotel", "Restaurant", "Casino", "Leisure", "Resorts"]) => {
            "hospitality"
        }
        "Consumer Discretionary" if has(&["Distributors"]) => "wholesale",
        "Consumer Discretionary" if has(&["Household Durables", "Homebuilding"]) => "wood_paper",
        "Consumer Discretionary" if has(&["Education", "Diversified Consumer"]) => "education",
        "Consumer Discretionary" => "retail",
        "Consumer Staples" if has(&["Retail", "Drug", "Merchandise"]) => "retail",
        "Consumer Staples" if has(&["Household", "Personal"]) => "chemicals",
        "Consumer Staples" => "food",
        "Energy" | "Utilities" => "energy",
        "Financials" => "finance",
        "Health Care" if has(&["Equipment", "Supplies", "Technology"]) => "medical_technology",
        "Health Care" if has(&["Provider", "Services", "Facilities", "Managed", "Distributors"]) => "health",
        "Health Care" => "pharma",
        "Industrials" if has(&["Aerospace", "Rail Equip"]) => "automotive",
        "Industrials" if has(&["Air", "Rail", "Marine", "Transport", "Freight", "Trucking"]) => "logistics",
        "Industrials" if has(&["Building", "Construction &"]) => "construction",
        "Industrials" if has(&["Electrical"]) => "electronics",
        "Industrials" if has(&["Professional", "Commercial", "Consulting", "Services", "Human"]) => {
            "consulting"
        }
        "Industrials" if has(&["Trading", "Distributors"]) => "wholesale",
        "Industrials" => "mechanical_engineering",
        "Information Technology" if has(&["Semiconductor", "Electronic", "Hardware"]) => "electronics",
        "Information Technology" if has(&["Communications"]) => "telecommunications",
        "Information Technology" => "it",
        "Materials" if has(&["Metals", "Steel", "Gold", "Copper"]) => "metals",
        "Materials" if has(&["Paper", "Containers"]) => "wood_paper",
        "Materials" if has(&["Construction"]) => "construction",
        "Materials" => "chemicals",
        "Real Estate" => "real_estate",
        _ => "",
    }
}

/// Of a sector as Fortune has it.
pub(super) fn of_fortune(sector: &str) -> &'static str {
    match sector {
        "Financials" => "finance",
        "Energy" => "energy",
        "Technology" => "it",
        "Retailing" | "Food & Drug Stores" => "retail",
        "Health Care" => "health",
        "Business Services" => "consulting",
        "Industrials" => "mechanical_engineering",
        "Materials" => "metals",
        "Transportation" => "logistics",
        "Food, Beverages & Tobacco" => "food",
        "Wholesalers" => "wholesale",
        "Engineering & Construction" => "construction",
        "Chemicals" | "Household Products" => "chemicals",
        "Hotels, Restaurants & Leisure" => "hospitality",
        "Media" => "media",
        "Motor Vehicles & Parts" | "Aerospace & Defense" => "automotive",
        "Apparel" => "textiles",
        "Telecommunications" => "telecommunications",
        _ => "",
    }
}

/// Parts of German company names and the industry they tell; the first that is found counts.
const WORDS: [(&str, &str); 77] = [
    ("maschinen", "mechanical_engineering"),
    ("anlagenbau", "mechanical_engineering"),
    ("werkzeug", "mechanical_engineering"),
    ("hydraulik", "mechanical_engineering"),
    ("apparatebau", "mechanical_engineering"),
    ("medizintechnik", "medical_technology"),
    ("dental", "medical_technology"),
    ("pharma", "pharma"),
    ("biotech", "pharma"),
    ("kunststoff", "plastics"),
    ("gummi", "plastics"),
    ("metall", "metals"),
    ("stahl", "metals"),
    ("guss", "metals"),
    ("schmiede", "metals"),
    ("schlosserei", "metals"),
    ("chemie", "chemicals"),
    ("chemisch", "chemicals"),
    ("lacke", "chemicals"),
    ("elektro", "electronics"),
    ("electronic", "electronics"),
    ("messtechnik", "electronics"),
    ("textil", "textiles"),
    ("mode", "textiles"),
    ("holz", "wood_paper"),
    ("möbel", "wood_paper"),
    ("papier", "wood_paper"),
    ("druck", "media"),
    ("verlag", "media"),
    ("werbe", "media"),
    ("werbung", "media"),
    ("medien", "media"),
    ("media", "media"),
    ("film", "media"),
    ("energie", "energy"),
    ("solar", "energy"),
    ("wind", "energy"),
    ("biogas", "energy"),
    ("stadtwerke", "energy"),
    ("spedition", "logistics"),
    ("transport", "logistics"),
    ("logisti", "logistics"),
    ("reederei", "logistics"),
    ("immobilien", "real_estate"),
    ("grundstück", "real_estate"),
    ("wohn", "real_estate"),
    ("hausverwaltung", "real_estate"),
    ("hotel", "hospitality"),
    ("gastro", "hospitality"),
    ("gastst", "hospitality"),
    ("restaurant", "hospitality"),
    ("reise", "hospitality"),
    ("software", "it"),
    ("informatik", "it"),
    ("datentechnik", "it"),
    ("edv", "it"),
    ("internet", "it"),
    ("bäckerei", "food"),
    ("fleisch", "food"),
    ("lebensmittel", "food"),
    ("brauerei", "food"),
    ("getränke", "food"),
    ("agrar", "agriculture"),
    ("landwirtschaft", "agriculture"),
    ("gartenbau", "agriculture"),
    ("apotheke", "retail"),
    ("autohaus", "retail"),
    ("fahrzeug", "automotive"),
    ("pflege", "health"),
    ("klinik", "health"),
    ("versicherung", "finance"),
    ("finanz", "finance"),
    ("beteiligung", "finance"),
    ("beratung", "consulting"),
    ("consult", "consulting"),
    ("bau", "construction"),
    ("handel", "wholesale"),
];

/// What a German company's name tells; nothing where it tells nothing.
pub(super) fn of_german_name(name: &str) -> &'static str {
    let name = name.to_lowercase();
    WORDS.iter().find(|(word, _)| name.contains(word)).map_or("", |(_, industry)| industry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_industry_is_one_of_the_standard_choices() {
        let catalog = condition::Catalog::standard();
        let industry = catalog.field(condition::standard::INDUSTRY);
        for key in WORDS.iter().map(|(_, key)| key) {
            assert!(industry.choices.iter().any(|choice| choice.key == *key), "{key}");
        }
        assert_eq!(of_german_name("Kast Baubedarf GmbH"), "construction");
        assert_eq!(of_german_name("Alfa GmbH"), "");
        assert_eq!(of_gics("Industrials", "Machinery"), "mechanical_engineering");
    }
}
