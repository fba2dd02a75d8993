//! `revier serve`: opens the database, says where it listens, and serves until it is told to stop.

mod connections;
mod logs;
mod metrics;
mod pages;
mod stop;

use anyhow::{Context, Result};
use crm::App;
use crm::app::{Clock, Settings};
use tokio::net::TcpListener;

use crate::cli::Serve;
use crate::outcome::Outcome;
use crate::place;

pub async fn run(options: Serve) -> Result<Outcome> {
    logs::start(&options.log, options.log_json)?;
    let db = place::open_or_make(&options.place).await?;
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!("cannot listen on {}; name another address with --listen", options.listen)
    })?;
    let address = listener.local_addr()?;
    let origin = options.origin.unwrap_or_else(|| format!("http://{address}"));
    let settings = Settings { origin: origin.clone(), trusted_proxies: options.trusted_proxies };
    let app = App::new(db, Clock::system(), settings);

    stop::on_signal(app.ending.clone())?;
    crm::jobs::start(&app);
    let router = crm::http::routes::router(app.clone(), pages::router());
    let router = metrics::around(router, metrics::Door::new(options.metrics_token))?;
    if let Some(token) = crm::people::setup::announce(&app).await? {
        println!("There is no workspace yet: open {origin} and enter this token there.");
        println!("Set-up token: {token}");
    }
    // Scripts wait for this line: whoever connects after it is answered.
    println!("Revier is at {origin} (listening on {address})");
    connections::serve(listener, router, &app.ending).await;
    app.db.close().await;
    println!("Revier has stopped; everything is saved");
    Ok(Outcome::Fine)
}
