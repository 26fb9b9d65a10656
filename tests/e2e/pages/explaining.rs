//! What is told to everybody about personal data and about matching, held against the settings and the engine.

use axum::http::StatusCode;
use matcher::engine::{FactorCode, GateCode, VERSION};
use matcher::model::{Locale, Weights};
use tests::app::TestApp;
use tests::on_both_databases;

use super::{Page, get};

/// The weight that stands in the row of a factor.
fn weight_of(page: &Page, name: &str) -> String {
    let rows: Vec<&str> = page.html.split("<tr>").skip(1).collect();
    let of = |row: &&&str| row.to_lowercase().contains(&format!(">{name}<br>"));
    let row = rows
        .iter()
        .find(of)
        .unwrap_or_else(|| panic!("no row of {name}"));
    let (_, cell) = row.split_once("<td>").unwrap();
    cell.split_once("</td>").unwrap().0.to_owned()
}

on_both_databases! {
    async fn the_privacy_page_tells_what_the_settings_say(backend) {
        let settings = [
            ("PRIVACY_CONTACT", "privacy@maps.example"),
            ("MAIL_FROM_NAME", "Maps & Co"),
            ("MAIL_POSTAL_ADDRESS", "7 Rideau Street, Ottawa"),
            ("SESSION_DAYS", "45"),
        ];
        let app = TestApp::with_settings(backend, &settings).await;
        for (uri, ends) in [
            ("/privacy?lang=en", "A session that is not used ends after 45 days."),
            ("/privacy?lang=fr", "Une session inutilisée prend fin après 45 jours."),
        ] {
            let page = get(&app, uri).await;
            assert_eq!(page.status, StatusCode::OK);
            page.assert_reads(ends);
            page.assert_reads("Maps & Co, 7 Rideau Street, Ottawa");
            assert!(page.html.contains("href=\"mailto:privacy@maps.example\""), "{}", page.html);
            for commissioner in ["https://www.priv.gc.ca/", "https://www.cai.gouv.qc.ca"] {
                assert!(page.html.contains(commissioner), "{commissioner}");
            }
        }
        let page = get(&app, "/privacy?lang=fr").await;
        page.assert_reads("Commission d’accès à l’information");
        page.assert_reads("Commissariat à la protection de la vie privée du Canada");
        // Who answers, where nobody was named for it, is who writes.
        let app = TestApp::with_settings(backend, &[("MAIL_FROM_ADDRESS", "hello@maps.example")]).await;
        assert!(get(&app, "/privacy").await.html.contains("href=\"mailto:hello@maps.example\""));
    }

    async fn the_retention_schedule_is_that_of_the_settings(backend) {
        let settings = [
            ("KEEP_SESSION_DAYS", "31"), ("KEEP_TOKEN_DAYS", "8"), ("KEEP_JOB_DAYS", "32"), ("KEEP_MAIL_DAYS", "91"),
            ("INACTIVE_MONTHS", "37"), ("INACTIVE_FIRST_NOTICE_DAYS", "33"), ("INACTIVE_LAST_NOTICE_DAYS", "9"),
        ];
        let app = TestApp::with_settings(backend, &settings).await;
        let english = get(&app, "/privacy?lang=en").await;
        for words in [
            "is closed and erased after 37 months; you are told by mail 33 days and 9 days before.",
            "is kept for another 31 days.",
            "8 days after its use or end.",
            "The text of a mail to you: 91 days.",
            "work that a server has done: 32 days.",
        ] {
            english.assert_reads(words);
        }
        let french = get(&app, "/privacy?lang=fr").await;
        for words in [
            "est fermé et effacé après 37 mois; vous êtes avisé par courriel 33 jours et 9 jours avant.",
            "conservée pendant encore 31 jours.",
            "8 jours après son usage ou sa fin.",
            "vous est adressé : 91 jours.",
            "accomplie par un serveur : 32 jours.",
        ] {
            french.assert_reads(words);
        }
    }

    async fn the_matching_page_tells_every_gate_and_the_engines_own_weights(backend) {
        let app = TestApp::new(backend).await;
        let weights = Weights::embedded().unwrap();
        let (role, volunteer) = (&weights.role_view, &weights.volunteer_view);
        let factors = [
            (FactorCode::MustHave, role.must_have),
            (FactorCode::NiceToHave, role.nice_to_have),
            (FactorCode::Evidence, role.evidence),
            (FactorCode::Meeting, role.meeting),
            (FactorCode::Hours, role.hours),
            (FactorCode::Causes, volunteer.causes),
            (FactorCode::Wish, volunteer.wish),
            (FactorCode::Place, volunteer.place),
            (FactorCode::Languages, volunteer.languages),
        ];
        let (english, french) = (get(&app, "/how-matching-works?lang=en").await, get(&app, "/how-matching-works?lang=fr").await);
        for (page, locale) in [(&english, Locale::En), (&french, Locale::Fr)] {
            assert_eq!(page.status, StatusCode::OK);
            for (code, weight) in factors {
                assert_eq!(weight_of(page, code.name(locale)), weight.to_string(), "{code:?}");
            }
            // The gates are the first list after that of who decides.
            let gates = page.html.split("<ul>").nth(1).unwrap().split("</ul>").next().unwrap();
            assert_eq!(gates.matches("<li>").count(), GateCode::ALL.len());
            page.assert_reads(&format!("{VERSION},"));
            page.assert_reads(&weights.version);
        }
        let percent = |value: u16| (value / 100).to_string();
        english.assert_reads(&format!("a score below {}%", percent(weights.gates.minimum_score.get())));
        french.assert_reads(&format!("un pointage inférieur à {} %", percent(weights.gates.minimum_score.get())));
        english.assert_reads(&format!("less than {}%", percent(weights.gates.minimum_confidence.get())));
        english.assert_reads(&format!("Waiting (at most {}%)", percent(weights.adjustment.waiting_most)));
        french.assert_reads(&format!("Attente (au plus {} %)", percent(weights.adjustment.waiting_most)));
    }
}
