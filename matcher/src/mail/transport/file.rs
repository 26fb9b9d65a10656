//! Writes messages into a folder, one `.eml` file each: the default for development, and for use without a relay.
//!
//! `000017-offer_to_volunteer-<Message-ID>.eml`: the names sort in the order of sending and say what is inside. A file
//! appears whole or not at all. Sending the same Message-ID again replaces its file.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{fs, io::AsyncWriteExt, sync::Mutex};

use super::failure::{Failure, SendError, Stage};

/// A folder that takes mail.
#[derive(Clone, Debug)]
pub struct FileTransport {
    folder: PathBuf,
    index: Arc<Mutex<Option<Index>>>,
}

/// What the folder holds, read once.
#[derive(Debug, Default)]
struct Index {
    highest: u64,
    names: HashMap<String, String>,
}

impl FileTransport {
    /// The folder.
    pub(super) fn path(&self) -> &std::path::Path {
        &self.folder
    }

    /// A transport into a folder, which is created with the first message.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            index: Arc::default(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) async fn send(&self, message: &[u8]) -> Result<(), SendError> {
        let Some(id) = header(message, "Message-ID")
            .map(file_safe)
            .filter(|id| !id.is_empty())
        else {
            return Err(SendError::Permanent(Failure::new(
                Stage::File,
                "the message has no Message-ID",
            )));
        };
        let kind = header(message, "X-Mail-Kind").map_or_else(|| "mail".to_owned(), file_safe);
        self.write(&id, &kind, message)
            .await
            .map_err(|error| SendError::Transient(Failure::new(Stage::File, error)))
    }

    /// One message at a time, so that numbers are given in order.
    async fn write(&self, id: &str, kind: &str, message: &[u8]) -> io::Result<()> {
        let mut index = self.index.lock().await;
        let index = match &mut *index {
            Some(index) => index,
            empty => {
                fs::create_dir_all(&self.folder).await?;
                empty.insert(Index::read(&self.folder).await?)
            }
        };
        let name = match index.names.get(id) {
            Some(name) => name.clone(),
            None => format!("{:06}-{kind}-{id}.eml", index.highest + 1),
        };
        let unfinished = self.folder.join(format!(".{name}.part"));
        let mut file = fs::File::create(&unfinished).await?;
        file.write_all(message).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, self.folder.join(&name)).await?;
        if index.names.insert(id.to_owned(), name).is_none() {
            index.highest += 1;
        }
        Ok(())
    }
}

impl Index {
    async fn read(folder: &Path) -> io::Result<Self> {
        let mut index = Self::default();
        let mut entries = fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let Some((number, rest)) = name
                .strip_suffix(".eml")
                .and_then(|name| name.split_once('-'))
            else {
                continue;
            };
            let (Ok(number), Some((_, id))) = (number.parse::<u64>(), rest.split_once('-')) else {
                continue;
            };
            index.highest = index.highest.max(number);
            index.names.insert(id.to_owned(), name.clone());
        }
        Ok(index)
    }
}

/// The value of a header that stands on one line, without angle brackets.
fn header<'a>(message: &'a [u8], name: &str) -> Option<&'a str> {
    let lines = message
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    lines.take_while(|line| !line.is_empty()).find_map(|line| {
        let (key, value) = std::str::from_utf8(line).ok()?.split_once(':')?;
        key.eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches(['<', '>']))
    })
}

fn file_safe(text: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@') {
            c
        } else {
            '_'
        }
    };
    text.chars().take(150).map(safe).collect()
}
