//! The nets beside every test: a twin workspace with equal ids, and row-level security on PostgreSQL. What
//! forgets its workspace is found.

use sea_orm::ConnectionTrait;
use serde_json::json;
use store::{Sight, StoreError};
use testkit::{Kind, Site, lead};

testkit::on_both_databases!(
    a_statement_that_forgets_its_workspace_is_found,
    a_statement_that_looks_at_another_workspace_fails_on_postgres,
);

/// The mutants: each does below the product what a statement without its workspace would do.
async fn a_statement_that_forgets_its_workspace_is_found(site: Site) {
    let administrator = site.administrator().await;
    let id = administrator.creates(lead("Acme")).await;
    administrator.patch(&format!("/api/v1/leads/{id}"), json!({ "company": "Else" })).await.is(200);
    assert_eq!(site.base.twin_differences().await, Vec::<String>::new(), "the product is not at fault");
    let connection = site.base.connection().await;
    for (sql, table) in [
        ("UPDATE lead SET company = 'Mixed'", "lead"),
        ("UPDATE \"user\" SET version = version + 1", "user"),
        ("DELETE FROM audit", "audit"),
        ("DELETE FROM session", "session"),
    ] {
        let before = site.base.twin_differences().await.len();
        connection.execute_unprepared(sql).await.expect("it runs");
        let found = site.base.twin_differences().await;
        assert!(found.len() > before, "{sql} was not found");
        assert!(found.iter().any(|line| line.starts_with(table)), "{sql}: {found:?}");
    }
    connection.close().await.expect("it closes");
    site.base.leave_twin().await;
}

/// The product's transactions pass; the same transaction that reads without its workspace does not.
async fn a_statement_that_looks_at_another_workspace_fails_on_postgres(site: Site) {
    let administrator = site.administrator().await;
    administrator.creates(lead("Acme")).await;
    administrator.get("/api/v1/leads").await.is(200);
    if site.base.kind == Kind::Sqlite {
        return;
    }
    // A transaction for a workspace that is none sees its own rows, of which there are none.
    let nobody = uuid::Uuid::now_v7();
    let own = site.app.db.read(nobody, Sight::Task(access::Task::Upkeep), |tx| async move {
        tx.select::<crm::people::store::user::Entity>().all().await
    });
    assert_eq!(own.await.expect("nothing forbids it"), Vec::new());
    // The mutant: the policy alone stands between a forgetful statement and the others' rows.
    let url = site.base.url.replacen("//revier@", &format!("//{}@", testkit::row_security::ROLE), 1);
    let connection = sea_orm::Database::connect(url).await.expect("it connects");
    let told = format!("SELECT set_config('revier.workspace', '{}', false)", administrator.workspace);
    for sql in ["SELECT COUNT(*) FROM lead", "UPDATE lead SET version = 2", "DELETE FROM \"user\""] {
        let pinned = [told.clone(), sql.to_owned()];
        let refused = connection.execute_unprepared(&pinned.join("; ")).await.map_err(StoreError::from);
        let text = refused.expect_err(sql).to_string();
        assert!(text.contains("in another workspace"), "{sql}: {text}");
    }
    connection.close().await.expect("it closes");
}
