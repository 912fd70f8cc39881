-- The fold of the reports of feeds to candidates, over the tables of a Parquet export. The rule is that of the ledger: the earliest report of a
-- series that is in no candidate begins one, which includes all reports of the series within the window after it (:window, in days).
-- first_days() gives a row for each day on which a candidate begins. As in schema.sql, a day is the number of days since 1970-01-01.

-- The reports to fold: all.
CREATE VIEW folded_report AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, r.day, r.added, r.guessed, r.mentions FROM reports r;

-- What was reported of a series on one day. A series has the same actor, target, kind, stage and precision of the date.
CREATE VIEW series_day AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, r.day AS dated, day_of(r.day) AS day, min(CAST(r.added AS DATE)) AS added,
  min(CASE WHEN r.guessed THEN 1 ELSE 0 END) AS guessed, count(*) AS reports, sum(r.mentions) AS mentions
FROM folded_report r GROUP BY r.actor, r.target, r.kind, r.stage, r.precision, r.day;

-- The days on which the candidates of a series begin.
CREATE VIEW first_day AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, first_days(s.day, :window) AS begun
FROM series_day s GROUP BY s.actor, s.target, s.kind, s.stage, s.precision;

-- The same as "series_day", with the day on which the candidate of that day begins.
CREATE VIEW candidate_day AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, s.dated, s.added, s.guessed, s.reports, s.mentions,
  max(f.begun) OVER (PARTITION BY s.actor, s.target, s.kind, s.stage, s.precision ORDER BY s.day
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS begun
FROM series_day s LEFT JOIN first_day f ON f.actor = s.actor AND f.target = s.target AND f.kind = s.kind AND f.stage = s.stage
  AND f.precision = s.precision AND f.begun = s.day;

-- The candidates.
CREATE VIEW folded_candidate AS
SELECT c.actor, c.target, c.kind, c.stage, c.precision, min(c.dated) AS first_dated, max(c.dated) AS last_dated, min(c.added) AS added,
  min(c.guessed) AS guessed, sum(c.reports) AS reports, sum(c.mentions) AS mentions,
  c.actor || '/' || c.target || '/' || c.kind || '/' || c.stage || '/' || c.precision AS series
FROM candidate_day c GROUP BY c.actor, c.target, c.kind, c.stage, c.precision, c.begun;

-- The same, with the number of characters of a date that is as precise as the feed.
CREATE VIEW sized_candidate AS
SELECT c.*, CASE c.precision WHEN 'day' THEN 10 WHEN 'month' THEN 7 ELSE 4 END AS width FROM folded_candidate c;

-- The rows of the table of candidates.
CREATE VIEW candidate_row AS
SELECT text_id(c.series || '/' || CAST(c.first_dated AS TEXT)) AS id, substr(CAST(c.first_dated AS TEXT), 1, c.width) AS date,
  substr(CAST(c.last_dated AS TEXT), 1, c.width) AS until, c.added, c.actor, c.target, c.kind, k.unit, k.sign, c.stage,
  CAST(c.guessed = 1 AS BOOLEAN) AS guessed, CAST(c.reports AS INTEGER) AS reports, CAST(c.mentions AS INTEGER) AS mentions,
  CAST(NULL AS TEXT) AS review, CAST(NULL AS INTEGER) AS action_id, CAST(NULL AS TEXT) AS reason, c.first_dated AS day, c.last_dated AS last_day,
  text_id(c.series) AS series_id, c.precision, CAST(substr(CAST(c.first_dated AS TEXT), 1, 4) AS INTEGER) AS year
FROM sized_candidate c JOIN kinds k ON k.kind = c.kind;
