//! Reports as mail servers write them, and what only looks like one.

use crate::mail::{MAX_REPORT, Report, ReportError, Status, Verdict};

const POSTFIX: &str = include_str!("reports/postfix.eml");
const HEADERS_ONLY: &str = include_str!("reports/headers_only.eml");
const DELAYED: &str = include_str!("reports/delayed.eml");
const COMPLAINT: &str = include_str!("reports/complaint.eml");

const MESSAGE_ID: &str = "0192f3c4-0000-7000-8000-abcdef012345@marketplace.example";
const RETURN_PATH: &str = "bounces+0192f3c4000070008000abcdef012345@marketplace.example";

fn read(message: &str) -> Result<Report, ReportError> {
    Report::read(message.replace('\n', "\r\n").as_bytes())
}

fn status(text: &str) -> Status {
    Status::parse(text).unwrap()
}

#[test]
fn a_report_says_what_became_of_which_mail() {
    let report = read(POSTFIX).unwrap();
    assert_eq!(report.verdict, Verdict::Failed(status("5.1.1")));
    assert_eq!(report.message_id.as_deref(), Some(MESSAGE_ID));
    assert!(report.addressed_to.contains(&RETURN_PATH.to_owned()));
    assert!(
        report
            .addressed_to
            .contains(&"bounces@marketplace.example".to_owned())
    );
}

#[test]
fn the_mails_headers_alone_tell_which_it_was() {
    let report = read(HEADERS_ONLY).unwrap();
    assert_eq!(report.verdict, Verdict::Failed(status("5.2.2")));
    assert_eq!(report.message_id.as_deref(), Some(MESSAGE_ID));
    assert_eq!(report.addressed_to, ["marketplace@marketplace.example"]);
}

#[test]
fn lines_may_end_either_way() {
    assert_eq!(Report::read(POSTFIX.as_bytes()), read(POSTFIX));
}

#[test]
fn a_mail_that_is_late_or_delivered_has_not_come_back() {
    assert_eq!(read(DELAYED).unwrap().verdict, Verdict::Delayed);
    for action in ["delivered", "relayed", "Expanded (to a list)"] {
        let told = DELAYED.replace("Action: delayed", &format!("Action: {action}"));
        assert_eq!(read(&told).unwrap().verdict, Verdict::Delivered, "{action}");
    }
}

#[test]
fn a_complaint_is_one_only_when_it_says_so() {
    let report = read(COMPLAINT).unwrap();
    assert_eq!(report.verdict, Verdict::Complaint);
    assert_eq!(report.message_id.as_deref(), Some(MESSAGE_ID));
    let fraud = COMPLAINT.replace("Feedback-Type: abuse", "feedback-type:  Fraud");
    assert_eq!(read(&fraud).unwrap().verdict, Verdict::Complaint);
    for other in ["not-spam", "virus", "other"] {
        let told = COMPLAINT.replace("abuse\n", &format!("{other}\n"));
        assert_eq!(read(&told), Err(ReportError::NoVerdict), "{other}");
    }
}

#[test]
fn of_several_recipients_the_worst_counts() {
    let two = POSTFIX.replace(
        "Final-Recipient: rfc822; amelie@example.org\n",
        "Final-Recipient: rfc822; yan@example.org\nAction: delivered\nStatus: 2.1.5\n\nFinal-Recipient: rfc822; amelie@example.org\n",
    );
    let verdict = read(&two).unwrap().verdict;
    assert_eq!(verdict, Verdict::Failed(status("5.1.1")));
}

#[test]
fn a_status_that_cannot_be_read_is_a_failure_of_no_known_kind() {
    for unreadable in ["Status: 5.1\n", "Status: nonsense\n", "X-Status: 5.1.1\n"] {
        let told = POSTFIX.replace("Status: 5.1.1\n", unreadable);
        let verdict = read(&told).unwrap().verdict;
        assert_eq!(verdict, Verdict::Failed(status("5.0.0")), "{unreadable}");
    }
}

#[test]
fn what_is_no_report_says_why() {
    for (message, error) in [
        (String::new(), ReportError::NoMessage),
        (
            "Subject: Hello\n\nAction: failed\nStatus: 5.1.1\n".to_owned(),
            ReportError::NoReport,
        ),
        (
            POSTFIX.replace("message/delivery-status", "text/plain"),
            ReportError::NoReport,
        ),
        (
            POSTFIX.replace("Action: failed", "Action: sulking"),
            ReportError::NoVerdict,
        ),
        (
            COMPLAINT.replace("Feedback-Type", "Feedback"),
            ReportError::NoVerdict,
        ),
    ] {
        assert_eq!(read(&message), Err(error), "{message}");
    }
}

#[test]
fn a_report_may_be_as_long_as_is_said_and_no_longer() {
    let longest = |length: usize| {
        let filler = length - POSTFIX.len();
        POSTFIX.replacen("Hello", &format!("{}Hello", "x".repeat(filler)), 1)
    };
    let at = longest(MAX_REPORT);
    assert_eq!(at.len(), MAX_REPORT);
    assert!(Report::read(at.as_bytes()).is_ok());
    let over = longest(MAX_REPORT + 1);
    assert_eq!(Report::read(over.as_bytes()), Err(ReportError::TooLong));
}

#[test]
fn a_status_code_is_three_numbers_of_a_known_class() {
    for (text, read) in [
        ("5.1.1", "5.1.1"),
        ("4.4.7 (expired)", "4.4.7"),
        ("2.0.0", "2.0.0"),
        ("5.999.999", "5.999.999"),
    ] {
        assert_eq!(status(text).to_string(), read);
    }
    for text in [
        "", "5.1", "5.1.1.1", "3.1.1", "5.1000.1", "5..1", "a.b.c", "+5.1.1",
    ] {
        assert_eq!(Status::parse(text), None, "{text}");
    }
}

#[test]
fn only_a_status_of_the_address_speaks_of_every_mail() {
    for text in ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"] {
        assert!(status(text).is_of_the_address(), "{text}");
    }
    for text in [
        "4.1.1", "5.1.4", "5.1.7", "5.2.2", "5.4.7", "5.7.1", "5.0.0", "2.1.1",
    ] {
        assert!(!status(text).is_of_the_address(), "{text}");
    }
}
