-- What 'recip import --from' reads from the tables of a lake, with the views of base.sql. Another parameter is the number of mentions that a
-- candidate must have (:mentions).

-- The actions that are imported.
CREATE VIEW wanted_action AS
SELECT * FROM action WHERE :of_pair AND :of_actions;

-- The candidates whose reports are imported: those that nobody has reviewed.
CREATE VIEW wanted_candidate AS
SELECT * FROM (
  SELECT c.actor AS actor, c.target AS target, c.kind AS kind, c.stage AS stage, c.precision AS precision, day_of(c.day) AS day,
    CASE WHEN c.added > c.day THEN day_of(c.added) ELSE day_of(c.day) END AS day_latest, day_of(c.last_day) AS last_day
  FROM candidates c WHERE c.review IS NULL AND c.mentions >= :mentions
) d WHERE :of_pair AND :of_actions;

-- The parties, with their names, and the kinds that are imported with the actions.
CREATE VIEW wanted_code AS
SELECT w.actor AS actor, w.target AS target, w.kind AS kind FROM wanted_action w;

-- The same, with those of the candidates.
CREATE VIEW wanted_code_or_candidate AS
SELECT w.actor AS actor, w.target AS target, w.kind AS kind FROM wanted_action w
UNION ALL
SELECT c.actor AS actor, c.target AS target, c.kind AS kind FROM wanted_candidate c;
