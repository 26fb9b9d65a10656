//! What has gone quiet is followed up, each at its time and once, with one mail a day for everybody concerned.

mod answers;
mod placements;
mod year;

use api::context::Context;
use api::domain::follow_ups::run::{self, Done};
use chrono::{DateTime, TimeDelta, Utc};
use entity::project;
use sea_orm::EntityTrait;
use serde_json::json;
use tests::app::TestApp;
use tests::listing::{
    create_organization, create_project, published_project, step, vetted_organization,
};
use tests::on_both_databases;

pub(crate) async fn follow_up(app: &TestApp) -> Done {
    let ctx = Context::system(app.app.clone(), "test");
    let done = Box::pin(run::run(&ctx)).await.unwrap();
    app.run_jobs().await;
    done
}

/// The subjects and texts of the follow-up mails to an address.
pub(crate) fn told(app: &TestApp, email: &str) -> Vec<String> {
    let mails = app.mail_to(email).into_iter();
    mails
        .filter(|mail| {
            let subject = &mail.subject;
            ["wait for you", "waits for you", "vous attend"]
                .iter()
                .any(|words| subject.contains(words))
        })
        .map(|mail| mail.text)
        .collect()
}

pub(crate) fn until(app: &TestApp, moment: DateTime<Utc>) {
    app.advance(moment - app.app.clock.now());
}

const MOMENT: TimeDelta = TimeDelta::microseconds(1);

