//! Why not better: what each factor costs, who is ahead and in what, and what is nearest where nobody is eligible.

use std::collections::BTreeMap;

use matcher::engine::{
    Evaluation, FactorCode, Fit, GateCode, IdLabels, appraise, evaluate, outlook_of_role,
    outlook_of_volunteer, standing, top_for_role,
};
use matcher::model::{
    BasisPoints, Locale, RoleFacts, RoleId, Set, Snapshot, VolunteerFacts, VolunteerId,
};

use crate::fixture::*;

fn role_id(id: &str) -> RoleId {
    RoleId::new(id).unwrap()
}

fn volunteer_id(id: &str) -> VolunteerId {
    VolunteerId::new(id).unwrap()
}

fn fit_of(snapshot: &Snapshot, volunteer: &str) -> Fit {
    match evaluate(
        snapshot,
        &weights(),
        &role_id("r"),
        &volunteer_id(volunteer),
    )
    .unwrap()
    {
        Evaluation::Eligible(fit) => fit,
        Evaluation::Excluded(blocked) => panic!("{blocked:?}"),
    }
}

fn losses(fit: &Fit, locale: Locale) -> Vec<(FactorCode, u16, String)> {
    fit.losses()
        .iter()
        .map(|loss| {
            let words = loss.words(locale, &IdLabels);
            (loss.factor.code, loss.points.get(), words)
        })
        .collect()
}

#[test]
fn each_loss_is_what_the_score_would_gain_if_that_factor_alone_were_full() {
    let base = VolunteerFacts {
        languages: Some(languages(&["en"])),
        hours_per_week: hours(4),
        ..volunteer_facts("v")
    };
    let fit = |facts| fit_of(&snapshot(vec![facts], vec![role_facts("r")]), "v");
    let before = fit(base.clone());
    assert!(before.losses().is_sorted_by(|a, b| a.points >= b.points));
    for (code, full) in [
        (
            FactorCode::Languages,
            VolunteerFacts {
                languages: Some(languages(&["en", "fr"])),
                ..base.clone()
            },
        ),
        (
            FactorCode::Hours,
            VolunteerFacts {
                hours_per_week: hours(100),
                ..base.clone()
            },
        ),
    ] {
        let after = fit(full);
        let losses = before.losses();
        let loss = losses.iter().find(|loss| loss.factor.code == code).unwrap();
        assert_eq!(loss.points.get(), after.score.get() - before.score.get());
        assert!(after.losses().iter().all(|loss| loss.factor.code != code));
    }
}

#[test]
fn losses_say_why_in_both_languages() {
    let volunteer = VolunteerFacts {
        skills: Some(vec![have("python", 2), have("sql", 3)]),
        causes: Some(causes(&["climate"])),
        languages: Some(languages(&["en"])),
        waiting_days: 3,
        availability: None,
        wants_to_learn: Some(Set::default()),
        ..volunteer_facts("v")
    };
    let fit = fit_of(&snapshot(vec![volunteer], vec![role_facts("r")]), "v");
    let say = |locale| {
        let found = losses(&fit, locale).into_iter();
        found
            .map(|(code, _, words)| (code, words))
            .collect::<Vec<_>>()
    };
    let (en, fr) = (say(Locale::En), say(Locale::Fr));
    for (code, english, french) in [
        (
            FactorCode::MustHave,
            "in part: python at level 2 of 3",
            "en partie : python au niveau 2 sur 3",
        ),
        (
            FactorCode::Meeting,
            "meeting times: not known, so they count as 50%",
            "heures de réunion : information inconnue, comptée à 50 %",
        ),
        (
            FactorCode::Causes,
            "in common: none of 1 cause of the role",
            "aucune en commun sur 1 cause du rôle",
        ),
        (
            FactorCode::Wish,
            "no skill asked is one they wish to learn",
            "aucune compétence demandée ne figure parmi leurs souhaits d’apprentissage",
        ),
        (
            FactorCode::Languages,
            "does not speak French, which is preferred",
            "ne parle pas : français (atout)",
        ),
        (
            FactorCode::Waiting,
            "has waited 3 days; those who wait longer come first",
            "attend depuis 3 jours; les plus longues attentes passent avant",
        ),
    ] {
        let pair = |words: &str| (code, words.to_owned());
        assert!(en.contains(&pair(english)), "{english} in {en:#?}");
        assert!(fr.contains(&pair(french)), "{french} in {fr:#?}");
    }
}

