//! Sending to a relay: what it hears, what it never hears, and how failures are sorted.

use std::time::Duration;

use super::{
    MESSAGE, envelope,
    smtp_server::{Relay, Script},
};
use crate::mail::{
    Failure, SendError, Stage, Transport,
    transport::{hurried, impatient},
};

const AUTHORITY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/mail/tests/certificates/ca.pem"
);
async fn send_plainly(relay: &Relay) -> Result<(), SendError> {
    let transport =
        Transport::from_url(&format!("smtp://127.0.0.1:{}?tls=none", relay.port)).unwrap();
    transport.send(&envelope(), MESSAGE).await
}

async fn answering(verb: &'static str, answer: &'static str) -> SendError {
    let relay = Relay::start(Script {
        answer: Some((verb, Some(answer))),
        ..Script::default()
    })
    .await;
    send_plainly(&relay).await.unwrap_err()
}

#[tokio::test]
async fn a_relay_gets_envelope_and_message_unchanged() {
    let relay = Relay::start(Script::default()).await;
    send_plainly(&relay).await.unwrap();
    assert_eq!(
        relay.heard(),
        [
            "EHLO [127.0.0.1]",
            "MAIL FROM:<bounce@marketplace.example>",
            "RCPT TO:<amelie@example.org>",
            "DATA",
            "| Message-ID: <1@marketplace.example>",
            "| X-Mail-Kind: recalled",
            "| ",
            "| ..hidden dot",
            "| Bye",
            "| ",
            "| .",
        ]
    );
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let relay = Relay::start(Script::default()).await;
    let transport =
        Transport::from_url(&format!("smtp://127.0.0.1:{}?tls=none", relay.port)).unwrap();
    for _ in 0..3 {
        transport.send(&envelope(), MESSAGE).await.unwrap();
    }
    assert_eq!(relay.connections(), 1);
    assert_eq!(
        relay
            .heard()
            .iter()
            .filter(|line| line.starts_with("DATA"))
            .count(),
        3
    );
}

#[tokio::test]
async fn after_a_refusal_the_next_message_starts_afresh() {
    let relay = Relay::start(Script {
        answer: Some(("RCPT", Some("550 5.1.1 unknown"))),
        ..Script::default()
    })
    .await;
    let transport =
        Transport::from_url(&format!("smtp://127.0.0.1:{}?tls=none", relay.port)).unwrap();
    for _ in 0..2 {
        transport.send(&envelope(), MESSAGE).await.unwrap_err();
    }
    assert_eq!(relay.connections(), 2);
}

#[tokio::test]
async fn without_starttls_a_relay_hears_neither_password_nor_mail() {
    let relay = Relay::start(Script::default()).await;
    let transport =
        Transport::from_url(&format!("smtp://user:secret@127.0.0.1:{}", relay.port)).unwrap();
    let error = transport.send(&envelope(), MESSAGE).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Relay(Failure {
                stage: Stage::Tls,
                ..
            })
        ),
        "{error}"
    );
    for verb in ["AUTH", "MAIL", "RCPT", "DATA", "|"] {
        assert!(!relay.has_heard(verb), "{:?}", relay.heard());
    }
}

#[tokio::test]
async fn an_untrusted_certificate_ends_before_password_and_mail() {
    for (scheme, is_implicit) in [("smtp", false), ("smtps", true)] {
        let relay = Relay::start(Script {
            has_starttls: true,
            is_implicit,
            ..Script::default()
        })
        .await;
        let transport =
            Transport::from_url(&format!("{scheme}://user:secret@localhost:{}", relay.port))
                .unwrap();
        let error = transport.send(&envelope(), MESSAGE).await.unwrap_err();
        assert!(matches!(error, SendError::Relay(_)), "{error}");
        assert!(
            !relay.has_heard("AUTH") && !relay.has_heard("DATA"),
            "{:?}",
            relay.heard()
        );
    }
}

#[tokio::test]
async fn with_a_trusted_certificate_password_and_mail_go_through_tls() {
    for (scheme, is_implicit) in [("smtp", false), ("smtps", true)] {
        let relay = Relay::start(Script {
            has_starttls: !is_implicit,
            is_implicit,
            ..Script::default()
        })
        .await;
        let url = format!(
            "{scheme}://user:p%40ss@localhost:{}/marketplace.example?ca={AUTHORITY}",
            relay.port
        );
        Transport::from_url(&url)
            .unwrap()
            .send(&envelope(), MESSAGE)
            .await
            .unwrap();
        let heard = relay.heard();
        assert_eq!(heard[0], "EHLO marketplace.example");
        assert!(
            heard.contains(&"AUTH PLAIN AHVzZXIAcEBzcw==".to_owned()),
            "{heard:?}"
        );
        assert!(relay.has_heard("DATA"));
        assert_eq!(relay.has_heard("STARTTLS"), !is_implicit);
    }
}

