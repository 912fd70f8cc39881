-- What 'recip suggest' reads, over the tables of a Parquet export and the views of base.sql. The program computes the suggestions from these
-- rows. Another parameter is the condition on the action for which suggestions are requested (:of_requested).

-- The parties.
CREATE VIEW party AS
SELECT p.code AS code, p.name AS name FROM parties p;

-- The names of the parties, in the form in which they are compared.
CREATE VIEW alias AS
SELECT a.folded AS folded, a.party AS party FROM aliases a;

-- The memberships, with days as text.
CREATE VIEW membership AS
SELECT m.organisation AS organisation, m.member AS member, CAST(m.since AS TEXT) AS since, CAST(m.until AS TEXT) AS until FROM memberships m;

-- The action for which suggestions are requested.
CREATE VIEW requested_action AS
SELECT * FROM action WHERE :of_requested;
