//! The report in words, English and French. Nothing is computed here.

use super::{Fairness, LanguageGroup, OrganizationSize, Parity, Wait};
use crate::model::{BasisPoints, Locale};

impl Fairness {
    /// The report, one finding a line; findings without a base are left out.
    pub fn words(&self, locale: Locale) -> Vec<String> {
        let mut lines = Vec::new();
        if let (Some(gini), Some(top)) = (self.volunteers.gini, self.volunteers.top_decile) {
            let (gini, top) = (percent(gini, locale), percent(top, locale));
            let (with_any, members) = (self.volunteers.with_any, self.volunteers.members);
            lines.push(locale.pick(
                format!("{with_any} of {members} available volunteers have a suggestion; the top tenth has {top} of them; Gini {gini}"),
                format!("{with_any} bénévoles disponibles sur {members} ont une suggestion; le dixième le mieux servi en a {top}; Gini {gini}"),
            ));
        }
        lines.extend(self.wait_words(locale));
        lines.extend(self.organizations.iter().filter_map(|coverage| {
            let filled = percent(coverage.filled?, locale);
            let (served, all) = (coverage.organizations_served, coverage.organizations);
            let size = coverage.size.words(locale);
            Some(locale.pick(
                format!("organizations with {size}: {served} of {all} have a suggestion; {filled} of what they want"),
                format!("organismes avec {size} : {served} sur {all} ont une suggestion; {filled} de ce qu’ils souhaitent"),
            ))
        }));
        let volunteers = locale.pick("volunteers", "bénévoles");
        let roles = locale.pick("roles", "rôles");
        let parity = |kind| move |group: &Parity| group.words(kind, locale);
        lines.extend(
            self.volunteer_languages
                .iter()
                .filter_map(parity(volunteers)),
        );
        lines.extend(self.role_languages.iter().filter_map(parity(roles)));
        lines
    }

    fn wait_words(&self, locale: Locale) -> Option<String> {
        let (before, served) = (self.waits.before?, self.waits.served);
        let days = |wait: Wait| {
            let (median, longest) = (wait.median_days, wait.longest_days);
            locale.pick(
                format!("{median} days (at most {longest})"),
                format!("{median} jours (au plus {longest})"),
            )
        };
        let group = |wait: Option<Wait>| wait.map_or_else(|| "–".to_owned(), days);
        let (served, unserved) = (group(served), group(self.waits.unserved));
        let before = days(before);
        Some(locale.pick(
            format!("median wait: {before} before; served {served}; still waiting {unserved}"),
            format!(
                "attente médiane : {before} avant; servis {served}; attendent encore {unserved}"
            ),
        ))
    }
}

impl Parity {
    fn words(&self, kind: &str, locale: Locale) -> Option<String> {
        let share = percent(self.served_share?, locale);
        let (served, members) = (self.served, self.members);
        let group = self.group.words(locale);
        Some(locale.pick(
            format!("{kind}, {group}: {served} of {members} have a suggestion ({share})"),
            format!("{kind}, {group} : {served} sur {members} ont une suggestion ({share})"),
        ))
    }
}

impl OrganizationSize {
    const fn words(self, locale: Locale) -> &'static str {
        let (en, fr) = match self {
            Self::One => ("one open role", "un seul rôle ouvert"),
            Self::Few => ("two to four open roles", "deux à quatre rôles ouverts"),
            Self::Many => ("five open roles or more", "cinq rôles ouverts ou plus"),
        };
        match locale {
            Locale::En => en,
            Locale::Fr => fr,
        }
    }
}

impl LanguageGroup {
    const fn words(self, locale: Locale) -> &'static str {
        let (en, fr) = match self {
            Self::English => ("English only", "anglais seulement"),
            Self::French => ("French only", "français seulement"),
            Self::Both => ("English and French", "anglais et français"),
            Self::Neither => ("neither English nor French", "ni anglais ni français"),
            Self::Unknown => ("languages not known", "langues non connues"),
        };
        match locale {
            Locale::En => en,
            Locale::Fr => fr,
        }
    }
}

fn percent(share: BasisPoints, locale: Locale) -> String {
    let percent = share.percent();
    locale.pick(format!("{percent}%"), format!("{percent} %"))
}
