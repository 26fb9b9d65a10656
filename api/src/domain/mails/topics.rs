//! Which mail an account gets, topic by topic.

use entity::account;
use entity::consent::{self, ConsentPurpose};
use entity::mail_message::MailTopic;
use entity::suppression::{self, SuppressionReason, SuppressionTopic};

use super::suppression_topic;

/// Whether mail of a topic is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicChoice {
    /// The topic.
    pub topic: MailTopic,
    /// Whether its mail is sent.
    pub is_on: bool,
    /// Why it cannot be turned on: the address does not take mail, or its owner complained.
    pub blocked_by: Option<SuppressionReason>,
}

/// The topics that an account may choose. Summaries are for those who run the marketplace.
pub fn choosable(account: &account::Model) -> Vec<MailTopic> {
    let mut topics = vec![MailTopic::Offers, MailTopic::Newsletter];
    if account.staff_role.is_some() {
        topics.insert(1, MailTopic::Digest);
    }
    topics
}

/// The account's choices: `acts` are its consents, the latest first, `suppressions` what its address does not get.
pub fn choices(
    account: &account::Model,
    acts: &[consent::Model],
    suppressions: &[suppression::Model],
) -> Vec<TopicChoice> {
    let newsletter = acts
        .iter()
        .find(|act| act.purpose == ConsentPurpose::Newsletter);
    let wants_news = newsletter.is_some_and(|act| act.is_granted);
    choosable(account)
        .into_iter()
        .map(|topic| {
            let stored = suppression_topic(topic);
            let mut standing = suppressions
                .iter()
                .filter(|row| row.topic == SuppressionTopic::All || Some(row.topic) == stored);
            let is_suppressed = standing.clone().next().is_some();
            TopicChoice {
                topic,
                is_on: !is_suppressed && (topic != MailTopic::Newsletter || wants_news),
                blocked_by: standing
                    .find(|row| row.reason != SuppressionReason::Unsubscribed)
                    .map(|row| row.reason),
            }
        })
        .collect()
}
