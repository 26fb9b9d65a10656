-- The best of both sides: how many pairs are eligible, and the totals of both sides' lists.
, ranked AS (
    SELECT score,
        row_number() OVER (PARTITION BY role ORDER BY score DESC, volunteer) AS of_role,
        row_number() OVER (PARTITION BY volunteer ORDER BY score DESC, role) AS of_volunteer
    FROM eligible WHERE score >= :minimum_score
)
SELECT count(*), sum(score) FILTER (WHERE of_role <= :per_role), sum(score) FILTER (WHERE of_volunteer <= :per_volunteer)
FROM ranked;
