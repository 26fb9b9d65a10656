//! Settings about personal data.

use super::parse::Reader;

/// How personal data are treated.
#[derive(Clone, Debug)]
pub struct PrivacyConfig {
    /// Where to reach the person in charge of the protection of personal information; the mails' sender when absent.
    pub contact: Option<String>,
}

impl PrivacyConfig {
    pub(super) fn read(read: &mut Reader) -> Self {
        Self {
            contact: read.mail_address("PRIVACY_CONTACT"),
        }
    }
}
