//! Reports about mails that left: one was not delivered (RFC 3464), or its reader called it spam (RFC 5965, the abuse reporting
//! format). What mail servers write in words is not read: it is meant for people, and anybody can write it.

use std::fmt;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

/// A longer one is not read: what comes back of a mail is at most the mail.
pub const MAX_REPORT: usize = 256 * 1024;

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What became of the mail.
    pub verdict: Verdict,
    /// Whom it is about, as the mail was addressed or else as the reporting server wrote to; in lower case. Absent where it is not
    /// said, as in complaints.
    pub recipient: Option<String>,
    /// The addresses that the report was sent to: the mail's return path among them, in lower case.
    pub addressed_to: Vec<String>,
    /// The `Message-ID` of the mail, without angle brackets, when it came along.
    pub message_id: Option<String>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was not delivered and will not be.
    Failed(Status),
    /// It is on its way still.
    Delayed,
    /// It was delivered, or handed on to where no more is told of it.
    Delivered,
    /// Its reader called it spam.
    Complaint,
}

/// An enhanced status code (RFC 3463), such as 5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// 2, 4 or 5: well, for now, for good.
    pub class: u16,
    /// What it is about: 1 is the address, 2 the mailbox.
    pub subject: u16,
    /// What about it.
    pub detail: u16,
}

impl Status {
    /// Reads `5.1.1`, and what follows it in brackets or words is passed over.
    pub fn parse(text: &str) -> Option<Self> {
        let code = text.split_whitespace().next()?;
        let mut numbers = code.split('.').map(|number| {
            let is_number =
                (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
            number.parse().ok().filter(|_: &u16| is_number)
        });
        let status = Self {
            class: numbers.next()??,
            subject: numbers.next()??,
            detail: numbers.next()??,
        };
        (matches!(status.class, 2 | 4 | 5) && numbers.next().is_none()).then_some(status)
    }

    /// Whether it says that there is no such address, or that nothing is ever taken there, so that no other mail will come
    /// through either. The codes are those of the IANA registry of enhanced status codes: bad mailbox (5.1.1), bad system (5.1.2), bad
    /// syntax (5.1.3), moved without a trace (5.1.6), null MX (5.1.10), mailbox disabled (5.2.1).
    pub const fn is_of_the_address(self) -> bool {
        matches!(
            (self.class, self.subject, self.detail),
            (5, 1, 1 | 2 | 3 | 6 | 10) | (5, 2, 1)
        )
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// Why something is no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It is longer than [`MAX_REPORT`].
    #[error("the message is longer than {MAX_REPORT} bytes")]
    TooLong,
    /// It is no mail at all.
    #[error("this is no mail message")]
    NoMessage,
    /// It is a mail and no report of either kind.
    #[error(
        "the message is no delivery status notification (RFC 3464) and no complaint (RFC 5965)"
    )]
    NoReport,
    /// It says of no recipient what became of the mail.
    #[error("the report does not say what became of the mail")]
    NoVerdict,
}

impl Report {
    /// Reads a whole message.
    ///
    /// # Errors
    /// See [`ReportError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ReportError> {
        if bytes.len() > MAX_REPORT {
            return Err(ReportError::TooLong);
        }
        let message = MessageParser::default()
            .parse(bytes)
            .ok_or(ReportError::NoMessage)?;
        let is = |part: &MessagePart<'_>, kinds: &[&str]| {
            part.content_type().is_some_and(|found| {
                let subtype = found.subtype().unwrap_or_default();
                let kind = format!("{}/{subtype}", found.ctype()).to_ascii_lowercase();
                kinds.contains(&kind.as_str())
            })
        };
        let of = |kinds: &[&str]| message.parts.iter().find(|part| is(part, kinds));
        let (verdict, recipient) = if let Some(part) =
            of(&["message/delivery-status", "message/global-delivery-status"])
        {
            delivery(part).ok_or(ReportError::NoVerdict)?
        } else if let Some(part) = of(&["message/feedback-report"]) {
            let verdict = complaint(part).ok_or(ReportError::NoVerdict)?;
            (verdict, None)
        } else {
            return Err(ReportError::NoReport);
        };
        let returned = of(&[
            "message/rfc822",
            "message/global",
            "text/rfc822-headers",
            "message/global-headers",
        ]);
        Ok(Self {
            verdict,
            recipient,
            addressed_to: addressed_to(&message),
            message_id: returned.and_then(message_id),
        })
    }
}

