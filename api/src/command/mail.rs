//! `marketplace mail`: what mail servers report of mails that left, and writing to an address again.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use entity::personal::Personal;
use matcher::mail::MAX_REPORT;

use crate::app::App;
use crate::context::Context;
use crate::domain::accounts::find;
use crate::domain::mails::lift_block;
use crate::domain::mails::take_report::{self, Taken};
use crate::error::DomainError;
use crate::server::in_words;
use crate::store::transaction::retrying;

/// Taking in what mail servers report, and writing to an address again.
#[derive(Subcommand)]
pub enum MailCommand {
    /// Take in a report: that a mail was not delivered, or that its reader called it spam. For the mail server that has the
    /// return path: `|marketplace mail report`. From standard input it ends with 75 when the report should be handed in again, and
    /// well for what is no report.
    Report {
        /// The report as a mail message; standard input when left out.
        file: Option<PathBuf>,
    },
    /// Write again to an address that had not taken our mail, or whose owner had called one spam.
    Allow {
        /// Mail address of the account.
        email: String,
    },
}

pub(super) async fn run(app: Arc<App>, command: MailCommand) -> anyhow::Result<()> {
    match command {
        MailCommand::Report { file } => report(app, file).await,
        MailCommand::Allow { email } => allow(app, email).await,
    }
}

async fn allow(app: Arc<App>, email: String) -> anyhow::Result<()> {
    let ctx = Context::system(app, "command-line");
    let account = match find::run(&ctx, &Personal::new(email)).await {
        Err(DomainError::NotFound) => bail!("no account has this mail address"),
        found => found.map_err(in_words)?,
    };
    retrying(|| lift_block::run(&ctx, account.id))
        .await
        .map_err(in_words)?;
    println!("The address is written to again.");
    Ok(())
}

async fn report(app: Arc<App>, file: Option<PathBuf>) -> anyhow::Result<()> {
    let message = if let Some(file) = &file {
        std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?
    } else {
        let mut message = Vec::new();
        // A byte more than is read of it: what is too long shall be said to be.
        let limit = MAX_REPORT as u64 + 1;
        let mut input = std::io::stdin().lock().take(limit);
        input
            .read_to_end(&mut message)
            .context("cannot read standard input")?;
        message
    };
    let ctx = Context::system(app, "command-line");
    match take_report::run(&ctx, &message).await {
        Ok(taken) => println!("{}", told(taken)),
        // Spam and out-of-office answers come to this address too. Whoever sent them is not written to: they may be forged.
        Err(error @ DomainError::Rules(_)) if file.is_none() => {
            println!("Nothing was done. {}", in_words(error));
        }
        Err(error) => return Err(in_words(error)),
    }
    Ok(())
}

fn told(taken: Taken) -> String {
    match taken {
        Taken::Bounced {
            status,
            is_suppressed: true,
        } => format!("The mail was not delivered ({status}). Its address is written to about nothing but its account any more."),
        Taken::Bounced { status, .. } => format!("The mail was not delivered ({status})."),
        Taken::Complained => {
            "The mail was called spam. Its address is written to about nothing but its account any more.".to_owned()
        }
        Taken::Nothing => "There is nothing to do: the mail was delivered, or is on its way still.".to_owned(),
        Taken::Unknown => "This is about no mail that is known here.".to_owned(),
    }
}
