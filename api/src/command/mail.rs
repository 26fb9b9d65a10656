//! `marketplace mail`: what mail servers report of mails that left.

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Subcommand;
use matcher::mail::MAX_REPORT;

use crate::app::App;
use crate::context::Context;
use crate::domain::mails::take_report::{self, Taken};
use crate::server::in_words;

/// Taking in what mail servers report.
#[derive(Subcommand)]
pub enum MailCommand {
    /// Take in a report: that a mail was not delivered, or that its reader called it spam. For the mail server that has the
    /// return path: `|marketplace mail report`.
    Report {
        /// The report as a mail message; standard input when left out.
        file: Option<PathBuf>,
    },
}

pub(super) async fn run(app: Arc<App>, command: MailCommand) -> anyhow::Result<()> {
    let MailCommand::Report { file } = command;
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
    let taken = take_report::run(&ctx, &message).await.map_err(in_words)?;
    println!("{}", told(taken));
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
