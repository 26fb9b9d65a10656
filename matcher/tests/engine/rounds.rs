//! Whole rounds on small, readable snapshots.

use matcher::engine::{
    Progress, RoundOptions, top_for_each_role, top_for_each_role_with_progress, top_for_role,
    top_for_volunteer,
};
use matcher::model::{
    BasisPoints, Pin, Prohibition, ProhibitionCause, RoleFacts, RoleId, Snapshot, VolunteerFacts,
    VolunteerId,
};

use crate::fixture::*;

fn pairs(snapshot: &Snapshot) -> Vec<(String, String)> {
    let round = round(snapshot, &weights(), &RoundOptions::default());
    assert!(
        round.proof.is_verified,
        "every round carries a proof that holds"
    );
    round
        .pairings
        .iter()
        .map(|pairing| (pairing.role.to_string(), pairing.volunteer.to_string()))
        .collect()
}

fn pair(role: &str, volunteer: &str) -> (String, String) {
    (role.to_owned(), volunteer.to_owned())
}

fn one_suggestion(id: &str) -> RoleFacts {
    RoleFacts {
        suggestions_per_seat: 1,
        ..role_facts(id)
    }
}

#[test]
fn a_volunteer_who_fits_is_proposed() {
    assert_eq!(
        pairs(&snapshot(
            vec![volunteer_facts("ada")],
            vec![role_facts("map")]
        )),
        [pair("map", "ada")]
    );
}

#[test]
fn the_best_total_wins_over_the_best_pair() {
    // Ada fits both roles, Bo only the first: Ada's better fit there must not leave the second empty.
    let rust = RoleFacts {
        skills: vec![must("rust", 3)],
        ..one_suggestion("b-rust")
    };
    let ada = VolunteerFacts {
        skills: Some(vec![have("python", 5), have("rust", 3)]),
        ..volunteer_facts("ada")
    };
    let bo = VolunteerFacts {
        skills: Some(vec![have("python", 2)]),
        ..volunteer_facts("bo")
    };
    let snapshot = snapshot(vec![ada, bo], vec![one_suggestion("a-python"), rust]);
    assert_eq!(
        pairs(&snapshot),
        [pair("a-python", "bo"), pair("b-rust", "ada")]
    );
}

#[test]
fn each_open_seat_gets_its_suggestions() {
    let volunteers = (0..10)
        .map(|number| volunteer_facts(&format!("v{number}")))
        .collect();
    let role = RoleFacts {
        seats_open: 2,
        suggestions_per_seat: 3,
        ..role_facts("map")
    };
    assert_eq!(pairs(&snapshot(volunteers, vec![role])).len(), 6);
}

#[test]
fn hours_that_fit_alone_but_not_together_are_not_proposed_together() {
    // Six hours left: two roles of four hours fit alone, not together; with a third of two hours, two fit.
    let ada = VolunteerFacts {
        most_placements: 3,
        hours_per_week: hours(6),
        ..volunteer_facts("ada")
    };
    let roles = vec![one_suggestion("a"), one_suggestion("b")];
    let options = RoundOptions::default();
    let tight = round(
        &snapshot(vec![ada.clone()], roles.clone()),
        &weights(),
        &options,
    );
    assert_eq!(tight.pairings.len(), 1);
    assert!(tight.proof.is_verified && tight.proof.bound == tight.proof.total);
    assert!(tight.proof.is_over_all_pairs);

    let short = RoleFacts {
        hours_per_week: hours(2),
        ..one_suggestion("c")
    };
    let mixed = round(
        &snapshot(vec![ada], [roles, vec![short]].concat()),
        &weights(),
        &options,
    );
    assert_eq!(mixed.pairings.len(), 2);
    let asked = |id: &str| if id == "c" { 2 } else { 4 };
    assert!(
        mixed
            .pairings
            .iter()
            .map(|pairing| asked(pairing.role.as_str()))
            .sum::<i32>()
            <= 6
    );
    assert!(mixed.proof.is_verified && mixed.proof.bound >= mixed.proof.total);
    // The two of four hours were chosen first and mended.
    assert!(!mixed.proof.is_over_all_pairs);
}

#[test]
fn a_role_with_none_is_served_before_a_little_more_elsewhere() {
    // Both volunteers fit the first role a little better, and it wants both.
    let better = RoleFacts {
        suggestions_per_seat: 2,
        ..role_facts("better")
    };
    let other = RoleFacts {
        skills: [better.skills.clone(), vec![nice("python-testing", 3)]].concat(),
        ..one_suggestion("other")
    };
    let snapshot = snapshot(
        vec![volunteer_facts("ada"), volunteer_facts("bo")],
        vec![better, other],
    );
    let served = |first_suggestion: u16| {
        let mut weights = weights();
        weights.assignment.first_suggestion = BasisPoints::new(first_suggestion.into()).unwrap();
        let round = round(&snapshot, &weights, &RoundOptions::default());
        assert!(round.proof.is_verified && round.proof.total == round.proof.bound);
        assert_eq!(
            round.proof.total,
            round.totals.score + u64::from(first_suggestion) * round.totals.roles_served as u64
        );
        round.totals.roles_served
    };
    assert_eq!((served(0), served(5_000)), (1, 2));
}

