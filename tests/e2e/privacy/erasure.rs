//! Erasure from the request to the bytes on the disk: what was known of a person is nowhere any more, what others are owed
//! happens, and what counts still counts.

use std::cell::Cell;

use api::context::Context;
use api::domain::audit::verify;
use api::domain::privacy::erase;
use api::store::transaction::begin_write;
use chrono::TimeDelta;
use entity::account::{self, AccountState};
use entity::mail_message::{self, MailState};
use entity::pairing::{PairingOrigin, PairingState};
use entity::personal::Personal;
use entity::placement::{self, PlacementState};
use entity::role::RoleState;
use entity::volunteer::{self, VolunteerState};
use entity::{
    consent, pairing, round, round_pairing, session, suppression, volunteer_language,
    volunteer_window,
};
use futures_util::join;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use serde_json::json;
use tests::app::{PASSWORD, TestApp};
use tests::database::Backend;
use tests::on_both_databases;

use super::person::{NORA, Person, Plant, Traits, VERA};
use super::{Logs, contains};
use crate::pairings::scene::{Scene, answer, marketplace};

pub(super) const ERASE_OWN: &str = "mutation($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) { isAccepted userErrors { code message field } } }";

/// Puts something of two people everywhere. The first has a placement, an open offer, and a pairing that did not go out yet.
pub(super) async fn people<'a>(
    backend: Backend,
    app: &'a TestApp,
    scene: &'a Scene<'a>,
) -> (Person, Person, [pairing::Model; 3]) {
    let (vera, vera_id) = scene.sign_up_volunteer(VERA.name, "en").await;
    let (nora, nora_id) = scene.sign_up_volunteer(NORA.name, "fr").await;
    let (_, tess_id) = scene.add_volunteer("tess").await;
    let placed = scene.begin(vera_id, PairingOrigin::Matcher).await;
    scene.send_offer(placed).await;
    for email in ["veravolta@example.org", "omar@example.org"] {
        let link = app.mail_to(email).pop().unwrap().action("offer");
        answer(app, &link, "action=accept").await;
    }
    app.run_jobs().await;
    let placed = scene.pairing(placed).await;
    assert_eq!(placed.state, PairingState::Confirmed);
    let roles = [
        scene.add_role(1).await,
        scene.add_role(1).await,
        scene.add_role(1).await,
        scene.add_role(1).await,
    ];
    let offered = scene
        .offered(&roles[0], vera_id, PairingState::Offered)
        .await;
    let approved = scene
        .offered(&roles[1], vera_id, PairingState::Approved)
        .await;
    let noras = scene
        .offered(&roles[2], nora_id, PairingState::Offered)
        .await;
    let tess = scene
        .offered(&roles[3], tess_id, PairingState::Offered)
        .await;
    let plant = |client, volunteer_id, traits: &'static Traits| Plant {
        backend,
        app,
        scene,
        client,
        volunteer_id,
        traits,
    };
    let vera = plant(vera, vera_id, &VERA).everywhere(&placed, &tess).await;
    let nora = plant(nora, nora_id, &NORA).everywhere(&noras, &tess).await;
    (vera, nora, [placed, offered, approved])
}

/// How much there is of what counts.
async fn counts(app: &TestApp) -> [u64; 5] {
    let db = &app.app.store.connection;
    [
        account::Entity::find().count(db).await.unwrap(),
        pairing::Entity::find().count(db).await.unwrap(),
        placement::Entity::find().count(db).await.unwrap(),
        consent::Entity::find().count(db).await.unwrap(),
        round_pairing::Entity::find().count(db).await.unwrap(),
    ]
}

async fn erase(app: &TestApp, person: &Person) {
    let input = json!({ "password": PASSWORD, "email": person.email });
    let done = person
        .client
        .mutate(ERASE_OWN, json!({ "input": input }))
        .await;
    assert_eq!(done["isAccepted"], true);
    app.run_jobs().await;
}

