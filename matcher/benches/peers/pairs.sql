-- Every eligible pair, as the engine lists them.
SELECT role, volunteer, score FROM eligible WHERE score >= :minimum_score ORDER BY role, score DESC, volunteer;
