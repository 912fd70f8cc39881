-- The views of fold.sql that differ if only some series are folded again, because reports were added to them since a day (:added_since) or
-- on a day that the feed does not say. The table of the candidates folded before is :folded.

-- These series, with the first day of the new reports.
CREATE VIEW touched_series AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, min(r.day) AS day
FROM reports r WHERE r.added IS NULL OR CAST(r.added AS DATE) >= :added_since GROUP BY r.actor, r.target, r.kind, r.stage, r.precision;

-- The day from which each of them is folded again: from the candidate that may hold the first new report. New reports cannot change
-- where that candidate begins.
CREATE VIEW refolded_series AS
SELECT t.actor, t.target, t.kind, t.stage, t.precision, coalesce(max(CASE WHEN c.day <= t.day THEN c.day END), min(t.day)) AS since
FROM touched_series t LEFT JOIN :folded c ON c.actor = t.actor AND c.target = t.target AND c.kind = t.kind AND c.stage = t.stage
  AND c.precision = t.precision
GROUP BY t.actor, t.target, t.kind, t.stage, t.precision;

-- The reports to fold: those of these series from that day on.
CREATE VIEW folded_report AS
SELECT r.actor, r.target, r.kind, r.stage, r.precision, r.day, r.added, r.guessed, r.mentions
FROM reports r JOIN refolded_series s ON s.actor = r.actor AND s.target = r.target AND s.kind = r.kind AND s.stage = r.stage
  AND s.precision = r.precision
WHERE r.day >= s.since;
