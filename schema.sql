-- recip: the ledger of diplomatic tit-for-tat.
--
-- This file has five parts:
--   tables      the facts, as people entered them
--   candidates  actions that feeds reported and nobody has confirmed
--   history     the audit log, kept by triggers
--   rules       what a ledger must not contain, and how amounts are computed from the facts
--   views       the reports
-- The views can be read with any SQLite client from version 3.40 on. They need no extension, none of recip's own functions and no clock:
-- a view gives dates and amounts, never an age.
--
-- Facts are what people enter: actions, links, sources, the catalogue. A link has a stated amount only if somebody stated one.
-- Consequences are all other amounts: what each link settles, how much of each action stands and is open, and from which day. They are
-- computed from the facts by one rule, in the order of the days and never in the order of entry. Their columns are marked "Derived".
--
-- The rule of settlement. Each hostile or friendly action that is announced or done opens a claim of its count against its actor. A link
-- takes effect on the later of its two actions' days. Links are settled one after another, in this order: by day; within a day
-- executions, reversals, answers with a stated amount, waivers, answers in the claim's own unit, other answers, renewals; then the older claim
-- first; then by ref, the later action's ref before the earlier one's. A waiver therefore never closes what an answer of the same day
-- states. Each link settles its stated amount or, if none is stated, all that is left on both sides at its turn:
--   answers   In the same unit, the link settles as much as is open of both the claim and the answer. Across units, it settles all that
--             is open of the claim and uses up the whole answer. What is left of the answer is a claim of its own. An answer settles
--             nothing if nothing is left to settle, if it is a threat or has the other sign, or if it comes from a third party
--             (solidarity).
--   executes  An announcement is carried out by one action or by several. Each takes over as much as its count or, if a count is unknown,
--             all that still stands. What is already settled of the announcement is taken over first, and counts as settled of the
--             executing action. The rest of the announcement stays pending. A threat is carried out by the first action that executes it.
--   reverses  The link undoes what still stands of an action, or the stated part of it, and closes the same amount of its claim, as far
--             as that is open. A threat can reverse only threats and waivers. When a waiver is reversed, what it waived is open again,
--             except for what was reversed of that action in the meantime.
--   waives    The link closes all that is open.
--   renews    The link uses up as much of the renewing action as stands of the earlier one, so that a renewal opens no claim of its own: the
--             claim of the earlier action stays as it is, with its age. What a renewal exceeds it by is a claim. Where nothing stands of
--             the earlier action, nothing is renewed. The deadline moves as with an extension. The earlier action can itself be a renewal:
--             the claim is then still that of the first action, and the deadline of every earlier action of the series moves.
--   extends   The link settles nothing: from its day on, the deadline of the earlier action is that of the later one. Of several
--             extensions, or extensions of extensions, the latest counts. A threat, an extension without a deadline and one that was reversed move no deadline.
-- An unknown count is an amount of 1, which is settled whole or not at all. Links of a voided action settle nothing.
--
-- A date is written to the letter: '2016', '2017-06' or '2016-12-29', a day that exists. No text contains a NUL character, at which many
-- programs stop reading. SQLite cannot test whether a text is valid UTF-8; 'recip check' does.
--
-- Days are counted from 1970-01-01, which is day 0. date(day * 86400, 'unixepoch') gives the date.

PRAGMA application_id = 1919117680; -- 'rcip'
PRAGMA user_version = 1;            -- the version of this schema

-------------------------------------------------------------------------------------------------- tables ----

-- The identity of this ledger. The table has one row, which never changes; a copy of the file keeps it.
CREATE TABLE ledger (
  -- Always 1: there is only one row.
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  -- A random UUID (version 4) that distinguishes this ledger and its copies from all others.
  uuid       TEXT NOT NULL CHECK (length(uuid) = 36 AND instr(uuid, char(0)) = 0)
    DEFAULT (lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-'
      || substr('89ab', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))),
  -- When the ledger was created, UTC.
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) CHECK (created_at IS strftime('%Y-%m-%dT%H:%M:%SZ', created_at, '+0 days'))
) STRICT;

INSERT INTO ledger (id) VALUES (1);

-- The parties that act and are acted upon: states and organisations.
CREATE TABLE party (
  -- ISO 3166 alpha-3 for a state ('USA'); the usual abbreviation for an organisation ('EU', 'NATO').
  code  TEXT NOT NULL PRIMARY KEY CHECK (code GLOB '[A-Z]*' AND code NOT GLOB '*[^A-Z0-9]*' AND length(code) BETWEEN 2 AND 16 AND instr(code, char(0)) = 0),
  -- The everyday English name, as reports print it: 'Russia'.
  name  TEXT NOT NULL CHECK (name <> '' AND instr(name, char(0)) = 0),
  -- 'state' or 'organisation'. Only an organisation has members.
  type  TEXT NOT NULL CHECK (type IN ('state', 'organisation')),
  -- First day of existence, if it matters (historical states, organisations); ISO 8601, can be a year or a month.
  since TEXT CHECK (since IS substr(date(substr(since || '-01-01', 1, 10), '+0 days'), 1, length(since)) AND length(since) IN (4, 7, 10) AND since NOT GLOB '0000*'),
  -- Last day of existence, in the same form; NULL: the party exists today.
  until TEXT CHECK (until IS substr(date(substr(until || '-01-01', 1, 10), '+0 days'), 1, length(until)) AND length(until) IN (4, 7, 10) AND until NOT GLOB '0000*'),
  -- Its ISO 3166 alpha-2 code; several codes, of which all but the first are former ones, are separated by a space: 'CD ZR'. Two parties
  -- that did not exist at the same time can have the same code, in any code book.
  iso2       TEXT CHECK (iso2 <> '' AND iso2 NOT GLOB '*[^A-Z ]*' AND instr(iso2, char(0)) = 0),
  -- Its codes in the Correlates of War, in letters: 'GMY GFR'.
  cow        TEXT CHECK (cow <> '' AND cow NOT GLOB '*[^A-Z ]*' AND instr(cow, char(0)) = 0),
  -- The same codes as numbers: '255 260'.
  cow_number TEXT CHECK (cow_number <> '' AND cow_number NOT GLOB '*[^0-9 ]*' AND instr(cow_number, char(0)) = 0),
  -- Its codes in the list of Gleditsch and Ward, in letters.
  gw         TEXT CHECK (gw <> '' AND gw NOT GLOB '*[^A-Z ]*' AND instr(gw, char(0)) = 0),
  -- The same codes as numbers.
  gw_number  TEXT CHECK (gw_number <> '' AND gw_number NOT GLOB '*[^0-9 ]*' AND instr(gw_number, char(0)) = 0)
) STRICT, WITHOUT ROWID;

