//! `marketplace doctor`: looks at everything the server needs before the server does, and says what to do.

use anyhow::bail;

use crate::app::App;
use crate::config::{Config, Environment};
use crate::{outbox, server};

/// Prints one line for each check; fails when any did.
pub(super) async fn run() -> anyhow::Result<()> {
    let mut failures = 0;
    let mut report = |name: &str, outcome: Result<String, String>| match outcome {
        Ok(detail) => println!("ok    {name}: {detail}"),
        Err(reason) => {
            failures += 1;
            println!("FAIL  {name}: {reason}");
        }
    };
    match Config::from_environment() {
        Err(errors) => report("configuration", Err(errors.to_string())),
        Ok(config) => {
            let environment = match config.environment {
                Environment::Development => "for development",
                Environment::Production => "for production",
            };
            report("configuration", Ok(environment.to_owned()));
            match App::open(config).await {
                Err(error) => report("start", Err(format!("{error:#}"))),
                Ok(app) => {
                    report("database", database(&app).await);
                    let sender = outbox::sender(&app)
                        .map(|sender| sender.name)
                        .map_err(|error| error.with_causes());
                    report("mail sender", sender);
                    report("mail transport", transport(&app).await);
                }
            }
        }
    }
    if failures > 0 {
        bail!("{failures} check(s) failed");
    }
    Ok(())
}

async fn transport(app: &App) -> Result<String, String> {
    match app.transport.check().await {
        Ok(()) => Ok(app.transport.to_string()),
        Err(error) => Err(format!("{}: {error}", app.transport)),
    }
}

async fn database(app: &App) -> Result<String, String> {
    match server::pending_migrations(app).await {
        Ok(0) => Ok(format!(
            "{}, schema up to date",
            app.store.connection.get_database_backend().as_str()
        )),
        Ok(pending) => Err(format!(
            "{pending} migration(s) pending; run `marketplace migrate`"
        )),
        Err(error) => Err(error.to_string()),
    }
}