on_both_databases! {
    async fn who_leaves_a_draft_is_reminded_once_of_everything_in_one_mail(backend) {
        let app = TestApp::new(backend).await;
        let omar = app.sign_up("Omar", "en").await;
        let organization = create_organization(&omar, "Thaw").await;
        create_project(&omar, &organization, "Ice map", &json!({})).await;
        let start = app.app.clock.now();

        until(&app, start + TimeDelta::days(7) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, start + TimeDelta::days(7));
        assert_eq!(follow_up(&app).await, Done { drafts: 2, mails: 1, ..Done::default() });
        let mails = told(&app, "omar@example.org");
        assert_eq!(mails.len(), 1);
        assert!(mails[0].contains("Your organization Thaw is not submitted yet"), "{}", mails[0]);
        assert!(mails[0].contains("Your project Ice map is not submitted yet"), "{}", mails[0]);
        let mail = app.mail_to("omar@example.org").pop().unwrap();
        assert_eq!(mail.subject, "2 things wait for you");
        assert!(mail.header("list-unsubscribe").contains("/a/unsubscribe"), "nobody has to hear of drafts");

        for _ in 0..3 {
            app.advance(TimeDelta::days(1));
            assert_eq!(follow_up(&app).await, Done::default(), "once for each time it is left");
        }
        // Written on, and left again.
        let omar = app.log_in("omar@example.org").await;
        let input = json!({ "input": { "organizationId": organization["id"], "expectedVersion": organization["version"], "website": "https://thaw.example" } });
        omar.mutate(
            "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id } userErrors { code message field } } }",
            input,
        ).await;
        app.advance(TimeDelta::days(7));
        assert_eq!(follow_up(&app).await, Done { drafts: 1, mails: 1, ..Done::default() });
        app.run_jobs().await;
    }

    async fn two_nodes_at_once_tell_each_thing_once(backend) {
        let app = TestApp::new(backend).await;
        let omar = app.sign_up("Omar", "en").await;
        create_organization(&omar, "Thaw").await;
        app.advance(TimeDelta::days(7));
        let ctx = Context::system(app.app.clone(), "test");
        let two = app.another_node().await;
        let elsewhere = Context::system(two.app.clone(), "test");
        // Two nodes at once: each occasion is noted once, and told once.
        let (one, other) = tokio::join!(Box::pin(run::run(&ctx)), Box::pin(run::run(&elsewhere)));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.drafts + other.drafts, one.mails + other.mails), (1, 1));
        app.run_jobs().await;
        assert_eq!(told(&app, "omar@example.org").len() + told(&two, "omar@example.org").len(), 1);
    }

    async fn a_listing_at_which_nothing_happens_is_asked_about_and_then_accepts_nobody(backend) {
        let app = TestApp::new(backend).await;
        let (omar, cora) = (app.sign_up("Omar", "fr").await, app.coordinator().await);
        let organization = vetted_organization(&omar, &cora, "Thaw").await;
        let listing = published_project(&omar, &cora, &organization, "Ice map", &json!({})).await;
        app.run_jobs().await;
        let start = app.app.clock.now();

        until(&app, start + TimeDelta::days(40) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, start + TimeDelta::days(40));
        assert_eq!(follow_up(&app).await, Done { listing_checks: 1, mails: 1, ..Done::default() });
        let mail = app.mail_to("omar@example.org").pop().unwrap();
        assert_eq!(mail.subject, "Une chose vous attend");
        assert!(mail.text.contains("Le projet Ice map (en anglais) cherche-t-il encore des personnes?"), "{}", mail.text);
        assert_eq!(mail.header("list-unsubscribe"), "", "who is not told loses the listing");

        until(&app, start + TimeDelta::days(54) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, start + TimeDelta::days(54));
        assert_eq!(follow_up(&app).await, Done { listings_hidden: 1, mails: 1, ..Done::default() });
        let rows = project::Entity::find().all(&app.app.store.connection).await.unwrap();
        assert!(!rows[0].is_accepting);
        let mail = app.mail_to("omar@example.org").pop().unwrap();
        assert!(mail.text.contains("n'accepte plus personne"), "{}", mail.text);
        assert_eq!(follow_up(&app).await, Done::default());

        // Opened again, it has as long again.
        let omar = app.log_in("omar@example.org").await;
        let opened = omar.mutate(
            "mutation($id: ID!) { confirmListing(input: { projectId: $id }) { project { isAccepting } userErrors { code message field } } }",
            json!({ "id": listing["id"] }),
        ).await;
        assert_eq!(opened["project"]["isAccepting"], true);
        app.advance(TimeDelta::days(40) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        app.advance(MOMENT);
        assert_eq!(follow_up(&app).await, Done { listing_checks: 1, mails: 1, ..Done::default() });
    }

    async fn an_organization_is_told_before_its_vetting_ends(backend) {
        let settings = [("VETTING_MONTHS", "2"), ("STALE_LISTING_DAYS", "365")];
        let app = TestApp::with_settings(backend, &settings).await;
        let (omar, cora) = (app.sign_up("Omar", "en").await, app.coordinator().await);
        vetted_organization(&omar, &cora, "Thaw").await;
        app.run_jobs().await;
        let ends_at: DateTime<Utc> = "2027-01-21T15:00:00Z".parse().unwrap();

        until(&app, ends_at - TimeDelta::days(30) - MOMENT);
        assert_eq!(follow_up(&app).await, Done::default());
        until(&app, ends_at - TimeDelta::days(30));
        assert_eq!(follow_up(&app).await, Done { vettings: 1, mails: 1, ..Done::default() });
        app.advance(TimeDelta::days(1));
        assert_eq!(follow_up(&app).await, Done::default());
        let mails = told(&app, "omar@example.org");
        assert!(mails[0].contains("The vetting of Thaw ends on Thursday, January 21, 2027"), "{}", mails[0]);
        app.run_jobs().await;
    }

    async fn what_waits_for_a_coordinator_is_no_matter_of_its_authors(backend) {
        let app = TestApp::new(backend).await;
        let omar = app.sign_up("Omar", "en").await;
        let draft = create_organization(&omar, "Thaw").await;
        let cora = app.coordinator().await;
        let submitted = step(&omar, "submitOrganization", &draft, json!({})).await;
        step(&cora, "startOrganizationReview", &submitted, json!({})).await;
        app.advance(TimeDelta::days(30));
        assert_eq!(follow_up(&app).await, Done::default());
    }
}