-- Every name of a party, including its main name. Each name means exactly one party.
CREATE TABLE alias (
  -- The form in which names are compared: no accents, lower case, letters and digits only: 'cotedivoire'.
  folded TEXT NOT NULL PRIMARY KEY CHECK (folded <> '' AND folded NOT GLOB '*[ A-Z.,'']*' AND instr(folded, char(0)) = 0),
  -- The name as written: 'Côte d''Ivoire'.
  alias  TEXT NOT NULL CHECK (instr(alias, char(0)) = 0),
  -- The party that has this name.
  party  TEXT NOT NULL CHECK (instr(party, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX alias_party ON alias (party);

-- Which party belonged to which organisation, and when: one row for each period of membership.
CREATE TABLE membership (
  -- The organisation.
  organisation TEXT NOT NULL CHECK (instr(organisation, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- The member.
  member       TEXT NOT NULL CHECK (instr(member, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- First day of membership, ISO 8601, can be a year or a month ('1973' counts from its first day).
  since        TEXT NOT NULL CHECK (since IS substr(date(substr(since || '-01-01', 1, 10), '+0 days'), 1, length(since)) AND length(since) IN (4, 7, 10) AND since NOT GLOB '0000*'),
  -- Last day of membership, ISO 8601, can be a year or a month ('1990' counts to its last day); NULL: a member today.
  until        TEXT CHECK (until IS substr(date(substr(until || '-01-01', 1, 10), '+0 days'), 1, length(until)) AND length(until) IN (4, 7, 10) AND until NOT GLOB '0000*' AND until >= since),
  PRIMARY KEY (organisation, member, since),
  CHECK (organisation <> member)
) STRICT, WITHOUT ROWID;

-- The kinds of act.
CREATE TABLE kind (
  -- Its name in commands and reports: 'expulsion', 'cancelled-meeting'.
  name        TEXT NOT NULL PRIMARY KEY CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND instr(name, char(0)) = 0),
  -- The unit of its counts, a plural noun: 'persons', 'properties', 'measures', 'meetings', 'acts'.
  unit        TEXT NOT NULL CHECK (unit GLOB '[a-z]*' AND unit NOT GLOB '*[^a-z-]*' AND instr(unit, char(0)) = 0),
  -- 'hostile' and 'friendly' acts open claims; 'neutral' acts do not, and only they can waive a claim.
  sign        TEXT NOT NULL CHECK (sign IN ('hostile', 'friendly', 'neutral')),
  -- CAMEO code of the act once it is done, a string that keeps its leading zero ('057'); NULL: CAMEO has no code for it.
  cameo       TEXT CHECK (cameo GLOB '[0-9]*' AND cameo NOT GLOB '*[^0-9]*' AND length(cameo) BETWEEN 2 AND 4 AND instr(cameo, char(0)) = 0),
  -- One sentence: what the kind covers and what is counted.
  description TEXT CHECK (instr(description, char(0)) = 0)
) STRICT, WITHOUT ROWID;

-- Named tables of weights. Every weight belongs to a scale.
CREATE TABLE scale (
  -- Its name in commands and reports: 'goldstein'.
  name   TEXT NOT NULL PRIMARY KEY CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND instr(name, char(0)) = 0),
  -- What the scale is, in one line.
  title  TEXT CHECK (instr(title, char(0)) = 0),
  -- Where the weights come from.
  source TEXT CHECK (instr(source, char(0)) = 0)
) STRICT, WITHOUT ROWID;

-- What an act weighs on a scale; negative weights mean conflict. A kind without a row has no weight on that scale.
CREATE TABLE weight (
  -- The scale.
  scale  TEXT NOT NULL CHECK (instr(scale, char(0)) = 0) REFERENCES scale (name) ON UPDATE CASCADE,
  -- The kind of act.
  kind   TEXT NOT NULL CHECK (instr(kind, char(0)) = 0) REFERENCES kind (name) ON UPDATE CASCADE,
  -- The stage at which the kind has this weight: codebooks weigh a threat and a deed differently.
  stage  TEXT NOT NULL CHECK (stage IN ('threatened', 'announced', 'done')),
  -- The weight, in the scale's own points.
  weight REAL NOT NULL CHECK (abs(weight) <= 1e9),
  -- 'action': the weight counts once for each act, as in the codebooks. 'unit': it is multiplied by the count (1 if unknown).
  per    TEXT NOT NULL DEFAULT 'action' CHECK (per IN ('action', 'unit')),
  PRIMARY KEY (scale, kind, stage)
) STRICT, WITHOUT ROWID;

-- Disputes: cases that group actions.
CREATE TABLE dispute (
  -- Its name in commands: 'grizzly-steppe'.
  slug  TEXT NOT NULL PRIMARY KEY CHECK (slug GLOB '[a-z0-9]*' AND slug NOT GLOB '*[^a-z0-9-]*' AND instr(slug, char(0)) = 0),
  -- Its name in reports.
  title TEXT NOT NULL CHECK (title <> '' AND instr(title, char(0)) = 0)
) STRICT, WITHOUT ROWID;

-- Everything that happened: each row is one dated act of an actor against or towards a target.
CREATE TABLE action (
  -- The number to type in commands: '#7'. Never reused.
  id         INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  -- The stable name for files and links, as people have it ('EXP-2022/014', 'Q4115189', 'gb-hmt:13456', '14'), or else made from the act:
  -- '2016-12-29-usa-rus-expulsion'; a second action like it ends in '-2'. Upper and lower case do not distinguish refs. 'candidate-7' is
  -- the name of a candidate.
  ref        TEXT NOT NULL CHECK (ref <> '' AND ref = trim(ref, '_./:-') AND ref NOT GLOB '*[^--:A-Z_a-z]*' AND instr(ref, char(0)) = 0
    AND lower(ref) NOT GLOB 'candidate-[0-9]*' AND lower(ref) NOT GLOB 'ref:*'), -- '--:' are the characters from '-' to ':', digits among them
  -- When it happened, as precisely as is known: '2016', '2017-06', '2016-12-29'. ISO 8601, never guessed.
  date       TEXT NOT NULL CHECK (date IS substr(date(substr(date || '-01-01', 1, 10), '+0 days'), 1, length(date)) AND length(date) IN (4, 7, 10) AND date NOT GLOB '0000*'),
  -- The first day of that date. The action counts from this day.
  day        INTEGER NOT NULL GENERATED ALWAYS AS (unixepoch(substr(date || '-01-01', 1, 10)) / 86400) STORED,
  -- The last day of that date.
  day_latest INTEGER NOT NULL GENERATED ALWAYS AS (
    CASE length(date)
      WHEN 10 THEN day
      WHEN 7  THEN unixepoch(date || '-01', '+1 month') / 86400 - 1
      ELSE unixepoch(date || '-12-31') / 86400
    END) STORED,
  -- Who acted.
  actor      TEXT NOT NULL CHECK (instr(actor, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- Against whom or, for a friendly act, towards whom.
  target     TEXT NOT NULL CHECK (instr(target, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- The kind of act.
  kind       TEXT NOT NULL CHECK (instr(kind, char(0)) = 0) REFERENCES kind (name) ON UPDATE CASCADE,
  -- How many, in the kind's unit: the number that amounts are computed with; NULL: unknown.
  count      INTEGER CHECK (count BETWEEN 1 AND 1000000000),
  -- How the count was stated, if not as a number alone: '20-30' (count is 20), '50+' (at least 50), '~50' (about 50) or 'several'
  -- (unknown).
  count_words TEXT CHECK (count_words IS NULL OR CASE
    WHEN count_words = 'several' THEN count IS NULL
    WHEN count_words GLOB '~*' THEN count_words IS '~' || count
    WHEN count_words GLOB '*+' THEN count_words IS count || '+'
    ELSE count_words IS count || '-' || CAST(substr(count_words, instr(count_words, '-') + 1) AS INTEGER)
      AND CAST(substr(count_words, instr(count_words, '-') + 1) AS INTEGER) BETWEEN count + 1 AND 1000000000 END),
  -- Derived: how the number is meant: 'at least' ('20-30', '50+') or 'about' ('~50'); NULL: exactly, or it is unknown. In a sum, min() gives
  -- the word for the total, since one count that is only about right makes it so.
  count_is   TEXT GENERATED ALWAYS AS (CASE WHEN count_words GLOB '~*' THEN 'about' WHEN count_words GLOB '[0-9]*' THEN 'at least' END) VIRTUAL,
  -- 'threatened': the actor said that it may happen. 'announced': decided, not yet in force. 'done': it happened.
  stage      TEXT NOT NULL CHECK (stage = 'threatened' OR stage = 'announced' OR stage = 'done'), -- faster than IN
  -- The body that acted for the actor: 'Senate'.
  "by"       TEXT CHECK ("by" <> '' AND instr("by", char(0)) = 0),
  -- Where it happened.
  place      TEXT CHECK (place <> '' AND instr(place, char(0)) = 0),
  -- The day or time by which it must be complied with: '2017-01-01' or '2017-01-01T12:00-05:00'.
  deadline   TEXT CHECK (deadline IS NULL OR (
    date(substr(deadline, 1, 10), '+0 days') IS substr(deadline, 1, 10) AND deadline NOT GLOB '0000*' AND instr(deadline, char(0)) = 0
    AND datetime(deadline) IS NOT NULL AND (length(deadline) = 10 OR substr(deadline, 12, 2) < '24' AND (
      substr(deadline, 11) GLOB 'T[0-9][0-9]:[0-9][0-9]Z' OR substr(deadline, 11) GLOB 'T[0-9][0-9]:[0-9][0-9][+-][0-9][0-9]:[0-9][0-9]'
      OR substr(deadline, 11) GLOB 'T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'
      OR substr(deadline, 11) GLOB 'T[0-9][0-9]:[0-9][0-9]:[0-9][0-9][+-][0-9][0-9]:[0-9][0-9]')))),
  -- The dispute it belongs to.
  dispute    TEXT CHECK (instr(dispute, char(0)) = 0) REFERENCES dispute (slug) ON UPDATE CASCADE,
  -- What happened, in one line.
  summary    TEXT CHECK (summary <> '' AND instr(summary, char(0)) = 0),
  -- A remark of those who keep the ledger.
  note       TEXT CHECK (note <> '' AND instr(note, char(0)) = 0),
  -- Its tags, in lower case, sorted, separated by ', '.
  tags       TEXT CHECK (tags <> '' AND tags = lower(tags) AND instr(tags, char(0)) = 0 AND ' ' || tags NOT GLOB '*[ ,],*'
    AND ', ' || tags NOT GLOB '*,[^ ]*' AND ', ' || tags NOT GLOB '*, [ ]*' AND tags NOT GLOB '*[ ,]'),
  -- Why the action was voided; NULL: it is valid. Actions are voided, not deleted.
  voided     TEXT CHECK (voided <> '' AND instr(voided, char(0)) = 0),
  -- When it was logged in this ledger, UTC.
  logged_at  TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')) CHECK (logged_at IS strftime('%Y-%m-%dT%H:%M:%SZ', logged_at, '+0 days')),
  -- Derived: the part of the action that has been neither reversed nor carried out by another action, in the kind's unit. An unknown
  -- count or a neutral action counts as 1.
  stands     INTEGER NOT NULL DEFAULT 0,
  -- Derived: how much of its claim is open after all its postings; 0 for a threat and for a neutral action.
  open       INTEGER NOT NULL DEFAULT 0,
  -- Derived: the day of its latest posting. For an earlier day, the open amount may differ from "open".
  posted_day INTEGER NOT NULL DEFAULT 0,
  CHECK (actor <> target)
) STRICT;

-- To find an action by its ref, compare with COLLATE NOCASE: WHERE ref = 'exp-2022/014' COLLATE NOCASE.
CREATE UNIQUE INDEX action_ref ON action (ref COLLATE NOCASE);
-- A covering index for the reports on a pair and for the balance of the whole ledger.
CREATE INDEX action_pair ON action (actor, target, kind, stage, day, posted_day, count, count_is, stands, open) WHERE voided IS NULL;
-- Most lists and reports are in this order.
CREATE INDEX action_day ON action (day);
CREATE INDEX action_dispute ON action (dispute) WHERE dispute IS NOT NULL;

-- How one action relates to an earlier one. A link can be added and deleted; only its stated amounts can be changed.
CREATE TABLE link (
  -- Never reused.
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The later action, which answers, executes, reverses, waives, extends or renews the earlier one.
  action_id     INTEGER NOT NULL REFERENCES action (id),
  -- 'answers', 'executes' (carries out a threat or an announcement), 'reverses' (undoes an action of one's own),
  -- 'waives' (declines to answer), 'extends' (moves its deadline), 'renews' (repeats an action of one's own without a new claim).
  -- SQLite compares a list of two words faster than a longer one, and most links are of the first two.
  relation      TEXT NOT NULL CHECK (relation IN ('answers', 'executes') OR relation IN ('reverses', 'waives', 'extends', 'renews')),
  -- The earlier action.
  earlier_id    INTEGER NOT NULL REFERENCES action (id),
  -- How much of the earlier action is answered or reversed, in its unit, if somebody stated it; NULL: the rule decides.
  stated        INTEGER CHECK (stated IS NULL OR (stated BETWEEN 1 AND 1000000000 AND relation IN ('answers', 'reverses'))),
  -- How much of the answer the stated amount uses up, in the answer's unit, if somebody stated it; NULL: the rule decides.
  stated_spends INTEGER CHECK (stated_spends IS NULL OR (stated_spends BETWEEN 0 AND 1000000000 AND relation = 'answers' AND stated IS NOT NULL)),
  -- Derived: the day the link takes effect, which is the later of the two actions' days; NULL until the link is first settled.
  day           INTEGER,
  -- Derived: how much of the earlier action's claim the link closes, in the earlier action's unit.
  covers        INTEGER NOT NULL DEFAULT 0,
  -- Derived: how much of the later action's claim the link uses up, in the later action's unit.
  spends        INTEGER NOT NULL DEFAULT 0,
  -- Derived: how much of what stands of the earlier action the link undoes (a reversal) or carries out (an execution).
  takes         INTEGER NOT NULL DEFAULT 0,
  -- Derived: for a waiver that was reversed, how much of what it closed is open again.
  reinstated    INTEGER NOT NULL DEFAULT 0,
  -- Derived: the part of the stated amounts that could not be settled. It is more than 0 only after an action was voided.
  unmet         INTEGER NOT NULL DEFAULT 0,
  CHECK (action_id <> earlier_id)
) STRICT;

CREATE UNIQUE INDEX link_action ON link (action_id, relation, earlier_id);
CREATE INDEX link_earlier ON link (earlier_id);
CREATE INDEX link_unmet ON link (id) WHERE unmet > 0;
CREATE INDEX link_extension ON link (earlier_id) WHERE relation IN ('extends', 'renews');
CREATE INDEX link_renewal ON link (action_id, spends, day) WHERE relation = 'renews';
CREATE INDEX link_reversal ON link (earlier_id, takes, day) WHERE relation = 'reverses';

-- The sources that report actions.
CREATE TABLE source (
  -- Never reused.
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  -- How commands and files name the source: a URL, or a line such as 'The Times, 14 September 1985'.
  cite      TEXT NOT NULL UNIQUE CHECK (cite <> '' AND instr(cite, char(0)) = 0),
  -- Who published it.
  publisher TEXT CHECK (instr(publisher, char(0)) = 0),
  -- Its headline or title.
  title     TEXT CHECK (instr(title, char(0)) = 0),
  -- Who wrote it: 'George F. Kennan' or 'Kennan, George F.'; several authors are separated by '; '.
  author    TEXT CHECK (instr(author, char(0)) = 0),
  -- When it was published, ISO 8601, can be a year or a month.
  date      TEXT CHECK (date IS substr(date(substr(date || '-01-01', 1, 10), '+0 days'), 1, length(date)) AND length(date) IN (4, 7, 10) AND date NOT GLOB '0000*'),
  -- Its URL; if "cite" is a URL, the same one, unless the source has moved.
  url       TEXT CHECK (instr(url, char(0)) = 0),
  -- When somebody last read it there, ISO 8601, can be a year or a month.
  accessed  TEXT CHECK (accessed IS substr(date(substr(accessed || '-01-01', 1, 10), '+0 days'), 1, length(accessed)) AND length(accessed) IN (4, 7, 10) AND accessed NOT GLOB '0000*'),
  -- The URL of an archived copy.
  archive   TEXT CHECK (instr(archive, char(0)) = 0),
  -- The passage that supports what was logged.
  quote     TEXT CHECK (instr(quote, char(0)) = 0)
) STRICT;

-- Which source is cited for which action. Sources may disagree with the action and with each other: each citation
-- keeps the date and the count that its source gives, or that the source denies the act.
CREATE TABLE citation (
  -- The action.
  action_id  INTEGER NOT NULL REFERENCES action (id),
  -- The order of the action's sources, from 1.
  position   INTEGER NOT NULL CHECK (position >= 1),
  -- The source.
  source_id  INTEGER NOT NULL REFERENCES source (id),
  -- The date that this source gives, if it differs from the action's.
  says_date  TEXT CHECK (says_date IS substr(date(substr(says_date || '-01-01', 1, 10), '+0 days'), 1, length(says_date)) AND length(says_date) IN (4, 7, 10) AND says_date NOT GLOB '0000*'),
  -- The count that this source gives, if it differs from the action's.
  says_count INTEGER CHECK (says_count BETWEEN 1 AND 1000000000),
  -- How this source states its count, if not as a number alone; the same words as in "count_words".
  says_words TEXT CHECK (says_words IS NULL OR CASE
    WHEN says_words = 'several' THEN says_count IS NULL
    WHEN says_words GLOB '~*' THEN says_words IS '~' || says_count
    WHEN says_words GLOB '*+' THEN says_words IS says_count || '+'
    ELSE says_words IS says_count || '-' || CAST(substr(says_words, instr(says_words, '-') + 1) AS INTEGER)
      AND CAST(substr(says_words, instr(says_words, '-') + 1) AS INTEGER) BETWEEN says_count + 1 AND 1000000000 END),
  -- 1 if this source denies that the action happened.
  denies     INTEGER NOT NULL DEFAULT 0 CHECK (denies = 0 OR denies = 1 AND says_date IS NULL AND says_count IS NULL AND says_words IS NULL),
  PRIMARY KEY (action_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX citation_source ON citation (source_id, action_id);

-- Quantities of an action that are not claims: the trade that a tariff covers, its rate. Nothing is settled with them.
CREATE TABLE quantity (
  -- The action.
  action_id INTEGER NOT NULL REFERENCES action (id),
  -- What is measured: 'trade', 'rate'.
  name      TEXT NOT NULL CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9-]*' AND instr(name, char(0)) = 0),
  -- How much: an exact decimal number, without zeros that say nothing: '34000000000', '-0.5'.
  value     TEXT NOT NULL CHECK ((value GLOB '[0-9]*' OR value GLOB '-[0-9]*') AND value NOT GLOB '?*[^0-9.]*' AND value NOT GLOB '*.*.*'
    AND value NOT GLOB '*.' AND value NOT GLOB '*.*0' AND value NOT GLOB '0[0-9]*' AND value NOT GLOB '-0[0-9]*' AND value <> '-0'
    AND instr(value, char(0)) = 0 AND instr(ltrim(value, '-') || '.', '.') <= 19
    AND (instr(value, '.') = 0 OR length(value) - instr(value, '.') <= 6)),
  -- In which unit: 'USD', '%'.
  unit      TEXT NOT NULL CHECK (unit <> '' AND unit NOT GLOB '[0-9 -]*' AND unit NOT GLOB '*[|\]*' AND unit NOT GLOB '* [0-9]*'
    AND unit NOT GLOB '* -[0-9]*' AND unit NOT GLOB '*[~≈<>±+$€£¥][0-9]*' AND unit NOT GLOB '* ' AND instr(unit, char(0)) = 0),
  PRIMARY KEY (action_id, name)
) STRICT, WITHOUT ROWID;

---------------------------------------------------------------------------------------------- candidates ----
-- Actions that a feed of machine-coded events reported and nobody has confirmed. No report counts them unless it is asked to.
--
-- Feed reports of one series that are a few days apart are duplicates and fold into one candidate. The earliest report that is in no
-- candidate starts one, and all reports up to "window_days" later belong to it. Candidates therefore depend only on the reports, not on
-- the order of import. A candidate that somebody has reviewed is an exception: its first day never changes, and reports imported later
-- are added to it if they are dated up to "window_days" after that day, or no later than its last report.
-- No column says which candidate a report belongs to: a candidate has the reports of its series from its first day to its last.
--
-- Feeds report in both directions what two parties do together: they talk, they sign an agreement. That is one act without a direction, so
-- the party whose code comes first is the actor of its series, whichever party the feed names first, and both reports fold into one
-- candidate. Its kind is neutral: it opens no claim, answers nothing, and counts neither in a balance nor in a measure of reciprocity.

-- What duplicate reports have in common: actor, target, kind and stage of the act, and how precisely its day is known.
CREATE TABLE series (
  -- Never reused.
  id        INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  -- Who acted.
  actor     TEXT NOT NULL CHECK (instr(actor, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- Against whom or, for a friendly act, towards whom.
  target    TEXT NOT NULL CHECK (instr(target, char(0)) = 0) REFERENCES party (code) ON UPDATE CASCADE,
  -- The kind of act.
  kind      TEXT NOT NULL CHECK (instr(kind, char(0)) = 0) REFERENCES kind (name) ON UPDATE CASCADE,
  -- 'threatened', 'announced' or 'done', as for an action.
  stage     TEXT NOT NULL CHECK (stage IN ('threatened', 'announced', 'done')),
  -- How precisely the feed knows the day: 'day'; 'month' or 'year' if the feed computed it from words such as "a month ago".
  precision TEXT NOT NULL CHECK (precision IN ('day', 'month', 'year')),
  -- 1 if these acts open a claim: they are not threats, and the kind is not neutral.
  claims    INTEGER NOT NULL CHECK (claims IN (0, 1)),
  CHECK (actor <> target)
) STRICT;

CREATE UNIQUE INDEX series_names ON series (actor, target, kind, stage, precision);

-- One row of a feed.
CREATE TABLE feed_report (
  -- In the order of import: "feed_batch" says which import added it.
  id        INTEGER PRIMARY KEY CHECK (id > 0),
  -- The feed: 'gdelt', 'icews', 'polecat'.
  feed      TEXT NOT NULL CHECK (feed = 'gdelt' OR feed = 'icews' OR feed = 'polecat'),
  -- The feed's own identifier. ICEWS repeats its identifiers, so the date is added: '32889836/2018-06-01'.
  event     TEXT NOT NULL CHECK (event <> '' AND instr(event, char(0)) = 0),
  -- The series it belongs to.
  series_id INTEGER NOT NULL REFERENCES series (id),
  -- The day the feed gives.
  dated     INTEGER NOT NULL,
  -- The day the report counts from: the same, or the first day of the month or year if the feed is no more precise.
  day       INTEGER NOT NULL,
  -- The day the feed added the event, which cannot have happened later; NULL: the feed does not say.
  added     INTEGER,
  -- The feed's code for the act, a string that keeps its leading zero: '161' in CAMEO, 'SANCTION/expel' in PLOVER.
  code      TEXT NOT NULL CHECK (instr(code, char(0)) = 0),
  -- 1 if the code covers more than the kind that it was mapped to.
  guessed   INTEGER NOT NULL CHECK (guessed IN (0, 1)),
  -- The number of mentions when the feed added the event; 1 if the feed does not count them.
  mentions  INTEGER NOT NULL CHECK (mentions BETWEEN 0 AND 1000000000),
  -- How hostile (negative) or friendly the feed says the event is, in points: Goldstein's weight in GDELT and ICEWS; NULL: it does not say.
  intensity REAL,
  -- 1 if the feed names the actor of the series as the target: the host of a visit, or the second of two parties that act together.
  exchanged INTEGER NOT NULL CHECK (exchanged IN (0, 1)),
  -- The feed's name for the actor: 'CAIRO', 'Foreign Affairs (Bangladesh)'.
  actor     TEXT CHECK (instr(actor, char(0)) = 0),
  -- The feed's name for the target.
  target    TEXT CHECK (instr(target, char(0)) = 0),
  -- The feed's types of the actor: 'REB' in GDELT, 'Business' in ICEWS; NULL: the state itself.
  actor_type  TEXT CHECK (instr(actor_type, char(0)) = 0),
  -- The feed's types of the target.
  target_type TEXT CHECK (instr(target_type, char(0)) = 0),
  -- Where it happened, according to the feed.
  place     TEXT CHECK (instr(place, char(0)) = 0),
  -- The URL of the article, or its publisher if the feed gives no URL.
  source    TEXT CHECK (instr(source, char(0)) = 0)
) STRICT;

CREATE UNIQUE INDEX feed_report_event ON feed_report (event, feed);
-- A covering index for folding.
CREATE INDEX feed_report_series ON feed_report (series_id, day, added, guessed, mentions);

-- Imports of feeds: which change added which feed reports, and how they were folded.
CREATE TABLE feed_batch (
  -- Never reused. The latest batch's "window_days" applies to all reports.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The change it is part of.
  change_id   INTEGER NOT NULL REFERENCES change (id),
  -- The feed.
  feed        TEXT NOT NULL CHECK (instr(feed, char(0)) = 0),
  -- Reports up to this many days after the first report of a candidate are duplicates of it.
  window_days INTEGER NOT NULL CHECK (window_days BETWEEN 0 AND 3660),
  -- The highest report id before this batch: its own reports have higher ids.
  above       INTEGER NOT NULL,
  -- The highest report id in this batch.
  upto        INTEGER NOT NULL CHECK (upto >= above)
) STRICT;

-- Candidates: actions that feeds reported. Each combines one or more reports of a series that are a few days apart.
CREATE TABLE candidate (
  -- The number to type in commands. Never reused.
  id        INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0),
  -- The series of its reports.
  series_id INTEGER NOT NULL REFERENCES series (id),
  -- The day of its first report. The candidate counts from this day.
  day       INTEGER NOT NULL,
  -- The day of its last report.
  last_day  INTEGER NOT NULL CHECK (last_day >= day),
  -- The earliest day that a feed added one of its reports; the act cannot have happened later. NULL: no feed says.
  added     INTEGER,
  -- The number of its reports.
  reports   INTEGER NOT NULL CHECK (reports > 0),
  -- The total mentions of its reports.
  mentions  INTEGER NOT NULL,
  -- 1 if the codes of all its reports cover more than this kind.
  guessed   INTEGER NOT NULL CHECK (guessed IN (0, 1)),
  -- The result of the review: 'confirmed' as a new action, 'merged' into an existing one, 'dismissed'; NULL: not reviewed.
  review    TEXT CHECK (review IN ('confirmed', 'merged', 'dismissed')),
  -- The action that it was confirmed as or merged into.
  action_id INTEGER REFERENCES action (id),
  -- Why it was dismissed.
  reason    TEXT CHECK (reason <> '' AND instr(reason, char(0)) = 0),
  CHECK ((review IN ('confirmed', 'merged')) IS (action_id IS NOT NULL) OR review IS NULL AND action_id IS NULL),
  CHECK (review IS 'dismissed' OR reason IS NULL)
) STRICT;

CREATE INDEX candidate_series ON candidate (series_id, day, review);
-- A covering index for lists and reports on the whole ledger, in their order.
CREATE INDEX candidate_day ON candidate (day, id, series_id, added, reports, mentions, guessed, review) WHERE review IS NULL;
CREATE INDEX candidate_merged ON candidate (action_id) WHERE action_id IS NOT NULL;

------------------------------------------------------------------------------------------------- history ----
-- The ledger keeps two times for everything: when it happened ("date") and when the ledger recorded it. Nothing is lost: whichever
-- client writes, the triggers below keep the previous state of each row (its before-image).
--
-- Adding a row usually writes nothing here, because the row itself is the after-image. Its id shows which change added it: each change
-- notes the highest ids given before it. "history" holds only updates and deletions, and insertions of rows without an id, or of rows
-- restored with their old id.

-- Changes of the ledger. One command is one change, however many rows it touches. All that another SQLite client writes
-- within one second is one change, too.
--
-- "As known" at a moment is the ledger after the last change that counts as made by then. As long as the times never decrease, each
-- change counts as made at its time. If a clock was wrong, some change has an earlier time than the change before it. Then the longest
-- series of changes whose times never decrease is believed, and of two equally long series the one that ends earlier; so a time in the
-- future is no longer believed once a right one follows. Any other change counts as made at the nearest time that the believed changes
-- before and after it allow.
CREATE TABLE change (
  -- In the order of the changes. Never reused.
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  -- When the change was made, UTC, by the clock of the machine that made it. If a clock was wrong, it can be earlier than the previous
  -- change; the order of the ids is always right.
  at          TEXT NOT NULL CHECK (at IS strftime('%Y-%m-%dT%H:%M:%SZ', at, '+0 days')),
  -- Who made the change: 'desk@embassy', or the name given with --as; 'another client' if recip did not write it.
  who         TEXT NOT NULL CHECK (who <> '' AND instr(who, char(0)) = 0),
  -- The command as typed, without the ledger's name: 'edit 7 --count 750'; '' if it is not known.
  command     TEXT NOT NULL CHECK (instr(command, char(0)) = 0),
  -- The change that this one reverts: for an undo the change that was undone, for a redo the undo; NULL: it is neither.
  undoes      INTEGER REFERENCES change (id),
  -- The highest action id before this change: this change added the actions with higher ids, up to the action_mark of the next change.
  action_mark INTEGER NOT NULL,
  -- The same for links.
  link_mark   INTEGER NOT NULL,
  -- The same for sources.
  source_mark INTEGER NOT NULL,
  -- A random identifier of this change, the same in every copy of the ledger.
  token       TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))) CHECK (length(token) = 32 AND instr(token, char(0)) = 0),
  -- A checksum of all facts and of the history after this change: the sum of the SHA-256 digests of all rows, which "recip check" verifies.
  -- It is NULL if another client made the change; the next seal includes that change.
  seal        TEXT CHECK (length(seal) = 64 AND instr(seal, char(0)) = 0)
) STRICT;

CREATE INDEX change_undoes ON change (undoes) WHERE undoes IS NOT NULL;

-- The audit log: one entry for each row of another table that a change wrote, with its before-image.
CREATE TABLE history (
  -- In the order of writing.
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The change it is part of.
  change_id  INTEGER NOT NULL REFERENCES change (id),
  -- The table: 'action'.
  table_name TEXT NOT NULL CHECK (instr(table_name, char(0)) = 0),
  -- The row's primary key, a JSON array: '[7]'; after an update that changed the key, the new key.
  row_key    TEXT NOT NULL CHECK (CASE WHEN json_valid(row_key) THEN json_array_length(row_key) > 0 ELSE 0 END AND instr(row_key, char(0)) = 0),
  -- What was done to the row.
  op         TEXT NOT NULL CHECK (op IN ('insert', 'update', 'delete')),
  -- The row as it was: a JSON object of its columns, without derived ones; NULL: the row was inserted.
  before     TEXT CHECK (
    CASE WHEN op = 'insert' THEN before IS NULL WHEN json_valid(before) THEN json_type(before) = 'object' AND instr(before, char(0)) = 0 ELSE 0 END)
) STRICT;

CREATE INDEX history_change ON history (change_id);
CREATE INDEX history_row ON history (table_name, row_key);

-- The changes of another copy of the ledger that a merge took over. They are known here from then on, so that no change is merged twice,
-- and it stays known who made each of them, and when; the merge itself says when this ledger learned of them.
CREATE TABLE merged_change (
  -- The merge. As long as it is undone, the changes count as unknown.
  change_id INTEGER NOT NULL REFERENCES change (id),
  -- The order in which the other copy made or learned them, from 1.
  position  INTEGER NOT NULL CHECK (position >= 1),
  -- The identifier of the change, the same in every copy of the ledger.
  token     TEXT NOT NULL CHECK (length(token) = 32 AND instr(token, char(0)) = 0),
  -- When it was made in the other copy, UTC.
  at        TEXT NOT NULL CHECK (at IS strftime('%Y-%m-%dT%H:%M:%SZ', at, '+0 days')),
  -- Who made it there.
  who       TEXT NOT NULL CHECK (who <> '' AND instr(who, char(0)) = 0),
  -- The command as typed there; '' if it is not known.
  command   TEXT NOT NULL CHECK (instr(command, char(0)) = 0),
  -- 1: somebody answered questions in the merge, so that its rows are not only those of the changes that it took over.
  decided   INTEGER NOT NULL CHECK (decided IN (0, 1)),
  PRIMARY KEY (change_id, position)
) STRICT, WITHOUT ROWID;

-- The change that recip is making. The table has a row only inside recip's own transactions, so other clients always find it empty.
CREATE TABLE current_change (
  -- Always 1: there is at most one row.
  id        INTEGER PRIMARY KEY CHECK (id = 1),
  -- The change that history entries are assigned to.
  change_id INTEGER NOT NULL REFERENCES change (id)
) STRICT;

-- The history entries, with who made each change and when. The triggers insert into this view to write to the history.
--   sqlite> SELECT change_id, who, table_name, row_key, op, before ->> '$.note' AS note FROM history_entry WHERE op = 'update';
--   2|desk@embassy|action|[18]|update|
CREATE VIEW history_entry AS
SELECT
  h.id, h.change_id,                       -- the entry, and the change it belongs to
  c.at, c.who, c.command,                  -- when, who, by which command
  h.table_name, h.row_key, h.op, h.before  -- which row, what was done to it, and its before-image
FROM history h JOIN change c ON c.id = h.change_id;

-- Assigns the entry to the change that recip is making, or otherwise to a change by another client.
CREATE TRIGGER history_entry_kept INSTEAD OF INSERT ON history_entry BEGIN
  INSERT INTO change (at, who, command, action_mark, link_mark, source_mark)
  SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'another client', '',
    max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'action'), 0),
      CASE WHEN NEW.table_name = 'action' AND NEW.op = 'insert' THEN json_extract(NEW.row_key, '$[0]') - 1 ELSE 0 END),
    max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'link'), 0),
      CASE WHEN NEW.table_name = 'link' AND NEW.op = 'insert' THEN json_extract(NEW.row_key, '$[0]') - 1 ELSE 0 END),
    max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'source'), 0),
      CASE WHEN NEW.table_name = 'source' AND NEW.op = 'insert' THEN json_extract(NEW.row_key, '$[0]') - 1 ELSE 0 END)
  WHERE NOT EXISTS (SELECT 1 FROM current_change) AND NOT EXISTS (
    SELECT 1 FROM change WHERE id = (SELECT max(id) FROM change) AND who = 'another client' AND undoes IS NULL
      AND at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now'));
  INSERT INTO history (change_id, table_name, row_key, op, before)
  SELECT c.id, NEW.table_name, NEW.row_key, NEW.op, NEW.before
  FROM change c WHERE c.id = coalesce((SELECT change_id FROM current_change), (SELECT max(id) FROM change))
    AND NOT (NEW.op = 'insert' AND CASE NEW.table_name
      WHEN 'action' THEN json_extract(NEW.row_key, '$[0]') > c.action_mark
      WHEN 'link' THEN json_extract(NEW.row_key, '$[0]') > c.link_mark
      WHEN 'source' THEN json_extract(NEW.row_key, '$[0]') > c.source_mark
      WHEN 'citation' THEN json_extract(NEW.row_key, '$[0]') > c.action_mark
      WHEN 'quantity' THEN json_extract(NEW.row_key, '$[0]') > c.action_mark
      ELSE 0 END);
END;

-- SQLite runs no trigger for a row that REPLACE removes, so its before-image would be lost.
CREATE TRIGGER action_not_replaced BEFORE INSERT ON action
WHEN EXISTS (SELECT 1 FROM action WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM action WHERE ref = NEW.ref COLLATE NOCASE) BEGIN
  SELECT RAISE(ABORT, 'an action with this id or ref exists already: use UPDATE, so that the history keeps the earlier row');
END;

-- The same for links.
CREATE TRIGGER link_not_replaced BEFORE INSERT ON link
WHEN EXISTS (SELECT 1 FROM link WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM link WHERE action_id = NEW.action_id AND relation = NEW.relation AND earlier_id = NEW.earlier_id) BEGIN
  SELECT RAISE(ABORT, 'this link exists already: use UPDATE, or delete it first');
END;

-- Past changes cannot be altered. Only the change that recip is making can.
CREATE TRIGGER change_kept BEFORE UPDATE ON change WHEN NOT EXISTS (SELECT 1 FROM current_change WHERE change_id = OLD.id) BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- The identity of the ledger cannot be altered.
CREATE TRIGGER ledger_kept BEFORE UPDATE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the identity of the ledger cannot be changed');
END;

-- Nor can it be deleted.
CREATE TRIGGER ledger_not_deleted BEFORE DELETE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the identity of the ledger cannot be changed');
END;

-- Nor can another one replace it.
CREATE TRIGGER ledger_not_replaced BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger) BEGIN
  SELECT RAISE(ABORT, 'the identity of the ledger cannot be changed');
END;

-- Changes cannot be deleted.
CREATE TRIGGER change_not_deleted BEFORE DELETE ON change BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- History entries cannot be altered.
CREATE TRIGGER history_kept BEFORE UPDATE ON history BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- History entries cannot be deleted.
CREATE TRIGGER history_not_deleted BEFORE DELETE ON history BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- Only a merge that recip is making adds to the changes that were merged.
CREATE TRIGGER merged_change_added BEFORE INSERT ON merged_change WHEN NOT EXISTS (SELECT 1 FROM current_change WHERE change_id = NEW.change_id) BEGIN
  SELECT RAISE(ABORT, 'only recip can add merged changes: merge a copy with recip merge');
END;

-- Merged changes cannot be altered.
CREATE TRIGGER merged_change_kept BEFORE UPDATE ON merged_change BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- Merged changes cannot be deleted.
CREATE TRIGGER merged_change_not_deleted BEFORE DELETE ON merged_change BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- Records the insertion of a party.
CREATE TRIGGER party_inserted AFTER INSERT ON party BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('party', json_array(NEW.code), 'insert');
END;
-- Records a party as it was before an update.
CREATE TRIGGER party_updated AFTER UPDATE OF code, name, type, since, until, iso2, cow, cow_number, gw, gw_number ON party
WHEN (OLD.code, OLD.name, OLD.type, OLD.since, OLD.until, OLD.iso2, OLD.cow, OLD.cow_number, OLD.gw, OLD.gw_number)
  IS NOT (NEW.code, NEW.name, NEW.type, NEW.since, NEW.until, NEW.iso2, NEW.cow, NEW.cow_number, NEW.gw, NEW.gw_number) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('party', json_array(NEW.code), 'update',
    json_object('code', OLD.code, 'name', OLD.name, 'type', OLD.type, 'since', OLD.since, 'until', OLD.until,
      'iso2', OLD.iso2, 'cow', OLD.cow, 'cow_number', OLD.cow_number, 'gw', OLD.gw, 'gw_number', OLD.gw_number));
END;
-- Records a party as it was before its deletion.
CREATE TRIGGER party_removed AFTER DELETE ON party BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('party', json_array(OLD.code), 'delete',
    json_object('code', OLD.code, 'name', OLD.name, 'type', OLD.type, 'since', OLD.since, 'until', OLD.until,
      'iso2', OLD.iso2, 'cow', OLD.cow, 'cow_number', OLD.cow_number, 'gw', OLD.gw, 'gw_number', OLD.gw_number));
END;

-- Records the insertion of an alias.
CREATE TRIGGER alias_inserted AFTER INSERT ON alias BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('alias', json_array(NEW.folded), 'insert');
END;
-- Records an alias as it was before an update.
CREATE TRIGGER alias_updated AFTER UPDATE OF folded, alias, party ON alias
WHEN (OLD.folded, OLD.alias, OLD.party) IS NOT (NEW.folded, NEW.alias, NEW.party) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('alias', json_array(NEW.folded), 'update',
    json_object('folded', OLD.folded, 'alias', OLD.alias, 'party', OLD.party));
END;
-- Records an alias as it was before its deletion.
CREATE TRIGGER alias_removed AFTER DELETE ON alias BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('alias', json_array(OLD.folded), 'delete',
    json_object('folded', OLD.folded, 'alias', OLD.alias, 'party', OLD.party));
END;

-- Records the insertion of a membership.
CREATE TRIGGER membership_inserted AFTER INSERT ON membership BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('membership', json_array(NEW.organisation, NEW.member, NEW.since), 'insert');
END;
-- Records a membership as it was before an update.
CREATE TRIGGER membership_updated AFTER UPDATE OF organisation, member, since, until ON membership
WHEN (OLD.organisation, OLD.member, OLD.since, OLD.until)
  IS NOT (NEW.organisation, NEW.member, NEW.since, NEW.until) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('membership', json_array(NEW.organisation, NEW.member, NEW.since), 'update',
    json_object('organisation', OLD.organisation, 'member', OLD.member, 'since', OLD.since, 'until', OLD.until));
END;
-- Records a membership as it was before its deletion.
CREATE TRIGGER membership_removed AFTER DELETE ON membership BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('membership', json_array(OLD.organisation, OLD.member, OLD.since), 'delete',
    json_object('organisation', OLD.organisation, 'member', OLD.member, 'since', OLD.since, 'until', OLD.until));
END;

-- Records the insertion of a kind.
CREATE TRIGGER kind_inserted AFTER INSERT ON kind BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('kind', json_array(NEW.name), 'insert');
END;
-- Records a kind as it was before an update.
CREATE TRIGGER kind_updated AFTER UPDATE OF name, unit, sign, cameo, description ON kind
WHEN (OLD.name, OLD.unit, OLD.sign, OLD.cameo, OLD.description)
  IS NOT (NEW.name, NEW.unit, NEW.sign, NEW.cameo, NEW.description) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('kind', json_array(NEW.name), 'update',
    json_object('name', OLD.name, 'unit', OLD.unit, 'sign', OLD.sign, 'cameo', OLD.cameo, 'description', OLD.description));
END;
-- Records a kind as it was before its deletion.
CREATE TRIGGER kind_removed AFTER DELETE ON kind BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('kind', json_array(OLD.name), 'delete',
    json_object('name', OLD.name, 'unit', OLD.unit, 'sign', OLD.sign, 'cameo', OLD.cameo, 'description', OLD.description));
END;

-- Records the insertion of a scale.
CREATE TRIGGER scale_inserted AFTER INSERT ON scale BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('scale', json_array(NEW.name), 'insert');
END;
-- Records a scale as it was before an update.
CREATE TRIGGER scale_updated AFTER UPDATE OF name, title, source ON scale
WHEN (OLD.name, OLD.title, OLD.source) IS NOT (NEW.name, NEW.title, NEW.source) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('scale', json_array(NEW.name), 'update',
    json_object('name', OLD.name, 'title', OLD.title, 'source', OLD.source));
END;
-- Records a scale as it was before its deletion.
CREATE TRIGGER scale_removed AFTER DELETE ON scale BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('scale', json_array(OLD.name), 'delete',
    json_object('name', OLD.name, 'title', OLD.title, 'source', OLD.source));
END;

-- Records the insertion of a weight.
CREATE TRIGGER weight_inserted AFTER INSERT ON weight BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('weight', json_array(NEW.scale, NEW.kind, NEW.stage), 'insert');
END;
-- Records a weight as it was before an update.
CREATE TRIGGER weight_updated AFTER UPDATE OF scale, kind, stage, weight, per ON weight
WHEN (OLD.scale, OLD.kind, OLD.stage, OLD.weight, OLD.per)
  IS NOT (NEW.scale, NEW.kind, NEW.stage, NEW.weight, NEW.per) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('weight', json_array(NEW.scale, NEW.kind, NEW.stage), 'update',
    json_object('scale', OLD.scale, 'kind', OLD.kind, 'stage', OLD.stage, 'weight', printf('%!.17g', OLD.weight), 'per', OLD.per));
END;
-- Records a weight as it was before its deletion.
CREATE TRIGGER weight_removed AFTER DELETE ON weight BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('weight', json_array(OLD.scale, OLD.kind, OLD.stage), 'delete',
    json_object('scale', OLD.scale, 'kind', OLD.kind, 'stage', OLD.stage, 'weight', printf('%!.17g', OLD.weight), 'per', OLD.per));
END;

-- Records the insertion of a dispute.
CREATE TRIGGER dispute_inserted AFTER INSERT ON dispute BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('dispute', json_array(NEW.slug), 'insert');
END;
-- Records a dispute as it was before an update.
CREATE TRIGGER dispute_updated AFTER UPDATE OF slug, title ON dispute
WHEN (OLD.slug, OLD.title) IS NOT (NEW.slug, NEW.title) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('dispute', json_array(NEW.slug), 'update',
    json_object('slug', OLD.slug, 'title', OLD.title));
END;
-- Records a dispute as it was before its deletion.
CREATE TRIGGER dispute_removed AFTER DELETE ON dispute BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('dispute', json_array(OLD.slug), 'delete',
    json_object('slug', OLD.slug, 'title', OLD.title));
END;

-- Records the insertion of an action by another client, or under an old id.
CREATE TRIGGER action_inserted AFTER INSERT ON action
WHEN NEW.id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('action', json_array(NEW.id), 'insert');
END;
-- Records an action as it was before an update.
CREATE TRIGGER action_updated AFTER UPDATE OF id, ref, date, actor, target, kind, count, count_words, stage, "by", place, deadline, dispute,
    summary, note, tags, voided, logged_at ON action
WHEN (OLD.id, OLD.ref, OLD.date, OLD.actor, OLD.target, OLD.kind, OLD.count, OLD.count_words, OLD.stage, OLD."by", OLD.place, OLD.deadline,
    OLD.dispute, OLD.summary, OLD.note, OLD.tags, OLD.voided, OLD.logged_at)
  IS NOT (NEW.id, NEW.ref, NEW.date, NEW.actor, NEW.target, NEW.kind, NEW.count, NEW.count_words, NEW.stage, NEW."by", NEW.place, NEW.deadline,
    NEW.dispute, NEW.summary, NEW.note, NEW.tags, NEW.voided, NEW.logged_at)
  AND NEW.id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('action', json_array(NEW.id), 'update',
    json_object('id', OLD.id, 'ref', OLD.ref, 'date', OLD.date, 'actor', OLD.actor, 'target', OLD.target, 'kind', OLD.kind,
      'count', OLD.count, 'count_words', OLD.count_words, 'stage', OLD.stage, 'by', OLD."by", 'place', OLD.place, 'deadline', OLD.deadline,
      'dispute', OLD.dispute, 'summary', OLD.summary, 'note', OLD.note, 'tags', OLD.tags, 'voided', OLD.voided, 'logged_at', OLD.logged_at));
END;
-- Records an action as it was before its deletion.
CREATE TRIGGER action_removed AFTER DELETE ON action
WHEN OLD.id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), OLD.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('action', json_array(OLD.id), 'delete',
    json_object('id', OLD.id, 'ref', OLD.ref, 'date', OLD.date, 'actor', OLD.actor, 'target', OLD.target, 'kind', OLD.kind,
      'count', OLD.count, 'count_words', OLD.count_words, 'stage', OLD.stage, 'by', OLD."by", 'place', OLD.place, 'deadline', OLD.deadline,
      'dispute', OLD.dispute, 'summary', OLD.summary, 'note', OLD.note, 'tags', OLD.tags, 'voided', OLD.voided, 'logged_at', OLD.logged_at));
