//! The kit itself: databases come migrated and empty, and a proxy does what its mood says.

use sea_orm::ConnectionTrait;
use store::Db;
use testkit::{Mood, Proxy, Site, content};

testkit::on_both_databases!(
    a_test_gets_a_database_of_its_own,
    two_servers_share_a_database,
    a_table_that_has_grown_is_looked_at_once
);

async fn a_test_gets_a_database_of_its_own(site: Site) {
    assert!(site.app.db.workspaces().await.expect("it answers").is_empty());
    let answer = site.send(get("/ready")).await.is(200);
    assert_eq!(answer.text, "ready");
}

async fn two_servers_share_a_database(site: Site) {
    let other = site.another_server().await;
    site.app.db.allow_setup("hash", 1).await.expect("written");
    assert!(other.app.db.is_setup_allowed("hash").await.expect("read"));
    other.end().await;
}

async fn a_table_that_has_grown_is_looked_at_once(site: Site) {
    let base = &site.base;
    if base.kind == testkit::Kind::Sqlite {
        assert_eq!(site.app.db.look_at_grown_tables().await.expect("it answers"), Vec::<String>::new());
        return;
    }
    let connection = base.connection().await;
    // PostgreSQL's own daemon, which comes by once a minute, stays away.
    let rows = "ALTER TABLE setup_token SET (autovacuum_enabled = false); \
         INSERT INTO setup_token SELECT number::text, 1 FROM generate_series(1, 600) AS number";
    connection.execute_unprepared(rows).await.expect("written");
    // With its end a session tells what it has written.
    connection.close().await.expect("closed");
    let written = "SELECT n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = 'setup_token'";
    while content::number(base, written).await == 0 {}
    let owner = Db::open(&base.url).await.expect("it opens");
    let looked = async |db: &Db| db.look_at_grown_tables().await.expect("it answers");
    // The servers of tests do not own their tables: PostgreSQL would let them look at none.
    assert_eq!(looked(&site.app.db).await, Vec::<String>::new());
    assert_eq!(looked(&owner).await, ["setup_token"]);
    assert_eq!(looked(&owner).await, Vec::<String>::new());
    owner.close().await;
}

#[test]
fn a_proxy_cuts_answers_off_after_the_request_went_through() {
    testkit::both::runtime().block_on(async {
        let heard = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let proxy = Proxy::start(echo(std::sync::Arc::clone(&heard)).await).await;
        assert_eq!(ask(&proxy).await, Some("pong".to_owned()));
        proxy.set(Mood::DropAnswers);
        assert_eq!(ask(&proxy).await, None);
        assert_eq!(proxy.dropped(), 1);
        proxy.set(Mood::Cut);
        assert_eq!(ask(&proxy).await, None);
        assert_eq!(heard.load(std::sync::atomic::Ordering::SeqCst), 2);
        proxy.set(Mood::Fair);
        assert_eq!(ask(&proxy).await, Some("pong".to_owned()));
    });
}

fn get(path: &str) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::get(path).body(axum::body::Body::empty()).expect("a request")
}

async fn echo(heard: std::sync::Arc<std::sync::atomic::AtomicUsize>) -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut ping = [0_u8; 4];
            if stream.read_exact(&mut ping).await.is_ok() {
                heard.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                // The other side may be gone: that is what is tried here.
                let _ = stream.write_all(b"pong").await;
            }
        }
    });
    address
}

async fn ask(proxy: &Proxy) -> Option<String> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(proxy.address).await.ok()?;
    stream.write_all(b"ping").await.ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await.ok()?;
    (!text.is_empty()).then_some(text)
}
