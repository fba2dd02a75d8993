//! Runs a test once on each database.

use crate::base::{Base, Kind};
use crate::site::Site;

/// Makes two tests of every named `async fn(Site)`: `name::on_sqlite` and `name::on_postgres`.
///
/// ```ignore
/// testkit::on_both_databases!(a_seller_does_not_see_the_neighbours_lead);
///
/// async fn a_seller_does_not_see_the_neighbours_lead(site: Site) { … }
/// ```
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[test]
                fn on_sqlite() {
                    $crate::both::run($crate::Kind::Sqlite, super::$name);
                }

                #[test]
                fn on_postgres() {
                    $crate::both::run($crate::Kind::Postgres, super::$name);
                }
            }
        )+
    };
}

/// Runs the test on one database, on a runtime of its own.
pub fn run<F, Fut>(kind: Kind, test: F)
where
    F: FnOnce(Site) -> Fut,
    Fut: Future<Output = ()>,
{
    let Some(()) = crate::base::available(kind) else { return };
    runtime().block_on(async {
        let site = Site::new(Base::beside_twin(kind).await).await;
        test(site.clone()).await;
        site.end().await;
    });
}

/// A runtime as the server has one.
///
/// # Panics
/// Where the machine has no threads left.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
