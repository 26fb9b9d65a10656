//! A server of the program itself, and a client that speaks to it over a connection of its own for each request.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::program::Program;
use crate::settable_clock::SettableClock;

/// The longest that a client waits for an answer. Whoever gets none by then counts as not answered.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks at whether a server is ready.
const LOOK: Duration = Duration::from_millis(10);

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    program: Program,
    pub(super) client: Client,
}

impl Server {
    /// Starts one at a free address of this machine.
    pub(super) fn start(settings: &[(String, String)]) -> Self {
        Self::start_at(free_address(), settings)
    }

    /// Starts one at a free address, with a clock other than the machine's.
    pub(super) fn start_under(clock: &SettableClock, settings: &[(String, String)]) -> Self {
        Self::start_by(Some(clock), free_address(), settings)
    }

    /// Starts one at an address, which is free.
    pub(super) fn start_at(address: SocketAddr, settings: &[(String, String)]) -> Self {
        Self::start_by(None, address, settings)
    }

    fn start_by(
        clock: Option<&SettableClock>,
        address: SocketAddr,
        settings: &[(String, String)],
    ) -> Self {
        let address_text = address.to_string();
        let mut all = vec![("HTTP_ADDRESS", address_text.as_str())];
        all.extend(settings.iter().map(|(key, value)| (&**key, &**value)));
        Self {
            program: Program::start_under(clock, "serve", &all),
            client: Client { address },
        }
    }

    /// How long it takes until `/readyz` says so; none when it does not within `patience`.
    pub(super) async fn is_ready_after(&self, patience: Duration) -> Option<Duration> {
        let begin = Instant::now();
        let mut ticks = tokio::time::interval(LOOK);
        while begin.elapsed() < patience {
            ticks.tick().await;
            let answer = self.client.get("/readyz").await;
            if answer.is_some_and(|answer| answer.status == 200) {
                return Some(begin.elapsed());
            }
        }
        None
    }

    /// The process.
    pub(super) fn id(&self) -> u32 {
        self.program.id()
    }

    /// Ends it by SIGKILL; it must have been running.
    pub(super) fn kill(self) {
        self.program.kill();
    }
}

/// An address that nobody listens on just now.
pub(super) fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Speaks to a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Answer {
    /// The body as JSON; null when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether a mutation did what it was asked, or a query told everything.
    pub(super) fn is_success(&self) -> bool {
        let json = self.json();
        let mut payloads = json["data"].as_object().into_iter().flatten();
        let is_done = |payload: &Value| {
            let errors = payload.get("userErrors").and_then(Value::as_array);
            errors.is_none_or(Vec::is_empty)
        };
        self.status == 200
            && json.get("errors").is_none()
            && json["data"].is_object()
            && payloads.all(|(_, payload)| is_done(payload))
    }

    /// Whether a mutation was refused for a reason that a program can read: broken rules, or a code that is no fault of ours.
    pub(super) fn is_typed_refusal(&self) -> bool {
        let json = self.json();
        let mut payloads = json["data"].as_object().into_iter().flatten();
        let is_told = |payload: &Value| {
            let errors = payload.get("userErrors").and_then(Value::as_array);
            errors.is_some_and(|errors| !errors.is_empty())
        };
        self.status == 200 && payloads.any(|(_, payload)| is_told(payload))
    }
}

impl Client {
    /// Asks for a page.
    pub(super) async fn get(self, path: &str) -> Option<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "").await
    }

    /// Sends a page's form. `from` is the address that a reverse proxy would tell as the sender's.
    pub(super) async fn post_form(self, path: &str, form: &str, from: &str) -> Option<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nX-Forwarded-For: {from}\r\n"
        );
        self.send(&head, form).await
    }

    /// Posts a document, as whoever the token is of.
    pub(super) async fn graphql(
        self,
        token: &str,
        document: &str,
        variables: Value,
    ) -> Option<Answer> {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
        );
        self.send(&head, &body).await
    }

    /// Posts a document, as nobody.
    pub(super) async fn anonymous(self, document: &str, variables: Value) -> Option<Answer> {
        let body = json!({ "query": document, "variables": variables }).to_string();
        let head = "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n";
        self.send(head, &body).await
    }

    /// None when the connection failed, or no whole answer came in time.
    async fn send(self, head: &str, body: &str) -> Option<Answer> {
        let request = format!(
            "{head}Host: {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let asking = async {
            let mut stream = TcpStream::connect(self.address).await?;
            stream.write_all(request.as_bytes()).await?;
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).await?;
            std::io::Result::Ok(bytes)
        };
        let bytes = timeout(PATIENCE, asking).await.ok()?.ok()?;
        read(&String::from_utf8_lossy(&bytes))
    }
}

/// A whole answer; one that breaks off is none.
fn read(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    if length.is_some_and(|length| length != body.len()) {
        return None;
    }
    Some(Answer {
        status,
        body: body.to_owned(),
    })
}
