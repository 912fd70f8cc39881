-- The views of fold.sql that differ in DuckDB. It runs a view once for all that read it, and to cut a list into many parts takes it four times as
-- long as these joins. first_days() gives a row for each day on which a candidate begins.

-- The days of each series.
CREATE VIEW listed_series AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, listed(s.day) AS days
FROM series_day s GROUP BY s.actor, s.target, s.kind, s.stage, s.precision;

-- The days on which the candidates of a series begin.
CREATE VIEW first_day AS
SELECT l.actor, l.target, l.kind, l.stage, l.precision, first_days(l.days, :window) AS begun FROM listed_series l;

-- The same as "series_day", with the day on which the candidate of that day begins.
CREATE VIEW candidate_day AS
SELECT s.actor, s.target, s.kind, s.stage, s.precision, s.dated, s.added, s.guessed, s.reports, s.mentions,
  max(f.begun) OVER (PARTITION BY s.actor, s.target, s.kind, s.stage, s.precision ORDER BY s.day
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS begun
FROM series_day s LEFT JOIN first_day f ON f.actor = s.actor AND f.target = s.target AND f.kind = s.kind AND f.stage = s.stage
  AND f.precision = s.precision AND f.begun = s.day;

-- The candidates, without a name of their series.
CREATE VIEW grouped_candidate AS
SELECT c.actor, c.target, c.kind, c.stage, c.precision, min(c.dated) AS first_dated, max(c.dated) AS last_dated, min(c.added) AS added,
  min(c.guessed) AS guessed, sum(c.reports) AS reports, sum(c.mentions) AS mentions,
  c.actor || '/' || c.target || '/' || c.kind || '/' || c.stage || '/' || c.precision AS series
FROM candidate_day c GROUP BY c.actor, c.target, c.kind, c.stage, c.precision, c.begun;

-- The candidates.
CREATE VIEW folded_candidate AS
SELECT c.*, text_id(c.series) AS series_id FROM grouped_candidate c;
