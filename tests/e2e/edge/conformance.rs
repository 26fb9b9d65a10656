//! The suites of others: the audits of "GraphQL over HTTP", and the rules and the client of graphql-transport-ws. Each is a
//! script in `tests/conformance` that Node.js runs against a server that listens.
//!
//! The packages are in `target/conformance`, where `scripts/setup node` puts them; without them the tests fail and say so.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use super::socket::Server;
use super::{development, production};

/// Where the scripts find their packages.
const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/conformance");

const MISSING: &str =
    "Node.js and the packages of tests/conformance were not found; run: scripts/setup node";

/// Serves on a free port of this machine for as long as the test runs.
async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/graphql", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// Runs a script where its packages are; it is read from its input, since Node.js looks for packages beside a script's file.
pub(crate) fn run(script: &str, arguments: &[String]) -> Output {
    let packages = Path::new(PACKAGES);
    assert!(packages.join("node_modules").is_dir(), "{MISSING}");
    let mut node = Command::new("node")
        .args(["--input-type=module", "-"])
        .args(arguments)
        .current_dir(packages)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect(MISSING);
    let mut input = node.stdin.take().unwrap();
    input.write_all(script.as_bytes()).unwrap();
    drop(input);
    node.wait_with_output().unwrap()
}

/// Prints what a script says, and gives its last line.
#[allow(
    clippy::print_stdout,
    reason = "what a suite says is told when it passes, too"
)]
pub(super) async fn closing_line(script: &'static str, arguments: Vec<String>) -> String {
    let output = spawn_blocking(move || run(script, &arguments))
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    println!("{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}", output.status);
    told.lines().last().unwrap_or_default().to_owned()
}

async fn assert_audits_are_well(router: Router) {
    let url = listen(router).await;
    let script = include_str!("../../conformance/http.mjs");
    assert_eq!(
        closing_line(script, vec![url]).await,
        "GraphQL over HTTP: 61 of 61 audits are well; 0 notices, 0 warnings, 0 errors"
    );
}

#[tokio::test]
async fn every_audit_of_graphql_over_http_is_well_in_development() {
    assert_audits_are_well(development().await.router()).await;
}

#[tokio::test]
async fn every_audit_of_graphql_over_http_is_well_in_production() {
    assert_audits_are_well(production().await.router()).await;
}

#[tokio::test]
async fn every_check_of_graphql_transport_ws_is_well() {
    let server = Server::start().await;
    let script = include_str!("../../conformance/socket.mjs");
    let arguments = [
        server.url.as_str(),
        "{ __typename }",
        "subscription { count(end: 3) }",
        "subscription { count(end: 2000000000) }",
    ];
    let arguments = arguments.map(str::to_owned).to_vec();
    assert_eq!(
        closing_line(script, arguments).await,
        "graphql-transport-ws: 24 of 24 checks are well"
    );
}
