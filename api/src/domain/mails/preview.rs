//! A mail of any kind with invented data, as its reader would get it. Nothing that was really sent is read for it: what stands in
//! a stored mail is between us and whom it went to.

use matcher::mail::{Kind, Language, Rendered, preview, preview_message};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::mail::{MailAction, decide};

/// Which mail, for whom.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// Which mail.
    pub kind: Kind,
    /// In which language; in both, one after the other, as for somebody whose language is not known, when none is given.
    pub language: Option<Language>,
}

/// A mail with invented data.
#[derive(Debug)]
pub struct Preview {
    /// What it says.
    pub rendered: Rendered,
    /// The whole message as it would be sent (RFC 5322): ASCII, lines ending in CRLF.
    pub source: String,
}

/// Writes the mail.
///
/// # Errors
/// None but the policy's in practice: tests write every mail in every language.
pub fn run(ctx: &Context, input: Input) -> Result<Preview, DomainError> {
    decide(&ctx.actor, MailAction::Preview).require()?;
    let rendered =
        preview(input.kind, input.language).map_err(|error| DomainError::Internal(error.into()))?;
    let message =
        preview_message(&rendered).map_err(|error| DomainError::Internal(error.into()))?;
    let source = String::from_utf8(message).map_err(|error| DomainError::Internal(error.into()))?;
    Ok(Preview { rendered, source })
}

impl Preview {
    /// The headers of the message in their order, each on one line, name and value.
    pub fn headers(&self) -> Vec<(&str, String)> {
        let head = self.source.split("\r\n\r\n").next().unwrap_or_default();
        let mut headers: Vec<(&str, String)> = Vec::new();
        for line in head.split("\r\n") {
            // What begins with a space goes on with the line before (RFC 5322, 2.2.3).
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = headers.last_mut() {
                    value.push_str(line);
                }
            } else if let Some((name, value)) = line.split_once(": ") {
                headers.push((name, value.to_owned()));
            }
        }
        headers
    }
}
