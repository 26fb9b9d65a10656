//! The demo's fictional volunteers, drawn from aggregated shares; the same people for the same seed.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Context as _;
use chrono::TimeDelta;
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::{
    CauseId, ConsentId, RoleFamilyId, SkillId, TimeOffId, VolunteerId, VolunteerWindowId,
};
use entity::language::Language;
use entity::personal::Personal;
use entity::volunteer::{self, VolunteerState};
use entity::weekday::Weekday;
use entity::{
    account, cause, role_family_skill, time_off, volunteer_cause, volunteer_language,
    volunteer_skill, volunteer_window,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, Set};

use super::data::{self, Archetype, Availability, LanguageShares, Volunteers, minute};
use super::draw::Draw;
use super::person::{self, Person, VOLUNTEER_EN, VOLUNTEER_FR};
use crate::context::Context;
use crate::domain::accounts::register::CONSENT_WORDING_VERSION;
use crate::domain::taxonomy::{self, Place};

/// Rows in one INSERT; see `domain::taxonomy::seed`.
const CHUNK: usize = 500;

#[derive(Default)]
struct Rows {
    accounts: Vec<account::ActiveModel>,
    consents: Vec<consent::ActiveModel>,
    volunteers: Vec<volunteer::ActiveModel>,
    skills: Vec<volunteer_skill::ActiveModel>,
    windows: Vec<volunteer_window::ActiveModel>,
    times_off: Vec<time_off::ActiveModel>,
    languages: Vec<volunteer_language::ActiveModel>,
    causes: Vec<volunteer_cause::ActiveModel>,
}

/// What volunteers are drawn from.
struct Source {
    shares: Volunteers,
    places: HashMap<String, Place>,
    causes: Vec<CauseId>,
    family_skills: HashMap<RoleFamilyId, Vec<SkillId>>,
}

/// Stores the volunteers and says how many.
pub(super) async fn insert(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    hash: &str,
    seed: u64,
) -> anyhow::Result<usize> {
    let source = Source {
        shares: data::volunteers()?,
        places: taxonomy::places()?
            .into_iter()
            .map(|place| (place.id.clone(), place))
            .collect(),
        causes: cause::Entity::find()
            .all(tx)
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect(),
        family_skills: role_family_skill::Entity::find()
            .all(tx)
            .await?
            .into_iter()
            .fold(HashMap::new(), |mut families: HashMap<_, Vec<_>>, row| {
                families
                    .entry(row.role_family_id)
                    .or_default()
                    .push(row.skill_id);
                families
            }),
    };
    let mut draw = Draw::new(seed);
    let mut rows = Rows::default();
    for number in 0..source.shares.count {
        add_volunteer(ctx, &source, &mut draw, &mut rows, number, hash)?;
    }
    store(tx, rows.accounts).await?;
    store(tx, rows.consents).await?;
    store(tx, rows.volunteers).await?;
    store(tx, rows.skills).await?;
    store(tx, rows.windows).await?;
    store(tx, rows.times_off).await?;
    store(tx, rows.languages).await?;
    store(tx, rows.causes).await?;
    Ok(source.shares.count)
}

