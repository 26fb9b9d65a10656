//! What is told of a person: mails to them and about them, and why the engine proposed them.

use entity::id::{AccountId, MailMessageId, RoundId};
use entity::language::Language;
use entity::mail_message::{self, MailBasis, MailState, MailTopic};
use entity::pairing;
use entity::personal::Personal;
use entity::round::{self, RoundState};
use entity::round_pairing;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use super::Plant;
use crate::pairings::scene::now;

impl Plant<'_> {
    pub(super) async fn mails(
        &self,
        account_id: AccountId,
        about: &pairing::Model,
        (subject, error): (String, String),
    ) {
        let mail = mail_message::Model {
            subject: Personal::new(subject),
            error: Some(Personal::new(error)),
            ..self.mail(account_id, about)
        };
        mail.into_active_model().insert(self.db()).await.unwrap();
    }

    /// A mail to the other side, a digest, and the text of a mail to the person.
    pub(super) async fn mails_to_others(
        &self,
        about: &pairing::Model,
        (to_other, digest, raw): (String, String, String),
        account_id: AccountId,
    ) {
        let omar = self.omar().await;
        let mails = [
            mail_message::Model {
                raw: Personal::new(to_other),
                ..self.mail(omar, about)
            },
            mail_message::Model {
                kind: "suggestions_digest".to_owned(),
                topic: MailTopic::Digest,
                pairing_id: None,
                raw: Personal::new(digest),
                ..self.mail(omar, about)
            },
            mail_message::Model {
                raw: Personal::new(raw),
                ..self.mail(account_id, about)
            },
        ];
        for mail in mails {
            mail.into_active_model().insert(self.db()).await.unwrap();
        }
    }

    fn mail(&self, to: AccountId, about: &pairing::Model) -> mail_message::Model {
        let id = self.id::<MailMessageId>();
        mail_message::Model {
            id,
            kind: "declined".to_owned(),
            topic: MailTopic::Account,
            basis: Some(MailBasis::Account),
            consent_id: None,
            account_id: Some(to),
            pairing_id: Some(about.id),
            to_address: Personal::new("reader@example.org"),
            language: Some(Language::En),
            subject: Personal::new("About a role"),
            raw: Personal::new("Hello"),
            message_id: format!("{id}@marketplace.test"),
            state: MailState::Sent,
            attempts: 1,
            error: None,
            created_at: now(self.app),
            sent_at: Some(now(self.app)),
            bounced_at: None,
            bounce_status: None,
            complained_at: None,
        }
    }

    /// What the engine said, and what the person wrote.
    pub(super) async fn proposed(
        &self,
        about: &pairing::Model,
        message: String,
        (reason, proposed, reported): (String, String, String),
    ) {
        let db = self.db();
        let factors = |said: &str| {
            let words = json!({ "en": said, "fr": said });
            json!({
                "reasons": [words], "summary": words, "role_view_bp": 7_777, "volunteer_view_bp": 1,
                "factors": [],
            })
        };
        pairing::ActiveModel {
            id: Set(about.id),
            message: Set(Some(Personal::new(message))),
            factors: Set(Some(Personal::new(factors(&reason)))),
            ..Default::default()
        }
        .update(db)
        .await
        .unwrap();
        let round = round::Model {
            id: self.id::<RoundId>(),
            started_by: self.omar().await,
            state: RoundState::Discarded,
            scope: json!({}),
            weights: json!({}),
            weights_version: "1".to_owned(),
            engine_version: "test".to_owned(),
            inputs_digest: String::new(),
            as_of: now(self.app),
            report: Personal::new(self.report(about, &reported)),
            started_at: now(self.app),
            finished_at: now(self.app),
            applied_at: None,
            applied_by: None,
            version: 1,
        };
        let round_id = round.id;
        round.into_active_model().insert(db).await.unwrap();
        let pair = round_pairing::Model {
            round_id,
            role_id: about.role_id,
            volunteer_id: self.volunteer_id,
            score_bp: 8_000,
            confidence_bp: 9_000,
            factors: Personal::new(factors(&proposed)),
            rank: 1,
        };
        pair.into_active_model().insert(db).await.unwrap();
    }

    /// What a round reports of somebody who was not proposed.
    fn report(&self, about: &pairing::Model, said: &str) -> Value {
        let words = json!({ "en": said, "fr": said });
        let pair = json!({
            "role_id": about.role_id, "volunteer_id": self.volunteer_id, "score_bp": 5_000,
            "exclusions": [{ "code": "volunteer_unavailable", "message": words, "change": words }],
        });
        json!({
            "totals": {
                "volunteers": 1, "roles": 1, "eligible_pairs": 0, "suggestions_wanted": 1, "pairings": 0,
                "roles_served": 0, "volunteers_served": 0, "score": 0,
            },
            "unmatched_roles": [{
                "role_id": about.role_id, "wanted": 1, "got": 0, "placed_elsewhere": 0, "causes": [], "nearest": [pair],
            }],
            "unmatched_volunteers": [{
                "volunteer_id": self.volunteer_id, "roles_took_others": 0,
                "causes": [{ "code": "volunteer_unavailable", "count": 1 }], "nearest": [pair],
            }],
            "demand_without_supply": [],
            "served_roles": [],
            "refused_pins": [pair],
            "refused_inputs": [{ "role_id": null, "volunteer_id": self.volunteer_id, "faults": [words] }],
            "certificate": { "is_verified": true, "total": 0, "bound": 0 },
            "inputs": {
                "roles": "", "volunteers": "", "rules": "", "taxonomy": "",
                "proposed_roles": {}, "proposed_volunteers": {},
            },
        })
    }
}
