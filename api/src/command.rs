//! The program's subcommands. What they print is their result, so this module may print.
#![expect(
    clippy::print_stdout,
    reason = "a command's result goes to standard output"
)]

mod audit;
mod demo;
mod doctor;
mod incident;
mod jobs;
mod keys;
mod mail;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};
use entity::account::StaffRole;
use entity::personal::Personal;
use migration::{Migrator, MigratorTrait as _};
use tokio_util::sync::CancellationToken;

pub use self::incident::IncidentCommand;
pub use self::jobs::JobsCommand;
pub use self::keys::KeysCommand;
pub use self::mail::MailCommand;
use crate::app::App;
use crate::config::{Config, env_example};
use crate::context::Context;
use crate::domain::accounts::second_factor::reset;
use crate::domain::accounts::{create_staff, find};
use crate::domain::audit::verify::Head;
use crate::error::DomainError;
use crate::jobs::worker;
use crate::store::transaction::retrying;
use crate::store::{connection, hints};
use crate::{graphql, server};

/// What the program can do.
#[derive(Subcommand)]
pub enum Command {
    /// Serve the API, the pages behind mail links and, unless set otherwise, the worker.
    Serve,
    /// Work background jobs only.
    Worker,
    /// Bring the database to this program's schema.
    Migrate {
        /// Take back this many migrations instead.
        #[arg(long, value_name = "STEPS")]
        down: Option<u32>,
        /// Only tell which migrations are pending.
        #[arg(long, conflicts_with = "down")]
        status: bool,
    },
    /// Print the GraphQL schema.
    Schema,
    /// Print every setting with its default and meaning.
    EnvExample,
    /// Manage staff.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Look at the audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Manage the keys behind access tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Keep the register of confidentiality incidents.
    #[command(subcommand)]
    Incident(IncidentCommand),
    /// Look at background work, and take up again what was given up.
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Take in what mail servers report of mails that left.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Serve with demo data: real civic-tech projects, fictional volunteers, one round of matching.
    Demo,
    /// Check the configuration, the database and the mail transport, and say what is wrong.
    Doctor,
}

/// Managing staff.
#[derive(Subcommand)]
pub enum AdminCommand {
    /// Give an account a staff role and print a one-time link for choosing its password.
    Create {
        /// Mail address of a known account or a new one.
        #[arg(long)]
        email: String,
        /// Given name, for a new account.
        #[arg(long, default_value = "Admin")]
        given_name: String,
        /// The role.
        #[arg(long, value_enum, default_value = "admin")]
        role: RoleArgument,
    },
    /// Take the second factor of an account away whose owner lost the app and the recovery codes; its sessions end.
    ResetSecondFactor {
        /// Mail address of the account.
        #[arg(long)]
        email: String,
    },
}

/// Looking at the audit trail.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Compute every hash again, follow every link, and print the last entry's number and hash: keep them elsewhere.
    Verify {
        /// What an earlier run printed: the trail must still hold that entry, so that nothing was cut off or replaced.
        #[arg(long, value_name = "SEQUENCE:HASH")]
        expect: Option<Head>,
    },
}

/// A staff role on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum RoleArgument {
    /// Vets, reviews, runs the matcher, approves.
    Coordinator,
    /// Besides that, manages staff.
    Admin,
}

impl Command {
    /// What the program ends with when the subcommand fails. A mail server that hands a report in keeps it, and hands it in again,
    /// for `EX_TEMPFAIL` of `sysexits.h`; for anything else it would send the report back.
    pub fn failure(&self) -> ExitCode {
        match self {
            Self::Mail(MailCommand::Report { file: None }) => ExitCode::from(75),
            _ => ExitCode::FAILURE,
        }
    }
}

