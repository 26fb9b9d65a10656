//! Mail with the suggestions, and the arguments that it needs.

use super::*;

/// The arguments that `--mail` needs, one after the other with its value.
const NEEDED: [&str; 10] = [
    "--mail-to",
    "coordinator@example.org",
    "--mail-from",
    "matcher@example.org",
    "--sender",
    "Example Group",
    "--postal-address",
    "1 Main Street, Ottawa ON",
    "--unsubscribe-url",
    "https://example.org/stop",
];

fn on_examples(more: &[&str]) -> Output {
    suggest(&example("volunteers.csv"), &example("roles.csv"), more)
}

/// The needed arguments, with another value for one of them.
fn needed(name: &str, value: &'static str) -> Vec<&'static str> {
    let mut arguments = NEEDED.to_vec();
    let position = NEEDED.iter().position(|argument| *argument == name);
    arguments[position.unwrap() + 1] = value;
    arguments
}

#[test]
fn wrong_arguments_are_another_exit_code() {
    let folder = TempDir::new().unwrap();
    let mails = folder.path().join("mails");
    let mails = ["--mail", mails.to_str().unwrap()];
    let with = |more: &[&'static str]| [&mails[..], more].concat();
    for arguments in [
        vec!["--top", "3", "--assign"],
        NEEDED.to_vec(),
        vec!["--sender", "Example Group"],
        with(&NEEDED[..8]),
        with(&needed("--mail-to", "nobody")),
        with(&needed("--mail-from", "andré@example.org")),
        with(&needed("--sender", "")),
        with(&needed("--unsubscribe-url", "mailto:stop@example.org")),
        [&["--mail", "smtp://relay.example?tls=none"], &NEEDED[..]].concat(),
    ] {
        let output = on_examples(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    assert!(!Path::new(mails[1]).exists());
}

#[test]
fn an_error_of_the_transport_does_not_show_the_password() {
    let address = ["--mail", "smtps://user:secret@relay.example?nothing=known"];
    let output = on_examples(&[&address, &NEEDED[..]].concat());
    assert_eq!(output.status.code(), Some(2));
    let errors = stderr(&output);
    assert!(
        errors.starts_with("--mail: ") && !errors.contains("secret"),
        "{errors}"
    );
}

#[test]
fn the_suggestions_are_mailed_into_a_folder() {
    for (language, worklist) in [("en", "worklist"), ("fr", "liste de travail")] {
        let folder = TempDir::new().unwrap();
        let mails = folder.path().join("mails");
        let options = [
            "--assign",
            "--lang",
            language,
            "--mail",
            mails.to_str().unwrap(),
        ];
        let output = on_examples(&[&options, &NEEDED[..]].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        let written = match language {
            "en" => "the mail was written into the folder ",
            _ => "le courriel a été écrit dans le dossier ",
        };
        let told = stderr(&output);
        assert_eq!(
            told.lines().last().unwrap(),
            format!("{written}{}", mails.display())
        );
        let files: Vec<_> = fs::read_dir(&mails)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1);
        let bytes = fs::read(&files[0]).unwrap();
        let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap();
        let text = mail.body_text(0).unwrap();
        let html = mail.body_html(0).unwrap();
        for body in [&text, &html] {
            assert!(body.contains("Amina"), "{body}");
            // The program has no pages: nothing to open but the link that stops the mail.
            assert!(!body.contains(worklist), "{body}");
            assert_eq!(
                body.matches("https://example.org/stop").count(),
                1,
                "{body}"
            );
        }
        let to = mail.to().unwrap().first().unwrap().address();
        assert_eq!(to, Some("coordinator@example.org"));
    }
}
