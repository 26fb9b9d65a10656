-- Every eligible pair of the first :roles roles with its score, by the formulas of docs/matching.md, in integers. The gates
-- on facts come first, then the needs of who is left are looked up, then all is summed in one pass.
WITH open AS MATERIALIZED (
    SELECT role.role, volunteer.volunteer, usual_minutes.minutes, coalesce(near.value, 10000) AS place
    FROM role
    JOIN rarest ON rarest.role = role.role
    JOIN holder ON holder.skill = rarest.skill AND holder.level = rarest.level
    JOIN volunteer ON volunteer.volunteer = holder.volunteer
        AND volunteer.hours >= role.hours
        AND volunteer.languages & role.required = role.required
        AND volunteer.there_from <= role.last AND volunteer.there_until >= role.first
        AND (role.place >= 0 OR volunteer.is_remote_ok = 1)
    LEFT JOIN near ON near.place = role.place AND near.base = volunteer.base
    JOIN usual ON usual.role = role.role AND usual.clock = volunteer.clock
    CROSS JOIN LATERAL (
        SELECT usual.minutes * bit_count(usual.slots & volunteer.week) + CASE WHEN usual.has_more THEN (
            SELECT coalesce(sum(meeting.minutes * bit_count(meeting.slots & volunteer.week)), 0)::bigint
            FROM meeting WHERE meeting.role = role.role AND meeting.clock = volunteer.clock
        ) ELSE 0 END AS minutes
    ) AS usual_minutes
    WHERE role.role < :roles
        AND (role.place < 0 OR near.value IS NOT NULL)
        AND usual_minutes.minutes >= role.asked
),
held AS (
    SELECT open.role, open.volunteer, open.minutes, open.place,
        sum(need.is_must * need.weight * answer.credit) AS must_credit,
        sum((1 - need.is_must) * need.weight * answer.credit) AS nice_credit,
        sum(need.weight * answer.evidence) AS evidence,
        sum(answer.wish) AS wishes,
        sum(CASE WHEN need.is_must = 1 AND answer.credit >= :must_have_credit THEN 1 ELSE 0 END) AS must_haves
    FROM open
    JOIN need ON need.role = open.role
    JOIN answer ON answer.volunteer = open.volunteer AND answer.skill = need.skill AND answer.level = need.level
    GROUP BY open.role, open.volunteer, open.minutes, open.place
),
factor AS MATERIALIZED (
    SELECT held.role, held.volunteer, role.role_weights, role.volunteer_weights, volunteer.deductions,
        least(10000, must_credit * role.must_times / role.must_by) AS must_have,
        least(10000, nice_credit * role.nice_times / role.nice_by) AS nice_to_have,
        evidence / role.all_needs AS evidence,
        -- The real dates are asked only for those who are away on some of them.
        least(10000, 10000 * CASE
            WHEN volunteer.there_from >= role.first OR volunteer.there_until <= role.last
            THEN 30 * bit_count(volunteer.dates & role.dates) ELSE held.minutes END / role.fully) AS meeting,
        volunteer.hours * 100 / role.hours AS hours_percent,
        least(10000, bit_count((volunteer.causes & role.causes)::bit(32)) * 10000 / role.enough) AS causes,
        least(wishes, :most_wishes) AS wishes,
        held.place,
        CASE WHEN role.preferred = 0 THEN 10000
            ELSE :languages_required + (10000 - :languages_required)
                * bit_count((volunteer.languages & role.preferred)::bit(32)) / bit_count(role.preferred::bit(32))
        END AS languages
    FROM held
    JOIN role USING (role)
    JOIN volunteer USING (volunteer)
    WHERE held.must_haves = role.must_haves
),
view AS MATERIALIZED (
    SELECT role, volunteer, deductions,
        ((:weight_must_have * must_have + :weight_nice_to_have * nice_to_have + :weight_evidence * evidence
            + :weight_meeting * meeting + :weight_hours * :hours_value) / role_weights)::int AS of_role,
        ((:weight_causes * causes + :weight_wish * (:wish_by_count)[1 + wishes::int] + :weight_place * place
            + :weight_languages * languages) / volunteer_weights)::int AS of_volunteer
    FROM factor
),
eligible AS MATERIALIZED (
    SELECT role, volunteer,
        CASE WHEN of_role + of_volunteer = 0 THEN 0
            ELSE 2 * of_role * of_volunteer / (of_role + of_volunteer) * (10000 - deductions) / 10000 END AS score
    FROM view
)
