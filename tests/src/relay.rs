//! A mail relay on the loopback interface that keeps what it is given, and misbehaves: towards recipients whose address says so, or
//! towards everybody while it is in a mood.
//!
//! It speaks as much SMTP as the program does, without TLS.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The pause after each byte of a relay that answers slowly.
const SLOWLY: Duration = Duration::from_millis(50);

/// What goes wrong with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An answer to the recipient.
    Recipient(u16),
    /// An answer to the whole message.
    Message(u16),
    /// The connection ends after the first line of the message.
    ClosesInBody,
    /// The message is never answered, nor kept.
    NeverAnswers,
    /// The message is kept, and the connection ends instead of an answer.
    ClosesAfterKeeping,
    /// What follows is answered a byte at a time.
    AnswersSlowly,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Recipient(450),
        Self::Recipient(550),
        Self::Message(451),
        Self::Message(452),
        Self::Message(552),
        Self::Message(554),
        Self::ClosesInBody,
        Self::NeverAnswers,
        Self::ClosesAfterKeeping,
        Self::AnswersSlowly,
    ];

    /// What an address begins with whose mail this happens to: always if it is permanent, otherwise at the first try.
    pub fn prefix(self) -> String {
        match self {
            Self::Recipient(code) => format!("recipient-{code}."),
            Self::Message(code) => format!("message-{code}."),
            Self::ClosesInBody => "closes-in-body.".to_owned(),
            Self::NeverAnswers => "never-answers.".to_owned(),
            Self::ClosesAfterKeeping => "closes-after-keeping.".to_owned(),
            Self::AnswersSlowly => "answers-slowly.".to_owned(),
        }
    }

    /// Whether trying again is of no use.
    pub fn is_permanent(self) -> bool {
        matches!(self, Self::Recipient(code) | Self::Message(code) if code >= 500)
    }

    fn of(recipient: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|fault| recipient.starts_with(&fault.prefix()))
    }
}

/// How the relay is to everybody who connects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    #[default]
    Well,
    /// It says 421 instead of a greeting.
    TurnsAway,
    /// It says nothing at all.
    NeverGreets,
    /// What listens there speaks something else.
    IsNoRelay,
    /// The password is refused by 535.
    RefusesPassword,
    /// The sender is put off by 450.
    PutsSenderOff,
    /// The connection ends when the sender is named.
    ClosesAtSender,
}

impl Mood {
    /// The bad ones.
    pub const BAD: [Self; 6] = [
        Self::TurnsAway,
        Self::NeverGreets,
        Self::IsNoRelay,
        Self::RefusesPassword,
        Self::PutsSenderOff,
        Self::ClosesAtSender,
    ];

    /// Whether it shows before any mail is spoken of, so that no mail would go.
    pub fn is_towards_all(self) -> bool {
        !matches!(
            self,
            Self::Well | Self::PutsSenderOff | Self::ClosesAtSender
        )
    }
}

/// A message that was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// As it came, without the dots that SMTP adds.
    pub bytes: Vec<u8>,
    /// When.
    pub at: Instant,
}

/// A running relay; ended on drop.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    book: Arc<Book>,
    listening: JoinHandle<()>,
}

#[derive(Debug)]
struct Book {
    /// Between keeping a message and saying so.
    delay: Duration,
    mood: Mutex<Mood>,
    kept: Mutex<HashMap<String, Vec<Kept>>>,
    tries: Mutex<HashMap<String, usize>>,
}

