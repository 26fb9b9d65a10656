//! What documents out of proportion and broken requests take, over both transports: ends with an error where a document takes
//! 100 ms, where of 10 000 broken requests one is a fault of ours or one of a hundred takes 250 ms, or where they leave 64 MiB
//! behind.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench may panic and print"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::bombs::{bombs, broken_requests};
use tests::database::Backend;
use tests::socket::{Socket, listen};
use tower::ServiceExt as _;

const SLOWEST_DOCUMENT: Duration = Duration::from_millis(100);
const SLOWEST_OF_A_HUNDRED: Duration = Duration::from_millis(250);
const MEMORY_MIB: f64 = 64.0;

/// How a request is sent.
enum Transport {
    Http(Router),
    WebSocket { app: TestApp, url: String },
}

impl Transport {
    /// How long the answer took, and whether it is a fault of ours.
    async fn send(&self, body: Vec<u8>) -> (Duration, bool) {
        match self {
            Self::Http(router) => {
                let request = Request::post("/graphql")
                    .header("content-type", "application/json")
                    .body(Body::from(body))
                    .unwrap();
                let begin = Instant::now();
                let response = router.clone().oneshot(request).await.unwrap();
                let status = response.status();
                let bytes = response.into_body().collect().await.unwrap().to_bytes();
                let time = begin.elapsed();
                let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                (
                    time,
                    status.is_server_error() || is_fault(&answer, "/errors/0/extensions/code"),
                )
            }
            Self::WebSocket { app, url } => {
                // What is no message ends the socket, so each has its own.
                let mut socket = Socket::open(url, &app.client()).await;
                let payload = String::from_utf8_lossy(&body);
                let message = format!(r#"{{"type":"subscribe","id":"a","payload":{payload}}}"#);
                let begin = Instant::now();
                let answer = socket.ask_in_text(message).await;
                (
                    begin.elapsed(),
                    answer.is_some_and(|answer| is_fault(&answer, "/payload/0/extensions/code")),
                )
            }
        }
    }
}

fn is_fault(answer: &Value, code: &str) -> bool {
    answer.pointer(code) == Some(&json!("INTERNAL"))
}

/// Memory of this process now, in MiB.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes: f64 = line.unwrap().trim_end_matches("kB").trim().parse().unwrap();
    kibibytes / 1_024.0
}

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if runtime.block_on(measure()) {
        ExitCode::SUCCESS
    } else {
        println!("\nThat is more than is allowed.");
        ExitCode::FAILURE
    }
}

/// Prints what was measured; whether it is within the limits.
async fn measure() -> bool {
    let app = TestApp::new(Backend::Sqlite).await;
    let url = listen(&app).await;
    let transports = [
        ("HTTP", Transport::Http(app.router())),
        ("WebSocket", Transport::WebSocket { app, url }),
    ];
    println!(
        "| transport | requests | median ms | 99 of 100 below ms | slowest ms | faults | memory MiB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let mut is_good = true;
    for (name, transport) in &transports {
        let documents = bombs()
            .into_iter()
            .map(|(document, _)| json!({ "query": document }).to_string().into_bytes());
        let documents: Vec<_> = documents.cycle().take(200).collect();
        let [_, _, slowest] = run(
            &format!("{name}, bombs"),
            transport,
            documents,
            &mut is_good,
        )
        .await;
        is_good &= slowest < SLOWEST_DOCUMENT;
        let broken = broken_requests().collect();
        let [_, of_a_hundred, _] =
            run(&format!("{name}, broken"), transport, broken, &mut is_good).await;
        is_good &= of_a_hundred < SLOWEST_OF_A_HUNDRED;
    }
    is_good
}

/// Sends all of them one after another, and prints and returns the median, the 99th percentile and the slowest.
async fn run(
    name: &str,
    transport: &Transport,
    requests: Vec<Vec<u8>>,
    is_good: &mut bool,
) -> [Duration; 3] {
    let count = requests.len();
    let mut times = Vec::with_capacity(count);
    let mut faults = 0;
    let before = memory();
    for body in requests {
        let (time, is_fault) = transport.send(body).await;
        times.push(time);
        faults += usize::from(is_fault);
    }
    let grown = memory() - before;
    *is_good &= faults == 0 && grown < MEMORY_MIB;
    times.sort_unstable();
    let figures =
        [count / 2, count * 99 / 100, count - 1].map(|at| times.get(at).copied().unwrap());
    let [median, of_a_hundred, slowest] = figures.map(|time| time.as_secs_f64() * 1_000.0);
    println!(
        "| {name} | {count} | {median:.2} | {of_a_hundred:.2} | {slowest:.2} | {faults} | {grown:+.1} |"
    );
    figures
}