fn three_of_a_kind() -> Snapshot {
    let with = |id: &str, level: i64| VolunteerFacts {
        skills: Some(vec![have("python", level)]),
        ..volunteer_facts(id)
    };
    let gated = VolunteerFacts {
        languages: Some(languages(&["fr"])),
        ..with("d", 5)
    };
    let role = RoleFacts {
        skills: vec![must("python", 5)],
        ..role_facts("r")
    };
    snapshot(
        vec![with("a", 3), with("b", 5), with("c", 4), gated],
        vec![role],
    )
}

#[test]
fn who_is_ahead_is_told_with_the_lead_and_where_it_comes_from() {
    let snapshot = three_of_a_kind();
    let found = standing(&snapshot, &weights(), &role_id("r"), &volunteer_id("a"), 3).unwrap();
    assert_eq!((found.rank, found.eligible), (3, 3));
    let ahead: Vec<_> = found
        .ahead
        .iter()
        .map(|ahead| (ahead.volunteer.as_str(), ahead.rank))
        .collect();
    assert_eq!(ahead, [("c", 2), ("b", 1)], "the nearest first");
    let own = fit_of(&snapshot, "a");
    for ahead in &found.ahead {
        let theirs = fit_of(&snapshot, ahead.volunteer.as_str());
        assert!(ahead.fit == theirs && theirs.score > own.score);
        assert_eq!(ahead.lead.get(), theirs.score.get() - own.score.get());
        // Factor by factor, those alone that differ, the widest first.
        let points_of = |fit: &Fit| -> BTreeMap<FactorCode, i32> {
            let factors = fit.factors.iter();
            factors.map(|factor| (factor.code, factor.points)).collect()
        };
        let (own, theirs) = (points_of(&own), points_of(&theirs));
        let mut expected: Vec<(FactorCode, i32)> = theirs
            .iter()
            .map(|(code, points)| (*code, points - own[code]))
            .filter(|(_, points)| *points != 0)
            .collect();
        expected.sort_by_key(|(_, points)| std::cmp::Reverse(points.abs()));
        let told: Vec<_> = ahead
            .differences
            .iter()
            .map(|part| (part.code, part.points))
            .collect();
        assert_eq!(told, expected);
        assert_eq!(told[0].0, FactorCode::MustHave);
        let sum: i32 = told.iter().map(|(_, points)| points).sum();
        assert_eq!(sum, i32::from(ahead.lead.get()));
    }
    let first = standing(&snapshot, &weights(), &role_id("r"), &volunteer_id("b"), 3).unwrap();
    assert_eq!((first.rank, first.ahead.len()), (1, 0));
    let one = standing(&snapshot, &weights(), &role_id("r"), &volunteer_id("a"), 1).unwrap();
    assert_eq!(one.ahead[0].volunteer.as_str(), "c");
}

#[test]
fn the_standing_is_the_place_in_the_list_of_the_best() {
    let snapshot = three_of_a_kind();
    let best = top_for_role(&snapshot, &weights(), &role_id("r"), 10);
    for (suggestion, rank) in best.iter().zip(1..) {
        let found = standing(
            &snapshot,
            &weights(),
            &role_id("r"),
            &suggestion.volunteer,
            0,
        );
        assert_eq!(found.unwrap().rank, rank);
    }
    let nobody = volunteer_id("nobody");
    assert_eq!(
        standing(&snapshot, &weights(), &role_id("r"), &nobody, 3),
        None
    );
}

