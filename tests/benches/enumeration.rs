//! Can anybody tell by the time an answer takes whether an address has an account? Asks log-in, sign-up and recovery about a
//! known address and about unknown ones by turns, with the cost of production, on both databases, and ends with an error where
//! the medians are 5 ms or more apart.
//!
//! `cargo bench --package tests --bench enumeration -- 200` takes 200 samples of each instead of 1 000.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench may panic and print"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::app::{PASSWORD, TestApp};
use tests::client::Client;
use tests::database::Backend;

const SAMPLES: u32 = 1_000;
/// Of each question, before it counts.
const WARM_UP: u32 = 20;
/// Medians that are closer tell nothing to somebody who asks over a network, and may ask a few times an hour.
const LIMIT: Duration = Duration::from_millis(5);

const KNOWN: &str = "known@example.org";

/// Something anybody may ask about any address.
struct Question {
    name: &'static str,
    document: &'static str,
    input: fn(&str) -> Value,
}

const QUESTIONS: [Question; 3] = [
    Question {
        name: "log-in",
        document: "mutation($input: LogInInput!) { logIn(input: $input) { accessToken userErrors { code message field } } }",
        input: |email| json!({ "email": email, "password": "a password that is wrong" }),
    },
    Question {
        name: "sign-up",
        document: "mutation($input: RegisterAccountInput!) { registerAccount(input: $input) { isMailSent userErrors { code message field } } }",
        input: |email| json!({ "email": email, "password": PASSWORD, "givenName": "Somebody" }),
    },
    Question {
        name: "recovery",
        document: "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { userErrors { code message field } } }",
        input: |email| json!({ "email": email }),
    },
];

impl Question {
    /// How long the answer about an address takes, and what it is.
    async fn ask(&self, client: &Client, email: &str) -> (Duration, Value) {
        let variables = json!({ "input": (self.input)(email) });
        let begin = Instant::now();
        let response = client.graphql(self.document, variables).await;
        (begin.elapsed(), response.body)
    }

    /// The medians for a known and for unknown addresses.
    async fn medians(&self, app: &TestApp, samples: u32) -> (Duration, Duration) {
        let client = app.client();
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for turn in 0..WARM_UP + samples {
            // Recovery writes to an address once an hour; else it does nothing.
            app.advance(TimeDelta::hours(1));
            let nobody = format!("{}{turn}@example.org", self.name);
            let ((known_time, known_body), (unknown_time, unknown_body)) = if turn % 2 == 0 {
                let known = self.ask(&client, KNOWN).await;
                (known, self.ask(&client, &nobody).await)
            } else {
                let unknown = self.ask(&client, &nobody).await;
                (self.ask(&client, KNOWN).await, unknown)
            };
            assert_eq!(known_body, unknown_body, "the answers differ");
            assert!(known_body.get("errors").is_none(), "{known_body:#}");
            if turn >= WARM_UP {
                known.push(known_time);
                unknown.push(unknown_time);
            }
        }
        (median(known), median(unknown))
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap()
}

fn main() -> ExitCode {
    let samples = std::env::args().find_map(|argument| argument.parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let widest = runtime.block_on(measure(samples.unwrap_or(SAMPLES)));
    if widest < LIMIT {
        ExitCode::SUCCESS
    } else {
        println!("\nThe medians are {widest:.2?} apart, which is not less than {LIMIT:?}.");
        ExitCode::FAILURE
    }
}

/// Prints all medians and returns the widest difference.
async fn measure(samples: u32) -> Duration {
    println!("Medians of {samples} answers each, by turns, in ms:\n");
    println!("| database | question | known | unknown | difference |");
    println!("|---|---|---:|---:|---:|");
    let mut widest = Duration::ZERO;
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let cost = [("ARGON2_MEMORY_KIB", "19456"), ("ARGON2_PASSES", "2")];
        let app = TestApp::with_settings(backend, &cost).await;
        app.sign_up("Known", "en").await;
        for question in &QUESTIONS {
            let (known, unknown) = question.medians(&app, samples).await;
            widest = widest.max(known.abs_diff(unknown));
            let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
            println!(
                "| {backend:?} | {} | {:.2} | {:.2} | {:+.2} |",
                question.name,
                millis(known),
                millis(unknown),
                millis(known) - millis(unknown),
            );
        }
    }
    widest
}
