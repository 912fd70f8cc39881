-- The views of base.sql that differ if candidates are included.

-- Every candidate of the pair that nobody has reviewed, in the form of an action with an unknown count that is entirely open.
CREATE VIEW paired_candidate AS
SELECT -c.id AS id, 'candidate-' || CAST(c.id AS TEXT) AS ref, c.date AS date, day_of(c.day) AS day,
  CASE WHEN c.added > c.day THEN day_of(c.added) ELSE day_of(c.day) END AS day_latest, c.actor AS actor, c.target AS target, c.kind AS kind,
  CAST(NULL AS INTEGER) AS count, CAST(NULL AS TEXT) AS count_words, CAST(NULL AS TEXT) AS count_is, c.stage AS stage, CAST(NULL AS TEXT) AS deadline,
  CAST(NULL AS TEXT) AS dispute,
  CAST(c.reports AS TEXT) || CASE c.reports WHEN 1 THEN ' report, ' ELSE ' reports, ' END || CAST(c.mentions AS TEXT)
    || CASE c.mentions WHEN 1 THEN ' mention' ELSE ' mentions' END || CASE WHEN c.guessed THEN ', kind guessed' ELSE '' END AS summary,
  CAST(NULL AS TEXT) AS tags, 1 AS stands, CASE WHEN c.stage = 'threatened' OR c.sign = 'neutral' THEN 0 ELSE 1 END AS open
FROM candidates c WHERE c.review IS NULL AND c.day <= :date AND :of_pair;

-- The candidates that the report shows.
CREATE VIEW candidate_action AS
SELECT * FROM paired_candidate WHERE :of_actions;

-- The actions and candidates whose claims are listed together.
CREATE VIEW claiming_action AS
SELECT * FROM unfiltered_action WHERE :of_actions UNION ALL SELECT * FROM candidate_action;

-- Everything that the report shows: actions and candidates.
CREATE VIEW shown_action AS
SELECT * FROM selected_action UNION ALL SELECT * FROM candidate_action;

-- The same, but not limited to the kind or period of the report.
CREATE VIEW background_action AS
SELECT * FROM unfiltered_action UNION ALL SELECT * FROM paired_candidate;
