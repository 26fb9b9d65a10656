//! The list of every setting, from which `.env.example` is printed and unknown keys are told.

use super::setting::{Setting, setting};

/// Every setting, in the order of `.env.example`.
pub const SETTINGS: &[Setting] = &[
    setting(
        "ENVIRONMENT",
        "development",
        "development or production; production refuses unsafe settings",
    ),
    setting(
        "HTTP_ADDRESS",
        "127.0.0.1:8080",
        "address and port to listen on; BASE_URL has to agree",
    ),
    setting(
        "METRICS_ADDRESS",
        "",
        "address and port for /metrics, such as 127.0.0.1:9464, where only whoever watches over the server comes; served nowhere when empty",
    ),
    setting(
        "BASE_URL",
        "http://127.0.0.1:8080",
        "what links in mails begin with; https in production",
    ),
    setting(
        "ALLOWED_ORIGINS",
        "",
        "further browser origins that may call the API, separated by commas",
    ),
    setting(
        "TRUSTED_PROXIES",
        "",
        "addresses or networks of the reverse proxies in front, separated by commas, such as 127.0.0.1, 10.0.0.0/8; what they say in X-Forwarded-For is believed, up to the last that is none of them",
    ),
    setting(
        "ADMIN_DIR",
        "",
        "folder of the built admin client; served at /admin when set",
    ),
    setting(
        "TRUSTED_DOCUMENTS",
        "",
        "JSON file of GraphQL documents by their SHA-256, as the admin client's build writes it; clients may name them by the hash",
    ),
    setting(
        "DATABASE_URL",
        "sqlite://run/marketplace.db",
        "sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    ),
    setting(
        "DATABASE_MAX_CONNECTIONS",
        "10",
        "size of the connection pool, 1 to 200",
    ),
    setting(
        "SIGNING_KEY_FILE",
        "",
        "Ed25519 key (PKCS#8, PEM) to begin with: read when the database has no signing keys; a new one when empty",
    ),
    setting(
        "SEALING_SECRET",
        "development-only-sealing-secret-change-me",
        "secret under which the database keeps private keys and those of second factors, 32 characters or more; the default is refused in production",
    ),
    setting(
        "LINK_SECRET",
        "development-only-link-secret-change-me",
        "secret behind signed links in mails, 32 characters or more; the default is refused in production",
    ),
    setting(
        "ACCESS_TOKEN_MINUTES",
        "10",
        "life of an access token, 1 to 15 minutes",
    ),
    setting(
        "SESSION_DAYS",
        "30",
        "a session not used for so many days ends, 1 to 365; those of staff have limits of their own",
    ),
    setting(
        "SESSION_ABSOLUTE_DAYS",
        "180",
        "a session ends so many days after log-in, whatever its use, 1 to 730",
    ),
    setting(
        "STAFF_IDLE_MINUTES",
        "30",
        "a session of a coordinator or administrator not used for so many minutes ends, 5 to 1440",
    ),
    setting(
        "STAFF_ABSOLUTE_HOURS",
        "12",
        "a session of a coordinator or administrator ends so many hours after log-in, whatever its use, 1 to 168",
    ),
    setting(
        "STAFF_SECOND_FACTOR",
        "optional",
        "required or optional: whether coordinators and administrators must have a second factor for deciding, exporting and setting roles; who has one is asked for it in any case; production refuses optional",
    ),
    setting(
        "ARGON2_MEMORY_KIB",
        "19456",
        "memory of a password hash in KiB; production wants 19456 or more",
    ),
    setting(
        "ARGON2_PASSES",
        "2",
        "passes of a password hash, 1 to 10; production wants 2 or more",
    ),
    #[cfg(feature = "oidc")]
    setting(
        "OIDC_ISSUER",
        "",
        "the OpenID Connect provider with whose accounts people may log in, as its discovery document names it; https, or http of this machine in development",
    ),
    #[cfg(feature = "oidc")]
    setting(
        "OIDC_CLIENT_ID",
        "",
        "what the provider calls this marketplace; it sends people back to BASE_URL/sign-in/oidc/callback",
    ),
    #[cfg(feature = "oidc")]
    setting(
        "OIDC_CLIENT_SECRET",
        "",
        "what this marketplace shows the provider with each log-in (client_secret_basic)",
    ),
    #[cfg(feature = "oidc")]
    setting(
        "OIDC_NAME",
        "",
        "what people call the provider: one name, or an English and a French one with | between them",
    ),
    setting(
        "MAIL_TRANSPORT",
        "file:run/mail",
        "file:DIR (development), smtp://USER:PASSWORD@HOST:587 (STARTTLS required) or smtps://…",
    ),
    setting("MAIL_FROM_NAME", "Civic Tech Marketplace", "sender's name"),
    setting(
        "MAIL_FROM_ADDRESS",
        "marketplace@example.org",
        "sender's address",
    ),
    setting(
        "MAIL_POSTAL_ADDRESS",
        "100 Example Street, Ottawa ON K1A 0A1",
        "sender's postal address, required in every mail by Canada's anti-spam law",
    ),
    setting(
        "MAIL_BOUNCE_ADDRESS",
        "",
        "address to which mail servers report what they could not deliver; each mail has its own form of it, with + and an id before the @. MAIL_FROM_ADDRESS, without that, when empty",
    ),
    setting(
        "MAIL_REPORT_SECRET",
        "",
        "who shows it may post such reports to /hooks/mail-reports, 32 characters at least (openssl rand -base64 48); nobody when empty",
    ),
    setting(
        "MAIL_DKIM_SELECTOR",
        "",
        "name in DNS of the key by which mails are signed (DKIM), such as mail2026; `marketplace doctor` prints the record. Set with MAIL_DKIM_KEY_FILE, or mails are not signed",
    ),
    setting(
        "MAIL_DKIM_KEY_FILE",
        "",
        "file with that private key in PEM, RSA of 2048 bits or more (openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048) or Ed25519",
    ),
    setting(
        "MAIL_DKIM_DOMAIN",
        "",
        "domain whose signature it is: that of MAIL_FROM_ADDRESS, which it is when empty, or one above it",
    ),
    setting(
        "PRIVACY_CONTACT",
        "",
        "mail address of the person in charge of the protection of personal information, told at /privacy; MAIL_FROM_ADDRESS when empty",
    ),
    setting(
        "KEEP_SESSION_DAYS",
        "30",
        "how long a session is kept after its end, and a refresh token after its use, 1 to 365 days",
    ),
    setting(
        "KEEP_TOKEN_DAYS",
        "7",
        "how long the secret of a mailed link is kept after its use or end, 1 to 90 days",
    ),
    setting(
        "KEEP_JOB_DAYS",
        "30",
        "how long a job is kept after it was done, 1 to 365 days",
    ),
    setting(
        "KEEP_MAIL_DAYS",
        "90",
        "how long the body of a mail is kept after it left, 1 to 730 days",
    ),
    setting(
        "INACTIVE_MONTHS",
        "36",
        "an account that nobody uses is closed after so many months, 6 to 120",
    ),
    setting(
        "INACTIVE_FIRST_NOTICE_DAYS",
        "30",
        "so many days before, its owner is first told, 14 to 90",
    ),
    setting(
        "INACTIVE_LAST_NOTICE_DAYS",
        "7",
        "so many days before, its owner is told for the last time, 1 to 13",
    ),
    setting(
        "HOLD_MINUTES",
        "10",
        "how long an approved pairing can be recalled before it is mailed, 0 to 1440",
    ),
    setting(
        "OFFER_DAYS",
        "7",
        "how long both sides have to answer an offer, 1 to 60",
    ),
    setting(
        "ROLE_PENDING_LIMIT",
        "3",
        "how many approved pairings of a role may wait for the organization's answer at once, 1 to 100",
    ),
    setting(
        "MEETING_GAP_MINUTES",
        "15",
        "coordinators are told of meetings of one volunteer with fewer minutes between them, 0 to 240",
    ),
    setting(
        "UNDO_HOURS",
        "24",
        "how long a decline can be undone, 0 to 168",
    ),
    setting(
        "VETTING_MONTHS",
        "24",
        "for how long a vetting holds, 1 to 120",
    ),
    setting(
        "DRAFT_REMINDER_DAYS",
        "7",
        "a draft of an organization or project that nobody touches is reminded of after so many days, 1 to 60",
    ),
    setting(
        "STALE_LISTING_DAYS",
        "40",
        "a listing at which nothing happens is asked about after so many days, 7 to 365",
    ),
    setting(
        "LISTING_ANSWER_DAYS",
        "14",
        "a listing about which nobody answers is hidden after so many days, 1 to 60",
    ),
    setting(
        "VETTING_NOTICE_DAYS",
        "30",
        "so many days before its vetting ends, an organization is told, 1 to 180",
    ),
    setting(
        "COMMITMENT_FIRST_NOTICE_DAYS",
        "14",
        "so many days before a placement ends, both sides are told, 8 to 90",
    ),
    setting(
        "COMMITMENT_LAST_NOTICE_DAYS",
        "7",
        "so many days before, both sides are told again, 1 to 7",
    ),
    setting(
        "CHECK_IN_DAYS",
        "28",
        "a placed volunteer is asked every so many days how it goes, 7 to 180",
    ),
    setting(
        "CHECK_IN_ANSWER_DAYS",
        "7",
        "how many days a check-in can go without an answer before it counts as missed, 1 to 30",
    ),
    setting(
        "MISSED_CHECK_INS",
        "2",
        "so many missed check-ins in a row make a placement a matter for coordinators, 1 to 6",
    ),
    setting(
        "EXPIRED_OFFERS",
        "3",
        "after so many offers in a row that a volunteer let expire they are proposed no more until they say so, 1 to 20",
    ),
    setting(
        "ANSWER_BUSINESS_DAYS",
        "2",
        "an organization that has not answered an offer or application after so many days from Monday to Friday is overdue, 1 to 20",
    ),
    setting(
        "WORKLIST_VETTING_DAYS",
        "5",
        "an organization that waits longer for its vetting is overdue, 1 to 60 days",
    ),
    setting(
        "WORKLIST_REVIEW_DAYS",
        "5",
        "a project that waits longer for its review is overdue, 1 to 60 days",
    ),
    setting(
        "WORKLIST_APPLICATION_DAYS",
        "3",
        "an application that waits longer for a decision is overdue, 1 to 60 days",
    ),
    setting(
        "WORKLIST_SUGGESTION_DAYS",
        "7",
        "a suggestion that waits longer for a decision is overdue, 1 to 60 days",
    ),
    setting(
        "WORKLIST_SEAT_DAYS",
        "2",
        "a seat for which somebody was lost is overdue after so many days, 1 to 60",
    ),
    setting(
        "WORKLIST_PLACEMENT_DAYS",
        "2",
        "a placement that is silent, or whose volunteer asked for help, is overdue after so many days, 1 to 60",
    ),
    setting(
        "WORKLIST_MAIL_DAYS",
        "2",
        "a mail that was given up or came back is overdue after so many days, 1 to 60",
    ),
    setting(
        "LOG",
        "info,sqlx=warn,sea_orm_migration=warn",
        "log filter (tracing directives)",
    ),
    setting("LOG_FORMAT", "pretty", "pretty or json"),
    setting(
        "WORKER",
        "embedded",
        "embedded: `serve` also works jobs; separate: run `marketplace worker` beside it",
    ),
    setting(
        "JOBS_AT_ONCE",
        "8",
        "how many jobs a worker has in hand at most, 1 to 64",
    ),
    setting(
        "MAIL_DOMAIN_AT_ONCE",
        "2",
        "how many mails to one domain are on their way at once, over all workers, 1 to 64; less than JOBS_AT_ONCE, so that a mail server that hangs does not hold up the others",
    ),
    setting(
        "MAIL_DOMAIN_PER_MINUTE",
        "0",
        "how many mails to one domain leave in a minute, evenly and over all workers, 1 to 600; as many as there are when 0. The others wait, and use up no try",
    ),
];