#[test]
fn a_pin_is_kept_even_if_another_would_be_better_and_takes_the_seat() {
    let weak = VolunteerFacts {
        skills: Some(vec![have("python", 1)]),
        ..volunteer_facts("weak")
    };
    let mut facts = snapshot_facts(
        vec![volunteer_facts("strong"), weak],
        vec![one_suggestion("map")],
    );
    facts.roles = vec![role(RoleFacts {
        skills: vec![must("python", 3)],
        ..one_suggestion("map")
    })];
    facts.pins = vec![Pin {
        role: RoleId::new("map").unwrap(),
        volunteer: VolunteerId::new("weak").unwrap(),
    }];
    let snapshot = Snapshot::new(facts).unwrap();
    let round = round(&snapshot, &weights(), &RoundOptions::default());
    let [only] = round.pairings.as_slice() else {
        panic!("one pairing")
    };
    assert!(only.is_pinned && only.volunteer.as_str() == "weak");
}

#[test]
fn a_pin_does_not_open_a_gate_and_says_which() {
    let mut facts = snapshot_facts(vec![volunteer_facts("ada")], vec![role_facts("map")]);
    facts.roles = vec![role(RoleFacts {
        required_languages: languages(&["iu"]),
        ..role_facts("map")
    })];
    facts.pins = vec![Pin {
        role: RoleId::new("map").unwrap(),
        volunteer: VolunteerId::new("ada").unwrap(),
    }];
    let round = round(
        &Snapshot::new(facts).unwrap(),
        &weights(),
        &RoundOptions::default(),
    );
    assert!(round.pairings.is_empty());
    assert_eq!(round.refused_pins[0].blocked.len(), 1);
}

#[test]
fn a_prohibited_pair_is_not_proposed_and_the_next_best_is() {
    let volunteers = vec![volunteer_facts("ada"), volunteer_facts("bo")];
    let mut facts = snapshot_facts(volunteers, vec![one_suggestion("map")]);
    facts.prohibitions = vec![Prohibition {
        role: RoleId::new("map").unwrap(),
        volunteer: VolunteerId::new("ada").unwrap(),
        cause: ProhibitionCause::Declined,
    }];
    assert_eq!(pairs(&Snapshot::new(facts).unwrap()), [pair("map", "bo")]);
}

#[test]
fn what_is_not_matched_is_accounted_for_on_both_sides() {
    let rust = RoleFacts {
        skills: vec![must("rust", 3)],
        ..one_suggestion("rust")
    };
    let round = round(
        &snapshot(vec![volunteer_facts("ada")], vec![rust]),
        &weights(),
        &RoundOptions::default(),
    );
    let json = serde_json::to_value(&round).unwrap();
    assert_eq!(json["unmatched_roles"][0]["blocked_by"]["must_have"], 1);
    assert_eq!(
        json["unmatched_volunteers"][0]["nearest"][0]["blocked"][0]["change"]["code"],
        "add_skills"
    );
    assert_eq!(json["demand_without_supply"][0]["skill"], "rust");
    assert_eq!(
        serde_json::from_value::<matcher::engine::Round>(json).unwrap(),
        round
    );
}

#[test]
fn the_top_lists_are_sorted_by_score_and_bounded() {
    let levels = [2, 5, 3, 4];
    let volunteers = levels.map(|level| VolunteerFacts {
        skills: Some(vec![have("python", level)]),
        ..volunteer_facts(&format!("level-{level}"))
    });
    let role = RoleFacts {
        skills: vec![must("python", 5)],
        ..role_facts("map")
    };
    let snapshot = snapshot(volunteers.to_vec(), vec![role, role_facts("other")]);
    let top = top_for_role(&snapshot, &weights(), &RoleId::new("map").unwrap(), 3);
    let ids: Vec<_> = top
        .iter()
        .map(|suggestion| suggestion.volunteer.as_str())
        .collect();
    assert_eq!(ids, ["level-5", "level-4", "level-3"]);
    let roles = top_for_volunteer(
        &snapshot,
        &weights(),
        &VolunteerId::new("level-2").unwrap(),
        10,
    );
    assert_eq!(roles[0].role.as_str(), "other");
    let reported = std::sync::Mutex::new(Vec::new());
    let each = top_for_each_role_with_progress(&snapshot, &weights(), 3, &|progress| {
        reported.lock().unwrap().push(progress);
    });
    assert_eq!(each[..3], top);
    assert_eq!(each, top_for_each_role(&snapshot, &weights(), 3));
    let of = 2;
    for done in 1..=of {
        let one = Progress::Scored { done, of };
        assert!(reported.lock().unwrap().contains(&one), "{one:?}");
    }
    assert!(top_for_role(&snapshot, &weights(), &RoleId::new("nowhere").unwrap(), 3).is_empty());
}
