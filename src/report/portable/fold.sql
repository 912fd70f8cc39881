-- The fold of the reports of feeds to candidates, over the tables of a Parquet export. The rule is that of the ledger: the earliest report of a
-- series that is in no candidate begins one, which includes all reports of the series within the window after it (:window, in days).
-- As in schema.sql, a day is the number of days since 1970-01-01.
--
-- The reports are read once and grouped once by series, because Spark runs a view again for each view that reads it. listed() gives the rows of
-- a group as a list in the order of their days, candidates_in() a row for each candidate of such a list with the part that belongs to it.

-- The reports to fold: all.
CREATE VIEW folded_report AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, r.day, r.added, r.guessed, r.mentions FROM reports r;

-- What was reported of a series on one day. A series has the same actor, target, kind, stage and precision of the date.
CREATE VIEW series_day AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, r.day AS dated, day_of(r.day) AS day, min(CAST(r.added AS DATE)) AS added,
  min(CASE WHEN r.guessed THEN 1 ELSE 0 END) AS guessed, count(*) AS reports, sum(r.mentions) AS mentions
FROM folded_report r GROUP BY r.actor, r.target, r.kind, r.stage, r.precision, r.day;

-- The days of each series.
CREATE VIEW listed_series AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, listed(s.day, s.dated, s.added, s.guessed, s.reports, s.mentions) AS days
FROM series_day s GROUP BY s.actor, s.target, s.kind, s.stage, s.precision;

-- The same, with the text that names the series.
CREATE VIEW named_series AS
SELECT l.actor, l.target, l.kind, l.stage, l.precision, l.days, l.actor || '/' || l.target || '/' || l.kind || '/' || l.stage || '/' || l.precision AS series
FROM listed_series l;

-- The days of each candidate. The id of a series is computed before its candidates, because there are more of them.
CREATE VIEW candidate_days AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, s.series, text_id(s.series) AS series_id, candidates_in(s.days, :window) AS days
FROM named_series s;

-- The candidates.
CREATE VIEW folded_candidate AS
SELECT c.actor, c.target, c.kind, c.stage, c.precision, c.series, c.series_id, of_first(c.days, dated) AS first_dated, of_last(c.days, dated) AS last_dated,
  least_of(c.days, added) AS added, least_of(c.days, guessed) AS guessed, sum_of(c.days, reports) AS reports, sum_of(c.days, mentions) AS mentions
FROM candidate_days c;

-- The same, with the number of characters of a date that is as precise as the feed.
CREATE VIEW sized_candidate AS
SELECT c.*, CASE c.precision WHEN 'day' THEN 10 WHEN 'month' THEN 7 ELSE 4 END AS width FROM folded_candidate c;

-- The rows of the table of candidates.
CREATE VIEW candidate_row AS
SELECT text_id(c.series || '/' || CAST(c.first_dated AS TEXT)) AS id, substr(CAST(c.first_dated AS TEXT), 1, c.width) AS date,
  substr(CAST(c.last_dated AS TEXT), 1, c.width) AS until, c.added, c.actor, c.target, c.kind, k.unit, k.sign, c.stage,
  CAST(c.guessed = 1 AS BOOLEAN) AS guessed, CAST(c.reports AS INTEGER) AS reports, CAST(c.mentions AS INTEGER) AS mentions,
  CAST(NULL AS TEXT) AS review, CAST(NULL AS INTEGER) AS action_id, CAST(NULL AS TEXT) AS reason, c.first_dated AS day, c.last_dated AS last_day,
  c.series_id, c.precision, CAST(substr(CAST(c.first_dated AS TEXT), 1, 4) AS INTEGER) AS year
FROM sized_candidate c JOIN kinds k ON k.kind = c.kind;
