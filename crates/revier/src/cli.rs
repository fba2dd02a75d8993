//! What the operator may type. Every option has its twin in the environment.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand};

use crate::plan::Plan;
use crate::route::Route;

/// Sales CRM with territory management.
///
/// Exit status: 0 fine, 1 failed, 2 wrong use, 3 done with rejected rows.
#[derive(Debug, Parser)]
#[command(name = "revier", version)]
pub struct Options {
    /// Answers machines: one JSON document on standard output.
    #[arg(long, global = true, env = "REVIER_JSON", value_parser = FalseyValueParser::new())]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves pages and API until it is told to stop (SIGTERM, SIGINT).
    Serve(Serve),
    /// Makes the workspace and its administrator, as the first start does on its page. Works once.
    Setup(Setup),
    /// The people who work here.
    #[command(subcommand)]
    User(User),
    /// API tokens, for programs.
    #[command(subcommand)]
    Token(Token),
    /// Brings the database's schema up to this release.
    Migrate(Place),
    /// Routes a file of leads through a plan file, without database and server.
    Route(Route),
    /// Plan files, without database and server.
    #[command(subcommand)]
    Plan(Plan),
    /// Copies the database into a new directory, while the server runs.
    Backup(Backup),
    /// Makes a new database from a backup, and checks that it holds everything.
    Restore(Restore),
    /// Looks for what is wrong: settings, schema, files, audit log, and what must hold of the rows.
    Doctor(Place),
    /// The log of all changes.
    #[command(subcommand)]
    Audit(Audit),
    /// Prints the API's contract, OpenAPI 3.1.
    Openapi,
}

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Recomputes the chain of seals and says where it is broken.
    Verify {
        #[command(flatten)]
        place: Place,
        /// The head that an earlier run printed: finds that entries sealed since then were cut off.
        #[arg(long, env = "REVIER_AUDIT_HEAD", value_name = "HEAD")]
        head: Option<String>,
    },
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
    #[arg(long, env = "REVIER_LOG_JSON", value_parser = FalseyValueParser::new())]
    pub log_json: bool,
    /// What the log tells: error, warn, info, debug, or by module, such as crm=debug,info.
    #[arg(long, env = "REVIER_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,
}

#[derive(Debug, Args)]
pub struct Setup {
    #[command(flatten)]
    pub place: Place,
    /// The administrator's e-mail address.
    #[arg(long, env = "REVIER_EMAIL")]
    pub email: String,
    /// The administrator's name.
    #[arg(long, env = "REVIER_NAME")]
    pub name: String,
    /// de or en.
    #[arg(long, env = "REVIER_LANGUAGE", default_value = "de")]
    pub language: String,
    #[command(flatten)]
    pub password: Password,
    /// Begins with the demo company in place of an empty workspace.
    #[arg(long, env = "REVIER_DEMO", value_parser = FalseyValueParser::new())]
    pub demo: bool,
    /// The company's name.
    #[arg(long, env = "REVIER_WORKSPACE_NAME")]
    pub workspace_name: Option<String>,
    /// A name of the IANA list; Europe/Berlin where nothing is said.
    #[arg(long, env = "REVIER_TIME_ZONE")]
    pub time_zone: Option<String>,
    /// ISO 4217; EUR where nothing is said.
    #[arg(long, env = "REVIER_CURRENCY")]
    pub currency: Option<String>,
    /// Country of addresses and phone numbers that name none, by code or name; empty for none. Where nothing is
    /// said, what time zone and language suggest.
    #[arg(long, env = "REVIER_DEFAULT_COUNTRY", value_name = "COUNTRY")]
    pub default_country: Option<String>,
}

/// Passwords come on standard input: arguments and environment are seen by others.
#[derive(Debug, Args)]
pub struct Password {
    /// Reads the password, one line, from standard input.
    #[arg(long, required = true, env = "REVIER_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
    pub password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub enum User {
    /// Lists everybody.
    List(Place),
    /// Adds a user, who can sign in once a password is set.
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long, env = "REVIER_EMAIL")]
        email: String,
        #[arg(long, env = "REVIER_NAME")]
        name: String,
        /// The role's key, such as administrator, sales_manager, seller.
        #[arg(long, env = "REVIER_ROLE", default_value = "seller")]
        role: String,
        /// de or en; the workspace's where nothing is said.
        #[arg(long, env = "REVIER_LANGUAGE")]
        language: Option<String>,
        /// Reads the password, one line, from standard input.
        #[arg(long, env = "REVIER_PASSWORD_STDIN", value_parser = FalseyValueParser::new())]
        password_stdin: bool,
    },
    /// Shuts a user out: sessions and tokens end at once.
    Deactivate {
        #[command(flatten)]
        place: Place,
        /// The user's e-mail address.
        email: String,
        /// What becomes of the records: rotate, queue, or the e-mail address of who gets them.
        #[arg(long, env = "REVIER_RECORDS")]
        records: Option<String>,
    },
    /// Sets a user's password and ends their sessions.
    Password {
        #[command(flatten)]
        place: Place,
        /// The user's e-mail address.
        email: String,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Makes a token and prints it, once.
    Create {
        #[command(flatten)]
        place: Place,
        /// The e-mail address of the user for whom the token acts.
        #[arg(long, env = "REVIER_USER")]
        user: String,
        /// What the token is for.
        #[arg(long, env = "REVIER_NAME")]
        name: String,
        /// all, or permissions like lead.create; may be given more than once.
        #[arg(long = "scope", env = "REVIER_SCOPE", value_delimiter = ',', default_value = "all")]
        scopes: Vec<String>,
        /// RFC 3339; without it the token lives until it is revoked.
        #[arg(long, env = "REVIER_EXPIRES_AT")]
        expires_at: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub place: Place,
    /// The directory to make; named by the moment where nothing is said.
    #[arg(long, env = "REVIER_BACKUP_TO", value_name = "DIRECTORY")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub place: Place,
    /// The backup's directory.
    #[arg(long, env = "REVIER_RESTORE_FROM", value_name = "DIRECTORY")]
    pub from: PathBuf,
}
