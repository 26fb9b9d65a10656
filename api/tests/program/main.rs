//! The program as an operator meets it: its subcommands, what it says when something is wrong, how it stops.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod incidents;
mod jobs;
mod stopping;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};

use migration::{Migrator, MigratorTrait as _};
use tempfile::TempDir;

/// The program in a folder of its own, with no setting but those a test gives.
fn program(folder: &TempDir, settings: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_marketplace"));
    command
        .current_dir(folder.path())
        .env_clear()
        .args(arguments);
    for (key, value) in settings {
        command.env(format!("MARKETPLACE_{key}"), value);
    }
    command
}

/// What is said of a database without any table.
fn pending() -> String {
    format!("{} migration(s) pending", Migrator::migrations().len())
}

fn run(folder: &TempDir, settings: &[(&str, &str)], arguments: &[&str]) -> Output {
    program(folder, settings, arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A running server, killed when a test fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, as it should.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server on a free port and waits for its line that it serves.
fn start(folder: &TempDir, subcommand: &str) -> (Server, SocketAddr) {
    start_with(folder, &[], subcommand)
}

/// The same with some settings.
fn start_with(
    folder: &TempDir,
    settings: &[(&str, &str)],
    subcommand: &str,
) -> (Server, SocketAddr) {
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let text = address.to_string();
    let settings = [&[("HTTP_ADDRESS", text.as_str())], settings].concat();
    let child = program(folder, &settings, &[subcommand])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Server(child);
    let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let is_serving = lines.by_ref().any(|line| line.unwrap().contains("serving"));
    assert!(is_serving, "the server ended before it served");
    // What it logs later must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (server, address)
}

fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn every_error_of_the_configuration_is_told_at_once_and_no_value_with_it() {
    let folder = TempDir::new().unwrap();
    let settings = [
        ("LINK_SECRET", "hunter2"),
        ("OFFER_DAYS", "0"),
        ("HTTP_ADRESS", "x"),
    ];
    let output = run(&folder, &settings, &["serve"]);
    assert!(!output.status.success());
    let told = stderr(&output);
    for part in [
        "3 error(s)",
        "MARKETPLACE_HTTP_ADRESS is not a setting",
        "MARKETPLACE_LINK_SECRET must have at least 32",
        "MARKETPLACE_OFFER_DAYS must be a whole number from 1 to 60",
    ] {
        assert!(told.contains(part), "{part} is missing in\n{told}");
    }
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_database_is_migrated_asked_and_taken_back() {
    let folder = TempDir::new().unwrap();
    let before = run(&folder, &[], &["migrate", "--status"]);
    assert!(stdout(&before).contains(&pending()), "{}", stderr(&before));
    assert!(run(&folder, &[], &["migrate"]).status.success());
    assert!(stdout(&run(&folder, &[], &["migrate", "--status"])).starts_with("0 "));
    assert!(stdout(&run(&folder, &[], &["migrate", "--down", "1"])).contains("took back 1"));
    assert!(stdout(&run(&folder, &[], &["migrate", "--status"])).starts_with("1 "));
}

#[test]
fn the_first_administrator_comes_from_the_command_line_by_a_one_time_link() {
    let folder = TempDir::new().unwrap();
    let arguments = ["admin", "create", "--email", "root@example.org"];
    let too_early = run(&folder, &[], &arguments);
    assert!(
        stderr(&too_early).contains("run `marketplace migrate` first"),
        "{}",
        stderr(&too_early)
    );
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let made = run(&folder, &[], &arguments);
    assert!(
        stdout(&made).contains("http://127.0.0.1:8080/a/reset?token="),
        "{}",
        stderr(&made)
    );
    assert!(stdout(&made).starts_with("A new account now has this role."));
    let again = run(&folder, &[], &arguments);
    assert!(stdout(&again).starts_with("The account that is there already now has this role."));
    let refused = run(&folder, &[], &["admin", "create", "--email", "nobody"]);
    assert!(
        stderr(&refused).contains("email: This is not a mail address"),
        "{}",
        stderr(&refused)
    );
}

#[test]
fn the_operator_takes_a_second_factor_away_for_whoever_lost_it() {
    let folder = TempDir::new().unwrap();
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let reset = [
        "admin",
        "reset-second-factor",
        "--email",
        "root@example.org",
    ];
    let unknown = run(&folder, &[], &reset);
    assert!(!unknown.status.success());
    assert!(stderr(&unknown).contains("no account has this mail address"));
    let create = ["admin", "create", "--email", "root@example.org"];
    assert!(run(&folder, &[], &create).status.success());
    let done = run(&folder, &[], &reset);
    assert!(done.status.success());
    assert!(
        stdout(&done).contains("has no second factor now"),
        "{}",
        stdout(&done)
    );
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let folder = TempDir::new().unwrap();
    let sick = run(&folder, &[], &["doctor"]);
    assert!(!sick.status.success());
    assert!(stdout(&sick).contains(&format!(
        "FAIL  database: {}; run `marketplace migrate`",
        pending()
    )));
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let well = run(&folder, &[], &["doctor"]);
    assert!(well.status.success(), "{}", stdout(&well));
    assert!(!stdout(&well).contains("FAIL"));
    assert!(
        stdout(&well).contains("ok    mail transport: files in "),
        "{}",
        stdout(&well)
    );
    // Nobody listens on the port of a listener that is gone.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let relay = format!("smtp://127.0.0.1:{port}?tls=none");
    let mute = run(&folder, &[("MAIL_TRANSPORT", &relay)], &["doctor"]);
    assert!(!mute.status.success());
    let told = format!("FAIL  mail transport: the relay 127.0.0.1:{port}: not sent for now: ");
    assert!(stdout(&mute).contains(&told), "{}", stdout(&mute));
}

/// The private half of a key whose public half RFC 8032 has, 7.1, test 1.
const ED25519: &str = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

#[test]
fn doctor_prints_the_record_by_which_mails_are_verified_and_never_the_key() {
    let folder = TempDir::new().unwrap();
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let unsigned = stdout(&run(&folder, &[], &["doctor"]));
    assert!(
        unsigned.contains("ok    mail signature: none; see MARKETPLACE_MAIL_DKIM_SELECTOR"),
        "{unsigned}"
    );
    let settings = [
        ("MAIL_FROM_ADDRESS", "hello@mail.example.org"),
        ("MAIL_DKIM_SELECTOR", "mail2026"),
        ("MAIL_DKIM_DOMAIN", "example.org"),
        ("MAIL_DKIM_KEY_FILE", "dkim.pem"),
    ];
    let missing = stdout(&run(&folder, &settings, &["doctor"]));
    let why = "FAIL  start: MARKETPLACE_MAIL_DKIM_KEY_FILE: cannot read the key dkim.pem; make one with `openssl genpkey";
    assert!(missing.contains(why), "{missing}");
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{ED25519}\n-----END PRIVATE KEY-----\n");
    std::fs::write(folder.path().join("dkim.pem"), pem).unwrap();
    let signed = run(&folder, &settings, &["doctor"]);
    assert!(signed.status.success(), "{}", stdout(&signed));
    let record = "mail2026._domainkey.example.org. IN TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"";
    assert!(stdout(&signed).contains(record), "{}", stdout(&signed));
    let told = stdout(&signed) + &stderr(&signed);
    assert!(
        !told.contains(&ED25519[22..]) && !told.contains("PRIVATE"),
        "{told}"
    );
    std::fs::write(folder.path().join("dkim.pem"), ED25519).unwrap();
    let broken = run(&folder, &settings, &["serve"]);
    assert!(!broken.status.success());
    assert!(
        stderr(&broken).contains("is no private key in PEM"),
        "{}",
        stderr(&broken)
    );
    assert!(
        !stderr(&broken).contains(&ED25519[22..]),
        "{}",
        stderr(&broken)
    );
}

#[test]
fn the_schema_and_the_settings_are_printed_without_any_configuration() {
    let folder = TempDir::new().unwrap();
    // Even a broken environment does not keep them from being read.
    let broken = [("OFFER_DAYS", "soon")];
    let schema = run(&folder, &broken, &["schema"]);
    assert!(
        stdout(&schema).contains("type Query"),
        "{}",
        stderr(&schema)
    );
    let settings = run(&folder, &broken, &["env-example"]);
    assert!(
        stdout(&settings).contains("MARKETPLACE_DATABASE_URL="),
        "{}",
        stderr(&settings)
    );
}

#[test]
fn a_taken_port_is_told_with_what_to_do_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for subcommand in ["serve", "demo"] {
        let output = run(&folder, &[("HTTP_ADDRESS", &address)], &[subcommand]);
        assert!(!output.status.success());
        let told = stderr(&output);
        assert!(told.contains("is in use by another program"), "{told}");
        assert!(told.contains("MARKETPLACE_HTTP_ADDRESS="), "{told}");
    }
    let status = run(&folder, &[], &["migrate", "--status"]);
    assert!(stdout(&status).contains(&pending()), "{}", stderr(&status));
}

#[test]
fn the_server_answers_until_it_is_told_to_stop_and_then_ends_well() {
    let folder = TempDir::new().unwrap();
    let (mut server, address) = start(&folder, "serve");
    assert!(get(address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(address, "/readyz").starts_with("HTTP/1.1 200"));
    let pid = server.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(server.0.wait().unwrap().success());
}

#[test]
fn the_keys_are_made_by_the_first_start_and_managed_on_the_command_line() {
    let folder = TempDir::new().unwrap();
    let keys = |verb: &str| run(&folder, &[], &["keys", verb]);
    let told = stderr(&keys("list"));
    assert!(told.contains("run `marketplace migrate` first"), "{told}");
    assert!(run(&folder, &[], &["migrate"]).status.success());
    let told = stderr(&keys("list"));
    assert!(told.contains("there are no signing keys yet"), "{told}");
    let told = stdout(&run(&folder, &[], &["doctor"]));
    assert!(told.contains("ok    signing keys: none yet"), "{told}");

    let (server, address) = start(&folder, "serve");
    let published = get(address, "/.well-known/jwks.json");
    let listed = stdout(&keys("list"));
    let states: Vec<_> = listed
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .map(|words| {
            assert!(published.contains(words[0]), "{published}");
            words[1].to_owned()
        })
        .collect();
    assert_eq!(states, ["current", "next"]);
    drop(server);

    let told = stderr(&keys("rotate"));
    assert!(told.contains("It is too early"), "{told}");
    assert_eq!(stdout(&keys("list")), listed);
    let told = stdout(&keys("replace"));
    assert!(told.contains("signs from now on"), "{told}");
    let now = stdout(&keys("list"));
    assert_eq!(now.lines().count(), 2);
    assert!(now.lines().all(|line| !listed.contains(&line[..16])));

    let other = [("SEALING_SECRET", "another secret of thirty-two characters")];
    let told = stdout(&run(&folder, &other, &["doctor"]));
    assert!(told.contains("FAIL  signing keys: "), "{told}");
    assert!(told.contains("`marketplace keys replace`"), "{told}");
}

#[test]
fn a_signing_key_that_is_named_must_be_there_at_the_first_start() {
    let folder = TempDir::new().unwrap();
    let settings = [
        ("SIGNING_KEY_FILE", "key.pem"),
        ("HTTP_ADDRESS", "127.0.0.1:0"),
    ];
    let output = run(&folder, &settings, &["serve"]);
    assert!(!output.status.success());
    let told = stderr(&output);
    assert!(
        told.contains("openssl genpkey -algorithm ed25519 -out key.pem"),
        "{told}"
    );
}

#[test]
fn the_demo_is_refused_in_production() {
    let folder = TempDir::new().unwrap();
    let settings = [
        ("ENVIRONMENT", "production"),
        ("BASE_URL", "https://marketplace.example"),
        ("MAIL_TRANSPORT", "smtps://user:secret@mail.example"),
        ("MAIL_POSTAL_ADDRESS", "1 Example Street, Ottawa"),
        ("LINK_SECRET", "a secret of more than thirty-two characters"),
        ("SEALING_SECRET", "another secret of thirty-two characters"),
        ("STAFF_SECOND_FACTOR", "required"),
    ];
    let refused = run(&folder, &settings, &["demo"]);
    assert!(!refused.status.success());
    assert!(
        stderr(&refused).contains("refused in production"),
        "{}",
        stderr(&refused)
    );
}