impl Relay {
    /// Listens on a free port. `delay` is how long it takes to say that a message was kept.
    pub async fn start(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let book = Arc::new(Book {
            delay,
            mood: Mutex::default(),
            kept: Mutex::default(),
            tries: Mutex::default(),
        });
        let noted = book.clone();
        let listening = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let book = noted.clone();
                // A sender that was killed breaks its connection off: nothing to be done about that.
                tokio::spawn(async move { Conversation::new(stream).hold(&book).await.ok() });
            }
        });
        Self {
            address,
            book,
            listening,
        }
    }

    /// As the setting `MAIL_TRANSPORT` names it.
    pub fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// The same for somebody with a password.
    pub fn url_with_password(&self) -> String {
        format!("smtp://marketplace:secret@{}?tls=none", self.address)
    }

    /// From now on it is like this to those who connect or name a sender.
    pub fn set_mood(&self, mood: Mood) {
        *self.book.mood.lock().unwrap() = mood;
    }

    /// How many recipients have a message.
    pub fn recipients(&self) -> usize {
        self.book.kept.lock().unwrap().len()
    }

    /// What was kept, by recipient.
    pub fn kept(&self) -> HashMap<String, Vec<Kept>> {
        self.book.kept.lock().unwrap().clone()
    }

    /// The `Message-ID` of each message that was kept, without angle brackets.
    pub fn message_ids(&self) -> Vec<String> {
        let kept = self.book.kept.lock().unwrap();
        let ids = kept.values().flatten().filter_map(|kept| {
            let text = String::from_utf8_lossy(&kept.bytes);
            let (_, rest) = text.split_once("Message-ID: <")?;
            Some(rest.split_once('>')?.0.to_owned())
        });
        ids.collect()
    }

    /// How often a recipient was named.
    pub fn tries(&self, recipient: &str) -> usize {
        let tries = self.book.tries.lock().unwrap();
        tries.get(recipient).copied().unwrap_or_default()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Book {
    /// Notes that a recipient was named, and says what goes wrong this time.
    fn try_once(&self, recipient: &str) -> Option<Fault> {
        let mut tries = self.tries.lock().unwrap();
        let count = tries.entry(recipient.to_owned()).or_default();
        *count += 1;
        Fault::of(recipient).filter(|fault| fault.is_permanent() || *count == 1)
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    fn keep(&self, recipient: &str, bytes: Vec<u8>) {
        let kept = Kept {
            bytes,
            at: Instant::now(),
        };
        let mut all = self.kept.lock().unwrap();
        all.entry(recipient.to_owned()).or_default().push(kept);
    }
}

/// One connection.
struct Conversation {
    stream: BufReader<TcpStream>,
    is_slow: bool,
}

impl Conversation {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream: BufReader::new(stream),
            is_slow: false,
        }
    }

    async fn hold(&mut self, book: &Book) -> io::Result<()> {
        match book.mood() {
            Mood::TurnsAway => return self.say("421 not now").await,
            Mood::NeverGreets => {
                self.line().await?;
                return Ok(());
            }
            Mood::IsNoRelay => return self.say("SSH-2.0-OpenSSH_9.2").await,
            _ => self.say("220 relay.test").await?,
        }
        let mut recipient = String::new();
        let mut fault = None;
        while let Some(line) = self.line().await? {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            match line.get(..4).unwrap_or(&line) {
                "EHLO" => {
                    self.say("250-relay.test\r\n250-AUTH PLAIN\r\n250 8BITMIME")
                        .await?;
                }
                "AUTH" if book.mood() == Mood::RefusesPassword => {
                    self.say("535 5.7.8 who are you").await?;
                }
                "AUTH" => self.say("235 welcome").await?,
                "MAIL" if book.mood() == Mood::PutsSenderOff => self.refuse(450).await?,
                "MAIL" if book.mood() == Mood::ClosesAtSender => return Ok(()),
                "RCPT" => {
                    let named = line.split(['<', '>']).nth(1).unwrap_or_default();
                    named.clone_into(&mut recipient);
                    fault = book.try_once(&recipient);
                    self.is_slow = fault == Some(Fault::AnswersSlowly);
                    match fault {
                        Some(Fault::Recipient(code)) => self.refuse(code).await?,
                        _ => self.say("250 it is known").await?,
                    }
                }
                "DATA" => {
                    self.say("354 go on").await?;
                    if fault == Some(Fault::ClosesInBody) {
                        self.line().await?;
                        return Ok(());
                    }
                    let Some(bytes) = self.message().await? else {
                        return Ok(());
                    };
                    match fault {
                        Some(Fault::NeverAnswers) => std::future::pending().await,
                        Some(Fault::Message(code)) => self.refuse(code).await?,
                        _ => {
                            book.keep(&recipient, bytes);
                            if fault == Some(Fault::ClosesAfterKeeping) {
                                return Ok(());
                            }
                            tokio::time::sleep(book.delay).await;
                            self.say("250 it is kept").await?;
                        }
                    }
                }
                "QUIT" => return self.say("221 good day").await,
                _ => self.say("250 so be it").await?,
            }
        }
        Ok(())
    }

    async fn refuse(&mut self, code: u16) -> io::Result<()> {
        self.say(&format!("{code} not this one")).await
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        let words = format!("{words}\r\n");
        if !self.is_slow {
            return self.stream.write_all(words.as_bytes()).await;
        }
        for byte in words.as_bytes() {
            self.stream.write_all(&[*byte]).await?;
            tokio::time::sleep(SLOWLY).await;
        }
        Ok(())
    }

    /// The next line with its end; none when the connection has ended.
    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        Ok(Some(line).filter(|line| line.ends_with(b"\n")))
    }

    /// The message up to the dot; none when the connection ended before that.
    async fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        while let Some(line) = self.line().await? {
            if line == b".\r\n" {
                return Ok(Some(message));
            }
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        Ok(None)
    }
}
