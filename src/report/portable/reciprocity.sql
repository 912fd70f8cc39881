-- What the report on reciprocity reads, over the views of base.sql. The program computes the figures from these rows.

-- The weights on all scales.
CREATE VIEW scale_weight AS
SELECT w.scale AS scale, w.kind AS kind, w.stage AS stage, w.weight AS weight, w.per AS per FROM weights w;

-- The actions of the pair that count on the day of the report, without their amounts.
CREATE VIEW pair_action AS
SELECT id, actor, target FROM action WHERE day <= :as_of AND :of_pair;

-- The links in effect of these actions, in both directions, without waivers that were reversed.
CREATE VIEW pair_link AS
SELECT l.relation AS relation, l.action_id AS action_id, l.earlier_id AS earlier_id, l.covers - l.reinstated AS covers, l.spends AS spends,
  l.takes AS takes, l.day AS day, l.id AS id,
  CASE WHEN l.relation = 'answers' AND l.covers = 0 AND t.by_target = 0 THEN 1 ELSE 0 END AS third_party,
  max(l.day, b.day_latest) AS latest, CASE WHEN b.stage = 'threatened' THEN 1 ELSE 0 END AS threat
FROM effective_link l JOIN link_terms t ON t.link_id = l.id JOIN action b ON b.id = l.action_id
LEFT JOIN pair_action e ON e.id = l.earlier_id LEFT JOIN pair_action s ON s.id = l.action_id
WHERE (e.id IS NOT NULL OR s.id IS NOT NULL) AND (l.relation <> 'waives' OR l.covers > l.reinstated);

-- How much of each act others carried out.
CREATE VIEW executed_amount AS
SELECT x.earlier_id AS act_id, sum(x.takes) AS takes FROM effective_link x WHERE x.relation = 'executes' GROUP BY x.earlier_id;

-- The answers with the act that makes them: that which carried out the announcement of an answer, or the answer itself.
CREATE VIEW act_answer AS
SELECT l.action_id AS action_id, l.earlier_id AS earlier_id, l.covers AS covers, l.spends AS spends, coalesce(c.action_id, l.action_id) AS act_id
FROM effective_link l LEFT JOIN carried_out c ON c.announcement_id = l.action_id WHERE l.relation = 'answers';

-- How much of each act its answers use.
CREATE VIEW answering_amount AS
SELECT s.act_id AS act_id, sum(s.spends) AS spent FROM act_answer s GROUP BY s.act_id;

-- The acts of third parties that settle some of an act of the pair.
CREATE VIEW third_party_act AS
SELECT n.id AS linked_id, n.kind AS linked_kind, d.id AS id, d.kind AS kind, d.stage AS stage,
  CASE WHEN d.stage = 'announced' AND d.count IS NOT NULL THEN coalesce(nullif(x.takes, 0), d.count) ELSE d.count END AS count, s.spent AS spent
FROM act_answer l JOIN pair_action e ON e.id = l.earlier_id JOIN action n ON n.id = l.action_id JOIN action d ON d.id = l.act_id
JOIN answering_amount s ON s.act_id = l.act_id LEFT JOIN executed_amount x ON x.act_id = l.act_id
WHERE l.covers > 0 AND (n.actor <> e.target OR n.target <> e.actor);

-- The acts of the pair and, on request, its candidates, with whether the selection shows them.
CREATE VIEW marked_action AS
SELECT *, CASE WHEN :of_actions THEN 1 ELSE 0 END AS selected FROM background_action;

-- The same as the report reads them: whether the deadline of a threat has passed, and the single action that carried out an announcement.
CREATE VIEW pair_act AS
SELECT m.id AS id, m.kind AS kind, m.stage AS stage, m.day AS day, m.count AS count, m.stands AS stands, m.open AS open,
  CASE WHEN m.stage = 'threatened' AND unixepoch(m.deadline) < CASE WHEN length(m.deadline) = 10 THEN :as_of * 86400 ELSE :instant END
    THEN 1 ELSE 0 END AS late,
  m.selected AS selected, c.action_id AS carried_out_by, m.day_latest AS day_latest, m.actor AS actor, m.target AS target, m.ref AS ref
FROM marked_action m LEFT JOIN carried_out c ON c.announcement_id = m.id;
