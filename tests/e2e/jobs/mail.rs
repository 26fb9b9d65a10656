//! What becomes of a mail that cannot be sent, or may not be sent any more.

use chrono::TimeDelta;
use entity::id::SuppressionId;
use entity::mail_message::{self, MailState, MailTopic};
use entity::personal::Personal;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use matcher::mail::{Failure, Reply, SendError, Stage};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use tests::app::TestApp;
use tests::on_both_databases;

use super::{only_mail, queue_a_mail};

fn failure(code: u16, detail: &str) -> Failure {
    Failure {
        stage: Stage::Recipient,
        reply: Some(Reply {
            code,
            enhanced: None,
        }),
        detail: detail.to_owned(),
    }
}

fn busy() -> SendError {
    SendError::Transient(failure(450, "mailbox busy"))
}

on_both_databases! {
    async fn a_mail_that_cannot_go_for_now_is_tried_again_after_growing_waits(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        app.mailbox().fail_next(busy());
        app.mailbox().fail_next(busy());

        assert_eq!(app.run_jobs().await, 1);
        assert_eq!(
            only_mail(&app).await,
            (MailState::Queued, 1, Some("not sent for now: naming the recipient: 450 mailbox busy".to_owned()))
        );
        // A minute, give or take a fifth.
        app.advance(TimeDelta::seconds(47));
        assert_eq!(app.run_jobs().await, 0);
        app.advance(TimeDelta::seconds(26));
        assert_eq!(app.run_jobs().await, 1);
        // Five minutes, give or take a fifth.
        app.advance(TimeDelta::seconds(239));
        assert_eq!(app.run_jobs().await, 0);
        app.advance(TimeDelta::seconds(122));
        assert_eq!(app.run_jobs().await, 1);

        assert_eq!(only_mail(&app).await, (MailState::Sent, 3, None));
        assert_eq!(app.mail_to("nora@example.org").len(), 1);
        assert_eq!(app.dead_jobs().await, 0);
    }

    async fn a_mail_that_never_goes_is_given_up_and_says_so(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        for _ in 0..9 {
            app.mailbox().fail_next(busy());
            app.advance(TimeDelta::hours(30));
            assert_eq!(app.run_jobs().await, 1);
        }
        app.advance(TimeDelta::days(30));
        assert_eq!(app.run_jobs().await, 0);
        assert_eq!(app.dead_jobs().await, 1);
        let (state, attempts, error) = only_mail(&app).await;
        assert_eq!((state, attempts), (MailState::Failed, 9));
        assert!(error.unwrap().contains("450 mailbox busy"));
        assert!(app.mails().is_empty());
    }

    async fn a_refused_mail_is_tried_once(backend) {
        let app = TestApp::new(backend).await;
        queue_a_mail(&app, "nora@example.org").await;
        app.mailbox().fail_next(SendError::Permanent(failure(550, "no such mailbox")));
        assert_eq!(app.run_jobs().await, 1);
        app.advance(TimeDelta::days(30));
        assert_eq!(app.run_jobs().await, 0);
        let (state, attempts, error) = only_mail(&app).await;
        assert_eq!((state, attempts), (MailState::Failed, 1));
        assert!(error.unwrap().contains("550 no such mailbox"));
        assert_eq!(app.dead_jobs().await, 1);
        assert!(app.mails().is_empty());
    }

    async fn who_opts_out_before_an_optional_mail_leaves_does_not_get_it(backend) {
        for (topic, is_sent) in [
            (SuppressionTopic::All, false),
            (SuppressionTopic::Offers, false),
            (SuppressionTopic::Digest, true),
        ] {
            let app = TestApp::new(backend).await;
            let connection = &app.app.store.connection;
            queue_a_mail(&app, "Nora@Example.org").await;
            mail_message::Entity::update_many()
                .set(mail_message::ActiveModel { topic: Set(MailTopic::Offers), ..Default::default() })
                .exec(connection)
                .await
                .unwrap();
            suppression::ActiveModel {
                id: Set(SuppressionId::new(app.app.new_id())),
                email_normalized: Set(Personal::new("nora@example.org")),
                topic: Set(topic),
                reason: Set(SuppressionReason::Unsubscribed),
                created_at: Set(app.app.clock.now()),
            }
            .insert(connection)
            .await
            .unwrap();

            app.run_jobs().await;
            let expected = if is_sent { MailState::Sent } else { MailState::Suppressed };
            assert_eq!(only_mail(&app).await.0, expected, "{topic:?}");
            assert_eq!(app.mails().len(), usize::from(is_sent));
            assert_eq!(app.dead_jobs().await, 0);
        }
    }
}
