-- The views of schema.sql on which its reports are based, over the tables of a Parquet export. The other views are taken from schema.sql.
-- As there, a day is the number of days since 1970-01-01; day_of() converts a DATE. The parameters are the day of the report as a number
-- (:day) and as a DATE (:date), the scale, and the conditions on the parties (:of_pair) and on the actions that are shown (:of_actions).

-- The kinds of act.
CREATE VIEW kind AS
SELECT k.kind AS name, k.unit AS unit, k.sign AS sign FROM kinds k;

-- Every action. Those that were voided are not exported.
CREATE VIEW action AS
SELECT a.id AS id, a.ref AS ref, a.date AS date, day_of(a.day) AS day, day_of(a.day_latest) AS day_latest, a.actor AS actor, a.target AS target,
  a.kind AS kind, a.count AS count, a.count_words AS count_words, a.count_is AS count_is, a.stage AS stage, a.deadline AS deadline, a.dispute AS dispute, a.summary AS summary, a.tags AS tags, CAST(NULL AS TEXT) AS voided
FROM actions a;

-- The actions of all parties that the report would show.
CREATE VIEW unpaired_action AS
SELECT * FROM action WHERE day <= :as_of AND :of_actions;

-- The actions of the pair.
CREATE VIEW paired_action AS
SELECT * FROM action WHERE :of_pair;

-- The weights of the report.
CREATE VIEW active_weight AS
SELECT w.scale AS scale, w.kind AS kind, w.stage AS stage, w.weight AS weight, w.per AS per FROM weights w WHERE w.scale = :scale;

-- The actions that were reversed, wholly or in part, and how much of each.
CREATE VIEW reversed_action AS
SELECT l.earlier_id AS id, sum(l.takes) AS takes FROM links l WHERE l.relation = 'reverses' AND l.takes > 0 AND l.day <= :date GROUP BY l.earlier_id;

-- Every link that has taken effect.
CREATE VIEW effective_link AS
SELECT l.id AS id, l.action_id AS action_id, l.relation AS relation, l.earlier_id AS earlier_id, l.stated AS stated, l.stated_spends AS stated_spends,
  day_of(l.day) AS day, l.covers AS covers, l.spends AS spends, l.takes AS takes,
  CASE WHEN l.reinstated > 0 AND r.id IS NOT NULL THEN l.reinstated ELSE 0 END AS reinstated
FROM links l LEFT JOIN reversed_action r ON r.id = l.action_id WHERE l.day <= :date;

-- What the links settle of each action.
CREATE VIEW settled_amount AS
SELECT m.id AS id, sum(m.takes) AS takes, sum(m.closed) AS closed
FROM (
  SELECT l.earlier_id AS id, l.takes AS takes, l.covers - l.reinstated AS closed FROM effective_link l
  UNION ALL
  SELECT l.action_id AS id, 0 AS takes, l.spends AS closed FROM effective_link l WHERE l.spends > 0
) m GROUP BY m.id;

-- Every link, with whether its later action comes from the target of the earlier one, or from a party that was a member of it.
CREATE VIEW link_terms AS
SELECT l.id AS link_id, max(CASE WHEN b.actor = a.target OR m.member IS NOT NULL THEN 1 ELSE 0 END) AS by_target
FROM links l JOIN actions b ON b.id = l.action_id JOIN actions a ON a.id = l.earlier_id
LEFT JOIN memberships m ON m.organisation = a.target AND m.member = b.actor AND m.since <= a.day AND coalesce(m.until, a.day) >= a.day
GROUP BY l.id;

-- The extensions and renewals that stand, also those that were reversed in part. A threat can be extended, but there is nothing to renew.
CREATE VIEW moving_action AS
SELECT b.id AS id, b.ref AS ref, b.deadline AS deadline, x.earlier_id AS earlier_id, x.day AS day
FROM links x JOIN actions b ON b.id = x.action_id JOIN actions n ON n.id = x.earlier_id LEFT JOIN reversed_action r ON r.id = b.id
WHERE x.relation IN ('extends', 'renews') AND x.day <= :date AND b.stage <> 'threatened' AND (x.relation = 'extends' OR n.stage <> 'threatened')
  AND coalesce(r.takes, 0) < CASE WHEN b.sign = 'neutral' THEN 1 ELSE coalesce(b.count, 1) END;