/// Runs a subcommand to its end.
///
/// # Errors
/// In words for the person at the terminal.
pub async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Schema => {
            print!("{}", graphql::schema::print());
            Ok(())
        }
        Command::EnvExample => {
            print!("{}", env_example());
            Ok(())
        }
        Command::Demo => demo::run(open_app().await?).await,
        Command::Doctor => doctor::run().await,
        Command::Serve => server::serve(open_app().await?).await,
        Command::Worker => {
            let app = open_migrated().await?;
            let stop = CancellationToken::new();
            tokio::spawn(server::cancel_on_signal(stop.clone()));
            tokio::spawn(hints::run(
                app.store.clone(),
                app.config.database.url.clone(),
                hints::Pace::default(),
                stop.clone(),
            ));
            worker::run(app, stop, worker::GRACE).await;
            Ok(())
        }
        Command::Keys(command) => keys::run(command).await,
        Command::Migrate { down, status } => migrate(down, status).await,
        Command::Audit(AuditCommand::Verify { expect }) => {
            let app = open_migrated().await?;
            audit::verify(&app, expect.as_ref()).await
        }
        Command::Incident(command) => {
            let app = open_migrated().await?;
            incident::run(app, command).await
        }
        Command::Jobs(command) => {
            let app = open_migrated().await?;
            jobs::run(app, command).await
        }
        Command::Mail(command) => {
            let app = open_migrated().await?;
            mail::run(app, command).await
        }
        Command::Admin(AdminCommand::Create {
            email,
            given_name,
            role,
        }) => create_admin(email, given_name, role).await,
        Command::Admin(AdminCommand::ResetSecondFactor { email }) => {
            reset_second_factor(&email).await
        }
    }
}

async fn open_app() -> anyhow::Result<Arc<App>> {
    let config = Config::from_environment()?;
    server::start_logging(&config.log);
    App::open(config).await
}

/// The same for commands that work on what is there: none of them makes a database, least of all a second one in the folder that
/// somebody happens to be in.
async fn open_migrated() -> anyhow::Result<Arc<App>> {
    let config = Config::from_environment()?;
    if let Some(file) = connection::sqlite_file(&config.database.url)
        && !file.exists()
    {
        bail!(
            "there is no database at {}; set MARKETPLACE_DATABASE_URL to the one in use, or run `marketplace migrate` first",
            file.display()
        );
    }
    let app = open_app().await?;
    require_migrated(&app).await?;
    Ok(app)
}

async fn require_migrated(app: &App) -> anyhow::Result<()> {
    let pending = server::pending_migrations(app).await?;
    if pending > 0 {
        bail!("the database lacks {pending} migration(s); run `marketplace migrate` first");
    }
    Ok(())
}

async fn migrate(down: Option<u32>, status: bool) -> anyhow::Result<()> {
    let app = open_app().await?;
    let connection = &app.store.connection;
    if status {
        println!(
            "{} migration(s) pending",
            server::pending_migrations(&app).await?
        );
    } else if let Some(steps) = down {
        Migrator::down(connection, Some(steps)).await?;
        println!("took back {steps} migration(s)");
    } else {
        Migrator::up(connection, None).await?;
        crate::domain::taxonomy::seed::run(&app)
            .await
            .context("cannot store the taxonomy")?;
        println!("the database is up to date");
    }
    Ok(())
}

async fn create_admin(email: String, given_name: String, role: RoleArgument) -> anyhow::Result<()> {
    let app = open_migrated().await?;
    let staff_role = match role {
        RoleArgument::Coordinator => StaffRole::Coordinator,
        RoleArgument::Admin => StaffRole::Admin,
    };
    let ctx = Context::system(app, "command-line");
    let input = create_staff::Input {
        email: Personal::new(email),
        given_name: Personal::new(given_name),
        staff_role,
        preferred_language: None,
    };
    let made = create_staff::run(&ctx, &input)
        .await
        .map_err(server::in_words)?;
    let whose = if made.was_known {
        "The account that is there already"
    } else {
        "A new account"
    };
    println!("{whose} now has this role. Choose its password within 60 minutes at");
    println!("{}", made.link);
    Ok(())
}

async fn reset_second_factor(email: &str) -> anyhow::Result<()> {
    let app = open_migrated().await?;
    let ctx = Context::system(app, "command-line");
    let account = match find::run(&ctx, &Personal::new(email)).await {
        Err(DomainError::NotFound) => bail!("no account has this mail address"),
        found => found.map_err(server::in_words)?,
    };
    retrying(|| reset::run(&ctx, account.id))
        .await
        .map_err(server::in_words)?;
    println!(
        "The account has no second factor now; its owner is told by mail if it had one, and sets up another"
    );
    Ok(())
}
