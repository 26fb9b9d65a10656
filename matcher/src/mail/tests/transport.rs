//! Addresses of transports, and the transports that reach no relay: what folders and mailboxes hold.

use super::{MESSAGE, envelope};
use crate::mail::{
    Failure, FileTransport, Headers, Kind, Mailbox, SendError, Stage, Transport, TransportUrlError,
    compose, preview, tests,
};

#[test]
fn an_address_of_a_transport_is_read_strictly_and_never_shows_its_password() {
    let refusal = |address: &str| Transport::from_url(address).unwrap_err();
    assert!(matches!(
        refusal("smtp://relay.example?tls=none"),
        TransportUrlError::PlainBeyondLoopback
    ));
    assert!(matches!(
        refusal("smtp://10.0.0.1?tls=none"),
        TransportUrlError::PlainBeyondLoopback
    ));
    assert!(matches!(
        refusal("smtps://127.0.0.1?tls=none"),
        TransportUrlError::PlainBeyondLoopback
    ));
    assert!(matches!(
        refusal("smtp://relay.example?tls=opportunistic"),
        TransportUrlError::Option
    ));
    assert!(matches!(
        refusal("http://relay.example"),
        TransportUrlError::Scheme
    ));
    assert!(matches!(
        refusal("smtp://user@relay.example"),
        TransportUrlError::Credentials
    ));
    assert!(matches!(
        refusal("smtp://user:%ff@relay.example"),
        TransportUrlError::Credentials
    ));
    assert!(matches!(refusal("smtp:"), TransportUrlError::Missing));
    assert!(matches!(refusal("file:"), TransportUrlError::Missing));
    assert!(matches!(
        refusal("relay.example"),
        TransportUrlError::Syntax(_)
    ));
    assert!(matches!(
        refusal("smtps://relay.example?ca=/nowhere/ca.pem"),
        TransportUrlError::Authority(_)
    ));
    for address in ["localhost", "127.0.0.1", "[::1]"] {
        Transport::from_url(&format!("smtp://{address}:25?tls=none")).unwrap();
    }

    let transport = Transport::from_url("smtps://user:s3cret@relay.example").unwrap();
    assert_eq!(
        format!("{transport:?}"),
        "Smtp(SmtpTransport(relay.example:465, Implicit))"
    );
    let error = refusal("smtp://user:s3cret@relay.example?x=s3cret");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[tokio::test]
async fn files_are_whole_ordered_and_named_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new");
    let transport = Transport::from_url(&format!("file:{}", path.display())).unwrap();
    let mut expected = Vec::new();
    for (number, &kind) in Kind::ALL.iter().enumerate() {
        let headers = Headers {
            message_id: format!("{number}/x@marketplace.example"),
            ..tests::headers()
        };
        let rendered = preview(kind, None).unwrap();
        let mail = compose(&rendered, &tests::recipient(), &tests::sender(), &headers).unwrap();
        transport.send(&mail.envelope, &mail.bytes).await.unwrap();
        let name = format!(
            "{:06}-{kind}-{number}_x@marketplace.example.eml",
            number + 1
        );
        assert_eq!(std::fs::read(path.join(&name)).unwrap(), mail.bytes);
        expected.push(name);
    }
    assert_eq!(names(&path), expected);
}

#[tokio::test]
async fn a_folder_goes_on_counting_and_the_same_message_replaces_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let other = b"Message-ID: <2@marketplace.example>\r\n\r\nHello\r\n";
    for message in [MESSAGE, other, MESSAGE] {
        // A new transport each time, as after a restart.
        Transport::File(FileTransport::new(folder.path()))
            .send(&envelope(), message)
            .await
            .unwrap();
    }
    assert_eq!(
        names(folder.path()),
        [
            "000001-recalled-1@marketplace.example.eml",
            "000002-mail-2@marketplace.example.eml"
        ]
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_transient_and_a_message_without_identifier_is_not() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let transport = Transport::File(FileTransport::new(file.path().join("below")));
    let error = transport.send(&envelope(), MESSAGE).await.unwrap_err();
    assert!(matches!(error, SendError::Transient(_)), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let transport = Transport::File(FileTransport::new(folder.path()));
    let error = transport
        .send(&envelope(), b"Subject: x\r\n\r\nMessage-ID: <1@x>\r\n")
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::Permanent(_)), "{error}");
    assert!(names(folder.path()).is_empty());
}

#[tokio::test]
async fn a_mailbox_keeps_what_was_sent_and_fails_when_told() {
    let mailbox = Mailbox::new();
    let transport = Transport::Memory(mailbox.clone());
    let failure = SendError::Permanent(Failure {
        stage: Stage::Recipient,
        reply: None,
        detail: "unknown".to_owned(),
    });
    mailbox.fail_next(failure.clone());
    assert_eq!(transport.send(&envelope(), MESSAGE).await, Err(failure));
    assert!(mailbox.deliveries().is_empty());
    transport.send(&envelope(), MESSAGE).await.unwrap();
    let taken = mailbox.take();
    assert_eq!(
        (taken.len(), taken[0].bytes.as_slice(), &taken[0].envelope),
        (1, MESSAGE, &envelope())
    );
    assert!(mailbox.deliveries().is_empty());
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