-- The deadline of each action whose deadline was moved, also by an extension or renewal of one of its extensions and renewals.
CREATE VIEW moved_deadline AS
WITH RECURSIVE later AS (
  SELECT x.earlier_id AS first_id, x.id AS id, x.day AS day, x.ref AS ref, x.deadline AS deadline FROM moving_action x
  UNION ALL
  SELECT e.first_id AS first_id, x.id AS id, x.day AS day, x.ref AS ref, x.deadline AS deadline
  FROM later e JOIN moving_action x ON x.earlier_id = e.id
)
SELECT m.id AS id, m.deadline AS deadline
FROM (
  SELECT e.first_id AS id, e.deadline AS deadline, row_number() OVER (PARTITION BY e.first_id ORDER BY e.day DESC, e.ref DESC) AS place
  FROM later e WHERE e.deadline IS NOT NULL
) m WHERE m.place = 1;

-- Every action of the pair that counts on the day of the report.
CREATE VIEW unfiltered_action AS
SELECT a.id AS id, a.ref AS ref, a.date AS date, day_of(a.day) AS day, day_of(a.day_latest) AS day_latest, a.actor AS actor, a.target AS target,
  a.kind AS kind, a.count AS count, a.count_words AS count_words, a.count_is AS count_is, a.stage AS stage, coalesce(m.deadline, a.deadline) AS deadline,
  a.dispute AS dispute, a.summary AS summary, a.tags AS tags,
  CASE WHEN a.sign = 'neutral' THEN 1 ELSE coalesce(a.count, 1) END - coalesce(s.takes, 0) AS stands,
  CASE WHEN a.stage = 'threatened' OR a.sign = 'neutral' THEN 0 ELSE coalesce(a.count, 1) - coalesce(s.closed, 0) END AS open
FROM actions a LEFT JOIN settled_amount s ON s.id = a.id LEFT JOIN moved_deadline m ON m.id = a.id
WHERE a.day <= :date AND :of_pair;

-- The actions that the report shows.
CREATE VIEW selected_action AS
SELECT * FROM unfiltered_action WHERE :of_actions;

-- The candidates that the report shows: none.
CREATE VIEW candidate_action AS
SELECT * FROM unfiltered_action WHERE 1 = 0;

-- Everything that the report shows.
CREATE VIEW shown_action AS
SELECT * FROM selected_action;

-- The same, but not limited to the kind or period of the report.
CREATE VIEW background_action AS
SELECT * FROM unfiltered_action;

-- What settles an act, and when.
CREATE VIEW settling AS
SELECT l.earlier_id AS id, l.day AS day, l.covers AS amount FROM effective_link l WHERE l.covers <> 0
UNION ALL
SELECT l.action_id AS id, l.day AS day, l.spends AS amount FROM effective_link l WHERE l.spends <> 0
UNION ALL
SELECT l.earlier_id AS id, r.day AS day, -l.reinstated AS amount
FROM effective_link l JOIN (
  SELECT x.earlier_id AS id, min(x.day) AS day FROM effective_link x WHERE x.relation = 'reverses' AND x.takes > 0 GROUP BY x.earlier_id
) r ON r.id = l.action_id WHERE l.reinstated > 0;

-- Every hostile or friendly act as a panel counts it.
CREATE VIEW panel_act AS
SELECT s.id AS id, s.actor AS actor, s.target AS target, s.day AS day, s.day_latest AS day_latest, s.kind AS kind, s.sign AS sign, s.stage AS stage,
  CASE WHEN s.amount > 0 THEN 1 ELSE 0 END AS counts,
  CASE WHEN s.count IS NULL THEN NULL ELSE s.amount END AS count,
  w.weight * CASE w.per WHEN 'unit' THEN s.amount ELSE 1 END AS weight,
  coalesce(s.count, 1) AS claim
FROM (
  SELECT s.id AS id, s.actor AS actor, s.target AS target, s.day AS day, s.day_latest AS day_latest, s.kind AS kind, k.sign AS sign, s.stage AS stage,
    s.count AS count,
    CASE WHEN s.stands = 0 AND coalesce(l.executed, 0) > 0 THEN 0
      ELSE s.stands + coalesce(l.reversed, 0) - coalesce(r.renewed, 0) END AS amount
  FROM selected_action s JOIN kind k ON k.name = s.kind
  LEFT JOIN (
    SELECT x.earlier_id AS id, sum(CASE WHEN x.relation = 'executes' THEN x.takes ELSE 0 END) AS executed,
      sum(CASE WHEN x.relation = 'reverses' THEN x.takes ELSE 0 END) AS reversed
    FROM effective_link x GROUP BY x.earlier_id
  ) l ON l.id = s.id
  LEFT JOIN (SELECT x.id AS id, x.amount AS renewed FROM renewal_amount x) r ON r.id = s.id
  WHERE s.stage <> 'threatened' AND k.sign <> 'neutral'
) s LEFT JOIN active_weight w ON w.kind = s.kind AND w.stage = s.stage;