on_both_databases! {
    async fn what_another_takes_out_of_a_report_at_the_same_moment_does_not_come_back(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _, _) = people(backend, &app, &scene).await;
        let changing = begin_write(&app.app.store).await.unwrap();
        for found in round::Entity::find().all(&*changing).await.unwrap() {
            let mut report = found.report.expose().clone();
            report["inputs"]["roles"] = json!("changed meanwhile");
            let mut changes = found.into_active_model();
            changes.report = Set(Personal::new(report));
            changes.update(&*changing).await.unwrap();
        }
        let is_erased = Cell::new(false);
        let erasing = async {
            let ctx = Context::system(app.app.clone(), "test");
            erase::run(&ctx, vera.account_id).await.unwrap();
            is_erased.set(true);
        };
        let change = async {
            while !is_erased.get() && !app.someone_waits().await {
                tokio::task::yield_now().await;
            }
            changing.commit().await.unwrap();
        };
        join!(erasing, change);
        let rounds = round::Entity::find().all(&app.app.store.connection).await.unwrap();
        assert!(rounds.len() > 1);
        for round in rounds {
            assert_eq!(round.report.expose()["inputs"]["roles"], "changed meanwhile");
        }
    }

    async fn nothing_by_which_an_erased_person_was_known_is_stored_or_logged(backend) {
        let (logs, _guard) = Logs::capture();
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, nora, _) = people(backend, &app, &scene).await;
        let before = app.stored_bytes();
        for (trace, bytes) in vera.traces().chain(nora.traces()) {
            assert!(contains(&before, bytes), "{trace} was never stored");
        }
        assert!(vera.traces().count() >= 20);

        erase(&app, &vera).await;

        let after = app.stored_bytes();
        let left: Vec<_> = vera.traces().filter(|(_, bytes)| contains(&after, bytes)).collect();
        assert!(left.is_empty(), "{left:?}");
        // Others lose nothing but the digests in which the person may have been.
        for (trace, bytes) in nora.traces().filter(|(trace, _)| !trace.starts_with("Digest")) {
            assert!(contains(&after, bytes), "{trace} of somebody else");
        }
        let logged = logs.bytes();
        assert!(contains(&logged, b"answered"), "nothing was captured");
        for (trace, bytes) in vera.traces().chain(nora.traces()) {
            assert!(!contains(&logged, bytes), "{trace} was logged");
        }
        let mails = mail_message::Entity::find()
            .filter(mail_message::COLUMN.account_id.eq(vera.account_id))
            .all(&app.app.store.connection)
            .await
            .unwrap();
        assert!(mails.len() > 3);
        for mail in mails {
            let said = [mail.to_address, mail.subject, mail.raw].map(Personal::into_exposed).concat();
            assert_eq!((said.as_str(), mail.error), ("", None), "{}", mail.kind);
        }
    }

    async fn pairings_end_seats_are_freed_the_other_side_is_told_and_counts_stay(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _, [placed, offered, approved]) = people(backend, &app, &scene).await;
        assert_eq!(scene.role_now().await.filled, 1);
        assert_eq!(scene.role_now().await.state, RoleState::Filled);
        let before = counts(&app).await;
        app.mailbox().take();

        erase(&app, &vera).await;

        assert_eq!(counts(&app).await, before);
        let ended = |pairing: pairing::Model| (pairing.state, pairing.reason_code.unwrap());
        assert_eq!(ended(scene.pairing(placed.id).await), (PairingState::Concluded, "placement_ended".to_owned()));
        assert_eq!(ended(scene.pairing(offered.id).await), (PairingState::Recalled, "volunteer_left".to_owned()));
        assert_eq!(ended(scene.pairing(approved.id).await), (PairingState::Withdrawn, "volunteer_left".to_owned()));
        let db = &app.app.store.connection;
        let placement = placement::Entity::find().one(db).await.unwrap().unwrap();
        assert_eq!((placement.state, placement.end_reason.as_deref()), (PlacementState::Ended, Some("volunteer_left")));
        assert_eq!((scene.role_now().await.filled, scene.role_now().await.state), (0, RoleState::Open));

        // The organization hears who has gone; the person hears last that it is done.
        let subjects = |email| app.mail_to(email).into_iter().map(|mail| mail.subject).collect::<Vec<_>>();
        assert_eq!(
            subjects("omar@example.org"),
            ["A volunteer has left: Cartographer", "The offer was taken back: Cartographer"]
        );
        for mail in app.mail_to("omar@example.org") {
            assert!(mail.text.contains(VERA.name), "{}", mail.text);
        }
        assert_eq!(subjects("veravolta@example.org"), ["Your data were erased"]);

        // What is left of the score goes on to count, without words.
        let factors = scene.pairing(placed.id).await.factors.unwrap().into_exposed();
        assert_eq!((&factors["role_view_bp"], &factors["reasons"]), (&json!(7_777), &json!([])));
        assert_eq!(app.dead_jobs().await, 0);
        assert_eq!(verify::run(&app.app, None).await.unwrap().faults, []);
    }

    async fn what_is_left_of_an_account_is_a_tombstone(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _, _) = people(backend, &app, &scene).await;
        erase(&app, &vera).await;

        let db = &app.app.store.connection;
        let account = account::Entity::find_by_id(vera.account_id).one(db).await.unwrap().unwrap();
        assert_eq!(account.state, AccountState::Erased);
        assert_eq!(account.email_normalized.expose(), &format!("erased:{}", account.id));
        assert_eq!([account.email, account.given_name, account.family_name].map(Personal::into_exposed).concat(), "");
        assert_eq!((account.password_hash, account.preferred_language, account.email_verified_at), (None, None, None));
        let profile = volunteer::Entity::find_by_id(vera.volunteer_id).one(db).await.unwrap().unwrap();
        assert_eq!(profile.state, VolunteerState::Left);
        assert_eq!((profile.about, profile.city, profile.hours_per_week, profile.zone), (None, None, None, None));
        let windows = volunteer_window::Entity::find().filter(volunteer_window::COLUMN.volunteer_id.eq(profile.id));
        assert_eq!(windows.count(db).await.unwrap(), 0);
        let languages = volunteer_language::Entity::find().filter(volunteer_language::COLUMN.volunteer_id.eq(profile.id));
        assert_eq!(languages.count(db).await.unwrap(), 0);
        let sessions = session::Entity::find().filter(session::COLUMN.account_id.eq(account.id));
        assert_eq!(sessions.count(db).await.unwrap(), 0);

        // Doing it again does nothing.
        let version = account.version;
        let ctx = Context::system(app.app.clone(), "test");
        Box::pin(erase::run(&ctx, vera.account_id)).await.unwrap();
        let account = account::Entity::find_by_id(vera.account_id).one(db).await.unwrap().unwrap();
        assert_eq!(account.version, version);
        assert_eq!(app.run_jobs().await, 0);
    }

    async fn who_complained_and_was_erased_is_not_written_to_when_the_address_comes_back(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _, _) = people(backend, &app, &scene).await;
        erase(&app, &vera).await;
        let db = &app.app.store.connection;
        let suppressed = suppression::Entity::find().all(db).await.unwrap();
        let sealed = suppressed.iter().filter(|row| row.email_normalized.expose().starts_with("hmac:"));
        assert_eq!((suppressed.len(), sealed.count()), (2, 1));

        let (_, volunteer_id) = scene.sign_up_volunteer(VERA.name, "en").await;
        let pairing = scene.begin(volunteer_id, PairingOrigin::Matcher).await;
        scene.send_offer(pairing).await;
        let offers = mail_message::Entity::find()
            .filter(mail_message::COLUMN.pairing_id.eq(pairing))
            .filter(mail_message::COLUMN.kind.eq("offer_to_volunteer"))
            .all(db)
            .await
            .unwrap();
        assert_eq!(offers.len(), 1);
        assert_eq!(offers[0].state, MailState::Suppressed);
    }

    async fn what_was_under_way_during_an_erasure_is_looked_for_once_more(backend) {
        let app = marketplace(backend).await;
        let scene = Scene::new(&app, 1).await;
        let (vera, _, [_, _, approved]) = people(backend, &app, &scene).await;
        let db = &app.app.store.connection;
        let proposed = round_pairing::Entity::find().filter(round_pairing::COLUMN.volunteer_id.eq(vera.volunteer_id));
        let proposed = proposed.one(db).await.unwrap().unwrap();
        erase(&app, &vera).await;
        let jobs = app.run_jobs().await;
        assert_eq!(jobs, 0, "the second look has its time");

        // A round that was computed from what was there before is stored, and applied.
        let said = "Reason-of-a-late-round";
        let words = Personal::new(json!({ "reasons": [{ "en": said, "fr": said }] }));
        let late = round_pairing::ActiveModel { factors: Set(words.clone()), ..proposed.into_active_model() };
        late.update(db).await.unwrap();
        let pairing = pairing::ActiveModel {
            id: Set(approved.id),
            state: Set(PairingState::Suggested),
            factors: Set(Some(words)),
            reason_code: Set(None),
            declined_by: Set(None),
            ..Default::default()
        };
        pairing.update(db).await.unwrap();
        assert!(contains(&app.stored_bytes(), said.as_bytes()));
        app.advance(TimeDelta::minutes(30));
        app.run_jobs().await;
        assert!(!contains(&app.stored_bytes(), said.as_bytes()));
        let pairing = pairing::Entity::find_by_id(approved.id).one(db).await.unwrap().unwrap();
        assert!(!PairingState::LIVE.contains(&pairing.state), "{}", pairing.state);
        assert_eq!(app.dead_jobs().await, 0);
    }
}
