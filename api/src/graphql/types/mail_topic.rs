//! Which mail an account gets.

use async_graphql::{Enum, SimpleObject};
use entity::mail_message;
use entity::suppression::SuppressionReason;

use crate::domain::mails::topics::TopicChoice;

/// A kind of mail that can be declined. Mail about the account itself is always sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MailTopic {
    /// Offers and applications to answer.
    Offers,
    /// Regular summaries, for coordinators.
    Digest,
    /// News, for which a consent is needed.
    Newsletter,
}

impl MailTopic {
    /// The topic, if it is one that can be declined.
    const fn of(topic: mail_message::MailTopic) -> Option<Self> {
        match topic {
            mail_message::MailTopic::Account => None,
            mail_message::MailTopic::Offers => Some(Self::Offers),
            mail_message::MailTopic::Digest => Some(Self::Digest),
            mail_message::MailTopic::Newsletter => Some(Self::Newsletter),
        }
    }
}

impl From<MailTopic> for mail_message::MailTopic {
    fn from(topic: MailTopic) -> Self {
        match topic {
            MailTopic::Offers => Self::Offers,
            MailTopic::Digest => Self::Digest,
            MailTopic::Newsletter => Self::Newsletter,
        }
    }
}

/// Why mail cannot be turned on by oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum MailBlock {
    /// The address does not take mail.
    Bounced,
    /// A mail was reported as spam.
    Complained,
}

/// Whether mail of a kind is sent.
#[derive(SimpleObject)]
pub struct MailTopicChoice {
    /// Which mail.
    topic: MailTopic,
    /// Whether it is sent.
    is_on: bool,
    /// Why it is not sent and cannot be turned on; null when the choice is free.
    blocked_by: Option<MailBlock>,
}

impl MailTopicChoice {
    /// The choice, if the topic can be declined.
    pub fn new(choice: TopicChoice) -> Option<Self> {
        Some(Self {
            topic: MailTopic::of(choice.topic)?,
            is_on: choice.is_on,
            blocked_by: match choice.blocked_by {
                Some(SuppressionReason::Bounced) => Some(MailBlock::Bounced),
                Some(SuppressionReason::Complained) => Some(MailBlock::Complained),
                Some(SuppressionReason::Unsubscribed) | None => None,
            },
        })
    }
}
