//! What people decide about the mail they get, and what mail servers say of it.

pub mod lift_block;
pub mod preview;
pub mod return_path;
pub mod set_topic;
pub(in crate::domain) mod suppress;
pub mod take_report;
pub mod topics;
pub mod troubles;
pub mod unsubscribe;

use entity::mail_message::MailTopic;
use entity::suppression::SuppressionTopic;

/// What stands for a topic among the suppressions; none for mail about the account itself, which is always sent.
pub const fn suppression_topic(topic: MailTopic) -> Option<SuppressionTopic> {
    match topic {
        MailTopic::Account => None,
        MailTopic::Offers => Some(SuppressionTopic::Offers),
        MailTopic::Digest => Some(SuppressionTopic::Digest),
        MailTopic::Newsletter => Some(SuppressionTopic::Newsletter),
    }
}
