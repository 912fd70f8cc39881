-- The panel, with periods of any length, over the views of base.sql. The parameters are the period of a day (:period), the first and the last
-- day (:since and :until; NULL: without limit), the numbers of the parties (:actor_cow and so on) and the columns of each kind (:kind_sums and
-- :kind_columns).

CREATE VIEW digit AS
SELECT 0 AS n UNION ALL SELECT 1 AS n UNION ALL SELECT 2 AS n UNION ALL SELECT 3 AS n UNION ALL SELECT 4 AS n
UNION ALL SELECT 5 AS n UNION ALL SELECT 6 AS n UNION ALL SELECT 7 AS n UNION ALL SELECT 8 AS n UNION ALL SELECT 9 AS n;

-- The first and the last day of the panel.
CREATE VIEW panel_limit AS
SELECT coalesce(:since, min(a.day)) AS first_day, min(:as_of, coalesce(:until, :as_of)) AS last_day FROM panel_act a;

-- The numbers from 0 to 999.
CREATE VIEW thousand AS
SELECT a.n + 10 * b.n + 100 * c.n AS n FROM digit a JOIN digit b ON 1 = 1 JOIN digit c ON 1 = 1;

-- Each day with the name of its period, from a year before these days to a year after them, so that each of their periods is whole.
CREATE VIEW panel_day AS
SELECT x.day AS day, :period AS period
FROM (
  SELECT l.first_day - 400 + 1000 * a.n + b.n AS day, l.last_day AS last_day
  FROM panel_limit l JOIN thousand a ON 1000 * a.n <= l.last_day - l.first_day + 800 JOIN thousand b ON 1 = 1
) x WHERE x.day <= x.last_day + 400;

-- The periods of the panel.
CREATE VIEW panel_period AS
SELECT p.period AS period, p.first_day AS first_day, p.last_day AS last_day
FROM (SELECT d.period AS period, min(d.day) AS first_day, max(d.day) AS last_day FROM panel_day d GROUP BY d.period) p JOIN panel_limit l
  ON p.last_day >= l.first_day AND p.first_day <= l.last_day;

-- Each party that acted with each that it acted against, and vice versa.
CREATE VIEW panel_dyad AS
SELECT DISTINCT d.actor AS actor, d.target AS target
FROM (
  SELECT a.actor AS actor, a.target AS target FROM panel_act a
  UNION ALL
  SELECT a.target AS actor, a.actor AS target FROM panel_act a
) d;

-- What happened in each period.
CREATE VIEW panel_happened AS
SELECT a.actor AS actor, a.target AS target, p.period AS period,
  sum(CASE a.sign WHEN 'hostile' THEN 1 ELSE 0 END) AS hostile_acts,
  sum(CASE a.sign WHEN 'friendly' THEN 1 ELSE 0 END) AS friendly_acts,
  sum(CASE a.sign WHEN 'hostile' THEN a.weight END) AS hostile_weight,
  sum(CASE a.sign WHEN 'friendly' THEN a.weight END) AS friendly_weight,
  sum(CASE WHEN a.weight IS NULL THEN 1 ELSE 0 END) AS unweighted_acts,
  sum(CASE WHEN a.day_latest > p.last_day THEN 1 ELSE 0 END) AS imprecise_acts :kind_sums
FROM panel_act a JOIN panel_day d ON d.day = a.day JOIN panel_period p ON p.period = d.period
WHERE a.counts > 0 GROUP BY a.actor, a.target, p.period;

-- What is open of each act from one day to the day before another.
CREATE VIEW panel_left AS
SELECT s.id AS id, s.day AS since, sum(s.amount) OVER (PARTITION BY s.id ORDER BY s.day) AS amount,
  min(CAST(s.day AS INTEGER)) OVER (PARTITION BY s.id ORDER BY s.day ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING) AS until
FROM (
  SELECT m.id AS id, m.day AS day, sum(m.amount) AS amount
  FROM (
    SELECT a.id AS id, a.day AS day, a.claim AS amount FROM panel_act a
    UNION ALL
    SELECT a.id AS id, CASE WHEN s.day < a.day THEN a.day ELSE s.day END AS day, -s.amount AS amount FROM settling s JOIN panel_act a ON a.id = s.id
  ) m GROUP BY m.id, m.day
) s;

-- The number of acts that are open when a period ends.
CREATE VIEW panel_open AS
SELECT a.actor AS actor, a.target AS target, p.period AS period,
  sum(CASE a.sign WHEN 'hostile' THEN 1 ELSE 0 END) AS hostile_open,
  sum(CASE a.sign WHEN 'friendly' THEN 1 ELSE 0 END) AS friendly_open
FROM panel_left l JOIN panel_act a ON a.id = l.id JOIN panel_period p ON p.last_day >= l.since AND p.last_day < coalesce(l.until, p.last_day + 1)
WHERE l.amount > 0
GROUP BY a.actor, a.target, p.period;

-- A row for each actor, target and period.
CREATE VIEW panel_row AS
SELECT p.period AS period, date(p.first_day * 86400, 'unixepoch') AS first_day, date(p.last_day * 86400, 'unixepoch') AS last_day,
  d.actor AS actor, d.target AS target, :actor_cow AS actor_cow, :target_cow AS target_cow, :actor_gw AS actor_gw, :target_gw AS target_gw,
  coalesce(h.hostile_acts, 0) AS hostile_acts, coalesce(h.friendly_acts, 0) AS friendly_acts,
  CASE WHEN h.hostile_acts > 0 THEN h.hostile_weight ELSE 0.0 END AS hostile_weight,
  CASE WHEN h.friendly_acts > 0 THEN h.friendly_weight ELSE 0.0 END AS friendly_weight,
  coalesce(h.unweighted_acts, 0) AS unweighted_acts, coalesce(h.imprecise_acts, 0) AS imprecise_acts,
  coalesce(o.hostile_open, 0) AS hostile_open, coalesce(o.friendly_open, 0) AS friendly_open :kind_columns
FROM panel_dyad d JOIN panel_period p ON 1 = 1
LEFT JOIN panel_happened h ON h.actor = d.actor AND h.target = d.target AND h.period = p.period
LEFT JOIN panel_open o ON o.actor = d.actor AND o.target = d.target AND o.period = p.period
LEFT JOIN parties a ON a.code = d.actor LEFT JOIN parties b ON b.code = d.target;
