use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The Ashlar server: accounts, sign-in and access control over HTTP.
///
/// Without a command it serves. Settings come from config/default.toml (compiled in),
/// config/<environment>.toml, .env (development only) and variables such as
/// ASHLAR__SERVER__BIND=127.0.0.1:8080; `ashlar config show` tells each value and where it is from.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Exit codes: 0 done, 1 it failed, 2 wrong usage or settings.\n\
                  Of `migrate` also 2 no connection, 3 the history of migrations is broken, 4 refused until \
                  somebody has looked at the database."
)]
pub(super) struct Arguments {
    /// The folder with <environment>.toml; config, if there is one, unless given
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(super) config_dir: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Migrate the database and answer requests (what happens without a command)
    Serve,
    /// Change the database's schema, or tell about it
    #[command(subcommand)]
    Migrate(Migrate),
    /// Make accounts and set passwords from the machine itself
    #[command(subcommand)]
    Users(Users),
    /// The keys that sign access tokens, where the database has them
    #[command(subcommand)]
    Keys(Keys),
    /// Judge or show the settings
    #[command(subcommand)]
    Config(Config),
    /// Print the OpenAPI document
    Openapi,
    /// List the operations: method, path, who may call it, its id
    Routes,
}

#[derive(Debug, Subcommand)]
pub(super) enum Migrate {
    /// Apply pending migrations
    Up {
        /// How many; all unless given
        #[arg(conflicts_with = "to")]
        steps: Option<u32>,
        /// The last one to apply
        #[arg(long, value_name = "MIGRATION")]
        to: Option<String>,
    },
    /// Take migrations back, latest first
    Down {
        /// How many
        #[arg(conflicts_with = "to", required_unless_present = "to")]
        steps: Option<u32>,
        /// The last one to keep; `base` to keep none
        #[arg(long, value_name = "MIGRATION")]
        to: Option<String>,
    },
    /// List all migrations and whether the database has them, since when, and how long they took
    Status,
    /// List those that the database has, in the order in which it got them
    History,
    /// Write down that the database has all migrations up to this one and no later one, without running any
    ///
    /// For a database that was changed by hand: after a migration without a transaction that failed half-way, or an edited one.
    Stamp {
        /// The last one that it has; `base` when it has none
        migration: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// Make an active account that may do everything
    ///
    /// In production this is how the first administrator comes to be.
    CreateAdmin {
        /// Its address
        #[arg(long)]
        email: String,
        /// What to call its owner
        #[arg(long, default_value = "Administrator")]
        name: String,
        #[command(flatten)]
        password: Password,
    },
    /// Give an account another password and end its sessions
    ///
    /// A pending account is active afterwards.
    SetPassword {
        /// The account's address
        #[arg(long)]
        email: String,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// List them: what each is for, and until when
    List,
    /// Make another key, which signs as soon as everybody can have fetched it
    ///
    /// Servers do it by themselves, after tokens.signing_key_days.
    Rotate {
        /// It signs at once, and every other key is deleted: for when one is known to somebody, or
        /// security.master_key is lost. Every access token is void.
        #[arg(long)]
        at_once: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Password {
    /// Read the password from this file; from standard input unless given
    #[arg(long, env = "ASHLAR_PASSWORD_FILE", value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Tell everything that is wrong with the settings
    Check,
    /// List every setting with its value (secrets hidden) and where it is from
    Show,
}
