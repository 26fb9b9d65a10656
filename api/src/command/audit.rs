//! `marketplace audit verify`: says whether the audit trail is whole, and up to where.

use anyhow::bail;

use crate::app::App;
use crate::domain::audit::verify::{self, Head};
use crate::server;

/// Prints the trail's length and head; fails when something is wrong with it.
pub(super) async fn verify(app: &App, expected: Option<&Head>) -> anyhow::Result<()> {
    let verified = verify::run(app, expected).await.map_err(server::in_words)?;
    println!("{} entries, head {}", verified.entries, verified.head);
    if verified.faults.is_empty() {
        return Ok(());
    }
    for fault in &verified.faults {
        println!("FAIL  {fault}");
    }
    bail!("the audit trail is not whole");
}