END;

-- Records the insertion of a link by another client, or under an old id.
CREATE TRIGGER link_inserted AFTER INSERT ON link
WHEN NEW.id <= coalesce((SELECT c.link_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('link', json_array(NEW.id), 'insert');
END;
-- Records a link as it was before an update.
CREATE TRIGGER link_updated AFTER UPDATE OF id, action_id, relation, earlier_id, stated, stated_spends ON link
WHEN (OLD.id, OLD.action_id, OLD.relation, OLD.earlier_id, OLD.stated, OLD.stated_spends)
  IS NOT (NEW.id, NEW.action_id, NEW.relation, NEW.earlier_id, NEW.stated, NEW.stated_spends)
  AND NEW.id <= coalesce((SELECT c.link_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('link', json_array(NEW.id), 'update',
    json_object('id', OLD.id, 'action_id', OLD.action_id, 'relation', OLD.relation, 'earlier_id', OLD.earlier_id,
      'stated', OLD.stated, 'stated_spends', OLD.stated_spends));
END;
-- Records a link as it was before its deletion.
CREATE TRIGGER link_removed AFTER DELETE ON link
WHEN OLD.id <= coalesce((SELECT c.link_mark FROM current_change u JOIN change c ON c.id = u.change_id), OLD.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('link', json_array(OLD.id), 'delete',
    json_object('id', OLD.id, 'action_id', OLD.action_id, 'relation', OLD.relation, 'earlier_id', OLD.earlier_id,
      'stated', OLD.stated, 'stated_spends', OLD.stated_spends));
END;

-- Records the insertion of a source by another client, or under an old id.
CREATE TRIGGER source_inserted AFTER INSERT ON source
WHEN NEW.id <= coalesce((SELECT c.source_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('source', json_array(NEW.id), 'insert');
END;
-- Records a source as it was before an update.
CREATE TRIGGER source_updated AFTER UPDATE OF id, cite, publisher, title, author, date, url, accessed, archive, quote ON source
WHEN (OLD.id, OLD.cite, OLD.publisher, OLD.title, OLD.author, OLD.date, OLD.url, OLD.accessed, OLD.archive, OLD.quote)
  IS NOT (NEW.id, NEW.cite, NEW.publisher, NEW.title, NEW.author, NEW.date, NEW.url, NEW.accessed, NEW.archive, NEW.quote)
  AND NEW.id <= coalesce((SELECT c.source_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('source', json_array(NEW.id), 'update',
    json_object('id', OLD.id, 'cite', OLD.cite, 'publisher', OLD.publisher, 'title', OLD.title, 'author', OLD.author,
      'date', OLD.date, 'url', OLD.url, 'accessed', OLD.accessed, 'archive', OLD.archive, 'quote', OLD.quote));
END;
-- Records a source as it was before its deletion.
CREATE TRIGGER source_removed AFTER DELETE ON source
WHEN OLD.id <= coalesce((SELECT c.source_mark FROM current_change u JOIN change c ON c.id = u.change_id), OLD.id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('source', json_array(OLD.id), 'delete',
    json_object('id', OLD.id, 'cite', OLD.cite, 'publisher', OLD.publisher, 'title', OLD.title, 'author', OLD.author,
      'date', OLD.date, 'url', OLD.url, 'accessed', OLD.accessed, 'archive', OLD.archive, 'quote', OLD.quote));
END;

-- Records the insertion of a citation for an older action. The citations of a new action are recorded with it.
CREATE TRIGGER citation_inserted AFTER INSERT ON citation
WHEN NEW.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('citation', json_array(NEW.action_id, NEW.position), 'insert');
END;
-- Records a citation as it was before an update.
CREATE TRIGGER citation_updated AFTER UPDATE OF action_id, position, source_id, says_date, says_count, says_words, denies ON citation
WHEN (OLD.action_id, OLD.position, OLD.source_id, OLD.says_date, OLD.says_count, OLD.says_words, OLD.denies)
  IS NOT (NEW.action_id, NEW.position, NEW.source_id, NEW.says_date, NEW.says_count, NEW.says_words, NEW.denies)
  AND NEW.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('citation', json_array(NEW.action_id, NEW.position), 'update',
    json_object('action_id', OLD.action_id, 'position', OLD.position, 'source_id', OLD.source_id, 'says_date', OLD.says_date,
      'says_count', OLD.says_count, 'says_words', OLD.says_words, 'denies', OLD.denies));
END;
-- Records a citation as it was before its deletion.
CREATE TRIGGER citation_removed AFTER DELETE ON citation
WHEN OLD.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), OLD.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('citation', json_array(OLD.action_id, OLD.position), 'delete',
    json_object('action_id', OLD.action_id, 'position', OLD.position, 'source_id', OLD.source_id, 'says_date', OLD.says_date,
      'says_count', OLD.says_count, 'says_words', OLD.says_words, 'denies', OLD.denies));
END;

-- Records the insertion of a quantity of an older action. The quantities of a new action are recorded with it.
CREATE TRIGGER quantity_inserted AFTER INSERT ON quantity
WHEN NEW.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('quantity', json_array(NEW.action_id, NEW.name), 'insert');
END;
-- Records a quantity as it was before an update.
CREATE TRIGGER quantity_updated AFTER UPDATE OF action_id, name, value, unit ON quantity
WHEN (OLD.action_id, OLD.name, OLD.value, OLD.unit) IS NOT (NEW.action_id, NEW.name, NEW.value, NEW.unit)
  AND NEW.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), NEW.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('quantity', json_array(NEW.action_id, NEW.name), 'update',
    json_object('action_id', OLD.action_id, 'name', OLD.name, 'value', OLD.value, 'unit', OLD.unit));
END;
-- Records a quantity as it was before its deletion.
CREATE TRIGGER quantity_removed AFTER DELETE ON quantity
WHEN OLD.action_id <= coalesce((SELECT c.action_mark FROM current_change u JOIN change c ON c.id = u.change_id), OLD.action_id) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('quantity', json_array(OLD.action_id, OLD.name), 'delete',
    json_object('action_id', OLD.action_id, 'name', OLD.name, 'value', OLD.value, 'unit', OLD.unit));
END;

-- Records the feed reports that an import added.
CREATE TRIGGER feed_batch_inserted AFTER INSERT ON feed_batch BEGIN
  INSERT INTO history_entry (table_name, row_key, op) VALUES ('feed_batch', json_array(NEW.id), 'insert');
END;
-- Records which feed reports were removed. Their content can be imported from the feed again.
CREATE TRIGGER feed_batch_removed AFTER DELETE ON feed_batch BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('feed_batch', json_array(OLD.id), 'delete',
    json_object('id', OLD.id, 'change_id', OLD.change_id, 'feed', OLD.feed, 'window_days', OLD.window_days, 'above', OLD.above, 'upto', OLD.upto));
END;

-- Records the review of a candidate as it was before an update. Its other columns are computed from its reports.
CREATE TRIGGER candidate_reviewed AFTER UPDATE OF review, action_id, reason ON candidate
WHEN (OLD.review, OLD.action_id, OLD.reason) IS NOT (NEW.review, NEW.action_id, NEW.reason) BEGIN
  INSERT INTO history_entry (table_name, row_key, op, before) VALUES ('candidate', json_array(NEW.id), 'update',
    json_object('id', OLD.id, 'review', OLD.review, 'action_id', OLD.action_id, 'reason', OLD.reason));
END;

--------------------------------------------------------------------------------------------------- rules ----

-- Every link, with the properties of its two actions that the rules depend on.
--   sqlite> SELECT link_id, relation, targets_actor, by_target, same_parties, rank FROM link_terms WHERE link_id = 9;
--   9|answers|1|1|0|2
CREATE VIEW link_terms AS
SELECT
  l.id AS link_id, l.action_id, l.relation, l.earlier_id, l.stated, l.stated_spends, l.day, -- the columns of "link", by the same names
  b.ref, b.day_latest, b.stage, b.count, b.stands, b.open, kb.sign, kb.unit, -- the later action
  a.ref AS earlier_ref, a.day AS earlier_day, a.stage AS earlier_stage, a.count AS earlier_count, a.stands AS earlier_stands, -- the earlier action
  a.open AS earlier_open, ka.sign AS earlier_sign, ka.unit AS earlier_unit, -- the earlier action
  a.deadline IS NOT NULL AS earlier_has_deadline, -- 1: the earlier action states a deadline
  a.voided IS NULL AND b.voided IS NULL AS both_valid, -- 1: neither action is voided
  ka.unit = kb.unit AND a.count IS NOT NULL AND b.count IS NOT NULL AS countable, -- 1: the counts have the same unit, and both are known
  -- 1: the later action is aimed at the actor of the earlier one, or at a party that was a member of that actor on the earlier day
  b.target = a.actor OR EXISTS (
    SELECT 1 FROM membership m WHERE m.organisation = a.actor AND m.member = b.target
      AND unixepoch(substr(m.since || '-01-01', 1, 10)) / 86400 <= a.day
      AND (m.until IS NULL OR m.until || '-99-99' >= date(a.day * 86400, 'unixepoch'))) AS targets_actor,
  -- 1: the later action comes from the target of the earlier one, or from a party that was a member of that target on the earlier day
  b.actor = a.target OR EXISTS (
    SELECT 1 FROM membership m WHERE m.organisation = a.target AND m.member = b.actor
      AND unixepoch(substr(m.since || '-01-01', 1, 10)) / 86400 <= a.day
      AND (m.until IS NULL OR m.until || '-99-99' >= date(a.day * 86400, 'unixepoch'))) AS by_target,
  -- 1: both actions have the same actor and the same target
  b.actor = a.actor AND b.target = a.target AS same_parties,
  CASE l.relation WHEN 'executes' THEN 0 WHEN 'reverses' THEN 1 WHEN 'waives' THEN 3 WHEN 'extends' THEN 6 WHEN 'renews' THEN 7
    ELSE CASE WHEN l.stated IS NOT NULL THEN 2 WHEN ka.unit = kb.unit THEN 4 ELSE 5 END END AS rank -- the order within a day
FROM link l JOIN action b ON b.id = l.action_id JOIN action a ON a.id = l.earlier_id
JOIN kind kb ON kb.name = b.kind JOIN kind ka ON ka.name = a.kind;

-- The rule of settlement: what a link settles, given what the previous links left of its two actions.
--   sqlite> SELECT link_id, covers, spends, takes FROM link_amounts WHERE link_id = 3;
--   3|0|0|0
CREATE VIEW link_amounts AS
SELECT
  t.link_id, -- the link
  -- how much of the earlier action's claim the link closes
  CASE t.relation
    WHEN 'answers' THEN CASE
      WHEN NOT t.settles THEN 0
      WHEN t.countable THEN min(t.asked, t.open)
      WHEN t.open = 0 AND t.stated_spends IS NOT 0 THEN 0
      ELSE t.asked END
    WHEN 'waives' THEN CASE WHEN t.stands > 0 THEN t.earlier_open ELSE 0 END
    WHEN 'reverses' THEN min(t.takes, t.earlier_open)
    WHEN 'extends' THEN 0
    WHEN 'renews' THEN 0
    ELSE min(t.takes - t.settled, t.earlier_open) END AS covers,
  -- how much of the later action's claim the link uses up
  CASE t.relation
    WHEN 'answers' THEN CASE
      WHEN NOT t.settles OR t.asked = 0 THEN 0
      WHEN t.countable THEN min(t.asked, t.open)
      ELSE min(coalesce(t.stated_spends, t.open), t.open) END
    WHEN 'executes' THEN CASE
      WHEN t.earlier_stage = 'threatened' THEN 0
      WHEN t.countable THEN min(t.settled, t.open)
      WHEN t.earlier_open = 0 AND t.settled > 0 THEN t.open
      ELSE 0 END
    WHEN 'renews' THEN CASE
      WHEN t.earlier_stage = 'threatened' OR t.earlier_stands = 0 THEN 0
      WHEN t.countable THEN min(t.open, t.earlier_stands)
      ELSE t.open END
    ELSE 0 END AS spends,
  t.takes -- how much of what stands of the earlier action the link undoes or carries out
FROM (
  SELECT
    x.*,
    -- the part of what an execution takes over that is already settled
    CASE WHEN x.earlier_stage = 'threatened' THEN x.takes ELSE max(0, min(x.takes, x.earlier_stands - x.earlier_open)) END AS settled
  FROM (
    SELECT
      y.*,
      y.sign = y.earlier_sign AND y.stage <> 'threatened' AND y.by_target AS settles, -- 1: the answer can settle something
      min(coalesce(y.stated, y.earlier_open), y.earlier_open) AS asked, -- how much of the earlier action's claim an answer may close
      CASE y.relation
        WHEN 'reverses' THEN CASE
          WHEN y.stage = 'threatened' AND y.earlier_stage <> 'threatened' AND y.earlier_sign <> 'neutral' THEN 0
          ELSE min(coalesce(y.stated, y.earlier_stands), y.earlier_stands) END
        WHEN 'executes' THEN CASE
          WHEN y.earlier_stage = 'threatened' OR NOT y.countable THEN y.earlier_stands
          ELSE min(y.earlier_stands, max(0, y.count - (SELECT coalesce(sum(e.takes), 0) FROM link e
            JOIN action n ON n.id = e.earlier_id WHERE e.action_id = y.action_id AND e.relation = 'executes' AND n.stage <> 'threatened'))) END
        ELSE 0 END AS takes -- how much of what stands of the earlier action
    FROM link_terms y
  ) x
) t;

-- The values of "stands", "open" and "posted_day" of every action, computed from its links. The table "action" stores the same three
-- values, so that a report over a million actions does not have to add them up.
--   sqlite> SELECT * FROM derived_action WHERE action_id = 1;
--   1|35|0|17375
CREATE VIEW derived_action AS
SELECT
  a.id AS action_id, -- the action
  CASE WHEN a.voided IS NOT NULL THEN 0 ELSE CASE k.sign WHEN 'neutral' THEN 1 ELSE coalesce(a.count, 1) END
    - coalesce((SELECT sum(l.takes) FROM link l WHERE l.earlier_id = a.id), 0) END AS stands, -- what is neither reversed nor carried out
  CASE
    WHEN a.voided IS NOT NULL OR a.stage = 'threatened' OR k.sign = 'neutral' THEN 0
    ELSE coalesce(a.count, 1)
      - coalesce((SELECT sum(l.covers - l.reinstated) FROM link l WHERE l.earlier_id = a.id), 0)
      - coalesce((SELECT sum(l.spends) FROM link l WHERE l.action_id = a.id), 0)
  END AS open, -- the claim, minus what was covered and spent, plus what was reinstated
  max(a.day,
    coalesce((SELECT max(l.day) FROM link l WHERE l.earlier_id = a.id AND (l.covers > 0 OR l.takes > 0)), a.day),
    coalesce((SELECT max(l.day) FROM link l WHERE l.action_id = a.id AND l.spends > 0), a.day),
    coalesce((SELECT max(r.day) FROM link w JOIN link r ON r.earlier_id = w.action_id AND r.relation = 'reverses' AND r.takes > 0
      WHERE w.earlier_id = a.id AND w.reinstated > 0), a.day)) AS posted_day -- the day of the latest posting
FROM action a JOIN kind k ON k.name = a.kind;

-- The links that break a rule, and which rule; a valid ledger has none. A circle is reported at one of its links whose later action has
-- the same day as its earlier action, or a day before it; every circle has such a link.
--   sqlite> SELECT count(*) FROM link_breach;
--   0
CREATE VIEW link_breach AS
SELECT
  link_id, -- the link
  rule     -- the rule that the link breaks
FROM (
  SELECT t.link_id, coalesce(
    CASE
      WHEN NOT t.both_valid THEN NULL
      WHEN t.day_latest < t.earlier_day THEN 'earlier'
      WHEN t.relation IN ('answers', 'waives') AND NOT t.targets_actor THEN 'aim'
      WHEN t.relation = 'waives' AND NOT t.by_target THEN 'not-injured'
      WHEN t.relation = 'waives' AND (t.sign <> 'neutral' OR t.stage = 'threatened') THEN 'not-neutral'
      WHEN t.relation IN ('executes', 'reverses', 'extends', 'renews') AND NOT t.same_parties THEN 'not-own'
      WHEN t.relation = 'extends' AND t.earlier_stage = 'done' AND NOT t.earlier_has_deadline THEN 'no-deadline'
      WHEN t.relation = 'executes' AND t.earlier_stage = 'done' THEN 'not-pending'
      WHEN t.relation = 'executes' AND (t.stage = 'threatened' OR t.stage = t.earlier_stage) THEN 'no-further'
      WHEN t.relation IN ('executes', 'renews') AND t.sign <> t.earlier_sign THEN 'other-sign'
      WHEN (t.relation = 'renews' OR (t.relation = 'executes' AND t.earlier_stage = 'announced')) AND t.unit <> t.earlier_unit THEN 'other-unit'
    END,
    CASE WHEN (SELECT b.day FROM action b WHERE b.id = t.action_id) <= t.earlier_day AND t.action_id IN (
      WITH RECURSIVE up (id) AS (SELECT t.earlier_id UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
      SELECT id FROM up) THEN 'circle' END) AS rule
  FROM link_terms t
) WHERE rule IS NOT NULL;

-- Answers and waivers that are linked to an action by or against an organisation, and whose actor and target are not exactly that
-- action's target and actor. They depend on who was a member.
--   sqlite> SELECT count(*) FROM third_party_link;
--   0
CREATE VIEW third_party_link AS
SELECT
  o.code AS organisation,          -- the organisation
  b.actor, b.target,               -- the actor and the target of the answer or waiver
  l.id AS link_id,                 -- the link
  l.earlier_id AS action_id, l.day -- the action by or against it, and the day the link takes effect
FROM party o JOIN action a ON o.code IN (a.actor, a.target) JOIN link l ON l.earlier_id = a.id JOIN action b ON b.id = l.action_id
WHERE o.type = 'organisation' AND l.relation IN ('answers', 'waives') AND NOT (b.actor = a.target AND b.target = a.actor);

-- The actions that have to be settled again, and from which day. The table has rows only during a statement or a change.
CREATE TABLE unsettled (
  -- The action.
  action_id INTEGER PRIMARY KEY,
  -- The first day whose links have to be settled again.
  day       INTEGER NOT NULL,
  -- 1: an action was voided, so stated amounts that find nothing to settle are accepted.
  leniently INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Only for inserting: an insert recomputes, from the given day on, all links connected to the given actions.
--   sqlite> SELECT count(*) FROM resettlement;
--   0
CREATE VIEW resettlement AS
SELECT
  NULL AS action_id,  -- the action; for a link, its later action
  NULL AS earlier_id, -- for a link, its earlier action
  NULL AS day,        -- the first day that is settled again
  NULL AS leniently   -- 1: stated amounts that find nothing to settle are accepted
WHERE 0;

-- During a change by recip: the actions are noted, and recip settles them at the end of the change.
CREATE TRIGGER resettlement_put_off INSTEAD OF INSERT ON resettlement WHEN EXISTS (SELECT 1 FROM current_change) BEGIN
  INSERT INTO unsettled (action_id, day, leniently)
  SELECT id, coalesce(NEW.day, day), coalesce(NEW.leniently, 0) FROM action WHERE id IN (NEW.action_id, NEW.earlier_id)
  ON CONFLICT (action_id) DO UPDATE SET day = min(day, excluded.day), leniently = max(leniently, excluded.leniently);
END;

-- For any other client: the links are settled at once.
CREATE TRIGGER resettlement_made INSTEAD OF INSERT ON resettlement WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  DELETE FROM unsettled;
  -- The actions connected by links from this day on, or by waivers of any day, because reversing a waiver reopens what it closed.
  INSERT INTO unsettled (action_id, day)
  WITH RECURSIVE reached (id) AS (
    SELECT id FROM action WHERE id IN (NEW.action_id, NEW.earlier_id)
    UNION SELECT l.earlier_id FROM reached r JOIN link l ON l.action_id = r.id AND (l.day >= NEW.day OR l.relation = 'waives')
    UNION SELECT l.action_id FROM reached r JOIN link l ON l.earlier_id = r.id AND (l.day >= NEW.day OR l.relation = 'waives'))
  SELECT id, NEW.day FROM reached;
  UPDATE link SET day = (SELECT max(day) FROM action WHERE id IN (link.action_id, link.earlier_id))
  WHERE action_id = NEW.action_id AND (NEW.earlier_id IS NULL OR earlier_id = NEW.earlier_id);
  UPDATE link SET day = (SELECT max(day) FROM action WHERE id IN (link.action_id, link.earlier_id))
  WHERE earlier_id = NEW.action_id AND NEW.earlier_id IS NULL;
  -- Reset these actions and links to what the links of earlier days settled.
  UPDATE link SET covers = 0, spends = 0, takes = 0 WHERE action_id IN (SELECT action_id FROM unsettled) AND day >= NEW.day;
  UPDATE link SET reinstated = 0 WHERE action_id IN (SELECT action_id FROM unsettled) AND relation = 'waives' AND reinstated > 0
    AND (day >= NEW.day OR NOT EXISTS (SELECT 1 FROM link r WHERE r.earlier_id = link.action_id AND r.relation = 'reverses' AND r.takes > 0));
  UPDATE link SET unmet = 0 WHERE action_id IN (SELECT action_id FROM unsettled) AND day >= NEW.day AND unmet > 0
    AND EXISTS (SELECT 1 FROM action WHERE id IN (link.action_id, link.earlier_id) AND voided IS NOT NULL);
  UPDATE action SET (stands, open, posted_day) = (SELECT stands, open, posted_day FROM derived_action WHERE action_id = action.id)
  WHERE id IN (SELECT action_id FROM unsettled);
  -- Settle one link after another, in the order of the rule.
  INSERT INTO settlement_step (link_id, leniently)
  SELECT link_id, NEW.leniently FROM link_terms
  WHERE action_id IN (SELECT action_id FROM unsettled) AND day >= NEW.day AND both_valid
  ORDER BY day, rank, earlier_day, ref, earlier_ref, relation;
  DELETE FROM unsettled;
END;

-- Only for inserting: an insert settles one link.
--   sqlite> SELECT count(*) FROM settlement_step;
--   0
CREATE VIEW settlement_step AS
SELECT
  NULL AS link_id,  -- the link
  NULL AS leniently -- as in "resettlement"
WHERE 0;

-- Settles a link from what the previous links left.
CREATE TRIGGER settlement_stepped INSTEAD OF INSERT ON settlement_step BEGIN
  UPDATE link SET (covers, spends, takes) = (SELECT covers, spends, takes FROM link_amounts WHERE link_id = NEW.link_id) WHERE id = NEW.link_id;
  UPDATE action SET open = open - l.covers, stands = stands - l.takes, posted_day = CASE WHEN l.covers > 0 OR l.takes > 0 THEN max(posted_day, l.day) ELSE posted_day END
  FROM link l WHERE l.id = NEW.link_id AND action.id = l.earlier_id;
  UPDATE action SET open = open - l.spends, posted_day = CASE WHEN l.spends > 0 THEN max(posted_day, l.day) ELSE posted_day END
  FROM link l WHERE l.id = NEW.link_id AND action.id = l.action_id;
  -- A reversal of a waiver: what was waived is open again, except for what was reversed of that action in the meantime.
  UPDATE link SET reinstated = max(0, min(covers, (
    SELECT sum(CASE o.relation WHEN 'waives' THEN o.covers - o.reinstated WHEN 'reverses' THEN o.covers - o.takes ELSE 0 END)
    FROM link o WHERE o.earlier_id = link.earlier_id)))
  WHERE relation = 'waives' AND action_id = (SELECT earlier_id FROM link WHERE id = NEW.link_id AND relation = 'reverses' AND takes > 0);
  UPDATE action SET open = open + w.reinstated, posted_day = CASE WHEN w.reinstated > 0 THEN max(posted_day, r.day) ELSE posted_day END
  FROM link r JOIN link w ON w.action_id = r.earlier_id AND w.relation = 'waives'
  WHERE r.id = NEW.link_id AND r.relation = 'reverses' AND r.takes > 0 AND action.id = w.earlier_id;
  SELECT RAISE(ABORT, 'a stated amount is larger than what is left to settle: state less, or set stated = NULL to let the rule decide')
  FROM link WHERE id = NEW.link_id AND NEW.leniently IS NOT 1 AND unmet = 0 AND (
    coalesce(stated <> CASE relation WHEN 'reverses' THEN takes ELSE covers END, 0) OR coalesce(stated_spends <> spends, 0));
  UPDATE link SET unmet = coalesce(abs(stated - CASE relation WHEN 'reverses' THEN takes ELSE covers END), 0) + coalesce(abs(stated_spends - spends), 0)
  WHERE id = NEW.link_id AND stated IS NOT NULL;
END;

-- Only for inserting: an insert fails if the given link, or a link of the given action, breaks a rule.
--   sqlite> SELECT count(*) FROM link_check;
--   0
CREATE VIEW link_check AS
SELECT
  NULL AS action_id, -- the action whose links are checked
  NULL AS link_id    -- the link that is checked
WHERE 0;

-- What another client writes is checked at once. recip checks a change at its end and has its own error messages.
CREATE TRIGGER link_checked INSTEAD OF INSERT ON link_check WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT CASE b.rule
    WHEN 'earlier' THEN RAISE(ABORT, 'the later action is certainly earlier than the action that it is linked to')
    WHEN 'aim' THEN RAISE(ABORT, 'an answer or a waiver must be aimed at the actor of the action that it answers or waives, or at a member of it')
    WHEN 'not-injured' THEN RAISE(ABORT, 'only the injured party, or a member of it, can waive')
    WHEN 'not-neutral' THEN RAISE(ABORT, 'only a neutral action, such as a restraint, can waive')
    WHEN 'not-own' THEN RAISE(ABORT, 'a party executes, reverses, extends or renews only its own actions towards the same target')
    WHEN 'no-deadline' THEN RAISE(ABORT, 'only an action with a deadline, a threat or an announcement can be extended')
    WHEN 'not-pending' THEN RAISE(ABORT, 'only a threat or an announcement can be executed')
    WHEN 'no-further' THEN RAISE(ABORT, 'an action can execute only one at an earlier stage')
    WHEN 'other-sign' THEN RAISE(ABORT, 'a hostile action is executed or renewed only by a hostile one, and a friendly action only by a friendly one')
    WHEN 'other-unit' THEN RAISE(ABORT, 'an announcement is executed, and an action renewed, only by an action with the same unit')
    ELSE RAISE(ABORT, 'links cannot form a circle') END
  FROM link l JOIN link_breach b ON b.link_id = l.id WHERE l.action_id = NEW.action_id OR l.earlier_id = NEW.action_id OR l.id = NEW.link_id;
  -- "link_breach" may report a different link of the circle than the new one, but only if one of the dates is a month or a year.
  SELECT RAISE(ABORT, 'links cannot form a circle')
  FROM link n WHERE n.id = NEW.link_id AND EXISTS (SELECT 1 FROM action WHERE day_latest > day) AND n.action_id IN (
    WITH RECURSIVE up (id) AS (SELECT n.earlier_id UNION SELECT l.earlier_id FROM link l JOIN up ON l.action_id = up.id)
    SELECT id FROM up);
END;

-- A new action opens its claim.
CREATE TRIGGER action_opened AFTER INSERT ON action BEGIN
  SELECT RAISE(ABORT, 'the actor, the target or the kind is not in the ledger: add it first') WHERE NOT EXISTS (SELECT 1 FROM kind WHERE name = NEW.kind)
    OR (SELECT count(*) FROM party WHERE code IN (NEW.actor, NEW.target)) <> 2;
  INSERT INTO resettlement (action_id, day) VALUES (NEW.id, NEW.day);
END;

-- If a field that amounts or links depend on is corrected, the action's links are checked and settled again. Voiding an action never fails.
CREATE TRIGGER action_corrected AFTER UPDATE OF date, actor, target, kind, count, stage, deadline, voided ON action BEGIN
  INSERT INTO link_check (action_id) VALUES (NEW.id);
  INSERT INTO resettlement (action_id, day, leniently) VALUES (NEW.id, min(OLD.day, NEW.day), NEW.voided IS NOT NULL);
END;

-- The id and the ref of an action never change. An update of "rowid" would change the id too.
CREATE TRIGGER action_names_kept BEFORE UPDATE ON action WHEN NEW.id IS NOT OLD.id OR NEW.ref IS NOT OLD.ref BEGIN
  SELECT RAISE(ABORT, 'the id and the ref of an action cannot change');
END;

-- Actions are not deleted, except when an undo reverts their insertion, or when a merge takes over such an undo; the history then keeps
-- the row.
CREATE TRIGGER action_deleted BEFORE DELETE ON action
WHEN NOT EXISTS (SELECT 1 FROM current_change u JOIN change c ON c.id = u.change_id
  WHERE c.undoes IS NOT NULL OR EXISTS (SELECT 1 FROM merged_change WHERE change_id = c.id)) BEGIN
  SELECT RAISE(ABORT, 'an action cannot be deleted: void it, with a reason (UPDATE action SET voided = ...)');
END;

-- Derived columns of an action cannot be set by hand.
CREATE TRIGGER action_derived BEFORE UPDATE OF stands, open, posted_day ON action
WHEN NOT EXISTS (SELECT 1 FROM unsettled WHERE action_id = NEW.id) AND NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'stands, open and posted_day are computed from the links: change the links instead');
END;

-- A new link is checked and settled.
CREATE TRIGGER link_made AFTER INSERT ON link BEGIN
  SELECT RAISE(ABORT, 'a link needs two actions that are in the ledger')
  WHERE (SELECT count(*) FROM action WHERE id IN (NEW.action_id, NEW.earlier_id)) <> 2;
  SELECT RAISE(ABORT, 'the column unmet is computed: leave it out') WHERE NEW.unmet <> 0;
  INSERT INTO link_check (link_id) VALUES (NEW.id);
  INSERT INTO resettlement (action_id, earlier_id, day)
  SELECT NEW.action_id, NEW.earlier_id, max(day) FROM action WHERE id IN (NEW.action_id, NEW.earlier_id);
END;

-- The actions and the relation of a link never change.
CREATE TRIGGER link_ends_kept BEFORE UPDATE ON link
WHEN (OLD.id, OLD.action_id, OLD.relation, OLD.earlier_id) IS NOT (NEW.id, NEW.action_id, NEW.relation, NEW.earlier_id) BEGIN
  SELECT RAISE(ABORT, 'the actions and the relation of a link cannot change: delete the link and insert another');
END;

-- If a stated amount is corrected, the link is settled again.
CREATE TRIGGER link_restated AFTER UPDATE OF stated, stated_spends ON link BEGIN
  INSERT INTO resettlement (action_id, earlier_id, day) VALUES (NEW.action_id, NEW.earlier_id, NEW.day);
END;

-- Derived columns of a link cannot be set by hand.
CREATE TRIGGER link_derived BEFORE UPDATE OF day, covers, spends, takes, reinstated, unmet ON link
WHEN NOT EXISTS (SELECT 1 FROM unsettled WHERE action_id = NEW.action_id) AND NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'what a link settles is computed: change its stated amount instead');
END;

-- If a link is deleted, what it settled is open again.
CREATE TRIGGER link_cut AFTER DELETE ON link BEGIN
  INSERT INTO resettlement (action_id, earlier_id, day) VALUES (OLD.action_id, OLD.earlier_id, OLD.day);
END;

-- The name, the unit and the sign of a kind cannot change once it is in use.
CREATE TRIGGER kind_kept BEFORE UPDATE ON kind
WHEN (NEW.name <> OLD.name OR NEW.unit <> OLD.unit OR NEW.sign <> OLD.sign)
  AND (EXISTS (SELECT 1 FROM action WHERE kind = OLD.name) OR EXISTS (SELECT 1 FROM series WHERE kind = OLD.name)) BEGIN
  SELECT RAISE(ABORT, 'this kind is in use: its name, its unit and its sign cannot change; add another kind instead');
END;

-- Nor can an insert with REPLACE change them.
CREATE TRIGGER kind_taken BEFORE INSERT ON kind
WHEN EXISTS (SELECT 1 FROM kind WHERE name = NEW.name AND (unit <> NEW.unit OR sign <> NEW.sign))
  AND (EXISTS (SELECT 1 FROM action WHERE kind = NEW.name) OR EXISTS (SELECT 1 FROM series WHERE kind = NEW.name)) BEGIN
  SELECT RAISE(ABORT, 'this kind is in use: its name, its unit and its sign cannot change; add another kind instead');
END;

-- A kind in use cannot be deleted, even if a client has not enabled foreign keys. The same holds for the tables below.
CREATE TRIGGER kind_used BEFORE DELETE ON kind
WHEN EXISTS (SELECT 1 FROM action WHERE kind = OLD.name) OR EXISTS (SELECT 1 FROM series WHERE kind = OLD.name) BEGIN
  SELECT RAISE(ABORT, 'this kind is in use and cannot be deleted');
END;

-- The code and the type of a party never change.
CREATE TRIGGER party_kept BEFORE UPDATE ON party WHEN NEW.code <> OLD.code OR NEW.type <> OLD.type BEGIN
  SELECT RAISE(ABORT, 'the code and the type of a party cannot change: add another party instead');
END;

-- Nor can an insert with REPLACE change the type.
CREATE TRIGGER party_taken BEFORE INSERT ON party WHEN EXISTS (SELECT 1 FROM party WHERE code = NEW.code AND type <> NEW.type) BEGIN
  SELECT RAISE(ABORT, 'the code and the type of a party cannot change: add another party instead');
END;

-- A party in use cannot be deleted.
CREATE TRIGGER party_used BEFORE DELETE ON party
WHEN EXISTS (SELECT 1 FROM action WHERE actor = OLD.code OR target = OLD.code)
  OR EXISTS (SELECT 1 FROM series WHERE actor = OLD.code OR target = OLD.code)
  OR EXISTS (SELECT 1 FROM membership WHERE organisation = OLD.code OR member = OLD.code) BEGIN
  SELECT RAISE(ABORT, 'this party is in use and cannot be deleted');
END;

-- A source that is cited cannot be deleted.
CREATE TRIGGER source_used BEFORE DELETE ON source WHEN EXISTS (SELECT 1 FROM citation WHERE source_id = OLD.id) BEGIN
  SELECT RAISE(ABORT, 'this source is cited and cannot be deleted');
END;

-- A scale that has weights cannot be deleted.
CREATE TRIGGER scale_used BEFORE DELETE ON scale WHEN EXISTS (SELECT 1 FROM weight WHERE scale = OLD.name) BEGIN
  SELECT RAISE(ABORT, 'this scale has weights: delete them first');
END;

-- Only an organisation has members, and the periods of one member's membership do not overlap.
CREATE TRIGGER membership_made BEFORE INSERT ON membership BEGIN
  SELECT RAISE(ABORT, 'only an organisation can have members') WHERE (SELECT type FROM party WHERE code = NEW.organisation) IS NOT 'organisation';
  SELECT RAISE(ABORT, 'this party is already a member in that period: change the existing row instead')
  WHERE EXISTS (SELECT 1 FROM membership m WHERE m.organisation = NEW.organisation AND m.member = NEW.member AND m.since <> NEW.since
    AND (m.until IS NULL OR m.until || '-99-99' >= NEW.since) AND (NEW.until IS NULL OR NEW.until || '-99-99' >= m.since));
END;

-- Membership decides which answers and waivers are allowed and what they settle. After a new membership, the links that depend on it
-- are settled again.
CREATE TRIGGER membership_began AFTER INSERT ON membership BEGIN
  INSERT INTO resettlement (action_id, day)
  SELECT DISTINCT action_id, day FROM third_party_link WHERE organisation = NEW.organisation AND NEW.member IN (actor, target);
END;

-- After a change of a membership, the links that depend on it are checked and settled again.
CREATE TRIGGER membership_amended AFTER UPDATE ON membership BEGIN
  INSERT INTO link_check (link_id)
  SELECT link_id FROM third_party_link WHERE organisation = OLD.organisation AND OLD.member IN (actor, target);
  INSERT INTO resettlement (action_id, day)
  SELECT DISTINCT action_id, day FROM third_party_link
  WHERE (organisation = NEW.organisation AND NEW.member IN (actor, target)) OR (organisation = OLD.organisation AND OLD.member IN (actor, target));
END;

-- The same after the deletion of a membership.
CREATE TRIGGER membership_ended AFTER DELETE ON membership BEGIN
  INSERT INTO link_check (link_id)
  SELECT link_id FROM third_party_link WHERE organisation = OLD.organisation AND OLD.member IN (actor, target);
  INSERT INTO resettlement (action_id, day)
  SELECT DISTINCT action_id, day FROM third_party_link WHERE organisation = OLD.organisation AND OLD.member IN (actor, target);
END;

-- Only recip adds candidates, by folding feed reports. Any client can review them.
CREATE TRIGGER candidate_folded BEFORE INSERT ON candidate WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'only recip can add candidates: import feed reports with recip import --feed');
END;

-- The columns that are folded from reports cannot be set by hand.
CREATE TRIGGER candidate_kept BEFORE UPDATE OF id, series_id, day, last_day, added, reports, mentions, guessed ON candidate
WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'this column is computed from feed reports: dismiss the candidate, or confirm it and correct the action');
END;

-- Candidates cannot be deleted by hand.
CREATE TRIGGER candidate_not_deleted BEFORE DELETE ON candidate WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'a candidate cannot be deleted: dismiss it, with a reason');
END;

-- Only recip adds feed reports.
CREATE TRIGGER feed_report_imported BEFORE INSERT ON feed_report WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'only recip can add feed reports: import them with recip import --feed');
END;

-- Feed reports never change.
CREATE TRIGGER feed_report_kept BEFORE UPDATE ON feed_report BEGIN
  SELECT RAISE(ABORT, 'a feed report cannot be changed');
END;

-- Feed reports are deleted only with the import that added them.
CREATE TRIGGER feed_report_not_deleted BEFORE DELETE ON feed_report WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'feed reports cannot be deleted: undo the import that added them with recip undo');
END;

-- A series never changes, because its reports depend on it.
CREATE TRIGGER series_kept BEFORE UPDATE ON series BEGIN
  SELECT RAISE(ABORT, 'a series cannot be changed');
END;

-- A series that has reports or candidates cannot be deleted.
CREATE TRIGGER series_used BEFORE DELETE ON series
WHEN EXISTS (SELECT 1 FROM feed_report WHERE series_id = OLD.id) OR EXISTS (SELECT 1 FROM candidate WHERE series_id = OLD.id) BEGIN
  SELECT RAISE(ABORT, 'this series has reports or candidates and cannot be deleted');
END;

-- The record of past imports never changes.
CREATE TRIGGER feed_batch_kept BEFORE UPDATE ON feed_batch WHEN NOT EXISTS (SELECT 1 FROM current_change WHERE change_id = OLD.change_id) BEGIN
  SELECT RAISE(ABORT, 'the history cannot be changed');
END;

-- Nor can it be deleted by hand.
CREATE TRIGGER feed_batch_not_deleted BEFORE DELETE ON feed_batch WHEN NOT EXISTS (SELECT 1 FROM current_change) BEGIN
  SELECT RAISE(ABORT, 'feed reports cannot be deleted: undo the import that added them with recip undo');
END;

--------------------------------------------------------------------------------------------------- views ----
-- All reports are based on the views of this first group. For a report on a day, a pair, a kind or a scale, the command line replaces
-- some of them with temporary views and then runs the same report: "as_of", "paired_action", "selected_action", "candidate_action",
-- "shown_action", "background_action", "unpaired_action", "effective_link", "active_weight".

-- The day for which reports are made. By default it is later than any date, so that all actions count.
--   sqlite> SELECT day FROM as_of;
--   9223372036854775807
CREATE VIEW as_of AS
SELECT
  -- the last day that counts
  9223372036854775807 AS day;

-- The actions of the pair that a report is about. By default these are all actions.
--   sqlite> SELECT ref FROM paired_action WHERE id = 1;
--   2016-12-29-usa-rus-expulsion
CREATE VIEW paired_action AS
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, count_words, count_is, stage, "by", place, deadline, dispute, summary, note, tags,
  voided, logged_at, stands, open, posted_day -- the columns of "action", by the same names
FROM action;

-- The actions of all parties that the report would show. By default these are all actions that are not voided.
--   sqlite> SELECT actor, target FROM unpaired_action WHERE id = 1;
--   USA|RUS
CREATE VIEW unpaired_action AS
SELECT
  id, actor, target, day -- the columns of "action", by the same names
FROM action WHERE voided IS NULL;

-- Every link that has taken effect.
--   sqlite> SELECT action_id, relation, earlier_id, covers, spends FROM effective_link WHERE earlier_id = 1;
--   5|waives|1|35|0
--   13|answers|1|35|35
CREATE VIEW effective_link AS
SELECT
  l.id, l.action_id, l.relation, l.earlier_id, l.stated, l.stated_spends, l.day, l.covers, l.spends, l.takes, -- the columns of "link", by the same names
  CASE WHEN l.reinstated > 0 AND EXISTS (SELECT 1 FROM link r WHERE r.earlier_id = l.action_id AND r.relation = 'reverses' AND r.takes > 0
    AND r.day <= (SELECT day FROM as_of)) THEN l.reinstated ELSE 0 END AS reinstated -- as in "link", once the waiver has been reversed
FROM link l WHERE l.day <= (SELECT day FROM as_of);

-- Every action that counts on the day of the report and is not voided. "stands" and "open" are the amounts on that day: the stored
-- values or, if something was posted later, values computed from the links up to that day.
--   sqlite> SELECT ref, stands, open FROM unfiltered_action WHERE id = 1;
--   2016-12-29-usa-rus-expulsion|35|0
CREATE VIEW unfiltered_action AS
SELECT
  a.id, a.ref, a.date, a.day, a.day_latest, a.actor, a.target, a.kind, a.count, a.count_words, a.count_is, a.stage, a."by", a.place, -- as in "action"
  coalesce((
    WITH RECURSIVE later (id, day) AS ( -- its extensions and renewals, and those of these
      SELECT a.id, NULL
      UNION SELECT b.id, x.day FROM later e JOIN link x ON x.earlier_id = e.id JOIN action b ON b.id = x.action_id
      WHERE x.relation IN ('extends', 'renews') AND x.day <= (SELECT day FROM as_of) AND b.voided IS NULL AND b.stage <> 'threatened'
        -- a threat can be extended, but there is nothing to renew
        AND (x.relation = 'extends' OR (SELECT n.stage FROM action n WHERE n.id = x.earlier_id) <> 'threatened')
        -- a renewal that was reversed in part still renews
        AND coalesce((SELECT sum(r.takes) FROM link r WHERE r.earlier_id = b.id AND r.relation = 'reverses' AND r.day <= (SELECT day FROM as_of)), 0)
          < CASE WHEN (SELECT k.sign FROM kind k WHERE k.name = b.kind) = 'neutral' THEN 1 ELSE coalesce(b.count, 1) END)
    SELECT b.deadline FROM later e JOIN action b ON b.id = e.id WHERE e.day IS NOT NULL AND b.deadline IS NOT NULL
    ORDER BY e.day DESC, b.ref DESC LIMIT 1
  ), a.deadline) AS deadline, -- its deadline on the day of the report: its own, or that of the latest extension or renewal
  a.dispute, a.summary, a.note, a.tags, a.logged_at, -- as in "action"
  CAST(CASE
    WHEN a.posted_day <= (SELECT day FROM as_of) THEN a.stands
    ELSE CASE WHEN (SELECT k.sign FROM kind k WHERE k.name = a.kind) = 'neutral' THEN 1 ELSE coalesce(a.count, 1) END
      - coalesce((SELECT sum(l.takes) FROM effective_link l WHERE l.earlier_id = a.id), 0)
  END AS INTEGER) AS stands, -- what is neither reversed nor carried out
  CAST(CASE
    WHEN a.posted_day <= (SELECT day FROM as_of) THEN a.open
    WHEN a.stage = 'threatened' OR (SELECT k.sign FROM kind k WHERE k.name = a.kind) = 'neutral' THEN 0
    ELSE coalesce(a.count, 1)
      - coalesce((SELECT sum(l.covers - l.reinstated) FROM effective_link l WHERE l.earlier_id = a.id), 0)
      - coalesce((SELECT sum(l.spends) FROM effective_link l WHERE l.action_id = a.id), 0)
  END AS INTEGER) AS open, -- how much of its claim is open
  a.posted_day -- as in "action"
-- the plus sign prevents SQLite from using the index on days: nearly all actions are earlier
FROM paired_action a WHERE a.voided IS NULL AND +a.day <= (SELECT day FROM as_of);

-- The actions that a report shows. By default these are all actions that count.
--   sqlite> SELECT ref, stands, open FROM selected_action WHERE id = 1;
--   2016-12-29-usa-rus-expulsion|35|0
CREATE VIEW selected_action AS
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, count_words, count_is, stage, "by", place, deadline, dispute, summary, note, tags,
  logged_at, stands, open, posted_day -- the columns of "unfiltered_action", by the same names
FROM unfiltered_action;

-- Every candidate, with its series.
--   sqlite> SELECT id, date, until, actor, target, kind, reports, mentions FROM candidate_detail WHERE id <= 2;
--   1|2016|2016|SAU|EGY|meeting|2|6
--   2|2016|2016|SAU|EGY|countermeasure|2|10
CREATE VIEW candidate_detail AS
SELECT
  c.id,                                         -- the candidate
  CASE s.precision WHEN 'day' THEN date(c.day * 86400, 'unixepoch') WHEN 'month' THEN strftime('%Y-%m', c.day * 86400, 'unixepoch')
    ELSE strftime('%Y', c.day * 86400, 'unixepoch') END AS date, -- the day, month or year of its first report
  CASE s.precision WHEN 'day' THEN date(c.last_day * 86400, 'unixepoch') WHEN 'month' THEN strftime('%Y-%m', c.last_day * 86400, 'unixepoch')
    ELSE strftime('%Y', c.last_day * 86400, 'unixepoch') END AS until, -- the same for its last report
  date(c.added * 86400, 'unixepoch') AS added,  -- the earliest day that a feed added one of its reports; NULL: no feed says
  s.actor, s.target, s.kind, s.stage,           -- what is reported
  c.guessed,                                    -- 1 if the codes of all its reports cover more than this kind
  c.reports, c.mentions,                        -- the number of its reports, and their total mentions
  c.review, c.action_id, c.reason,              -- the result of the review; NULL: not reviewed
  c.day, c.last_day, c.series_id                -- the day it counts from, the last day of its reports, and its series
FROM candidate c JOIN series s ON s.id = c.series_id;

-- Every event as its feed reports it, with the feed's own direction and intensity: what is summed for a series of the feed.
--   sqlite> SELECT feed, event, date, actor, target, code, intensity, kind FROM feed_event WHERE code = '172';
--   gdelt|669666367|2016-07-01|SAU|EGY|172|-5.0|countermeasure
--   gdelt|669666368|2016-07-01|SAU|EGY|172|-5.0|countermeasure
CREATE VIEW feed_event AS
SELECT
  r.feed, r.event,                                  -- the feed, and its identifier of the event
  date(r.dated * 86400, 'unixepoch') AS date,       -- the day that the feed gives
  CASE r.exchanged WHEN 1 THEN s.target ELSE s.actor END AS actor,  -- who acted, according to the feed
  CASE r.exchanged WHEN 1 THEN s.actor ELSE s.target END AS target, -- towards whom
  CASE r.exchanged WHEN 1 THEN r.target_type ELSE r.actor_type END AS actor_type,  -- the types of the actor; NULL: the state itself
  CASE r.exchanged WHEN 1 THEN r.actor_type ELSE r.target_type END AS target_type, -- the types of the target
  r.code, r.intensity, r.mentions,                  -- as in "feed_report"
  s.kind, s.stage, r.guessed,                       -- what the code was mapped to
  r.dated AS day                                    -- the day, counted from 1970-01-01
FROM feed_report r JOIN series s ON s.id = r.series_id;

-- Every candidate that nobody has reviewed, in the form of an action with an unknown count that is entirely open. It is read series by
-- series, which is the order that the balance needs.
--   sqlite> SELECT id, ref, actor, target, kind, stands, open FROM unreviewed_candidate LIMIT 1;
--   -1|candidate-1|SAU|EGY|meeting|1|1
CREATE VIEW unreviewed_candidate AS
SELECT -- the casts give the types of "action", which SQLite needs to combine the two efficiently
  CAST(-c.id AS INTEGER) AS id, -- the candidate's id, negative, because it is not an action
  CAST('candidate-' || c.id AS TEXT) AS ref, -- its name
  CAST(CASE s.precision WHEN 'day' THEN date(c.day * 86400, 'unixepoch') WHEN 'month' THEN strftime('%Y-%m', c.day * 86400, 'unixepoch')
    ELSE strftime('%Y', c.day * 86400, 'unixepoch') END AS TEXT) AS date, -- the day, month or year of its first report
  c.day,                        -- the day it counts from
  CAST(CASE WHEN c.added > c.day THEN c.added ELSE c.day END AS INTEGER) AS day_latest, -- the latest day on which it can have happened
  s.actor, s.target, s.kind, CAST(NULL AS INTEGER) AS count, CAST(NULL AS TEXT) AS count_words, CAST(NULL AS TEXT) AS count_is, s.stage, -- what is reported; feeds give no counts
  CAST(NULL AS TEXT) AS "by", CAST(NULL AS TEXT) AS place, CAST(NULL AS TEXT) AS deadline, CAST(NULL AS TEXT) AS dispute, -- feeds do not give these
  CAST(c.reports || CASE c.reports WHEN 1 THEN ' report, ' ELSE ' reports, ' END || c.mentions
    || CASE c.mentions WHEN 1 THEN ' mention' ELSE ' mentions' END || CASE c.guessed WHEN 1 THEN ', kind guessed' ELSE '' END AS TEXT) AS summary, -- its evidence
  CAST(NULL AS TEXT) AS note, CAST(NULL AS TEXT) AS tags, -- nobody has reviewed it
  CAST(NULL AS TEXT) AS logged_at, -- it has not been logged
  CAST(1 AS INTEGER) AS stands, -- nothing is linked to it
  s.claims AS open,             -- the claim it would open
  c.day AS posted_day,          -- the day of its only posting
  s.id AS series_id, c.reports, c.mentions, c.guessed -- its series, and the parts of its summary
FROM series s CROSS JOIN candidate c ON c.series_id = s.id WHERE c.review IS NULL;

-- The candidates that a report shows. By default there are none; the command line adds them on request.
--   sqlite> SELECT count(*) FROM candidate_action;
--   0
CREATE VIEW candidate_action AS
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, count_words, count_is, stage, "by", place, deadline, dispute, summary, note, tags,
  logged_at, stands, open, posted_day -- the columns of "unreviewed_candidate", by the same names
FROM unreviewed_candidate WHERE 0;

-- Everything that a report shows: actions and, on request, candidates.
--   sqlite> SELECT ref, stands, open FROM shown_action WHERE id = 1;
--   2016-12-29-usa-rus-expulsion|35|0
CREATE VIEW shown_action AS
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, count_words, count_is, stage, "by", place, deadline, dispute, summary, note, tags,
  logged_at, stands, open, posted_day -- the columns of "selected_action", by the same names
FROM selected_action;

-- The same actions, but not limited to the kind or period of the report: running totals need all of them.
--   sqlite> SELECT count(*) FROM background_action;
--   18
CREATE VIEW background_action AS
SELECT
  id, ref, date, day, day_latest, actor, target, kind, count, count_words, count_is, stage, "by", place, deadline, dispute, summary, note, tags,
  logged_at, stands, open, posted_day -- the columns of "unfiltered_action", by the same names
FROM unfiltered_action;

-- The weights that a report uses. By default these are the weights of the 'goldstein' scale.
--   sqlite> SELECT * FROM active_weight WHERE kind = 'expulsion' AND stage = 'done';
--   goldstein|expulsion|done|-4.0|action
CREATE VIEW active_weight AS
SELECT scale, kind, stage, weight, per -- the columns of "weight", by the same names
FROM weight WHERE scale = 'goldstein';

-- The postings that come from links: what every link settles or opens again. Amounts are signed.
--   sqlite> SELECT action_id, day, posting, amount, by_id, link_id FROM link_posting WHERE action_id = 1;
--   1|17165|waived|-35|5|3
--   1|17375|answered|-35|13|9
--   1|17358|reinstated|35|11|7
CREATE VIEW link_posting AS
SELECT
  l.earlier_id AS action_id, -- the action whose claim the posting changes
  l.day,                     -- the day of the posting
  CASE l.relation WHEN 'answers' THEN 'answered' WHEN 'executes' THEN 'executed' WHEN 'waives' THEN 'waived' ELSE 'reversed' END AS posting, -- the sort of posting
  -l.covers AS amount,       -- in the action's unit
  l.action_id AS by_id,      -- the action that caused it
  l.id AS link_id            -- the link it comes from
FROM unfiltered_action s CROSS JOIN effective_link l ON l.earlier_id = s.id WHERE l.covers > 0
UNION ALL
SELECT l.action_id, l.day, 'spent', -l.spends, l.action_id, l.id
FROM unfiltered_action s CROSS JOIN effective_link l ON l.action_id = s.id WHERE l.spends > 0
UNION ALL
SELECT w.earlier_id, r.day, 'reinstated', w.reinstated, r.action_id, r.id
FROM unfiltered_action s CROSS JOIN effective_link w ON w.earlier_id = s.id
CROSS JOIN effective_link r ON r.earlier_id = w.action_id AND r.relation = 'reverses' AND r.takes > 0
WHERE w.relation = 'waives' AND w.reinstated > 0;

-- Every posting: what each action claims and how that was settled. What is open on a day is the sum of the amounts up to that day.
--   sqlite> SELECT date, posting, amount FROM posting WHERE action_id = 1 ORDER BY day;
--   2016-12-29|claim|35
--   2016-12-30|waived|-35
--   2017-07-11|reinstated|35
--   2017-07-28|answered|-35
CREATE VIEW posting AS
SELECT
  p.action_id,  -- the action
  p.day,        -- the day of the posting
  date(p.day * 86400, 'unixepoch') AS date, -- the same as a date
  p.posting,    -- claim, answered, spent, waived, reversed, executed, reinstated
  p.amount,     -- signed, in the action's unit; 1 for an unknown count
  p.by_id,      -- the action that caused it
  p.link_id     -- the link it comes from; 0 for the claim
FROM (
  SELECT s.id AS action_id, s.day, 'claim' AS posting, coalesce(s.count, 1) AS amount, s.id AS by_id, 0 AS link_id
  FROM background_action s JOIN kind k ON k.name = s.kind WHERE s.stage <> 'threatened' AND k.sign <> 'neutral'
  UNION ALL
  SELECT action_id, day, posting, amount, by_id, link_id FROM link_posting
) p;

-- The account of an action: its postings in the order in which the rule of settlement takes them, with what was open after each. It is
-- meant to be read for one action at a time.
--   sqlite> SELECT number, date, posting, amount, open FROM account WHERE action_id = 1;
--   1|2016-12-29|claim|35|35
--   2|2016-12-30|waived|-35|0
--   3|2017-07-11|reinstated|35|35
--   4|2017-07-28|answered|-35|0
CREATE VIEW account AS
SELECT
  p.action_id, p.day, p.date, p.posting, p.amount, p.by_id, p.link_id, -- as in "posting"
  row_number() OVER turns AS number, -- its place in the account, from 1
  sum(p.amount) OVER (turns ROWS UNBOUNDED PRECEDING) AS open -- what was open after the posting
FROM posting p LEFT JOIN link_terms t ON t.link_id = p.link_id
WINDOW turns AS (PARTITION BY p.action_id ORDER BY p.day, t.rank, t.earlier_day, t.ref, t.earlier_ref, p.posting);

-- Every claim that is not settled, hostile or friendly.
--   sqlite> SELECT date, actor, target, kind, open, unit, sign FROM open_claim ORDER BY day;
--   2017-07-17|RUS|USA|meeting|1|meetings|friendly
--   2017-08-21|USA|RUS|visa-restriction|1|measures|hostile
CREATE VIEW open_claim AS
SELECT
  s.id, s.ref, s.date, s.actor, s.target, s.kind, -- the action, as logged
  s.count, s.count_words, s.count_is,             -- its count, how it was stated, and how it is meant, as in "action"
  CASE WHEN s.count IS NULL AND k.unit <> 'acts' THEN NULL ELSE s.open END AS open, -- how much of it is open; NULL: all of an unknown count. Of acts, one is open
  k.unit,                                         -- what is counted
  k.sign,                                         -- hostile or friendly
  s.stage, s.dispute, s.summary,                  -- as logged
  s.day                                           -- the day it counts from, where its age starts
FROM selected_action s JOIN kind k ON k.name = s.kind WHERE s.open > 0;

-- Hostile acts that have not been fully answered, waived or reversed.
--   sqlite> SELECT date, actor, target, count, open, unit FROM unanswered ORDER BY day, id;
--   2017-08-21|USA|RUS|1|1|measures
CREATE VIEW unanswered AS
SELECT id, ref, date, actor, target, kind, count, count_words, open, unit, stage, dispute, summary, day -- as in "open_claim"
FROM open_claim WHERE sign = 'hostile';

-- How much of each party's acts each other party has not answered, by sign and unit.
--   sqlite> SELECT actor, target, sign, unit, acts, open, weight FROM matrix;
--   RUS|USA|friendly|meetings|1|1|1.0
--   USA|RUS|hostile|measures|1|1|-4.0
CREATE VIEW matrix AS
WITH claim AS (
  SELECT actor, target, sign, unit, kind, stage, open, count_is FROM open_claim
  UNION ALL
  SELECT p.actor, p.target, k.sign, k.unit, p.kind, p.stage, CASE k.unit WHEN 'acts' THEN 1 END, CAST(NULL AS TEXT) FROM candidate_action p JOIN kind k ON k.name = p.kind WHERE p.open > 0
)
SELECT
  c.actor, c.target,           -- whose acts are open, and who has to answer them
  c.sign, c.unit,              -- hostile or friendly, and what is counted
  count(*) AS acts,            -- the number of acts that are open
  sum(c.open) AS open,         -- the sum of their known open amounts; NULL: no amount is known
  min(c.count_is) AS open_is,  -- 'at least' or 'about': how "open" is meant, as in "action"; NULL: exactly
  max(CASE WHEN c.open IS NULL THEN 1 ELSE 0 END) AS has_unknown, -- 1: acts of unknown count are open, which "open" does not include
  sum(w.weight * CASE w.per WHEN 'unit' THEN coalesce(c.open, 1) ELSE 1 END) AS weight, -- of what is open, on the scale of the report; NULL: no kind has a weight on it
  sum(CASE WHEN w.weight IS NULL THEN 1 ELSE 0 END) AS unweighted, -- the number of acts whose kind has no weight on the scale; "weight" does not include them
  group_concat(DISTINCT CASE WHEN w.weight IS NULL THEN c.kind END) AS unweighted_kinds -- the kinds of these acts, separated by commas; NULL: all have a weight
FROM claim c LEFT JOIN active_weight w ON w.kind = c.kind AND w.stage = c.stage
GROUP BY c.sign, c.unit, c.actor, c.target;

-- Every announcement that a single action carried out entirely.
--   sqlite> SELECT count(*) FROM carried_out;
--   3
CREATE VIEW carried_out AS
SELECT
  a.id AS announcement_id, -- the announcement
  x.action_id              -- the action that carried it out
FROM action a JOIN effective_link x ON x.earlier_id = a.id AND x.relation = 'executes' AND x.takes > 0
WHERE a.stage = 'announced' AND coalesce(a.count, 1) = (SELECT sum(y.takes) FROM effective_link y WHERE y.earlier_id = a.id)
  AND x.takes = (SELECT sum(z.takes) FROM effective_link z WHERE z.earlier_id = a.id AND z.relation = 'executes');

-- The response to every act that opened a claim: one row for each act. An announcement and the single act that carried it out share one
-- row, which has the id and ref of that act, counts from the day of the announcement and includes what settled the announcement. An
-- announcement that was carried out by several acts, or only in part, has a row of its own.
--   sqlite> SELECT date, actor, kind, claimed, answered, open, outcome, in_kind, first_days_max FROM response ORDER BY day, id LIMIT 2;
--   2016-12-29|USA|expulsion|35|35|0|full|0|211
--   2016-12-29|USA|seizure|2|2|0|full|1|211
CREATE VIEW response AS
WITH part AS ( -- every act with what settled it; if "id" differs from "part_id", the act "id" carried out the announcement "part_id"
  SELECT a.actor, a.target, a.id AS part_id, a.day, CASE WHEN a.id > 0 THEN a.day_latest ELSE a.day END AS latest, a.kind, a.count, a.stage, a.stands, a.open,
    l.relation, l.covers - l.reinstated AS covers, l.day AS link_day, max(l.day, b.day_latest) AS link_latest,
    coalesce((SELECT max(c.action_id) FROM carried_out c WHERE c.announcement_id = a.id), a.id) AS id,
    CASE WHEN l.relation = 'answers' THEN CASE WHEN b.kind = a.kind THEN 1 ELSE 0 END END AS in_kind,
    CASE WHEN l.relation = 'answers' AND l.covers = l.reinstated AND b.voided IS NULL THEN (SELECT 1 - max(t.by_target) FROM link_terms t WHERE t.link_id = l.id) ELSE 0 END AS solidarity,
    row_number() OVER (PARTITION BY a.id ORDER BY l.id) AS place
  FROM unfiltered_action a JOIN kind k ON k.name = a.kind
  LEFT JOIN effective_link l ON l.earlier_id = a.id AND l.relation NOT IN ('executes', 'extends', 'renews') AND (l.relation <> 'waives' OR l.covers > l.reinstated) -- a reinstated claim is not waived
  LEFT JOIN action b ON b.id = l.action_id
  WHERE a.stage <> 'threatened' AND k.sign <> 'neutral'
), claim AS (
  SELECT actor, target, id, min(day) AS day, min(latest) AS latest,
    max(CASE WHEN part_id = id THEN kind END) AS kind,
    max(CASE WHEN part_id = id THEN count END) AS count,
    max(CASE WHEN part_id = id THEN stage END) AS stage,
    max(CASE WHEN part_id = id THEN stands END) AS stands,
    min(CASE WHEN count IS NULL AND (part_id = id OR covers > 0 OR open > 0) THEN 0 ELSE 1 END) AS known,
    sum(CASE WHEN relation = 'answers' THEN covers ELSE 0 END) AS answered,
    sum(CASE WHEN relation = 'waives' THEN covers ELSE 0 END) AS waived,
    sum(CASE WHEN relation = 'reverses' THEN covers ELSE 0 END) AS reversed,
    sum(CASE WHEN place = 1 THEN open ELSE 0 END) AS open, -- what is open of an act counts once, however many links it has
    sum(CASE WHEN relation = 'answers' AND covers > 0 THEN 1 ELSE 0 END) AS answers,
    sum(solidarity) AS solidarity,
    min(CASE WHEN part_id <> id THEN part_id END) AS announcement_id,
    max(CASE WHEN covers > 0 THEN in_kind END) AS in_kind,
    min(CASE WHEN relation = 'answers' AND covers > 0 THEN link_day END) AS first_day,
    min(CASE WHEN relation = 'answers' AND covers > 0 THEN link_latest END) AS first_latest,
    max(CASE WHEN covers > 0 THEN link_day END) AS last_day,
    max(CASE WHEN covers > 0 THEN link_latest END) AS last_latest
  FROM part GROUP BY actor, target, id
)
SELECT
  c.id, a.ref, a.date, c.actor, c.target, c.kind, c.count, k.unit, k.sign, c.stage, a.dispute, a.summary, -- the act, as logged
  -- the amount to be answered: the act's amount minus what it used up as an answer. This and the next four columns are NULL if a count is
  -- unknown
  CASE WHEN c.known = 1 THEN c.answered + c.waived + c.reversed + c.open END AS claimed,
  CASE WHEN c.known = 1 THEN c.answered END AS answered, -- covered by answers
  CASE WHEN c.known = 1 THEN c.waived END AS waived,     -- closed by waivers that stand
  CASE WHEN c.known = 1 THEN c.reversed END AS reversed, -- reversed by its actor while it was open
  CASE WHEN c.known = 1 THEN c.open END AS open,         -- still open
  -- full: all of it was answered; part: some of it was; otherwise open, waived or reversed; spent: there was nothing to answer
  CASE
    WHEN c.answered > 0 AND c.waived = 0 AND c.reversed = 0 AND c.open = 0 THEN 'full'
    WHEN c.answered > 0 THEN 'part'
    WHEN c.open > 0 THEN 'open'
    WHEN c.waived > 0 THEN 'waived'
    WHEN c.reversed > 0 THEN 'reversed'
    ELSE 'spent'
  END AS outcome,
  c.answers,                   -- the number of answers that cover some of it
  c.in_kind,                   -- 1: one of them is of the same kind; NULL: there is no answer
  c.solidarity,                -- the number of answers by third parties, which cover nothing
  CASE WHEN c.answers > 0 THEN max(0, c.first_day - c.latest) END AS first_days_min, -- the shortest time in days to the first answer that the dates allow; NULL: there is no answer
  CASE WHEN c.answers > 0 THEN max(0, c.first_latest - c.day) END AS first_days_max, -- the longest; the two differ if a date is a month or a year
  CASE WHEN c.open = 0 AND c.last_day IS NOT NULL THEN max(0, c.last_day - c.latest) END AS settled_days_min, -- the shortest time in days until nothing was open; NULL: something is open
  CASE WHEN c.open = 0 AND c.last_day IS NOT NULL THEN max(0, c.last_latest - c.day) END AS settled_days_max, -- the longest
  c.stands,                    -- how much of the act is neither reversed nor carried out by another act
  c.day,                       -- the day it counts from
  c.announcement_id            -- the announcement that it carried out; NULL: none
FROM claim c JOIN kind k ON k.name = c.kind LEFT JOIN action a ON a.id = c.id;

-- How much of an action only renews an earlier one, so that it neither counts nor weighs. What carries out the announcement of a renewal
-- takes this over from the announcement.
--   sqlite> SELECT count(*) FROM renewal_amount;
--   0
CREATE VIEW renewal_amount AS
WITH renewal AS (
  SELECT l.action_id AS id, sum(l.spends) AS amount FROM effective_link l WHERE l.relation = 'renews' AND l.spends > 0 GROUP BY l.action_id
), execution AS ( -- what carried out the announcement of a renewal, in order; "taken" is what these acts took over of what was settled of it
  SELECT r.id AS announcement_id, x.action_id AS id, r.amount AS amount, x.spends AS spends,
    sum(x.spends) OVER (PARTITION BY r.id ORDER BY x.day, b.ref ROWS UNBOUNDED PRECEDING) AS taken
  FROM renewal r CROSS JOIN effective_link x ON x.earlier_id = r.id JOIN action b ON b.id = x.action_id
  WHERE x.relation = 'executes' AND x.spends > 0
)
SELECT
  m.id AS id,               -- the action
  sum(m.amount) AS amount   -- how much of its count
FROM (
  SELECT r.id AS id, r.amount AS amount FROM renewal r
  UNION ALL
  SELECT e.announcement_id AS id, -max(0, min(e.spends, e.amount - e.taken + e.spends)) AS amount FROM execution e
  UNION ALL
  SELECT e.id AS id, max(0, min(e.spends, e.amount - e.taken + e.spends)) AS amount FROM execution e
) m GROUP BY m.id HAVING sum(m.amount) > 0;

-- The balance between two parties, kind by kind. What was reversed no longer counts, but it weighs what it weighed: the act that reversed
-- it has a weight of its own. An act that was announced and then done counts once, as does an act that was renewed. Threats and neutral
-- acts do not count.
--   sqlite> SELECT party_a, party_b, kind, a_count, b_count, net_count, a_open, b_open FROM balance WHERE kind = 'seizure';
--   RUS|USA|seizure|2|2|0|0|0
CREATE VIEW balance AS
WITH tally AS (
  SELECT
    s.actor, s.target, s.kind, s.stage,
    count(*) AS actions,
    0 AS reversed,
    sum(s.stands) AS units,
    sum(CASE WHEN s.count IS NULL THEN NULL ELSE s.stands END) AS count,
    sum(CASE WHEN s.count IS NULL THEN 1 ELSE 0 END) AS unknown,
    min(s.count_is) AS count_is,
    min(CASE WHEN s.open > 0 THEN s.count_is END) AS open_is,
    sum(CASE WHEN s.count IS NULL THEN 0 ELSE s.open END) AS open_known,
    sum(CASE WHEN s.count IS NULL THEN s.open ELSE 0 END) AS open_unknown
  FROM selected_action s WHERE s.stands > 0 AND s.stage <> 'threatened'
  GROUP BY s.actor, s.target, s.kind, s.stage
  UNION ALL -- a separate SELECT, so that each aggregation can use its own index
  SELECT p.actor, p.target, p.kind, p.stage, count(*), 0, count(*), CAST(NULL AS INTEGER), count(*), CAST(NULL AS TEXT), CAST(NULL AS TEXT), 0, sum(p.open)
  FROM candidate_action p WHERE p.stage <> 'threatened'
  GROUP BY p.actor, p.target, p.kind, p.stage
  UNION ALL -- what changes for acts that were reversed or that renew others: how much of them counts, and how much weighs
  SELECT
    actor, target, kind, stage,
    sum(CASE WHEN counts > 0 THEN 1 ELSE 0 END - CASE WHEN stands > 0 THEN 1 ELSE 0 END), sum(CASE WHEN weighs > 0 AND counts = 0 THEN 1 ELSE 0 END),
    sum(weighs - stands), sum(CASE WHEN count IS NULL THEN NULL ELSE counts - stands END),
    sum(CASE WHEN count IS NULL THEN counts - stands ELSE 0 END), NULL, NULL, 0, 0
  FROM (
    SELECT
      s.actor, s.target, s.kind, s.stage, s.count, s.stands,
      max(0, s.stands - s.renews) AS counts,
      CASE -- an announcement that was reversed in part and carried out for the rest has its weight from the act that did so
        WHEN s.stands = 0 AND count(x.id) > 0 THEN 0
        ELSE max(0, s.stands + s.reversed - s.renews) END AS weighs
    FROM (
      SELECT id, actor, target, kind, stage, count, stands, sum(reversed) AS reversed, sum(renews) AS renews FROM (
        SELECT a.id, a.actor, a.target, a.kind, a.stage, a.count, a.stands, l.takes AS reversed, 0 AS renews
        FROM effective_link l JOIN selected_action a ON a.id = l.earlier_id WHERE l.relation = 'reverses' AND l.takes > 0
        UNION ALL
        SELECT a.id, a.actor, a.target, a.kind, a.stage, a.count, a.stands, 0, r.amount
        FROM renewal_amount r JOIN selected_action a ON a.id = r.id
      ) WHERE stage <> 'threatened' GROUP BY id, actor, target, kind, stage, count, stands
    ) s LEFT JOIN effective_link x ON x.earlier_id = s.id AND x.relation = 'executes' AND x.takes > 0
    GROUP BY s.id, s.actor, s.target, s.kind, s.stage, s.count, s.stands, s.reversed, s.renews
  ) GROUP BY actor, target, kind, stage
), side AS (
  SELECT
    t.actor, t.target, t.kind,
    CASE WHEN t.actor < t.target THEN t.actor ELSE t.target END AS party_a,
    CASE WHEN t.actor < t.target THEN t.target ELSE t.actor END AS party_b,
    sum(t.actions) AS actions,
    sum(t.reversed) AS reversed,
    -- what counts acts is one act if its count is unknown
    CASE WHEN k.unit = 'acts' THEN sum(coalesce(t.count, 0) + t.unknown) WHEN sum(t.actions) > sum(t.unknown) THEN sum(t.count) END AS count,
    CASE WHEN k.unit = 'acts' THEN 0 ELSE sum(t.unknown) END AS unknown,
    min(t.count_is) AS count_is,
    min(t.open_is) AS open_is,
    CASE
      WHEN k.unit = 'acts' THEN sum(t.open_known + t.open_unknown)
      WHEN sum(t.open_known) = 0 AND sum(t.open_unknown) > 0 THEN NULL
      ELSE sum(t.open_known) END AS open,
    CASE WHEN k.unit = 'acts' THEN 0 ELSE sum(t.open_unknown) END AS open_unknown,
    sum(w.weight * CASE w.per WHEN 'unit' THEN t.units ELSE t.actions + t.reversed END) AS weight,
    sum(CASE WHEN w.weight IS NULL THEN t.actions + t.reversed ELSE 0 END) AS unweighted
  FROM tally t JOIN kind k ON k.name = t.kind LEFT JOIN active_weight w ON w.kind = t.kind AND w.stage = t.stage
  GROUP BY t.actor, t.target, t.kind, k.unit
), mirrored AS (
  SELECT
    party_a, party_b, kind,
    max(CASE WHEN actor < target THEN actions ELSE 0 END) AS a_actions,
    max(CASE WHEN actor > target THEN actions ELSE 0 END) AS b_actions,
    max(CASE WHEN actor < target THEN reversed ELSE 0 END) AS a_reversed,
    max(CASE WHEN actor > target THEN reversed ELSE 0 END) AS b_reversed,
    max(CASE WHEN actor < target THEN count END) AS a_count,
    max(CASE WHEN actor > target THEN count END) AS b_count,
    max(CASE WHEN actor < target THEN open END) AS a_open,
    max(CASE WHEN actor > target THEN open END) AS b_open,
    max(CASE WHEN actor < target AND unknown > 0 THEN 1 ELSE 0 END) AS a_has_unknown,
    max(CASE WHEN actor > target AND unknown > 0 THEN 1 ELSE 0 END) AS b_has_unknown,
    max(CASE WHEN actor < target AND open_unknown > 0 THEN 1 ELSE 0 END) AS a_open_has_unknown,
    max(CASE WHEN actor > target AND open_unknown > 0 THEN 1 ELSE 0 END) AS b_open_has_unknown,
    min(CASE WHEN actor < target THEN count_is END) AS a_count_is,
    min(CASE WHEN actor > target THEN count_is END) AS b_count_is,
    min(CASE WHEN actor < target THEN open_is END) AS a_open_is,
    min(CASE WHEN actor > target THEN open_is END) AS b_open_is,
    max(CASE WHEN actor < target THEN weight END) AS a_weight,
    max(CASE WHEN actor > target THEN weight END) AS b_weight,
    max(CASE WHEN actor < target THEN unweighted ELSE 0 END) AS a_unweighted,
    max(CASE WHEN actor > target THEN unweighted ELSE 0 END) AS b_unweighted
  FROM side GROUP BY party_a, party_b, kind
), filled AS (
  SELECT
    m.party_a, m.party_b, m.kind, k.unit, m.a_actions, m.b_actions, m.a_reversed, m.b_reversed,
    CASE WHEN m.a_actions = 0 THEN 0 ELSE m.a_count END AS a_count,
    CASE WHEN m.b_actions = 0 THEN 0 ELSE m.b_count END AS b_count,
    CASE WHEN m.a_actions = 0 THEN 0 ELSE m.a_open END AS a_open,
    CASE WHEN m.b_actions = 0 THEN 0 ELSE m.b_open END AS b_open,
    m.a_has_unknown, m.b_has_unknown, m.a_open_has_unknown, m.b_open_has_unknown,
    m.a_count_is, m.b_count_is, m.a_open_is, m.b_open_is,
    CASE WHEN m.a_actions + m.a_reversed = 0 AND m.b_weight IS NOT NULL THEN 0.0 ELSE m.a_weight END AS a_weight,
    CASE WHEN m.b_actions + m.b_reversed = 0 AND m.a_weight IS NOT NULL THEN 0.0 ELSE m.b_weight END AS b_weight,
    m.a_unweighted, m.b_unweighted
  FROM mirrored m JOIN kind k ON k.name = m.kind
  WHERE k.sign <> 'neutral' AND m.a_actions + m.b_actions + m.a_reversed + m.b_reversed > 0 -- not only renewals
)
SELECT
  party_a, party_b,                 -- the pair, in the order of their codes
  kind, unit,                       -- what was done and what is counted
  a_actions, b_actions,             -- the number of acts of each that stand
  a_reversed, b_reversed,           -- the number of acts of each that were reversed entirely, which only the weights include
  a_count, b_count,                 -- the sum of their known counts; NULL: no count is known
  -- positive: party_a did more; NULL: a count is unknown or only a lower bound
  CASE WHEN a_has_unknown = 0 AND b_has_unknown = 0 AND coalesce(a_count_is, '') <> 'at least' AND coalesce(b_count_is, '') <> 'at least' THEN a_count - b_count END AS net_count,
  a_open, b_open,                   -- what party_a did and party_b has not answered, and vice versa; NULL: only acts of unknown count are open
  a_has_unknown, b_has_unknown,     -- 1: there are acts of unknown count, which a_count, or b_count, does not include
  a_open_has_unknown, b_open_has_unknown, -- the same for a_open and b_open
  a_count_is, b_count_is,           -- 'at least' or 'about': how a_count, or b_count, is meant, as in "action"; NULL: exactly
  a_open_is, b_open_is,             -- the same for a_open and b_open
  a_weight, b_weight,               -- on the scale of the report; NULL: the kind has no weight on it
  a_weight - b_weight AS net_weight, -- negative: party_a was more hostile; NULL: the kind has no weight
  a_unweighted, b_unweighted        -- the number of acts of each without a weight on the scale
FROM filled ORDER BY party_a, party_b, kind;

-- Every hostile or friendly act as a panel counts it: what was reversed counts in full, an announcement that was carried out counts as the act
-- that carried it out, and a renewal counts only for what it adds.
--   sqlite> SELECT actor, kind, counts, count, weight, claim FROM panel_act WHERE id = 1;
--   USA|expulsion|1|35|-4.0|35
CREATE VIEW panel_act AS
SELECT
  s.id, s.actor, s.target, s.day, s.day_latest, s.kind, s.sign, s.stage, -- the act, the days that its date allows, and its sign
  s.counts > 0 AS counts,        -- 1 if it counts; 0: another act carried it out, or it only renews one, so that it has nothing but a claim
  CASE WHEN s.count IS NULL THEN NULL ELSE s.counts END AS count,             -- the amount with which it counts; NULL: unknown
  w.weight * CASE w.per WHEN 'unit' THEN s.counts ELSE 1 END AS weight,       -- its weight on the scale of the report; NULL: its kind has none
  coalesce(s.count, 1) AS claim  -- its claim before anything settled it
FROM (
  SELECT s.id, s.actor, s.target, s.day, s.day_latest, s.kind, k.sign, s.stage, s.count,
    CASE WHEN s.stands = 0
      AND EXISTS (SELECT 1 FROM effective_link x WHERE x.earlier_id = s.id AND x.relation = 'executes' AND x.takes > 0) THEN 0
    ELSE s.stands
      + coalesce((SELECT sum(l.takes) FROM effective_link l WHERE l.earlier_id = s.id AND l.relation = 'reverses'), 0)
      - coalesce((SELECT sum(r.amount) FROM renewal_amount r WHERE r.id = s.id), 0) END AS counts
  FROM selected_action s JOIN kind k ON k.name = s.kind WHERE s.stage <> 'threatened' AND k.sign <> 'neutral'
) s LEFT JOIN active_weight w ON w.kind = s.kind AND w.stage = s.stage;

-- What settles an act, and when. A waiver that was reversed settles an amount on its own day, and takes it back on the day of the reversal.
--   sqlite> SELECT id, amount FROM settling WHERE id = 1 ORDER BY day;
--   1|35
--   1|-35
--   1|35
CREATE VIEW settling AS
SELECT
  l.earlier_id AS id, -- the act
  l.day AS day,       -- the day
  l.covers AS amount  -- the amount of its count that is settled; negative: that is open again
FROM effective_link l WHERE l.covers <> 0
UNION ALL
SELECT l.action_id AS id, l.day AS day, l.spends AS amount FROM effective_link l WHERE l.spends <> 0
UNION ALL
SELECT l.earlier_id AS id, (SELECT min(r.day) FROM effective_link r WHERE r.earlier_id = l.action_id AND r.relation = 'reverses' AND r.takes > 0) AS day,
  -l.reinstated AS amount
FROM effective_link l WHERE l.reinstated > 0;

-- The panel by month: one row for each actor, target and month, from the month of the first act to that of the day of the report or, without
-- one, of the last act. Months in which nothing happened have zeros. "recip report panel" has other periods too, and columns for each kind.
--   sqlite> SELECT period, hostile_acts, hostile_weight, hostile_open FROM panel WHERE actor = 'USA' AND target = 'RUS' AND hostile_acts > 0;
--   2016-12|2|-13.2|0
--   2017-08|3|-16.0|1
CREATE VIEW panel AS
WITH RECURSIVE month (period, last) AS (
  SELECT strftime('%Y-%m', min(day) * 86400, 'unixepoch'),
    strftime('%Y-%m', coalesce((SELECT nullif(day, 9223372036854775807) FROM as_of), max(day)) * 86400, 'unixepoch')
  FROM panel_act HAVING min(day) IS NOT NULL
  UNION ALL
  SELECT strftime('%Y-%m', period || '-01', '+1 month'), last FROM month WHERE period < last
), dyad AS (
  SELECT DISTINCT CASE r.turned WHEN 1 THEN a.target ELSE a.actor END AS actor, CASE r.turned WHEN 1 THEN a.actor ELSE a.target END AS target
  FROM panel_act a JOIN (SELECT 0 AS turned UNION ALL SELECT 1) r
), happened AS (
  SELECT actor, target, strftime('%Y-%m', day * 86400, 'unixepoch') AS period,
    sum(CASE sign WHEN 'hostile' THEN 1 ELSE 0 END) AS hostile_acts,
    sum(CASE sign WHEN 'friendly' THEN 1 ELSE 0 END) AS friendly_acts,
    sum(CASE sign WHEN 'hostile' THEN weight END) AS hostile_weight,
    sum(CASE sign WHEN 'friendly' THEN weight END) AS friendly_weight,
    sum(CASE WHEN weight IS NULL THEN 1 ELSE 0 END) AS unweighted_acts
  FROM panel_act WHERE counts GROUP BY actor, target, period
), left_open AS ( -- the acts that are open at the end of each month
  SELECT a.actor, a.target, a.sign, m.period
  FROM panel_act a JOIN month m ON a.day < unixepoch(m.period || '-01', '+1 month') / 86400
  WHERE a.claim > coalesce((SELECT sum(s.amount) FROM settling s WHERE s.id = a.id AND s.day < unixepoch(m.period || '-01', '+1 month') / 86400), 0)
), still_open AS (
  SELECT actor, target, period, sum(CASE sign WHEN 'hostile' THEN 1 ELSE 0 END) AS hostile_open, sum(CASE sign WHEN 'friendly' THEN 1 ELSE 0 END) AS friendly_open
  FROM left_open GROUP BY actor, target, period
)
SELECT
  m.period, d.actor, d.target,                     -- the month, who acts and towards whom
  coalesce(h.hostile_acts, 0) AS hostile_acts,     -- the number of hostile acts of the month
  coalesce(h.friendly_acts, 0) AS friendly_acts,   -- the number of its friendly acts
  CASE WHEN h.hostile_acts > 0 THEN h.hostile_weight ELSE 0.0 END AS hostile_weight,     -- their weight; NULL: no kind has one
  CASE WHEN h.friendly_acts > 0 THEN h.friendly_weight ELSE 0.0 END AS friendly_weight,  -- the same for the friendly acts
  coalesce(h.unweighted_acts, 0) AS unweighted_acts, -- the number of acts whose kind has no weight on the scale
  coalesce(o.hostile_open, 0) AS hostile_open,     -- the number of hostile acts that are open when the month ends
  coalesce(o.friendly_open, 0) AS friendly_open    -- the same for friendly acts
FROM dyad d CROSS JOIN month m
  LEFT JOIN happened h ON h.actor = d.actor AND h.target = d.target AND h.period = m.period
  LEFT JOIN still_open o ON o.actor = d.actor AND o.target = d.target AND o.period = m.period
ORDER BY d.actor, d.target, m.period;

-- Threats and announcements that have been neither fully carried out nor withdrawn.
--   sqlite> SELECT date, actor, target, kind, count, stage, deadline FROM pending_threat ORDER BY day LIMIT 1;
--   2017-07-28|RUS|USA|staff-cut|755|announced|2017-09-01
CREATE VIEW pending_threat AS
SELECT
  s.id, s.ref, s.date, s.actor, s.target, s.kind, -- the action, as logged
  CASE WHEN s.count IS NULL THEN NULL ELSE s.stands END AS count, -- how much of it is still pending; NULL: unknown
  s.count_words,                                  -- how the whole count was stated; NULL: as a number alone
  k.unit,                                         -- what is counted
  s.stage,                                        -- threatened or announced
  s.deadline, s.dispute, s.summary,               -- as logged
  s.day                                           -- the day it counts from
FROM shown_action s JOIN kind k ON k.name = s.kind WHERE s.stage <> 'done' AND s.stands > 0 AND k.sign <> 'neutral';

-- The renewals of acts that still stand, also those of their renewals.
--   sqlite> SELECT count(*) FROM standing_renewal;
--   0
CREATE VIEW standing_renewal AS
WITH RECURSIVE renewed AS (
  SELECT l.action_id AS id, l.earlier_id AS earlier_id, 1 AS step FROM effective_link l WHERE l.relation = 'renews' AND l.spends > 0
  UNION ALL
  SELECT r.id AS id, l.earlier_id AS earlier_id, r.step + 1 AS step FROM renewed r CROSS JOIN effective_link l ON l.action_id = r.earlier_id
  WHERE l.relation = 'renews' AND l.spends > 0 AND r.step < 99 -- a damaged file may have a circle
)
SELECT DISTINCT
  r.id AS id -- the renewal
FROM renewed r CROSS JOIN unfiltered_action e ON e.id = r.earlier_id LEFT JOIN renewal_amount m ON m.id = e.id
WHERE e.stands > coalesce(m.amount, 0);

-- Deadlines that acts set once they are done: the 72 hours to leave the country. A reversed act no longer sets a deadline. The deadline of an
-- extension or a renewal is that of the act that it extends or renews; what a renewal added has it alone once nothing of that act stands.
--   sqlite> SELECT date, actor, target, kind, count, deadline FROM set_deadline ORDER BY date LIMIT 1;
--   2016-12-29|USA|RUS|expulsion|35|2017-01-01
CREATE VIEW set_deadline AS
SELECT
  s.id, s.ref, s.date, s.actor, s.target, s.kind, -- the action, as logged
  CASE WHEN s.count IS NULL THEN NULL ELSE s.stands - coalesce(r.amount, 0) END AS count, -- how much of it stands; of a renewal, what it added; NULL: unknown
  s.count_words,                                  -- how the whole count was stated; NULL: as a number alone
  k.unit,                                         -- what is counted
  s.stage,                                        -- done
  s.deadline, s.dispute, s.summary,               -- as in "shown_action"
  s.day                                           -- the day it counts from
FROM shown_action s JOIN kind k ON k.name = s.kind
LEFT JOIN (
  SELECT l.action_id AS id, sum(l.spends) AS amount FROM effective_link l WHERE l.relation = 'renews' AND l.spends > 0 GROUP BY l.action_id
) r ON r.id = s.id
WHERE s.stage = 'done' AND s.deadline IS NOT NULL AND s.stands > coalesce(r.amount, 0) AND k.sign <> 'neutral'
  AND s.id NOT IN (SELECT c.id FROM standing_renewal c)
  AND NOT EXISTS (SELECT 1 FROM effective_link x WHERE x.action_id = s.id AND x.relation = 'extends');

-- The place of each act within its day, if it is linked to an earlier act of the same day: it comes after that one. All other acts come first.
--   sqlite> SELECT id, turn FROM turn_of_day WHERE id = 5;
--   5|1
CREATE VIEW turn_of_day AS
WITH RECURSIVE step AS (
  SELECT f.id AS id, f.day AS day, 1 AS turn
  FROM (
    SELECT s.id AS id, s.day AS day
    FROM shown_action s CROSS JOIN effective_link l ON l.action_id = s.id JOIN action a ON a.id = l.earlier_id WHERE a.day = s.day
    UNION ALL -- what settles an act of the pair may be between other parties
    SELECT b.id AS id, b.day AS day
    FROM paired_action a CROSS JOIN effective_link l ON l.earlier_id = a.id JOIN action b ON b.id = l.action_id
    WHERE a.voided IS NULL AND b.day = a.day
  ) f
  UNION ALL -- the CROSS JOINs make SQLite follow the links of an act, and not look for it among all acts
  SELECT b.id AS id, p.day AS day, p.turn + 1 AS turn
  FROM step p CROSS JOIN effective_link l ON l.earlier_id = p.id CROSS JOIN action b ON b.id = l.action_id
  WHERE b.day = p.day AND p.turn < 9 -- a damaged file may have a circle
)
SELECT
  id,               -- the act
  max(turn) AS turn -- its place, from 1
FROM step GROUP BY id;

-- Each act by or against a member of an organisation that settles a hostile act by or against the organisation itself, for example an answer
-- by Russia to Germany's part of a measure of the European Union. The organisation's timeline and brief show it with the acts of the pair.
--   sqlite> SELECT count(*) FROM member_act;
--   0
CREATE VIEW member_act AS
SELECT DISTINCT
  b.id AS id,                                                               -- the act
  CASE WHEN l.relation = 'reverses' THEN a.actor ELSE a.target END AS side, -- the party of the pair whose act it is: its actor, or the actor's organisation
  CASE WHEN l.relation = 'reverses' THEN a.target ELSE a.actor END AS other -- the other party of the pair: its target, or the target's organisation
FROM paired_action a JOIN kind k ON k.name = a.kind CROSS JOIN effective_link l ON l.earlier_id = a.id CROSS JOIN unpaired_action u ON u.id = l.action_id
  JOIN action b ON b.id = u.id
-- the index of a pair has no voided acts
WHERE a.voided IS NULL AND k.sign = 'hostile' AND l.covers > 0 AND b.day = l.day
  AND (b.actor <> a.target OR b.target <> a.actor) AND (b.actor <> a.actor OR b.target <> a.target);

-- Everything between two parties in order of date, with its links and what was open on each side after it. Within a day, an act comes after
-- those that it is linked to. An act by or against a member of an organisation that settles an act of that organisation also has a row
-- between the organisation and the other side.
--   sqlite> SELECT date, actor, kind, count, a_open, b_open FROM timeline ORDER BY day, turn, ref LIMIT 3;
--   2016-12-29|USA|expulsion|35||35 persons
--   2016-12-29|USA|seizure|2||35 persons, 2 properties
--   2016-12-30|RUS|expulsion|35||35 persons, 2 properties
CREATE VIEW timeline AS
WITH hostile AS (
  SELECT s.id, s.ref, s.count_is,
    CASE WHEN s.actor < s.target THEN s.actor ELSE s.target END AS party_a,
    CASE WHEN s.actor < s.target THEN s.target ELSE s.actor END AS party_b,
    CASE WHEN s.actor < s.target THEN 'a' ELSE 'b' END AS side,
    CASE WHEN s.count IS NULL AND k.unit <> 'acts' THEN '? ' || k.unit ELSE k.unit END AS unit
  FROM background_action s JOIN kind k ON k.name = s.kind WHERE k.sign = 'hostile'
), moved AS ( -- every posting of a hostile act, by pair, side and unit, at the entry that causes it
  SELECT e.party_a, e.party_b, e.side, e.unit, p.day, CASE WHEN b.day < p.day THEN x.id ELSE b.id END AS cause,
    coalesce(CASE WHEN b.day < p.day THEN x.ref ELSE b.ref END, e.ref) AS ref, p.amount, -- a candidate causes its own claim
    CASE WHEN e.count_is = 'at least' THEN p.amount ELSE 0 END AS at_least, CASE WHEN e.count_is = 'about' THEN p.amount ELSE 0 END AS about
  FROM hostile e JOIN posting p ON p.action_id = e.id LEFT JOIN action b ON b.id = p.by_id LEFT JOIN effective_link l ON l.id = p.link_id
    LEFT JOIN action x ON x.id = l.earlier_id
), entry AS (
  SELECT s.id, s.ref, s.date, s.day, s.actor, s.target, s.kind, s.count, s.count_words, k.unit, s.stage, o.deadline, s.dispute, s.summary,
    CASE WHEN s.actor < s.target THEN s.actor ELSE s.target END AS party_a,
    CASE WHEN s.actor < s.target THEN s.target ELSE s.actor END AS party_b
  FROM shown_action s JOIN kind k ON k.name = s.kind
    LEFT JOIN action o ON o.id = s.id -- its own deadline: that of an extension is in the row of the extension
  UNION ALL
  SELECT b.id, b.ref, b.date, b.day, b.actor, b.target, b.kind, b.count, b.count_words, k.unit, b.stage, b.deadline, b.dispute, b.summary,
    CASE WHEN m.side < m.other THEN m.side ELSE m.other END, CASE WHEN m.side < m.other THEN m.other ELSE m.side END
  FROM member_act m JOIN action b ON b.id = m.id JOIN kind k ON k.name = b.kind
), tick AS ( -- the postings and, after every entry, a reading of each total
  SELECT party_a, party_b, side, unit, day, cause, ref, CAST(NULL AS INTEGER) AS id, amount, at_least, about, 0 AS reading FROM moved
  UNION ALL
  SELECT u.party_a, u.party_b, u.side, u.unit, e.day, e.id, e.ref, e.id, 0, 0, 0, 1
  FROM entry e JOIN (SELECT DISTINCT party_a, party_b, side, unit FROM hostile) u ON u.party_a = e.party_a AND u.party_b = e.party_b
), running AS (
  SELECT k.party_a, k.party_b, k.side, k.unit, k.id, k.reading,
    sum(k.amount) OVER (PARTITION BY k.party_a, k.party_b, k.side, k.unit ORDER BY k.day, coalesce(t.turn, 0), k.ref, k.reading ROWS UNBOUNDED PRECEDING) AS open,
    sum(k.at_least) OVER (PARTITION BY k.party_a, k.party_b, k.side, k.unit ORDER BY k.day, coalesce(t.turn, 0), k.ref, k.reading ROWS UNBOUNDED PRECEDING) AS at_least,
    sum(k.about) OVER (PARTITION BY k.party_a, k.party_b, k.side, k.unit ORDER BY k.day, coalesce(t.turn, 0), k.ref, k.reading ROWS UNBOUNDED PRECEDING) AS about
  FROM tick k LEFT JOIN turn_of_day t ON t.id = k.cause
), label AS ( -- the totals that are open after every entry, in words
  SELECT id, party_a, party_b, side, unit, CASE WHEN about > 0 THEN 'about ' WHEN at_least > 0 THEN 'at least ' ELSE '' END || CASE
      WHEN unit LIKE '?%' THEN unit
      WHEN open > 1 THEN CAST(open AS TEXT) || ' ' || unit
      WHEN unit LIKE '%ies' THEN '1 ' || substr(unit, 1, length(unit) - 3) || 'y'
      WHEN unit LIKE '%s' THEN '1 ' || substr(unit, 1, length(unit) - 1)
      ELSE '1 ' || unit END AS label
  FROM running WHERE reading = 1 AND open > 0
), state AS ( -- the same in one row for each entry
  SELECT DISTINCT CAST(id AS INTEGER) AS id, party_a, party_b, -- without the type, SQLite would scan all rows for each entry
    group_concat(CASE WHEN side = 'a' THEN label END, ', ') OVER (PARTITION BY id, party_a, party_b ORDER BY side, unit ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS a_open,
    group_concat(CASE WHEN side = 'b' THEN label END, ', ') OVER (PARTITION BY id, party_a, party_b ORDER BY side, unit ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS b_open
  FROM label
), relating AS ( -- the outgoing links of every entry, in words
  SELECT e.id, l.day, l.relation, a.day AS earlier_day, a.ref, l.relation || ' ' || a.ref || CASE
      WHEN l.relation = 'answers' AND l.covers > 0 AND a.count IS NOT NULL THEN ':' || CAST(l.covers AS TEXT)
      WHEN l.relation = 'reverses' AND l.takes < coalesce(a.count, 1) THEN ':' || CAST(l.takes AS TEXT)
      ELSE '' END AS words
  FROM (SELECT DISTINCT id FROM entry) e CROSS JOIN effective_link l ON l.action_id = e.id JOIN action a ON a.id = l.earlier_id AND a.voided IS NULL
), outgoing AS ( -- the same in one row for each entry
  SELECT DISTINCT CAST(id AS INTEGER) AS id,
    group_concat(words, ' | ') OVER (PARTITION BY id ORDER BY day, relation, earlier_day, ref ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS links
  FROM relating
)
SELECT
  e.id, e.ref, e.date, e.party_a, e.party_b, e.actor, e.target, e.kind, e.count, e.count_words, e.unit, e.stage, e.deadline, e.dispute, e.summary, -- the action
  o.links, -- its outgoing links, with their amounts
  coalesce(s.a_open, '') AS a_open, -- hostile acts of party_a open after it: '35 persons, about 2 properties'; '? persons' is an unknown count
  coalesce(s.b_open, '') AS b_open, -- hostile acts of party_b open after it
  e.day,                            -- the day it counts from
  coalesce(t.turn, 0) AS turn       -- its place within the day
FROM entry e LEFT JOIN turn_of_day t ON t.id = e.id LEFT JOIN state s ON s.id = e.id AND s.party_a = e.party_a AND s.party_b = e.party_b LEFT JOIN outgoing o ON o.id = e.id;