fn add_volunteer(
    ctx: &Context,
    source: &Source,
    draw: &mut Draw,
    rows: &mut Rows,
    number: usize,
    hash: &str,
) -> anyhow::Result<()> {
    let shares = &source.shares;
    let province = draw.by_share(&shares.provinces, |province| province.percent)?;
    let place = draw.by_share(&province.places, |place| place.percent)?;
    let place = source
        .places
        .get(&place.place)
        .context("a volunteer's place")?;
    // The first two can log in, one in each language.
    let (languages, log_in) = match number {
        0 => (vec![Language::En], Some(VOLUNTEER_EN)),
        1 => (vec![Language::Fr, Language::En], Some(VOLUNTEER_FR)),
        _ => (languages(draw, &province.languages_percent)?, None),
    };
    let first = languages.first().copied().unwrap_or(Language::En);
    let names: Vec<_> = shares
        .given_names
        .iter()
        .filter(|name| name.pool == first.as_str() || name.pool == "any")
        .collect();
    let given_name = &draw.one(&names)?.name;
    let initial = draw.one(&shares.family_initials)?;
    let email = log_in.map_or_else(
        || format!("volunteer-{number:03}@example.org"),
        str::to_owned,
    );
    let account = person::row(
        ctx,
        &Person {
            email: &email,
            given_name,
            family_name: &format!("{initial}."),
            language: first,
            zone: &place.zone,
            password_hash: log_in.map(|_| hash),
            staff_role: None,
        },
    );
    let account_id = *account.id.as_ref();
    rows.accounts.push(account);
    for purpose in [ConsentPurpose::Matching, ConsentPurpose::Sharing] {
        rows.consents.push(consent::ActiveModel {
            id: Set(ConsentId::new(ctx.app.new_id())),
            account_id: Set(account_id),
            purpose: Set(purpose),
            is_granted: Set(true),
            wording_version: Set(CONSENT_WORDING_VERSION.to_owned()),
            language: Set(first),
            channel: Set(ConsentChannel::Web),
            given_at: Set(ctx.now() - TimeDelta::days(90)),
        });
    }

    let id = VolunteerId::new(ctx.app.new_id());
    let family = RoleFamilyId::new(
        &draw
            .by_share(&shares.role_families, |family| family.percent)?
            .family,
    );
    let state = if log_in.is_some() {
        VolunteerState::Active
    } else {
        draw.by_share(&shares.activity, |share| share.percent)?
            .state
    };
    add_skills(source, draw, rows, id, &family)?;
    add_windows(ctx, draw, rows, id, &shares.availability)?;
    add_time_off(ctx, source, draw, rows, id);
    rows.languages.extend(
        languages
            .iter()
            .map(|language| volunteer_language::ActiveModel {
                volunteer_id: Set(id),
                language: Set(language.as_str().to_owned()),
            }),
    );
    let cause_count = draw.key(&shares.causes.count_percent)?;
    rows.causes.extend(
        draw.some(&source.causes, cause_count)
            .into_iter()
            .map(|cause| volunteer_cause::ActiveModel {
                volunteer_id: Set(id),
                cause_id: Set(cause),
            }),
    );
    let (accepts_remote, radius_km) = place_wish(draw, source)?;
    let joined_at = ctx.now() - TimeDelta::days(draw.between(1, 80));
    rows.volunteers.push(volunteer::ActiveModel {
        id: Set(id),
        account_id: Set(account_id),
        role_family_id: Set(Some(family)),
        about: Set(None),
        about_language: Set(None),
        state: Set(state),
        paused_until: Set(
            (state == VolunteerState::Paused).then(|| ctx.now().date_naive() + TimeDelta::days(30))
        ),
        hours_per_week: Set(Some(
            draw.by_share(&shares.hours_per_week, |share| share.percent)?
                .hours,
        )),
        accepts_remote: Set(Some(accepts_remote)),
        city: Set(Some(Personal::new(place.en.as_str()))),
        latitude: Set(Some(Personal::new(place.latitude))),
        longitude: Set(Some(Personal::new(place.longitude))),
        radius_km: Set(Some(radius_km)),
        zone: Set(Some(place.zone.clone())),
        max_placements: Set(draw
            .by_share(&shares.most_placements, |share| share.percent)?
            .placements),
        last_active_at: Set(joined_at),
        version: Set(1),
        created_at: Set(joined_at),
        updated_at: Set(joined_at),
    });
    Ok(())
}

fn languages(draw: &mut Draw, shares: &LanguageShares) -> anyhow::Result<Vec<Language>> {
    let choices = [
        (vec![Language::En], shares.en_only),
        (vec![Language::Fr], shares.fr_only),
        (vec![Language::En, Language::Fr], shares.both / 2.0),
        (vec![Language::Fr, Language::En], shares.both / 2.0),
    ];
    Ok(draw.by_share(&choices, |(_, share)| *share)?.0.clone())
}

