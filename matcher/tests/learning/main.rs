//! Learning from outcomes, on data whose truth is known because the tests made it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod replay;

use std::collections::BTreeMap;

use matcher::engine::FactorCode;
use matcher::learning::{
    Answer, Criterion, Outcome, Refit, RefitOptions, Target, TooFew, calibrate, refit,
};
use matcher::model::{BasisPoints, Locale, RoleId, VolunteerId, Weights};

const ACCEPTANCE: Criterion = Criterion::all(Target::Acceptance);

/// A small generator of its own (Knuth's MMIX constants), so that the data never change with a library.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "between 0 and 10 000")]
fn points(unit: f64) -> BasisPoints {
    BasisPoints::new((unit * 10_000.0).round() as i64).unwrap()
}

fn policy() -> Weights {
    Weights::embedded().unwrap()
}

/// The weights by which the made-up people really answer.
#[derive(Clone, Copy)]
struct Truth {
    must_have: f64,
    meeting: f64,
    causes: f64,
    place: f64,
    /// How much a better score raises the odds; 0 is a coin.
    slope: f64,
}

/// The ratios of the policy: 50 to 20, and 40 to 25.
const AS_POLICY: Truth = Truth {
    must_have: 50.0,
    meeting: 20.0,
    causes: 40.0,
    place: 25.0,
    slope: 8.0,
};

/// Meetings and nearness matter most, unlike what the policy says.
const OTHERWISE: Truth = Truth {
    must_have: 20.0,
    meeting: 50.0,
    causes: 10.0,
    place: 50.0,
    slope: 8.0,
};

fn outcomes(truth: Truth, count: usize, seed: u64) -> Vec<Outcome> {
    let mut draw = Draw(seed);
    (0..count)
        .map(|number| {
            let [must_have, meeting, causes, place] = [0; 4].map(|_| draw.unit());
            let role_view = (truth.must_have * must_have + truth.meeting * meeting)
                / (truth.must_have + truth.meeting);
            let volunteer_view =
                (truth.causes * causes + truth.place * place) / (truth.causes + truth.place);
            let score = 2.0 * role_view * volunteer_view / (role_view + volunteer_view);
            let chance = 1.0 / (1.0 + (-truth.slope * (score - 0.5)).exp());
            Outcome {
                role: RoleId::new(&format!("r{number}")).unwrap(),
                // Everybody answers three times, so that people are held out whole.
                volunteer: VolunteerId::new(&format!("v{}", number / 3)).unwrap(),
                score: points(score),
                deductions: BasisPoints::LEAST,
                values: BTreeMap::from([
                    (FactorCode::MustHave, points(must_have)),
                    (FactorCode::Meeting, points(meeting)),
                    (FactorCode::Causes, points(causes)),
                    (FactorCode::Place, points(place)),
                ]),
                answer: if draw.unit() < chance {
                    Answer::Accepted
                } else {
                    Answer::Declined
                },
                reason: None,
            }
        })
        .collect()
}

fn fit(outcomes: &[Outcome]) -> Refit {
    let fitted = refit(outcomes, &ACCEPTANCE, &policy(), &RefitOptions::default()).unwrap();
    assert!(fitted.is_minimum, "{} steps", fitted.steps);
    fitted
}

/// How much more the first factor weighs than the second.
fn ratio(fitted: &Refit, first: FactorCode, second: FactorCode) -> f64 {
    let weight = |code| {
        let found = fitted.factors.iter().find(|factor| factor.code == code);
        f64::from(found.unwrap().proposed)
    };
    weight(first) / weight(second)
}

fn near(found: f64, expected: f64) -> bool {
    (found / expected).ln().abs() < 1.3_f64.ln()
}

