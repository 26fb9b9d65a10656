//! A marketplace for a year, job by job: whom it wrote to, when, and about what. The snapshot is to be read by people.

use api::jobs::claim;
use api::jobs::expire_vettings::ExpireVettings;
use api::jobs::{self, schedule};
use api::store::transaction::begin_write;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::id::PairingId;
use entity::pairing::{self, PairingOrigin, PairingState};
use entity::volunteer::{self, VolunteerState};
use entity::{account, organization, placement, project};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use tests::app::TestApp;
use tests::listing::create_project;
use tests::mail::Mail;
use tests::on_both_databases;

use crate::pairings::scene::{Scene, account_of, act, answer, global, post};

/// A marketplace whose mails are written down as they leave.
struct Year<'a> {
    app: &'a TestApp,
    written: usize,
    diary: Vec<String>,
}

impl Year<'_> {
    /// Lets time pass until midnight before the `day`-th day, each job at its time.
    async fn until_day(&mut self, day: i64) {
        let start: DateTime<Utc> = "2026-11-21T00:00:00Z".parse().unwrap();
        self.until(start + TimeDelta::days(day)).await;
    }

    async fn until(&mut self, end: DateTime<Utc>) {
        loop {
            self.write_down();
            let due = claim::next_due(&self.app.app).await.unwrap();
            let Some(due) = due.filter(|due| *due <= end) else {
                break;
            };
            let now = self.app.app.clock.now();
            self.app.advance((due - now).max(TimeDelta::zero()));
            self.app.run_jobs().await;
        }
        self.app.advance(end - self.app.app.clock.now());
    }

    fn write_down(&mut self) {
        let mails = self.app.mails();
        let day = self.app.app.clock.now().date_naive();
        for mail in &mails[self.written..] {
            let reader = mail.to.split('@').next().unwrap();
            self.diary
                .push(format!("{day} {reader:<11} {}", gist(mail)));
        }
        self.written = mails.len();
    }

    /// The newest mail to somebody that has a link to `page`.
    fn link(&self, name: &str, page: &str) -> String {
        let mails = self.app.mail_to(&format!("{name}@example.org"));
        let marker = format!("/a/{page}?");
        let mail = mails.iter().rfind(|mail| mail.text.contains(&marker));
        mail.unwrap().action(page)
    }

    async fn follow(&self, name: &str, action: &str) {
        let link = self.link(name, "follow-up");
        let token = link.split_once("token=").unwrap().1;
        let form = format!("token={token}&action={action}");
        assert_eq!(post(self.app, "/a/follow-up", &form).await.status, 200);
    }
}

/// The subject; of a mail with several things, what each of them begins with.
fn gist(mail: &Mail) -> String {
    let is_follow_up = mail.subject.ends_with("for you");
    let text = mail.text.split("\n----").next().unwrap();
    let sentences = text.lines().skip(1).filter(|line| {
        !line.trim().is_empty() && !line.trim_end().ends_with(':') && !line.starts_with("http")
    });
    let begin = |line: &str| line.chars().take(48).collect::<String>();
    if is_follow_up {
        let things: Vec<String> = sentences.map(begin).collect();
        format!("{} [{}]", mail.subject, things.join("] ["))
    } else {
        mail.subject.clone()
    }
}

/// Approves a pairing of a volunteer as the coordinator.
async fn approve(app: &TestApp, id: PairingId) {
    let cora = app.log_in("coordinator@example.org").await;
    let pairings = json!({ "pairings": [{ "id": global(id) }] });
    act(&cora, "approvePairings", pairings).await;
}

/// Both sides accept the newest offer from their mails.
async fn accept(year: &Year<'_>, name: &str) {
    for side in [name, "omar"] {
        let link = year.link(side, "offer");
        assert_eq!(answer(year.app, &link, "action=accept").await.status, 303);
    }
}

async fn placement_of(app: &TestApp, id: PairingId) -> placement::Model {
    let found = placement::Entity::find().filter(placement::COLUMN.pairing_id.eq(id));
    found.one(&app.app.store.connection).await.unwrap().unwrap()
}

