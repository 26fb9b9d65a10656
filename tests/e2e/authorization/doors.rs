//! How to get to an object of each type.

/// A way to objects of a type. In `path`, `$pairing` is the id of a side's pairing, and `%` where their fields stand.
pub(super) struct Door {
    pub(super) kind: &'static str,
    /// Whose they are; with an id in its path there is one for each side.
    pub(super) whose: &'static str,
    pub(super) path: &'static str,
}

const fn door(kind: &'static str, whose: &'static str, path: &'static str) -> Door {
    Door { kind, whose, path }
}

/// Types that only staff get to see anything of, which the test asserts: what is told below them alone needs no door.
pub(super) const GATES: [&str; 8] = [
    "Calibration",
    "MailPreview",
    "MeetingConflict",
    "PairStanding",
    "Refit",
    "Replay",
    "Round",
    "SuggestionsDifference",
];

/// Types whose fields are all about what is beside them: pages of lists.
pub(super) fn is_page(kind: &str) -> bool {
    kind == "PageInfo" || kind.ends_with("Edge")
}

/// The doors, by type.
pub(super) const DOORS: &[Door] = &[
    door("Account", "one's own", "viewer { % }"),
    door(
        "Account",
        "a volunteer's",
        "node(id: \"$account\") { ... on Account { % } }",
    ),
    door(
        "Account",
        "an owner's",
        "node(id: \"$owner\") { ... on Account { % } }",
    ),
    door(
        "Calibration",
        "all",
        "calibration(question: COORDINATOR) { % }",
    ),
    door("Cause", "all", "causes { % }"),
    door(
        "CheckIn",
        "a placed volunteer's",
        "pairing(id: \"$pairing\") { placement { checkIns { % } } }",
    ),
    door(
        "ConflictOfInterest",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { conflicts { % } }",
    ),
    door("Consent", "one's own", "viewer { consents { % } }"),
    door(
        "Consent",
        "a volunteer's",
        "node(id: \"$account\") { ... on Account { consents { % } } }",
    ),
    door("ConsentWording", "all", "consentWordings { % }"),
    door(
        "Contact",
        "a volunteer's",
        "pairing(id: \"$pairing\") { contact { % } }",
    ),
    door(
        "Contact",
        "an organization's",
        "pairing(id: \"$pairing\") { organizationContact { % } }",
    ),
    door(
        "Contact",
        "of a declined pairing",
        "pairing(id: \"$declined\") { contact { % } }",
    ),
    door(
        "Evaluation",
        "a pair's",
        "evaluation(roleId: \"$role\", volunteerId: \"$volunteer\") { % }",
    ),
    door(
        "Exclusion",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingOutlook { nearest { exclusions { % } } } }",
    ),
    door(
        "Factor",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingRoles { factors { % } } }",
    ),
    door(
        "Factor",
        "a role's",
        "role(id: \"$role\") { suggestions { factors { % } } }",
    ),
    door(
        "FactorLoss",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingRoles { losses { % } } }",
    ),
    door(
        "FactorLoss",
        "a role's",
        "role(id: \"$role\") { suggestions { losses { % } } }",
    ),
    door("Incident", "all", "incidents { nodes { % } }"),
    door("IncidentConnection", "all", "incidents { % }"),
    door("Job", "all", "jobs(state: DEAD) { nodes { % } }"),
    door("JobConnection", "all", "jobs(state: DEAD) { % }"),
    door("JobPause", "all", "jobPauses { % }"),
    door("Labels", "a skill's", "skills { nodes { labels { % } } }"),
    door(
        "MailPreview",
        "all",
        "mailPreview(kind: CONFIRMATION) { % }",
    ),
    door("MailTrouble", "all", "mailTroubles { nodes { % } }"),
    door("MailTroubleConnection", "all", "mailTroubles { % }"),
    door(
        "LocalizedText",
        "a project's",
        "project(id: \"$project\") { title { % } }",
    ),
    door(
        "LocalizedText",
        "a returned project's",
        "project(id: \"$draft\") { title { % } }",
    ),
    door(
        "Location",
        "a project's",
        "project(id: \"$project\") { location { % } }",
    ),
    door(
        "Location",
        "a returned project's",
        "project(id: \"$draft\") { location { % } }",
    ),
    door(
        "MailTopicChoice",
        "one's own",
        "viewer { mailTopics { % } }",
    ),
    door(
        "MailTopicChoice",
        "a volunteer's",
        "node(id: \"$account\") { ... on Account { mailTopics { % } } }",
    ),
    door(
        "MatchingOutlook",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingOutlook { % } }",
    ),
    door(
        "MatchingOutlook",
        "a role's",
        "role(id: \"$role\") { matchingOutlook { % } }",
    ),
    door(
        "MeetingConflict",
        "of a suggestion",
        "pairing(id: \"$suggested\") { meetingConflicts { % } }",
    ),
    door("Membership", "one's own", "viewer { memberships { % } }"),
    door(
        "Membership",
        "an organization's",
        "organization(id: \"$organization\") { memberships { % } }",
    ),
    door(
        "NearestPair",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingOutlook { nearest { % } } }",
    ),
    door(
        "NearestPair",
        "a role's",
        "role(id: \"$role\") { matchingOutlook { nearest { % } } }",
    ),
    door(
        "Organization",
        "vetted",
        "organization(id: \"$organization\") { % }",
    ),
    door("OrganizationConnection", "all", "organizations { % }"),
    door(
        "PairStanding",
        "a pair's",
        "evaluation(roleId: \"$role\", volunteerId: \"$volunteer\") { standing { % } }",
    ),
    door("Pairing", "confirmed", "pairing(id: \"$pairing\") { % }"),
    door("Pairing", "declined", "pairing(id: \"$declined\") { % }"),
    door("PairingConnection", "all", "pairings { % }"),
    door(
        "PairingEvent",
        "of a confirmed pairing",
        "pairing(id: \"$pairing\") { events { % } }",
    ),
    door(
        "PairingEvent",
        "of a declined pairing",
        "pairing(id: \"$declined\") { events { % } }",
    ),
    door("Place", "all", "places(search: \"mont\") { % }"),
    door(
        "Placement",
        "a pairing's",
        "pairing(id: \"$pairing\") { placement { % } }",
    ),
    door("PlacementConnection", "all", "placements { % }"),
    door(
        "ProfileView",
        "one's own",
        "viewer { profileViews { nodes { % } } }",
    ),
    door(
        "ProfileViewConnection",
        "one's own",
        "viewer { profileViews { % } }",
    ),
    door("Project", "published", "project(id: \"$project\") { % }"),
    door("Project", "returned", "project(id: \"$draft\") { % }"),
    door("ProjectConnection", "all", "projects { % }"),
    door(
        "ProjectConnection",
        "an organization's",
        "organization(id: \"$organization\") { projects { % } }",
    ),
    door("Query", "all", "%"),
    door("Refit", "all", "refit(question: COORDINATOR) { % }"),
    door(
        "RelatedSkill",
        "a skill's",
        "skill(id: \"skill_javascript\") { related { % } }",
    ),
    door(
        "Replay",
        "a round's",
        "replay(roundId: \"$round\", weights: \"\") { % }",
    ),
    door(
        "Responsiveness",
        "an organization's",
        "organization(id: \"$organization\") { responsiveness { % } }",
    ),
    door("Role", "open", "role(id: \"$role\") { % }"),
    door(
        "Role",
        "of a returned project",
        "project(id: \"$draft\") { roles { % } }",
    ),
    door("RoleFamily", "all", "roleFamilies { % }"),
    door(
        "RoleLanguage",
        "a role's",
        "role(id: \"$role\") { languages { % } }",
    ),
    door(
        "RoleSkill",
        "a role's",
        "role(id: \"$role\") { skills { % } }",
    ),
    door("Round", "all", "round(id: \"$round\") { % }"),
    door("RoundConnection", "all", "rounds { % }"),
    door("SecondFactor", "one's own", "viewer { secondFactor { % } }"),
    door(
        "SecondFactor",
        "a volunteer's",
        "node(id: \"$account\") { ... on Account { secondFactor { % } } }",
    ),
    door("Session", "one's own", "viewer { sessions { % } }"),
    door(
        "Session",
        "a volunteer's",
        "node(id: \"$account\") { ... on Account { sessions { % } } }",
    ),
    door("Skill", "all", "skill(id: \"skill_javascript\") { % }"),
    door(
        "SkillAlias",
        "a skill's",
        "skill(id: \"skill_javascript\") { aliases { % } }",
    ),
    door(
        "SkillCategory",
        "a skill's",
        "skill(id: \"skill_javascript\") { category { % } }",
    ),
    door("SkillConnection", "all", "skills { % }"),
    door(
        "Suggestion",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingRoles { % } }",
    ),
    door(
        "Suggestion",
        "a role's",
        "role(id: \"$role\") { suggestions { % } }",
    ),
    door("Suggestion", "all", "currentSuggestions { nodes { % } }"),
    door("SuggestionConnection", "all", "currentSuggestions { % }"),
    door(
        "TimeOff",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { timesOff { % } }",
    ),
    door(
        "UnmatchedCause",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { matchingOutlook { causes { % } } }",
    ),
    door(
        "UnmatchedCause",
        "a role's",
        "role(id: \"$role\") { matchingOutlook { causes { % } } }",
    ),
    door(
        "VettingRecord",
        "an organization's",
        "organization(id: \"$organization\") { vettingRecords { % } }",
    ),
    door(
        "Volunteer",
        "with a confirmed pairing",
        "volunteer(id: \"$volunteer\") { % }",
    ),
    door("VolunteerConnection", "all", "volunteers { % }"),
    door(
        "VolunteerContact",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { contact { % } }",
    ),
    door(
        "VolunteerHint",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { hints { % } }",
    ),
    door(
        "VolunteerSkill",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { skills { % } }",
    ),
    door(
        "WeeklyWindow",
        "a volunteer's",
        "volunteer(id: \"$volunteer\") { windows { % } }",
    ),
    door(
        "WeeklyWindow",
        "a role's",
        "role(id: \"$role\") { windows { % } }",
    ),
    door("Worklist", "all", "worklist { % }"),
    door("WorklistCount", "all", "worklist { counts { % } }"),
    door("WorklistItem", "all", "worklist { items { % } }"),
];

impl Door {
    /// Whether what is behind it depends on the side.
    pub(super) fn has_sides(&self) -> bool {
        self.path.contains('$') || self.kind == "Query"
    }
}
