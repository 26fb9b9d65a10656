//! Nothing of what goes to the provider and comes back is in a log line at any level.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tests::on_both_databases;
use tests::provider::{CLIENT_SECRET, Fault, KeyKind, Provider, Signing, TOKEN};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

on_both_databases! {
    async fn nothing_that_goes_or_comes_is_in_a_log_line(backend) {
        let logs = Logs::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(logs.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let provider = Provider::start(KeyKind::Ed).await;
        let app = provider.marketplace(backend, &[]).await;
        let mut nora = linked(&app, &provider).await;
        let mut planted = vec![SUBJECT.to_owned(), NORA.to_owned(), CLIENT_SECRET.to_owned(), "AccessTokenOfTheProvider".to_owned()];
        let keep = |browser: &Traveller, address: &str, back: &str, planted: &mut Vec<String>| {
            let secrets = address.split(['=', '&']).chain(back.split(['=', '&'])).chain(browser.jar.values().map(String::as_str));
            planted.extend(secrets.filter(|it| it.len() >= 40 && !it.contains("%2F")).map(str::to_owned));
        };
        for (changes, signing, fault) in [
            (json!({}), Signing::Right, None),
            (json!({ "nonce": "NonceOfAnother" }), Signing::Right, None),
            (json!({}), Signing::ByStranger, None),
            (json!({}), Signing::Right, Some(Fault::Body("PlantedAnswer".to_owned()))),
            (json!({}), Signing::Right, Some(Fault::Status(500))),
        ] {
            provider.say(changes);
            provider.sign(signing);
            provider.fail(TOKEN, fault);
            let mut browser = Traveller::new(&app);
            let address = browser.begin().await;
            let back = provider.log_in(&app, &address, SUBJECT);
            planted.push(provider.codes().pop().unwrap());
            keep(&browser, &address, &back, &mut planted);
            browser.come_back(&back).await;
            keep(&browser, "", "", &mut planted);
        }
        planted.push(provider.last_form()["code_verifier"].clone());
        planted.extend(["NonceOfAnother".to_owned(), "PlantedAnswer".to_owned()]);
        nora.post(LINK, &json!({ "password": "PlantedPassword" })).await;
        planted.push("PlantedPassword".to_owned());

        let logged = logs.0.lock().unwrap().clone();
        let text = String::from_utf8_lossy(&logged);
        for told in ["a log-in of the identity provider was not taken", "the token belongs to another log-in", "the identity provider was asked in vain"] {
            assert!(text.contains(told), "{told}");
        }
        assert!(planted.len() > 25, "{}", planted.len());
        for planted in planted {
            let line = text.lines().find(|line| line.contains(&planted));
            assert_eq!(line, None, "{planted}");
        }
    }
}