fn add_skills(
    source: &Source,
    draw: &mut Draw,
    rows: &mut Rows,
    id: VolunteerId,
    family: &RoleFamilyId,
) -> anyhow::Result<()> {
    let shares = &source.shares;
    let profiles: Vec<_> = shares
        .skill_profiles
        .iter()
        .filter(|profile| profile.family == family.as_str())
        .collect();
    let profile = *draw.by_share(&profiles, |profile| profile.percent_within_family)?;
    let experience = draw.by_share(&shares.experience, |experience| experience.percent)?;
    let years = draw.between(experience.years_least, experience.years_most);
    let mut known = HashSet::new();
    let mut add = |rows: &mut Rows, skill: SkillId, level: Option<i16>, years: Option<i16>| {
        if known.insert(skill.clone()) {
            rows.skills.push(volunteer_skill::ActiveModel {
                volunteer_id: Set(id),
                skill_id: Set(skill),
                level: Set(level),
                years: Set(years),
                wants_to_learn: Set(level.is_none()),
            });
        }
    };
    let core_level = draw.key(&experience.core_level_percent)?;
    for skill in &profile.core {
        add(rows, SkillId::new(skill), Some(core_level), Some(years));
    }
    let count = draw.between(
        shares.skills_per_volunteer.also_least,
        shares.skills_per_volunteer.also_most,
    );
    for skill in draw.some(&profile.also, count) {
        add(
            rows,
            SkillId::new(skill),
            Some((core_level - 1).max(1)),
            Some(years / 2),
        );
    }
    let wishes = draw.key(&shares.wants_to_learn.count_percent)?;
    let typical = source
        .family_skills
        .get(family)
        .map(Vec::as_slice)
        .unwrap_or_default();
    for skill in draw.some(typical, wishes) {
        add(rows, skill, None, None);
    }
    Ok(())
}

fn add_windows(
    ctx: &Context,
    draw: &mut Draw,
    rows: &mut Rows,
    id: VolunteerId,
    availability: &Availability,
) -> anyhow::Result<()> {
    if draw.happens(availability.unknown_percent) {
        return Ok(());
    }
    let archetype = draw.by_share(&availability.archetypes, |archetype| archetype.percent)?;
    let cells = cells(archetype);
    let (earliest, latest) = (
        minute(&availability.earliest)?,
        minute(&availability.latest)?,
    );
    // Set semantics: a day gets one window at most, so that none overlap.
    let mut days = BTreeSet::new();
    for _ in 0..draw.key(&availability.windows_percent)? {
        let (day, block, _) = *draw.by_share(&cells, |(_, _, share)| *share)?;
        let length = *draw.one(&availability.window_minutes)?;
        let start = (i16::try_from(block)? * availability.block_hours * 60)
            .clamp(earliest, latest - length);
        if days.insert(day) {
            rows.windows.push(volunteer_window::ActiveModel {
                id: Set(VolunteerWindowId::new(ctx.app.new_id())),
                volunteer_id: Set(id),
                weekday: Set(day),
                start_minute: Set(start),
                end_minute: Set(start + length),
            });
        }
    }
    Ok(())
}

fn cells(archetype: &Archetype) -> Vec<(Weekday, usize, f64)> {
    archetype
        .percent_by_day_and_block
        .iter()
        .flat_map(|(day, blocks)| {
            blocks
                .iter()
                .enumerate()
                .map(|(block, share)| (*day, block, *share))
        })
        .collect()
}

fn add_time_off(ctx: &Context, source: &Source, draw: &mut Draw, rows: &mut Rows, id: VolunteerId) {
    let shares = &source.shares.time_off;
    if draw.happens(shares.percent) {
        let starts_on = ctx.now().date_naive()
            + TimeDelta::days(
                draw.between(shares.starts_in_days_least, shares.starts_in_days_most),
            );
        rows.times_off.push(time_off::ActiveModel {
            id: Set(TimeOffId::new(ctx.app.new_id())),
            volunteer_id: Set(id),
            starts_on: Set(starts_on),
            ends_on: Set(
                starts_on + TimeDelta::days(draw.between(shares.days_least, shares.days_most))
            ),
        });
    }
}

/// Whether the volunteer works remotely, and how many kilometres they travel otherwise: 0 for those who do not.
fn place_wish(draw: &mut Draw, source: &Source) -> anyhow::Result<(bool, i32)> {
    let shares = &source.shares.place;
    let choices = [
        ((true, false), shares.remote_only_percent),
        ((true, true), shares.remote_or_onsite_percent),
        ((false, true), shares.onsite_only_percent),
    ];
    let ((accepts_remote, travels), _) = *draw.by_share(&choices, |(_, share)| *share)?;
    let radius = if travels {
        *draw.one(&shares.radius_kilometres)?
    } else {
        0
    };
    Ok((accepts_remote, radius))
}

async fn store<A>(tx: &impl ConnectionTrait, mut rows: Vec<A>) -> anyhow::Result<()>
where
    A: ActiveModelTrait + Send,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        A::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
        rows = rest;
    }
    Ok(())
}