#[test]
fn a_gated_pair_is_explained_and_has_the_place_it_would_take_if_the_gate_were_open() {
    let snapshot = three_of_a_kind();
    let gated = appraise(&snapshot, &weights(), &role_id("r"), &volunteer_id("d")).unwrap();
    let codes: Vec<_> = gated.blocked.iter().map(|it| it.gate.code()).collect();
    assert_eq!(codes, [GateCode::Languages]);
    let sum: i32 = gated.fit.factors.iter().map(|factor| factor.points).sum();
    assert_eq!(sum, i32::from(gated.fit.score.get()));
    for (locale, words) in [
        (Locale::En, "does not speak English, which is required"),
        (Locale::Fr, "ne parle pas : anglais (exigé)"),
    ] {
        let said = losses(&gated.fit, locale);
        let found = said
            .iter()
            .find(|(code, ..)| *code == FactorCode::Languages);
        assert_eq!(found.map(|(.., words)| words.as_str()), Some(words));
    }

    let place = |volunteer| {
        let weights = weights();
        standing(
            &snapshot,
            &weights,
            &role_id("r"),
            &volunteer_id(volunteer),
            9,
        )
        .unwrap()
    };
    let would = place("d");
    let better = |id: &&str| fit_of(&snapshot, id).score >= gated.fit.score;
    let ahead: Vec<&str> = ["c", "b"].into_iter().filter(better).collect();
    assert_eq!((would.rank, would.eligible), (1 + ahead.len(), 3));
    let told: Vec<&str> = would.ahead.iter().map(|it| it.volunteer.as_str()).collect();
    assert_eq!(told, ahead);
    for one in &would.ahead {
        let sum: i32 = one.differences.iter().map(|part| part.points).sum();
        assert_eq!(
            sum,
            i32::from(one.fit.score.get()) - i32::from(gated.fit.score.get())
        );
    }
    // The others do not see them.
    assert_eq!((place("a").rank, place("a").eligible), (3, 3));
}

#[test]
fn a_side_with_nobody_has_its_nearest_and_a_side_with_somebody_has_counts_only() {
    let far = |id: &str, hours_left: i64, spoken: &[&str]| VolunteerFacts {
        hours_per_week: hours(hours_left),
        languages: Some(languages(spoken)),
        ..volunteer_facts(id)
    };
    let crowd = vec![
        far("a", 1, &["fr"]),
        far("b", 3, &["en"]),
        far("c", 2, &["en", "fr"]),
        far("d", 1, &["en"]),
    ];
    let snapshot = snapshot(crowd, vec![role_facts("r")]);
    let role = outlook_of_role(&snapshot, &weights(), &role_id("r"), 3).unwrap();
    assert_eq!(role.eligible, 0);
    assert_eq!(role.blocked_by[&GateCode::Hours], 4);
    assert_eq!(role.blocked_by[&GateCode::Languages], 1);
    let nearest: Vec<_> = role
        .nearest
        .iter()
        .map(|near| near.volunteer.as_str())
        .collect();
    assert_eq!(nearest.len(), 3);
    assert!(
        !nearest.contains(&"a"),
        "two gates are farther than one: {nearest:?}"
    );
    assert!(role.nearest.iter().all(|near| near.blocked.len() == 1));

    let volunteer = outlook_of_volunteer(&snapshot, &weights(), &volunteer_id("a"), 3).unwrap();
    assert_eq!((volunteer.eligible, volunteer.nearest.len()), (0, 1));
    assert_eq!(volunteer.nearest[0].blocked.len(), 2);
    assert!(volunteer.nearest[0].score > BasisPoints::LEAST);

    let happy = three_of_a_kind();
    let role = outlook_of_role(&happy, &weights(), &role_id("r"), 3).unwrap();
    assert_eq!((role.eligible, role.nearest.len()), (3, 0));
    assert_eq!(role.blocked_by[&GateCode::Languages], 1);
    assert_eq!(outlook_of_role(&happy, &weights(), &role_id("x"), 3), None);
}
