//! `marketplace doctor`: looks at everything the server needs before the server does, and says what to do.

use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;

use crate::app::App;
use crate::config::{Config, Environment};
use crate::domain::signing_keys::list;
use crate::error::DomainError;
use crate::store::connection;
use crate::{outbox, server};

/// How long a database is waited for that does not answer at all.
const PATIENCE: Duration = Duration::from_secs(2);

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
            match open(config, PATIENCE).await {
                Err(error) => report("start", Err(causes(&error))),
                Ok(app) => {
                    let database = database(&app).await;
                    let is_ready = database.is_ok();
                    report("database", database);
                    if is_ready {
                        report("signing keys", signing_keys(&app).await);
                    }
                    let sender = outbox::sender(&app)
                        .map(|sender| sender.name)
                        .map_err(|error| error.with_causes());
                    report("mail sender", sender);
                    report("mail signature", signature(&app));
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

/// Opens the app, unless the database can be seen not to be there.
async fn open(config: Config, patience: Duration) -> anyhow::Result<Arc<App>> {
    connection::look(&config.database.url, patience).await?;
    App::open(config).await
}

/// The error and its causes on one line, without causes that the one before quotes already.
fn causes(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.contains(&cause) {
            line.push_str(": ");
            line.push_str(&cause);
        }
    }
    line
}

async fn signing_keys(app: &App) -> Result<String, String> {
    let in_words = |error: DomainError| causes(&server::in_words(error));
    let keys = list::run(&app.store.connection).await.map_err(in_words)?;
    if keys.is_empty() {
        return Ok("none yet; made when the server first starts".to_owned());
    }
    app.keys.look(app).await.map_err(in_words)?;
    let current = app.keys.current().map_err(in_words)?;
    Ok(format!("{} signs", current.public.id))
}

/// Whether mails are signed, and what has to be in DNS for that: its public half alone.
fn signature(app: &App) -> Result<String, String> {
    let Some(signer) = &app.signer else {
        return Ok("none; see MARKETPLACE_MAIL_DKIM_SELECTOR".to_owned());
    };
    let record = signer.record().map_err(|error| causes(&error))?;
    Ok(format!(
        "by the key of this record, which has to be in DNS\n{record}"
    ))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Instant;

    use anyhow::anyhow;
    use tokio::net::TcpListener;

    use super::*;

    fn config(database: &str) -> Config {
        let settings = [
            ("ENVIRONMENT", "development"),
            ("DATABASE_URL", database),
            ("BASE_URL", "http://marketplace.test"),
            ("MAIL_TRANSPORT", "file:unused"),
        ];
        let values: BTreeMap<_, _> = settings
            .map(|(key, value)| (format!("MARKETPLACE_{key}"), value.to_owned()))
            .into();
        Config::from_values(values).unwrap()
    }

    async fn refusal(database: &str, patience: Duration) -> String {
        let Err(error) = open(config(database), patience).await else {
            panic!("{database} was opened");
        };
        causes(&error)
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_told_once_and_at_once() {
        // Nobody listens at a port that was just given back.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let begin = Instant::now();
        let told = refusal(&format!("postgres://nobody@{address}/none"), PATIENCE).await;
        assert!(begin.elapsed() < PATIENCE);
        assert!(told.starts_with("cannot open the database: "), "{told}");
        assert_eq!(told.matches("refused").count(), 1, "{told}");
    }

    #[tokio::test]
    async fn a_database_that_does_not_answer_is_not_waited_for_long() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let patience = Duration::from_millis(20);
        let told = refusal(&format!("postgres://nobody@{address}/none"), patience).await;
        assert!(
            told.starts_with("the database does not answer within 20ms"),
            "{told}"
        );
    }

    #[test]
    fn a_cause_that_was_quoted_is_not_said_again() {
        let error = anyhow!("refused")
            .context("connection error: refused")
            .context("cannot open the database");
        assert_eq!(
            causes(&error),
            "cannot open the database: connection error: refused"
        );
    }
}