#[tokio::test]
async fn a_4xx_reply_anywhere_is_transient() {
    for (verb, stage) in [
        ("CONNECT", Stage::Connect),
        ("MAIL", Stage::Sender),
        ("RCPT", Stage::Recipient),
        ("DATA", Stage::Message),
        ("MESSAGE", Stage::Message),
    ] {
        let error = answering(verb, "451 4.3.0 try later").await;
        let SendError::Transient(failure) = error else {
            panic!("{verb}: {error}")
        };
        assert_eq!(failure.stage, stage);
        let reply = failure.reply.unwrap();
        assert_eq!(
            (reply.code, reply.enhanced.as_deref()),
            (451, Some("4.3.0"))
        );
    }
}

#[tokio::test]
async fn a_5xx_reply_concerns_the_mail_or_the_relay_by_where_it_came() {
    for verb in ["RCPT", "DATA", "MESSAGE"] {
        let error = answering(verb, "550 5.1.1 <amelie@example.org> is unknown here").await;
        let SendError::Permanent(failure) = error else {
            panic!("{verb}: {error}")
        };
        assert_eq!(
            failure.reply.as_ref().unwrap().enhanced.as_deref(),
            Some("5.1.1")
        );
        assert!(!failure.to_string().contains("amelie"), "{failure}");
    }
    for verb in ["CONNECT", "EHLO", "MAIL"] {
        let error = answering(verb, "554 5.7.1 go away").await;
        assert!(matches!(error, SendError::Relay(_)), "{verb}: {error}");
    }
    let error = answering("RCPT", "530 5.7.0 log in first").await;
    assert!(matches!(error, SendError::Relay(_)), "{error}");
}

#[tokio::test]
async fn a_refused_password_concerns_the_relay() {
    let relay = Relay::start(Script {
        answer: Some(("AUTH", Some("535 5.7.8 no"))),
        ..Script::default()
    })
    .await;
    let url = format!("smtp://user:secret@127.0.0.1:{}?tls=none", relay.port);
    let error = Transport::from_url(&url)
        .unwrap()
        .send(&envelope(), MESSAGE)
        .await
        .unwrap_err();
    let SendError::Relay(failure) = error else {
        panic!("{error}")
    };
    assert_eq!(
        (failure.stage, failure.reply.unwrap().code),
        (Stage::Authentication, 535)
    );
    assert!(!relay.has_heard("DATA"));
}

#[tokio::test]
async fn a_relay_that_hangs_breaks_off_or_talks_nonsense_is_transient() {
    for verb in ["CONNECT", "EHLO", "RCPT", "MESSAGE"] {
        let relay = Relay::start(Script {
            answer: Some((verb, None)),
            ..Script::default()
        })
        .await;
        let error = impatient(relay.port, Duration::from_millis(50))
            .send(&envelope(), MESSAGE)
            .await
            .unwrap_err();
        assert!(matches!(error, SendError::Transient(_)), "{verb}: {error}");
    }
    assert!(matches!(
        answering("RCPT", "what?").await,
        SendError::Transient(_)
    ));

    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = unused.local_addr().unwrap().port();
    drop(unused);
    let transport = Transport::from_url(&format!("smtp://127.0.0.1:{port}?tls=none")).unwrap();
    let error = transport.send(&envelope(), MESSAGE).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::Transient(Failure {
                stage: Stage::Connect,
                ..
            })
        ),
        "{error}"
    );
}

#[tokio::test]
async fn the_whole_of_sending_has_a_limit_too() {
    let relay = Relay::start(Script {
        answer: Some(("MESSAGE", None)),
        ..Script::default()
    })
    .await;
    let transport = hurried(relay.port, Duration::from_millis(50));
    let error = transport.send(&envelope(), MESSAGE).await.unwrap_err();
    assert!(
        matches!(error, SendError::Transient(_)) && error.to_string().contains("in all"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_not_ascii_is_refused_before_anything_is_sent() {
    let relay = Relay::start(Script::default()).await;
    let transport =
        Transport::from_url(&format!("smtp://127.0.0.1:{}?tls=none", relay.port)).unwrap();
    let error = transport
        .send(&envelope(), "Subject: é\r\n\r\n".as_bytes())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::Permanent(_)), "{error}");
    assert_eq!(relay.connections(), 0);
}
