-- Everything that may be worked out once, before any role is scored.

-- What each volunteer brings to each skill at each level that some role asks.
CREATE TABLE answer AS
SELECT volunteer, asked.skill, asked.level,
    (ARRAY[credit1, credit2, credit3, credit4, credit5])[asked.level] AS credit, evidence, wish
FROM (SELECT DISTINCT skill, level FROM need) AS asked
JOIN brought USING (skill);
CREATE UNIQUE INDEX ON answer (volunteer, skill, level) INCLUDE (credit, evidence, wish);

-- Who holds a skill at a level that some role must have: what the search starts from.
CREATE TABLE holder AS
SELECT skill, level, volunteer
FROM (SELECT DISTINCT skill, level FROM need WHERE is_must = 1) AS asked
JOIN answer USING (skill, level)
WHERE credit >= :must_have_credit;
CREATE INDEX ON holder (skill, level) INCLUDE (volunteer);

-- The must-have of each role that the fewest hold.
CREATE TABLE rarest AS
SELECT DISTINCT ON (need.role) need.role, need.skill, need.level
FROM need
LEFT JOIN (SELECT skill, level, count(*) AS holders FROM holder GROUP BY skill, level) AS held USING (skill, level)
WHERE need.is_must = 1
ORDER BY need.role, coalesce(holders, 0), need.skill;
CREATE UNIQUE INDEX ON rarest (role);

-- Most roles have one line for each clock; the others are few.
CREATE TABLE usual AS
SELECT role, clock, minutes, slots,
    EXISTS (SELECT FROM meeting AS other WHERE other.role = meeting.role AND other.clock = meeting.clock
        AND other.number > 0) AS has_more
FROM meeting WHERE number = 0;
CREATE UNIQUE INDEX ON usual (role, clock);
DELETE FROM meeting WHERE number = 0;
CREATE INDEX ON meeting (role, clock);

CREATE INDEX ON need (role) INCLUDE (skill, is_must, level, weight);
DROP TABLE brought;
VACUUM (FREEZE, ANALYZE);