#[test]
fn weights_that_people_go_by_are_found_though_the_policy_says_otherwise() {
    let fitted = fit(&outcomes(OTHERWISE, 6_000, 1));
    let role = ratio(&fitted, FactorCode::Meeting, FactorCode::MustHave);
    let volunteer = ratio(&fitted, FactorCode::Place, FactorCode::Causes);
    assert!(near(role, 50.0 / 20.0), "{role}");
    assert!(near(volunteer, 50.0 / 10.0), "{volunteer}");
    assert!(fitted.held_out.is_better(), "{:?}", fitted.held_out);
    assert!(fitted.words(Locale::En)[0].ends_with("the weights below predict better"));
}

#[test]
fn a_policy_that_is_right_is_left_where_it_is() {
    let fitted = fit(&outcomes(AS_POLICY, 6_000, 2));
    let role = ratio(&fitted, FactorCode::Meeting, FactorCode::MustHave);
    let volunteer = ratio(&fitted, FactorCode::Place, FactorCode::Causes);
    assert!(near(role, 20.0 / 50.0), "{role}");
    assert!(near(volunteer, 25.0 / 40.0), "{volunteer}");
    assert!(!fitted.held_out.is_better(), "{:?}", fitted.held_out);
}

#[test]
fn answers_by_chance_move_nothing_beyond_chance() {
    let coin = Truth {
        slope: 0.0,
        ..OTHERWISE
    };
    let fitted = fit(&outcomes(coin, 3_000, 3));
    assert!(!fitted.held_out.is_better(), "{:?}", fitted.held_out);
    let loss = fitted.held_out.policy;
    assert!(
        (loss - 2.0_f64.ln()).abs() < 0.01,
        "a coin's loss is ln 2, not {loss}"
    );
    assert!(
        fitted.words(Locale::Fr)[0]
            .ends_with("aucun poids ne prédit mieux que la politique au-delà du hasard")
    );
}

#[test]
fn without_doubt_in_the_policy_nothing_moves() {
    let certain = RefitOptions {
        doubt: 1.000_001,
        ..RefitOptions::default()
    };
    let fitted = refit(
        &outcomes(OTHERWISE, 1_000, 4),
        &ACCEPTANCE,
        &policy(),
        &certain,
    )
    .unwrap();
    for factor in &fitted.factors {
        assert_eq!(factor.policy, factor.proposed, "{:?}", factor.code);
    }
}

#[test]
fn what_the_outcomes_do_not_speak_of_keeps_the_policys_weight() {
    let fitted = fit(&outcomes(OTHERWISE, 1_000, 5));
    let silent: Vec<_> = fitted
        .factors
        .iter()
        .filter(|factor| !factor.is_informed)
        .map(|factor| factor.code)
        .collect();
    assert_eq!(
        silent,
        [
            FactorCode::NiceToHave,
            FactorCode::Evidence,
            FactorCode::Hours,
            FactorCode::Wish,
            FactorCode::Languages
        ]
    );
    // Nice-to-have 15 to evidence 5, as in the policy.
    let kept = ratio(&fitted, FactorCode::NiceToHave, FactorCode::Evidence);
    assert!((kept - 3.0).abs() < 0.1, "{kept}");
}

#[test]
fn the_proposal_is_a_policy_that_the_program_reads() {
    let fitted = fit(&outcomes(OTHERWISE, 1_000, 6));
    let text = toml::to_string(&fitted.proposed).unwrap();
    assert_eq!(Weights::from_toml(&text).unwrap(), fitted.proposed);
    assert_ne!(fitted.proposed.version, policy().version);
    assert_eq!(fitted.proposed.gates, policy().gates);
}

#[test]
fn one_answer_fewer_than_needed_is_too_few() {
    let all = outcomes(AS_POLICY, 400, 7);
    let part = |answer, count| {
        let with = all.iter().filter(move |outcome| outcome.answer == answer);
        with.take(count).cloned().collect::<Vec<_>>()
    };
    // Four weights are fitted: ten of each answer for each.
    let fitted = |yes, no| {
        let some = [part(Answer::Accepted, yes), part(Answer::Declined, no)].concat();
        refit(&some, &ACCEPTANCE, &policy(), &RefitOptions::default())
    };
    assert!(fitted(40, 40).is_ok());
    let too_few = fitted(60, 39).unwrap_err();
    assert_eq!(
        too_few,
        TooFew {
            yes: 60,
            no: 39,
            needed_of_each: 40
        }
    );
    assert_eq!(
        too_few.words(Locale::En),
        "too few outcomes: 60 yes and 39 no, where 40 of each are needed"
    );
}

