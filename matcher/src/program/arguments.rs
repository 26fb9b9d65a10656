//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use url::Url;

use crate::learning::Target;
use crate::mail::{Address, Language, Transport};
use crate::model::Locale;

const FILES: &str = "\
FILES
  A file ending in .csv has a header line; one ending in .jsonl has one JSON object a line. Both use the same field
  names, and in both a list may be written with semicolons. A blank cell (or a missing key) means \"not known\", which
  is never the same as none: write \"none\" (or []) for an empty list.

  volunteers: id, name, status (active|busy|paused), paused_until, skills (skill:level:years), wants_to_learn,
    hours_per_week, committed_hours, zone, windows (tue 18:00-21:00), time_off (2026-12-20/2027-01-05), languages,
    latitude, longitude, radius_km, remote (yes|no), causes, conflicts, most_placements, current_placements,
    waiting_days, recent_suggestions
  roles: id, organization, title, accepting (yes|no), seats_open, suggestions_per_seat, must_have
    (skill:level:weight, at most 3), nice_to_have, learning_seat (yes|no), hours_per_week, start_on, end_on, zone,
    windows, minimum_minutes, setting (remote|hybrid|onsite), latitude, longitude, required_languages,
    preferred_languages, causes, recent_suggestions
  relations: a, b, weight (0 to 1)
  outcomes: role, volunteer, answer (rejected|approved|declined|expired|accepted|completed|ended|no_show), reason, score,
    deductions, and the value of each factor that the role asked, all from 0 to 1: must_have, nice_to_have, evidence,
    meeting, hours, causes, wish, place, languages

  Only id is needed for a volunteer, id and organization for a role; role, volunteer, answer and score for an outcome.

EXIT CODES
  0  done    1  a file could not be written or mail not be sent
  2  wrong arguments    3  the input has errors or a file is empty: all are listed with file, line and column, and nothing is written";

/// Proposes volunteers for roles, with reasons.
#[derive(Debug, Parser)]
#[command(name = "matcher", version, after_long_help = FILES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Suggest pairings from files.
    #[command(after_long_help = FILES)]
    Suggest(Suggest),
    /// Set what became of suggestions against what was predicted of them. Changes nothing.
    #[command(after_long_help = FILES)]
    Calibrate(Calibrate),
    /// Run a past round with other weights and show the difference. Changes nothing.
    #[command(after_long_help = FILES)]
    Replay(Replay),
}

/// The files of a round.
#[derive(Debug, Args)]
pub(crate) struct Files {
    /// Volunteers, .csv or .jsonl
    #[arg(long, value_name = "FILE")]
    pub(crate) volunteers: PathBuf,
    /// Roles, .csv or .jsonl
    #[arg(long, value_name = "FILE")]
    pub(crate) roles: PathBuf,
    /// How skills are related, .csv or .jsonl; without it only the skill itself counts
    #[arg(long, value_name = "FILE")]
    pub(crate) relations: Option<PathBuf>,
    /// What counts how much; the built-in policy if not given
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// The day to reckon from; today (UTC) if not given
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct Suggest {
    #[command(flatten)]
    pub(crate) files: Files,
    /// The best so many for each role, at least 1, each role on its own
    #[arg(long, value_name = "K", default_value = "5", conflicts_with = "assign")]
    pub(crate) top: NonZeroUsize,
    /// Choose for everybody at once, seats and hours kept; says the sum of scores and what no choice can exceed
    #[arg(long)]
    pub(crate) assign: bool,
    /// With --assign: at once, the best pair again and again; not the greatest total, no account of who got nothing, nothing to mail
    #[arg(long, requires = "assign", conflicts_with = "mail")]
    pub(crate) quick: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Language of the explanations, of what the input has wrong, and of the mail; wrong arguments are told in English
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// Mail the suggestions to --mail-to: a folder for .eml files, or smtp://… or smtps://…
    #[arg(long, value_name = "DIR|URL", requires_all = ["mail_to", "mail_from", "sender", "postal_address", "unsubscribe_url"])]
    mail: Option<String>,
    /// Address of the coordinator
    #[arg(long, value_name = "ADDRESS", value_parser = Address::parse, requires = "mail")]
    mail_to: Option<Address>,
    /// Address of the sender
    #[arg(long, value_name = "ADDRESS", value_parser = Address::parse, requires = "mail")]
    mail_from: Option<Address>,
    /// The organization that sends, as the law on commercial mail asks
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), requires = "mail")]
    sender: Option<String>,
    /// Its postal address
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new(), requires = "mail")]
    postal_address: Option<String>,
    /// Where the coordinator stops these mails
    #[arg(long, value_name = "URL", value_parser = web_address, requires = "mail")]
    unsubscribe_url: Option<Url>,
}

