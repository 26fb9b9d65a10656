//! The program: reads the command line and the environment, builds the app, hands over.

use std::process::ExitCode;

use api::command::{self, Command};
use clap::Parser;

/// A volunteer-matching platform for public-benefit organizations and digital professionals.
#[derive(Parser)]
#[command(name = "marketplace", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let failure = command.failure();
    match command::run(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("marketplace: {error:#}");
            failure
        }
    }
}
