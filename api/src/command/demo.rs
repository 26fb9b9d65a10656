//! `marketplace demo`: everything to look at in one command. Starting again keeps the data.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;

use crate::app::App;
use crate::config::Environment;
use crate::demo::{self, LOG_INS, PASSWORD};
use crate::server::{self, Listeners};

/// Fills an empty database, prints where to look, serves.
pub(super) async fn run(app: Arc<App>) -> anyhow::Result<()> {
    if app.config.environment == Environment::Production {
        bail!("the demo has known passwords and is refused in production");
    }
    // Before anything is written: a second start on a taken port must change nothing.
    let listeners = Listeners::bind(&app.config.http).await?;
    server::prepare(&app).await?;
    let started = Instant::now();
    match demo::fill(&app)
        .await
        .context("cannot make the demo data")?
    {
        Some(census) => println!(
            "Demo data made in {:.1} s: {} organizations, {} projects, {} roles, {} volunteers; a round proposed {} pairings.",
            started.elapsed().as_secs_f64(),
            census.organizations,
            census.projects,
            census.roles,
            census.volunteers,
            census.pairings,
        ),
        None => println!("The database has data already; they are kept."),
    }
    print_addresses(&app);
    server::serve_on(app, listeners).await
}

fn print_addresses(app: &App) {
    let base = &app.config.http.base_url;
    println!();
    println!("  GraphQL    {base}/graphql");
    println!("  Workbench  {base}/workbench");
    if app.config.http.admin_dir.is_some() {
        println!("  Admin      {base}/admin");
    }
    println!(
        "  Mails      {}",
        app.config
            .mail
            .transport
            .expose_secret()
            .trim_start_matches("file:")
    );
    println!();
    println!("  Log in with the password \"{PASSWORD}\" as");
    for (email, part) in LOG_INS {
        println!("    {email:<26} {part}");
    }
    println!();
    println!("Stop with Ctrl-C; start again to go on where you left.");
}
