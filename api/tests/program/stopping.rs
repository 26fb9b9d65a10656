//! The program is told to stop while a mail is on its way.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::{run, start_with, stderr, stdout};

/// Longer than the last request takes to end, and shorter than a mail may take.
const SLOW: Duration = Duration::from_secs(6);

/// A relay that looks at each message for long before it takes it, and tells when it has one.
fn slow_relay() -> (SocketAddr, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (has_one, heard) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let has_one = has_one.clone();
            // A connection that breaks is the test's own end.
            thread::spawn(move || drop(serve(&stream.unwrap(), &has_one)));
        }
    });
    (address, heard)
}

fn serve(mut stream: &TcpStream, has_one: &Sender<()>) -> std::io::Result<()> {
    stream.write_all(b"220 slow\r\n")?;
    let mut is_message = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let answer = match (is_message, line.as_str()) {
            (true, ".") => {
                has_one.send(()).ok();
                thread::sleep(SLOW);
                is_message = false;
                "250 taken"
            }
            (true, _) => continue,
            (false, "DATA") => {
                is_message = true;
                "354 go on"
            }
            (false, _) => "250 yes",
        };
        stream.write_all(answer.as_bytes())?;
        stream.write_all(b"\r\n")?;
    }
    Ok(())
}

fn register(address: SocketAddr) -> String {
    let body = r#"{"query":"mutation { registerAccount(input: { email: \"nora@example.org\", password: \"correct horse battery staple\", givenName: \"Nora\" }) { isMailSent } }"}"#;
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_mail_that_the_relay_is_looking_at_is_not_broken_off() {
    let folder = TempDir::new().unwrap();
    let (relay, heard) = slow_relay();
    let transport = format!("smtp://{relay}?tls=none");
    let (mut server, address) = start_with(&folder, &[("MAIL_TRANSPORT", &transport)], "serve");
    let answer = register(address);
    assert!(answer.contains(r#""isMailSent":true"#), "{answer}");
    heard.recv_timeout(Duration::from_secs(30)).unwrap();
    let pid = server.0.id().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(told.unwrap().success());
    assert!(server.0.wait().unwrap().success());
    let status = run(&folder, &[], &["jobs", "status"]);
    let told = stdout(&status);
    assert!(told.contains("running  0\n"), "{told}{}", stderr(&status));
    let mails = run(
        &folder,
        &[],
        &["jobs", "list", "--state", "done", "--kind", "send_mail"],
    );
    assert!(
        stdout(&mails).contains("send_mail  done  tried 1 of 9"),
        "{}",
        stdout(&mails)
    );
}
