//! `marketplace incident`: the register of confidentiality incidents.

use std::sync::Arc;

use anyhow::anyhow;
use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};
use entity::id::IncidentId;
use entity::incident::{self, IncidentKind};

use crate::app::App;
use crate::context::Context;
use crate::domain::incidents::list::Filter;
use crate::domain::incidents::{add, close, list};
use crate::graphql::id;
use crate::server::in_words;
use crate::store::page::PageArguments;
use crate::store::transaction::retrying;

/// Keeping the register of confidentiality incidents. It holds no names, addresses or other personal values.
#[derive(Subcommand)]
pub enum IncidentCommand {
    /// Add an incident. Write no names, addresses or other personal values: how many people, not who.
    Add {
        /// What happened to personal data.
        #[arg(long, value_enum)]
        kind: KindArgument,
        /// It in words, without personal values.
        #[arg(long)]
        description: String,
        /// The day on which it was noticed, as 2026-11-22.
        #[arg(long)]
        noticed_on: NaiveDate,
        /// How many people are concerned, if that is known.
        #[arg(long)]
        people: Option<i32>,
    },
    /// List incidents, the latest first.
    List {
        /// Only open ones.
        #[arg(long)]
        open: bool,
    },
    /// Close an incident. Write no names, addresses or other personal values.
    Close {
        /// What `add` and `list` print.
        id: String,
        /// How many people were concerned; may be left out when it was known before.
        #[arg(long)]
        people: Option<i32>,
        /// Whether serious injury may come of it to them.
        #[arg(long, value_enum)]
        risk: RiskArgument,
        /// What was done so that it does no more harm and does not happen again.
        #[arg(long)]
        measures: String,
        /// The day on which the privacy commissioner was told.
        #[arg(long)]
        commissioner_told_on: Option<NaiveDate>,
        /// The day on which the people were told.
        #[arg(long)]
        people_told_on: Option<NaiveDate>,
    },
}

/// What happened, on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum KindArgument {
    /// Someone read personal data who may not.
    UnauthorizedAccess,
    /// They were used for something else.
    UnauthorizedUse,
    /// They were told to someone who may not know them.
    UnauthorizedDisclosure,
    /// They were lost.
    Loss,
    /// Their protection failed in another way.
    Other,
}

impl From<KindArgument> for IncidentKind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::UnauthorizedAccess => Self::UnauthorizedAccess,
            KindArgument::UnauthorizedUse => Self::UnauthorizedUse,
            KindArgument::UnauthorizedDisclosure => Self::UnauthorizedDisclosure,
            KindArgument::Loss => Self::Loss,
            KindArgument::Other => Self::Other,
        }
    }
}

/// The risk, on the command line.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RiskArgument {
    /// No serious injury is to be expected.
    Low,
    /// Serious injury may come of it.
    Serious,
}

pub(super) async fn run(app: Arc<App>, command: IncidentCommand) -> anyhow::Result<()> {
    let ctx = Context::system(app, "command-line");
    match command {
        IncidentCommand::Add {
            kind,
            description,
            noticed_on,
            people,
        } => {
            let input = add::Input {
                kind: kind.into(),
                description,
                noticed_on,
                people,
            };
            let added = retrying(|| add::run(&ctx, &input))
                .await
                .map_err(in_words)?;
            println!(
                "Added. The register holds no names, addresses or other personal values; if the words above do, say so to whoever runs the database."
            );
            print(&added);
        }
        IncidentCommand::List { open } => print_all(&ctx, open).await?,
        IncidentCommand::Close {
            id: text,
            people,
            risk,
            measures,
            commissioner_told_on,
            people_told_on,
        } => {
            let id: IncidentId = id::decode(&text.into(), "id").map_err(|_| {
                anyhow!("this is no incident's id; `marketplace incident list` prints them")
            })?;
            let input = close::Input {
                id,
                people,
                is_risk_serious: risk == RiskArgument::Serious,
                measures,
                commissioner_told_on,
                people_told_on,
            };
            let closed = retrying(|| close::run(&ctx, &input))
                .await
                .map_err(in_words)?;
            print(&closed);
        }
    }
    Ok(())
}

async fn print_all(ctx: &Context, is_open_only: bool) -> anyhow::Result<()> {
    let filter = Filter {
        is_open: is_open_only.then_some(true),
    };
    let mut page = PageArguments {
        first: Some(100),
        ..PageArguments::default()
    };
    loop {
        let found = list::run(ctx, filter, &page).await.map_err(in_words)?;
        page.after = found.items.last().map(|(cursor, _)| cursor.clone());
        for (_, incident) in &found.items {
            print(incident);
        }
        if !found.has_next {
            return Ok(());
        }
    }
}

fn print(incident: &incident::Model) {
    let day = |day: Option<NaiveDate>| day.map_or_else(|| "-".to_owned(), |day| day.to_string());
    let people = incident
        .people
        .map_or_else(|| "?".to_owned(), |people| people.to_string());
    let state = if incident.closed_at.is_some() {
        "closed"
    } else {
        "open"
    };
    println!(
        "{}  {state}  {}  noticed {}  people {people}  risk {}  commissioner told {}  people told {}",
        id::encode(&incident.id).as_str(),
        incident.kind,
        incident.noticed_on,
        incident.risk,
        day(incident.commissioner_told_on),
        day(incident.people_told_on),
    );
    println!("  {}", incident.description);
    if let Some(measures) = &incident.measures {
        println!("  {measures}");
    }
}
