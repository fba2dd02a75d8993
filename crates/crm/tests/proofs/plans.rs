//! What a list of leads reads: only the rows that it shows, whatever it is sorted and filtered by.

use std::sync::Arc;

use access::{BuiltInRole, Membership, Viewer};
use condition::parse::{Parsed, Purpose};
use crm::records::lead::{columns, list};
use serde_json::{Value, json};
use store::Sight;
use store::filter::Reading;
use testkit::Site;
use uuid::Uuid;

use crate::company::Company;
use crate::lists::SORTS;

testkit::on_both_databases!(a_list_is_sorted_and_filtered_without_reading_the_rows);

/// The planner of PostgreSQL goes by the size of tables, and in a test they are small.
async fn a_list_is_sorted_and_filtered_without_reading_the_rows(site: Site) {
    let company = Company::new(&site).await;
    let filters = [
        None,
        Some(json!({ "field": "status", "op": "is_any_of", "values": ["new"] })),
        Some(json!({ "all": [
            { "field": "country", "op": "is_any_of", "values": ["DE"] },
            { "field": "postcode", "op": "starts_with_any_of", "values": ["80"] },
            { "field": "employees", "op": "gte", "values": [50] },
        ] })),
    ];
    let mut plans = 0;
    for sort in SORTS.iter().flat_map(|sort| [sort.to_string(), format!("-{sort}"), format!("{sort},-score")])
    {
        for filter in &filters {
            let plan = plan(&company, &sort, filter.as_ref()).await;
            if site.base.kind == testkit::Kind::Postgres {
                assert!(
                    plan.iter().any(|step| step.contains("CTE gathered")),
                    "{sort} {filter:?}: {plan:#?}"
                );
                continue;
            }
            let steps: Vec<&String> = plan.iter().filter(|step| step.contains(" lead ")).collect();
            let [territories, own, shared, rows] = steps.as_slice() else { panic!("{sort}: {plan:#?}") };
            assert!(
                territories.contains("USING COVERING INDEX lead_territory"),
                "{sort} {filter:?}: {plan:#?}"
            );
            assert!(
                own.contains("USING INDEX lead_owner") || own.contains("USING COVERING INDEX lead_owner"),
                "{own}"
            );
            assert!(shared.contains("(workspace_id=? AND id=?)"), "{shared}");
            assert!(rows.contains("(workspace_id=? AND id=?)"), "{rows}");
            plans += 1;
        }
    }
    assert!(site.base.kind == testkit::Kind::Postgres || plans == SORTS.len() * 9);
}

/// The steps of the list of a seller of two territories.
async fn plan(company: &Company, sort: &str, filter: Option<&Value>) -> Vec<String> {
    let (app, dialect) = (&company.site.app, company.site.app.db.dialect());
    let access = |territory| Membership {
        territory: Uuid::from_u128(territory),
        has_access: true,
        role: None,
        includes_children: false,
    };
    let role = Arc::new(BuiltInRole::Seller.role());
    let viewer = Viewer::new(Uuid::from_u128(7), company.workspace, role, [access(1), access(2)]);
    let viewer = &Arc::new(viewer);
    let read = app.db.read(company.workspace, Sight::Viewer(Arc::clone(viewer)), |tx| async move {
        let book = app.books.book(&tx).await?;
        let door = book.door(Purpose::Filter, None);
        let filter = filter.map(|filter| door.parse(filter).and_then(Parsed::sound).expect("a filter"));
        let asked = list::Query::new(book.catalog(), dialect, viewer, filter, Some(sort), None, None)?;
        let reading = Reading {
            dialect: tx.dialect(),
            form: Box::new(|field| columns::form(book.catalog(), field)),
            today: 0,
            day_start: Box::new(|day| day),
        };
        asked.plan(&tx, &reading).await
    });
    read.await.expect("it is explained")
}
