//! Documents that are known before anybody asks: what a client's build wrote into a list, each by the SHA-256 of its text.
//!
//! A client names one by its hash and sends no text. Who logged in with a cookie in a browser may send nothing else once
//! there is a list: a script that got into the page then asks nothing that the client does not.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context as _, bail};

use super::extensions::document_guard::{self, Limits};
use crate::credentials::secret_token;

/// The documents of a list, by their hashes in lower-case hexadecimal.
#[derive(Debug, Default)]
pub struct TrustedDocuments {
    documents: HashMap<String, String>,
}

impl TrustedDocuments {
    /// Reads a list: a JSON object whose keys are hashes and whose values are documents, as GraphQL Code Generator writes
    /// it with `hashAlgorithm: "sha256"`. Without a path there is none.
    ///
    /// # Errors
    /// When the file cannot be read or is no such object, and for every document that its hash is not of or that the
    /// server would refuse, with the hash.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        let documents: BTreeMap<String, String> =
            serde_json::from_str(&text).with_context(|| {
                format!(
                    "{} is no JSON object of documents by their hashes",
                    path.display()
                )
            })?;
        if documents.is_empty() {
            bail!(
                "{} has no document; leave the setting out to run any",
                path.display()
            );
        }
        let faults: Vec<_> = documents
            .iter()
            .filter_map(|(hash, document)| Some(format!("{hash}: {}", fault(hash, document)?)))
            .collect();
        if !faults.is_empty() {
            bail!("{}:\n{}", path.display(), faults.join("\n"));
        }
        Ok(Self {
            documents: documents.into_iter().collect(),
        })
    }

    /// The document with this hash.
    pub fn find(&self, hash: &str) -> Option<&str> {
        self.documents.get(hash).map(String::as_str)
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }
}

/// Why a document cannot be trusted under this hash.
fn fault(hash: &str, document: &str) -> Option<String> {
    if secret_token::hash(document) != hash {
        return Some(
            "is not the SHA-256 of its document in lower-case hexadecimal; was the list made with `hashAlgorithm: \"sha256\"`?"
                .to_owned(),
        );
    }
    document_guard::check(document, &Limits::default())
        .err()
        .map(|error| error.to_string())
}