/// What the groups of fields say, and of whom: of each recipient one, after one of the message.
fn delivery(part: &MessagePart<'_>) -> Option<(Verdict, Option<String>)> {
    let verdicts: Vec<(Verdict, Option<String>)> = groups(part)
        .iter()
        .filter_map(|group| {
            let action = field(group, "action")?.to_ascii_lowercase();
            let verdict = match action.split_whitespace().next()? {
                "failed" => {
                    let unknown = Status {
                        class: 5,
                        subject: 0,
                        detail: 0,
                    };
                    let status = field(group, "status").and_then(Status::parse);
                    Verdict::Failed(status.unwrap_or(unknown))
                }
                "delayed" => Verdict::Delayed,
                "delivered" | "relayed" | "expanded" => Verdict::Delivered,
                _ => return None,
            };
            Some((verdict, recipient(group)))
        })
        .collect();
    // Our mails have one recipient; whoever writes of several is believed in the worst.
    let is_failed =
        |(verdict, _): &(Verdict, Option<String>)| matches!(verdict, Verdict::Failed(_));
    let worst = verdicts.iter().position(is_failed).unwrap_or_default();
    verdicts.into_iter().nth(worst)
}

/// The address of a group: the one that the mail was sent to where it is told (RFC 3464, 2.3.1), since an alias may have made
/// another of it.
fn recipient(group: &[(String, String)]) -> Option<String> {
    let told = field(group, "original-recipient").or_else(|| field(group, "final-recipient"))?;
    let (_, address) = told.split_once(';')?;
    let address = address.trim().trim_matches(['<', '>']);
    Some(address.to_lowercase())
}

/// A complaint is of a type; others than "abuse" and "fraud" are about something else, such as a virus or a taking back.
fn complaint(part: &MessagePart<'_>) -> Option<Verdict> {
    let groups = groups(part);
    let kind = groups
        .iter()
        .find_map(|group| field(group, "feedback-type"))?;
    matches!(kind.to_ascii_lowercase().as_str(), "abuse" | "fraud").then_some(Verdict::Complaint)
}

/// The fields of a part, by groups that blank lines separate; names in lower case, continued lines put together.
fn groups(part: &MessagePart<'_>) -> Vec<Vec<(String, String)>> {
    let text = String::from_utf8_lossy(part.contents());
    let mut groups: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            groups.push(Vec::new());
            continue;
        }
        let Some(group) = groups.last_mut() else {
            continue;
        };
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim_start());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

fn field<'a>(group: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = group.iter().find(|(found, _)| found == name);
    found.map(|(_, value)| value.as_str())
}

/// The `Message-ID` in what came back of the mail: all of it, or its headers.
fn message_id(part: &MessagePart<'_>) -> Option<String> {
    let id = match &part.body {
        PartType::Message(message) => message.message_id().map(str::to_owned),
        _ => MessageParser::default()
            .parse(part.contents())
            .and_then(|message| message.message_id().map(str::to_owned)),
    };
    id.filter(|id| !id.is_empty())
}

/// Where the report was sent: `To`, and what mail servers note of the envelope.
fn addressed_to(message: &Message<'_>) -> Vec<String> {
    let mut addresses: Vec<String> = message
        .all_to()
        .flat_map(mail_parser::Address::iter)
        .filter_map(mail_parser::Addr::address)
        .map(str::to_lowercase)
        .collect();
    for header in ["Delivered-To", "X-Original-To", "X-Delivered-To"] {
        let noted = message
            .headers_raw()
            .filter(|(name, _)| name.eq_ignore_ascii_case(header))
            .map(|(_, value)| {
                let value = value.trim().trim_matches(['<', '>']);
                value.to_lowercase()
            });
        addresses.extend(noted);
    }
    addresses.dedup();
    addresses
}
