//! Which mails carry their meetings as a calendar, and what it says in the reader's languages.

use super::{
    calendar::{Calendar, CalendarEntry, CalendarError, calendars},
    language::{Language, Text, french_spaces, single_line},
    message::{Message, RoleSummary},
    party::Sender,
};

/// Writes the calendars of a message; none for one without meetings.
pub(super) fn write(
    message: &Message,
    languages: &[Language],
    sender: &Sender,
) -> Result<Vec<Calendar>, CalendarError> {
    let (plan, role) = match message {
        Message::Confirmation(mail) => (&mail.meetings, &mail.role),
        Message::PlacementChanged(mail) => (&mail.meetings, &mail.role),
        Message::PlacementEnded(mail) => (&mail.meetings, &mail.role),
        Message::VolunteerLeft(mail) => (&mail.meetings, &mail.role),
        _ => return Ok(Vec::new()),
    };
    let join = |words: fn(Language, &RoleSummary) -> String, between: &str| {
        languages
            .iter()
            .map(|&language| words(language, role))
            .collect::<Vec<_>>()
            .join(between)
    };
    // Calendars are shared, and stay: the mail's signed link, which speaks for its reader, is not for them.
    let link = &sender.base_url;
    calendars(
        &CalendarEntry {
            plan,
            summary: &join(summary, " / "),
            description: &format!("{}\n{link}", join(description, "\n")),
            link,
        },
        sender,
    )
}

fn summary(language: Language, role: &RoleSummary) -> String {
    let (title, organization) = (
        named(&role.title, language),
        named(&role.organization, language),
    );
    match language {
        Language::English => format!("Meeting: {title}, {organization}"),
        Language::French => french_spaces(&format!("Rencontre : {title}, {organization}")),
    }
}

fn description(language: Language, role: &RoleSummary) -> String {
    let project = named(&role.project, language);
    match language {
        Language::English => format!("Project: {project}"),
        Language::French => french_spaces(&format!("Projet : {project}")),
    }
}

fn named(text: &Text, language: Language) -> String {
    single_line(&text.for_reader(language).unwrap_or_default())
}