on_both_databases! {
    async fn everybody_hears_what_concerns_them_once_and_in_time_for_a_whole_year(backend) {
        let app = TestApp::with_settings(backend, &[("INACTIVE_MONTHS", "9"), ("ACCESS_TOKEN_MINUTES", "15")]).await;
        let db = &app.app.store.connection;
        let scene = Scene::new(&app, 9).await;
        app.coordinator().await;
        let mut volunteers = Vec::new();
        for name in ["Vera", "Xena", "Walt"] {
            volunteers.push(scene.sign_up_volunteer(name, "en").await.1);
        }
        let [vera, xena, walt] = volunteers[..] else { unreachable!() };
        // The vetting ends in the tenth month; vetting by hand stores the job that ends it.
        let ends_at: DateTime<Utc> = "2027-09-15T15:00:00Z".parse().unwrap();
        let mut vetted = scene.organization.clone().into_active_model();
        vetted.vetted_until = Set(Some(ends_at));
        vetted.update(db).await.unwrap();
        let transaction = begin_write(&app.app.store).await.unwrap();
        jobs::enqueue(&app.app, &*transaction, &ExpireVettings {}, ends_at).await.unwrap();
        transaction.commit().await.unwrap();
        schedule::start(&app.app).await.unwrap();
        let organization = json!({ "id": api::graphql::id::encode(&scene.organization.id).to_string() });
        create_project(&scene.omar, &organization, "Plough map", &json!({})).await;
        let mut year = Year { app: &app, written: app.mails().len(), diary: Vec::new() };

        // Vera and Xena are placed; Vera until the end of May.
        let mut placed = Vec::new();
        for (name, volunteer) in [("vera", vera), ("xena", xena)] {
            let id = scene.begin(volunteer, PairingOrigin::Matcher).await;
            approve(&app, id).await;
            year.until(app.app.clock.now() + TimeDelta::minutes(10)).await;
            accept(&year, name).await;
            placed.push(id);
        }
        let omar = app.log_in("omar@example.org").await;
        for id in &placed {
            let placement = placement_of(&app, *id).await;
            let id = api::graphql::id::encode(&placement.id).to_string();
            act(&omar, "startPlacement", json!({ "id": id })).await;
        }
        let mut until_may = placement_of(&app, placed[0]).await.into_active_model();
        until_may.ends_on = Set(NaiveDate::from_ymd_opt(2027, 5, 31));
        until_may.update(db).await.unwrap();

        // Walt answers none of three offers, and is offered none after that.
        for day in [2, 12, 22] {
            year.until_day(day).await;
            let id = scene.begin(walt, PairingOrigin::Matcher).await;
            approve(&app, id).await;
        }
        year.until_day(30).await;
        let row = volunteer::Entity::find_by_id(walt).one(db).await.unwrap().unwrap();
        assert_eq!((row.state, row.paused_until), (VolunteerState::Paused, None));

        // Vera says each time how it goes, Xena only the first time.
        year.follow("xena", "going_well").await;
        for day in [30, 58, 86] {
            year.until_day(day).await;
            year.follow("vera", "going_well").await;
        }
        year.until_day(100).await;
        let cora = app.log_in("coordinator@example.org").await;
        let silent = "{ placements(states: [ACTIVE], first: 10) { nodes { isSilent } } }";
        let seen = cora.query(silent, json!({})).await;
        assert_eq!(seen["placements"]["nodes"], json!([{ "isSilent": true }, { "isSilent": false }]));
        let ended = api::graphql::id::encode(&placement_of(&app, placed[1]).await.id).to_string();
        act(&cora, "endPlacement", json!({ "id": ended, "reason": "GHOSTED" })).await;
        for day in [114, 142] {
            year.until_day(day).await;
            year.follow("vera", "going_well").await;
        }
        // Asked about the listing, Omar answers once, and later no more.
        year.until_day(145).await;
        year.follow("omar", "open").await;
        for day in [170, 193] {
            year.until_day(day).await;
        }
        let omar = app.log_in("omar@example.org").await;
        let done = api::graphql::id::encode(&placement_of(&app, placed[0]).await.id).to_string();
        act(&omar, "completePlacement", json!({ "id": done })).await;
        year.until_day(365).await;

        assert_eq!(app.dead_jobs().await, 0);
        insta::assert_snapshot!("a_year", year.diary.join("\n"));
        let listing = project::Entity::find_by_id(scene.role.project_id).one(db).await.unwrap().unwrap();
        assert!(!listing.is_accepting);
        let vetting = organization::Entity::find_by_id(scene.organization.id).one(db).await.unwrap().unwrap();
        assert_eq!(vetting.state, organization::OrganizationState::Expired);
        let erased = account::Entity::find().filter(account::COLUMN.state.eq(account::AccountState::Erased));
        assert_eq!(erased.all(db).await.unwrap().len(), 2, "Walt and Xena");
        assert_eq!(account_of(&app, "vera@example.org").await.state, account::AccountState::Active);
        let open = pairing::Entity::find().filter(pairing::COLUMN.state.is_in([PairingState::Offered, PairingState::Held]));
        assert!(open.all(db).await.unwrap().is_empty());
    }
}