#[test]
fn reports_are_the_same_in_any_order_of_the_outcomes() {
    let forward = outcomes(OTHERWISE, 600, 8);
    let mut backward = forward.clone();
    backward.reverse();
    backward.rotate_left(137);
    assert_eq!(
        serde_json::to_string(&fit(&forward)).unwrap(),
        serde_json::to_string(&fit(&backward)).unwrap()
    );
    assert_eq!(
        calibrate(&forward, &ACCEPTANCE),
        calibrate(&backward, &ACCEPTANCE)
    );
}

#[test]
fn a_calibration_counts_what_happened_in_each_bin() {
    let mut some = outcomes(AS_POLICY, 200, 9);
    for (number, outcome) in some.iter_mut().enumerate() {
        // A hundred at 25 %, of whom 20 accept, and a hundred at 85 %, of whom 90 do.
        let (score, accepted) = if number < 100 { (0.25, 20) } else { (0.85, 90) };
        outcome.score = points(score);
        outcome.answer = if number % 100 < accepted {
            Answer::Accepted
        } else {
            Answer::Expired
        };
    }
    let report = calibrate(&some, &ACCEPTANCE);
    let bins: Vec<_> = report
        .by_score
        .iter()
        .map(|bin| {
            (
                bin.from.get(),
                bin.mean.get(),
                bin.observed.yes,
                bin.observed.of,
            )
        })
        .collect();
    assert_eq!(bins, [(2_000, 2_500, 20, 100), (8_000, 8_500, 90, 100)]);
    // Of 110 × 90 pairs of a yes and a no: 90 × 80 in order, 20 × 80 and 90 × 10 ties.
    let expected: u16 = ((90_u32 * 80 + u32::midpoint(20 * 80, 90 * 10)) * 10_000 / (110 * 90))
        .try_into()
        .unwrap();
    assert_eq!(report.discrimination.map(BasisPoints::get), Some(expected));
    assert_eq!(
        report.too_few,
        Some(TooFew {
            yes: 110,
            no: 90,
            needed_of_each: 100
        })
    );
    let asked: Vec<_> = report.by_factor.iter().map(|factor| factor.asked).collect();
    assert_eq!(asked, [200; 4]);
}

#[test]
fn the_true_factors_tell_yes_from_no_and_others_do_not() {
    let mut some = outcomes(OTHERWISE, 4_000, 10);
    let mut draw = Draw(11);
    for outcome in &mut some {
        outcome.values.insert(FactorCode::Wish, points(draw.unit()));
    }
    let report = calibrate(&some, &ACCEPTANCE);
    assert_eq!(report.too_few, None);
    let order = |code| {
        let found = report.by_factor.iter().find(|factor| factor.code == code);
        found.unwrap().discrimination.unwrap().get()
    };
    assert!(order(FactorCode::Place) > order(FactorCode::Causes));
    assert!(order(FactorCode::Wish).abs_diff(5_000) < 300);
}

#[test]
fn reasons_beside_the_point_are_counted_and_left_out() {
    let mut some = outcomes(AS_POLICY, 20, 12);
    for outcome in some.iter_mut().take(5) {
        outcome.answer = Answer::Declined;
        outcome.reason = Some("no_longer_needed".to_owned());
    }
    let criterion = Criterion {
        beside_the_point: ["no_longer_needed".to_owned()].into(),
        ..ACCEPTANCE
    };
    let report = calibrate(&some, &criterion);
    assert_eq!((report.overall.of, report.undecided), (15, 5));
    assert_eq!(report.reasons["no_longer_needed"], 5);
    assert_eq!(calibrate(&some, &ACCEPTANCE).overall.of, 20);
}
