//! Every mail in every language, and the promises that hold for all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests panic to fail"
)]

mod calendar;
mod compose;
mod dates;
mod message;
mod reading;
mod render;
mod report;
mod shapes;
mod smtp;
mod smtp_server;
mod transport;

use super::{Address, Envelope, Headers, Recipient, Sender, sample_recipient, sample_sender};

const MESSAGE: &[u8] =
    b"Message-ID: <1@marketplace.example>\r\nX-Mail-Kind: recalled\r\n\r\n.hidden dot\r\nBye\r\n";

fn recipient() -> Recipient {
    sample_recipient().unwrap()
}

fn sender() -> Sender {
    sample_sender().unwrap()
}

fn headers() -> Headers {
    Headers {
        message_id: "0192f3c4.offer@marketplace.example".to_owned(),
        date: "2026-11-17T23:30:00Z".parse().unwrap(),
        return_path: None,
    }
}

fn envelope() -> Envelope {
    Envelope {
        return_path: Address::parse("bounce@marketplace.example").unwrap(),
        recipient: Address::parse("amelie@example.org").unwrap(),
    }
}