/// What is needed to mail the suggestions.
pub(crate) struct Mail {
    pub(crate) transport: Transport,
    pub(crate) to: Address,
    pub(crate) from: Address,
    pub(crate) sender: String,
    pub(crate) postal_address: String,
    pub(crate) unsubscribe_url: Url,
    pub(crate) language: Language,
}

#[derive(Debug, Args)]
pub(crate) struct Calibrate {
    /// What became of suggestions, .csv or .jsonl
    #[arg(long, value_name = "FILE")]
    pub(crate) outcomes: PathBuf,
    /// The question that the outcomes answer
    #[arg(long, value_enum, default_value_t = Question::Acceptance)]
    pub(crate) target: Question,
    /// A reason that says nothing of the fit: outcomes with it do not count; may be given several times
    #[arg(long, value_name = "REASON")]
    pub(crate) beside_the_point: Vec<String>,
    /// Also fit weights that would have predicted better, and test them on people held out
    #[arg(long)]
    pub(crate) refit: bool,
    /// The policy that fitted weights are drawn to; the built-in one if not given
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = LearnFormat::Text)]
    pub(crate) format: LearnFormat,
    /// Language of the report, and of what the input has wrong; wrong arguments are told in English
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    pub(crate) files: Files,
    /// The other weights
    #[arg(long, value_name = "FILE")]
    pub(crate) other: PathBuf,
    /// What became of suggestions, .csv or .jsonl: counted for the pairs that are kept and lost
    #[arg(long, value_name = "FILE")]
    pub(crate) outcomes: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = LearnFormat::Text)]
    pub(crate) format: LearnFormat,
    /// Language of the report, and of what the input has wrong; wrong arguments are told in English
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Question {
    /// Did a coordinator approve?
    Approval,
    /// Did both sides accept in time?
    Acceptance,
    /// Did the placement end as meant?
    Completion,
}

impl From<Question> for Target {
    fn from(question: Question) -> Self {
        match question {
            Question::Approval => Self::Approval,
            Question::Acceptance => Self::Acceptance,
            Question::Completion => Self::Completion,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LearnFormat {
    /// Everything, for programs
    Json,
    /// For people
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Everything, for programs
    Json,
    /// One line a pair, for spreadsheets
    Csv,
    /// For people
    Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    En,
    Fr,
}

impl Lang {
    pub(crate) const fn locale(self) -> Locale {
        match self {
            Self::En => Locale::En,
            Self::Fr => Locale::Fr,
        }
    }
}

impl Suggest {
    /// The mail that is asked for, if one is. The transport is read here and not by the command line, which would show
    /// it in its error, with the password.
    pub(crate) fn mail(&self) -> Result<Option<Mail>, String> {
        let (Some(to), Some(from), Some(sender), Some(postal_address), Some(unsubscribe_url)) = (
            self.mail_to.clone(),
            self.mail_from.clone(),
            self.sender.clone(),
            self.postal_address.clone(),
            self.unsubscribe_url.clone(),
        ) else {
            // All of them are needed with `--mail`, and none is accepted without it.
            return Ok(None);
        };
        let Some(destination) = &self.mail else {
            return Ok(None);
        };
        let is_url = ["smtp://", "smtps://", "file:"]
            .iter()
            .any(|scheme| destination.starts_with(scheme));
        let transport = if is_url {
            Transport::from_url(destination)
        } else {
            Transport::from_url(&format!("file:{destination}"))
        };
        Ok(Some(Mail {
            transport: transport.map_err(|error| format!("--mail: {error}"))?,
            to,
            from,
            sender,
            postal_address,
            unsubscribe_url,
            language: match self.lang {
                Lang::En => Language::English,
                Lang::Fr => Language::French,
            },
        }))
    }
}

impl Files {
    pub(crate) fn as_of(&self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| now().date_naive())
    }
}

impl Command {
    /// The language in which the command's errors are said.
    pub(crate) const fn locale(&self) -> Locale {
        match self {
            Self::Suggest(arguments) => arguments.lang.locale(),
            Self::Calibrate(arguments) => arguments.lang.locale(),
            Self::Replay(arguments) => arguments.lang.locale(),
        }
    }
}

fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if matches!(url.scheme(), "https" | "http") {
        Ok(url)
    } else {
        Err("must begin with https:// or http://".to_owned())
    }
}

/// The program's one look at the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a program for the command line has no clock of the server"
)]
pub(crate) fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}
