//! What the operator may type. Every option has its twin in the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::route::Route;

/// Sales CRM with territory management.
///
/// Exit status: 0 fine, 1 failed, 2 wrong use, 3 done with rejected rows.
#[derive(Debug, Parser)]
#[command(name = "revier", version)]
pub struct Options {
    /// Answers machines: one JSON document on standard output.
    #[arg(long, global = true, env = "REVIER_JSON")]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves pages and API until it is told to stop (SIGTERM, SIGINT).
    Serve(Serve),
    /// Brings the database's schema up to this release.
    Migrate(Place),
    /// Routes a file of leads through a plan file, without database and server.
    Route(Route),
    /// The log of all changes.
    #[command(subcommand)]
    Audit(Audit),
    /// Prints the API's contract, OpenAPI 3.1.
    Openapi,
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Recomputes the chain of seals and says where it is broken.
    Verify(Place),
}

/// Where the data lie.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Directory of the embedded database.
    #[arg(long, env = "REVIER_DATA", default_value = "./data", value_name = "DIRECTORY")]
    pub data: PathBuf,
    /// PostgreSQL in place of the embedded database: postgres://user@host/name.
    #[arg(long, env = "REVIER_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "REVIER_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub place: Place,
    /// Scheme and host under which people reach the server, such as https://crm.example.com.
    /// Without it: http and the address listened on.
    #[arg(long, env = "REVIER_ORIGIN", value_name = "URL")]
    pub origin: Option<String>,
    /// How many proxies stand in front, each adding the client's address to X-Forwarded-For.
    #[arg(long, env = "REVIER_TRUSTED_PROXIES", default_value_t = 0, value_name = "NUMBER")]
    pub trusted_proxies: usize,
    /// What opens /metrics (Authorization: Bearer …). Without it only this machine may read them.
    #[arg(long, env = "REVIER_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// Writes the log as JSON lines.
    #[arg(long, env = "REVIER_LOG_JSON")]
    pub log_json: bool,
    /// What the log tells: error, warn, info, debug, or by module, such as crm=debug,info.
    #[arg(long, env = "REVIER_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}
