//! `marketplace keys`: the keys behind access tokens.

use anyhow::bail;
use clap::Subcommand;

use super::{open_app, require_migrated};
use crate::context::Context;
use crate::domain::signing_keys::{begin, list, replace, rotate};
use crate::server::in_words;
use crate::store::transaction::retrying;

/// The keys behind access tokens.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Print the keys: id, state, and since when.
    List,
    /// Sign with the next key from now on; no token is refused for it.
    Rotate,
    /// Forget all keys and begin with new ones: when one leaked, or the sealing secret is lost. Access tokens end within
    /// seconds, and clients refresh them.
    Replace,
}

/// Runs a subcommand to its end.
pub(super) async fn run(command: KeysCommand) -> anyhow::Result<()> {
    let app = open_app().await?;
    require_migrated(&app).await?;
    let ctx = Context::system(app.clone(), "command-line");
    match command {
        KeysCommand::List => {
            let keys = list::run(&app.store.connection).await.map_err(in_words)?;
            if keys.is_empty() {
                bail!("there are no signing keys yet; the server makes them when it first starts");
            }
            for key in keys {
                let since = key.changed_at.format("%Y-%m-%d %H:%M:%S UTC");
                println!("{}  {:<8}  since {since}", key.kid, key.state.as_str());
            }
        }
        KeysCommand::Rotate => {
            begin::run(&app).await.map_err(in_words)?;
            let kid = retrying(|| rotate::run(&ctx)).await.map_err(in_words)?;
            println!("{kid} signs from now on; servers notice within 15 seconds");
        }
        KeysCommand::Replace => {
            let kid = retrying(|| replace::run(&ctx)).await.map_err(in_words)?;
            println!(
                "{kid} signs from now on; servers notice within 15 seconds, and clients refresh their tokens"
            );
        }
    }
    Ok(())
}
