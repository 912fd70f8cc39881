//! Which action of the ledger, or of the same load, a row stands for: by its ref or, without one, by its content.

use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::model::StatedCount;

use super::content::{self, Content, LinkContent};
use super::problems::{Place, Problems};
use super::record::KeptDraft;
use super::row::{self, Row, check};
use super::{BAD, Loader, Resembling};

/// What a row without a ref is.
pub(super) enum Found {
    /// A new action, with this ref.
    New(String),
    /// The action with this id, which has the same content or is to be corrected.
    Same(u32),
    /// It resembles these actions of the ledger, which no row repeated so far.
    Alike(Vec<u32>),
    /// It is this action, which a row of the files has, in everything but its sources.
    OtherSources(u32),
    /// It has another date, or another party, than these actions of the ledger and is otherwise like them. No row has repeated them so far.
    Corrected(Vec<u32>),
}

impl Loader<'_> {
    /// Compares a row with the existing action that has its ref. The row corrects an action of the ledger; if it
    /// `may_wait`, only after all other rows are read. Two rows must agree.
    pub(super) fn compare(&mut self, id: u32, row: &Row<'_>, may_wait: bool, problems: &mut Problems) -> Result<()> {
        let corrected = self.updates.row(id);
        let (held, given) = (self.held(id)?, self.given(row)?);
        let has_own_ref = !row.draft.reference.is_empty() && !row.draft.has_made_ref;
        let digest = given.digest(row.draft.columns);
        let named = if has_own_ref && id < self.first { self.named.get(&id).copied() } else { None };
        if named.is_some_and(|(_, first)| first == digest) {
            self.loaded.repeated += 1;
            return Ok(());
        }
        let difference = given.differs(self.conn, &held, row.draft.columns)?;
        // A row whose ref is doubtful may wait: then it stands for no action yet.
        if has_own_ref && id < self.first && !(may_wait && difference.is_some()) {
            self.named.entry(id).or_insert((row.at, digest));
        }
        let Some((column, other)) = difference else {
            *(if id < self.first { &mut self.loaded.present } else { &mut self.loaded.repeated }) += 1;
            if row.draft.has_doubtful_ref && id < self.first {
                self.repeated.entry(id).or_insert(row.at);
            }
            return Ok(());
        };
        let why = format!("the action with this ref has {other}");
        let repeated = self.repeated.get(&id).copied().filter(|_| has_own_ref && row.draft.has_doubtful_ref);
        let named = named.map(|(at, _)| at);
        let earlier_row =
            corrected.or(named).or(repeated).or_else(|| id.checked_sub(self.first).and_then(|n| self.rows.get(n as usize).copied()));
        match earlier_row {
            Some(at) => {
                let why = format!("{}: {why}; help: make the two rows agree, or give each its own ref", problems.position(at));
                problems.add(row.at, Some(column), why);
            }
            None if column == "voided" => {
                problems.add(row.at, None, format!("{why}; help: leave the row out, or give it another ref"));
            }
            None if may_wait => self.doubtful_refs.push((row.at, KeptDraft::of(&row.draft))),
            None => self.update(id, row, problems)?,
        }
        Ok(())
    }

    /// Takes the rows whose refs were doubtful, now that all others are read. One that is an action of the ledger in everything but its ref is
    /// a problem, unless another row repeats that action: then the two are different actions.
    pub(super) fn take_doubtful_refs(&mut self, problems: &mut Problems) -> Result<()> {
        let waiting = std::mem::take(&mut self.doubtful_refs);
        let mut good = Vec::new();
        for (at, kept) in &waiting {
            let Some(row) = check(*at, kept.draft(), &mut self.names, problems)? else { continue };
            match self.mistaken_ref(&row)? {
                Some(why) => {
                    problems.add(*at, Some("ref"), why);
                    self.refs.put(&super::key(row.draft.reference), BAD);
                }
                None => good.push(row),
            }
        }
        good.iter().try_for_each(|row| self.take_named(row, false, problems))
    }

    /// What is asked if a row is another action of the ledger than the one that its ref names.
    pub(super) fn mistaken_ref(&mut self, row: &Row<'_>) -> Result<Option<String>> {
        let (given, own) = (row.draft.reference, self.find(row.draft.reference)?);
        let Some(same) = self.with_another_ref(row, own)? else { return Ok(None) };
        let action = content::reference(self.conn, same)?;
        Ok(Some(match own {
            Some(_) => format!(
                "by its ref the row corrects the action {given}, but in everything else it is the action {action}; help: write the ref {action} if it \
                 is that action, or give --update to correct the action {given}"
            ),
            None => format!(
                "no action has the ref {given}, but the row is like the action {action}; help: write the ref {action} if it is that action, or give \
                 --update to take it for that action, or --add to add another"
            ),
        }))
    }

    /// The action of the ledger that a row seems to be, although it has another ref. `own` is the one with its ref.
    pub(super) fn with_another_ref(&mut self, row: &Row<'_>, own: Option<u32>) -> Result<Option<u32>> {
        if let Some(id) = self.with_other_zeros(row.draft.reference)?.filter(|_| own.is_none()) {
            return Ok(Some(id));
        }
        for id in self.alike(row)? {
            if Some(id) != own && !self.repeated.contains_key(&id) && self.difference(id, row)?.is_none() {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The actions of the ledger with the date, parties and kind of a row.
    fn alike(&self, row: &Row<'_>) -> Result<Vec<u32>> {
        if self.first > 1 { self.alike.of(self.conn, row.act(&self.names), row.date.earliest().0, self.first) } else { Ok(Vec::new()) }
    }

    /// The action of the ledger whose ref is this number with more or fewer zeros before it. Spreadsheet programs drop them.
    fn with_other_zeros(&self, reference: &str) -> Result<Option<u32>> {
        const MAX_DIGITS: usize = 12;
        let number = reference.strip_suffix(".0").unwrap_or(reference);
        let bare = number.trim_start_matches('0');
        if bare.is_empty() || bare.len() > MAX_DIGITS || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(None);
        }
        for width in bare.len()..=MAX_DIGITS {
            let found = self.find_exact(&format!("{bare:0>width$}"))?;
            if let Some(id) = found.filter(|id| *id != BAD && *id < self.first) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// The first difference between a row and the action with this id: the column and the message.
    fn difference(&mut self, id: u32, row: &Row<'_>) -> Result<Option<(&'static str, String)>> {
        let held = self.held(id)?;
        self.given(row)?.differs(self.conn, &held, row.draft.columns)
    }

    /// The number of columns in which a row and the action with this id differ.
    fn differences(&mut self, id: u32, row: &Row<'_>) -> Result<usize> {
        let held = self.held(id)?;
        Ok(self.given(row)?.differences(&held, row.draft.columns))
    }

    fn given(&self, row: &Row<'_>) -> Result<Content> {
        let mut links = Vec::with_capacity(row.draft.links.len());
        for link in &*self.with_whole_refs(row.at, row.draft.links)? {
            links.push(LinkContent::given(link, self.find_linked(row.at, link.spec.earlier.trim())?));
        }
        Ok(Content::given(row, &self.names, links))
    }

    fn held(&mut self, id: u32) -> Result<Content> {
        if self.updates.row(id).is_some() {
            return content::fresh(self.conn, id);
        }
        let content = self.held.take(self.conn, id, self.first)?;
        Ok(if id < self.first { content } else { content.with_links(self.links_of(id)) })
    }

    /// The links of an action of this load that have not been written yet.
    fn links_of(&self, id: u32) -> Vec<LinkContent> {
        let from = self.links.partition_point(|l| l.later < id);
        let own = self.links.iter().enumerate().skip(from).take_while(|(_, l)| l.later == id && !l.own_record);
        own.map(|(index, link)| {
            let unresolved = self.unresolved.iter().find(|(at, later, _)| *at == index && !later);
            LinkContent::pending(
                link.relation,
                link.earlier,
                unresolved.map(|(_, _, earlier)| earlier.as_str()),
                link.stated,
                link.stated_spends,
            )
        })
        .collect()
    }

    /// What a row without a ref is: a row that the ledger or the file has is never added twice, neither by one file nor by several.
    pub(super) fn recognise(&mut self, row: &Row<'_>) -> Result<Found> {
        let stem = row.stem(&self.names);
        let alike = self.alike(row)?;
        let in_load = self.alike_in_load.of(self.conn, row.act(&self.names))?.to_vec();
        if alike.is_empty() && in_load.is_empty() && self.find(&stem)?.is_none() {
            let like = self.like_but_for_date_or_party(row)?;
            return Ok(if like.is_empty() { Found::New(stem) } else { Found::Corrected(like) });
        }
        let columns = row.draft.columns;
        let mut known = self.stems.take(&stem);
        if known.columns != columns {
            known.forget(columns);
            for id in known.ids.clone() {
                known.know(id, &self.held(id)?);
            }
        }
        // Add the actions of the ledger and of this load, whatever their refs, and those with this stem that are new since the last time.
        for id in alike.iter().chain(&in_load) {
            if known.ids.insert(*id) {
                known.know(*id, &self.held(*id)?);
            }
        }
        while let Some(id) = self.find(&row::numbered(&stem, known.next))? {
            if id != BAD && known.ids.insert(id) {
                known.know(id, &self.held(id)?);
            }
            known.next += 1;
        }
        let given = self.given(row)?;
        let same = known.by_content.get(&given.digest(columns)).copied();
        let is_in_files = |id: &u32| self.row_of(*id).is_some() && self.resembling != Resembling::Add;
        let other_sources = known.with_other_sources(&given).filter(is_in_files);
        let alike: Vec<u32> = alike.into_iter().filter(|id| !self.repeated.contains_key(id)).collect();
        self.repeated.extend(same.filter(|id| *id < self.first).map(|id| (id, row.at)));
        let found = match (same, other_sources) {
            (Some(id), _) => Found::Same(id),
            _ if !alike.is_empty() && self.resembling != Resembling::Add => Found::Alike(alike),
            (None, Some(id)) => Found::OtherSources(id),
            (None, None) => {
                let id = self.writer.next_id();
                known.know(id, &given);
                known.ids.insert(id);
                known.next += 1;
                Found::New(row::numbered(&stem, known.next - 1))
            }
        };
        self.stems.put(stem, known);
        Ok(found)
    }

    /// The row of the files that has an action: the one that added it, or one that repeated it.
    fn row_of(&self, id: u32) -> Option<Place> {
        match id.checked_sub(self.first) {
            Some(added) => self.rows.get(added as usize).copied(),
            None => self.repeated.get(&id).copied(),
        }
    }

    /// Refuses a row without a ref that differs from another row only in its sources. The two rows can be one act that two sources report, or
    /// two acts.
    pub(super) fn refuse_other_sources(&mut self, id: u32, row: &Row<'_>, problems: &mut Problems) -> Result<()> {
        let first = self.row_of(id).map_or_else(String::new, |at| problems.position(at));
        let other = self.difference(id, row)?.map_or_else(String::new, |(_, other)| format!(": it has {other}"));
        let place = place_of_ref(row);
        let way_out = format!(
            "if both are one act, give all its sources in one row and delete the other; if they are two, give each a ref of its own{place}, or give --add"
        );
        problems.add(row.at, Some("sources"), format!("the row differs from {first} only in its sources{other}; help: {way_out}"));
        Ok(())
    }

    /// The actions of the ledger that differ from a new row of a sheet that comes again by their date or by one party, and that no row
    /// repeated so far.
    fn like_but_for_date_or_party(&mut self, row: &Row<'_>) -> Result<Vec<u32>> {
        if !row.draft.corrects || self.resembling == Resembling::Add || self.first == 1 {
            return Ok(Vec::new());
        }
        let count = row.count.to_string();
        let act @ [_, actor, target, kind] = row.act(&self.names);
        let is_counted = !matches!(row.count, StatedCount::Unknown);
        let mut ids = match is_counted {
            true => self.on_any_day.of(self.conn, [actor, target, kind, &count], self.first)?.to_vec(),
            false => Vec::new(),
        };
        ids.retain(|id| !self.repeated.contains_key(id));
        if ids.is_empty() && is_counted {
            ids = self.with_other_party.of(self.conn, act, &count, self.first)?;
            ids.retain(|id| !self.repeated.contains_key(id));
        }
        if ids.is_empty() {
            ids = self.in_the_same_place(row)?;
        }
        Ok(ids)
    }

    /// The actions of the ledger that no row repeated so far and that are linked as a row is: both its date and its count may be corrected.
    fn in_the_same_place(&self, row: &Row<'_>) -> Result<Vec<u32>> {
        let [_, actor, target, kind] = row.act(&self.names);
        let mut found = Vec::new();
        for link in row.draft.links {
            if let Some(earlier) = self.find_linked(row.at, link.spec.earlier.trim())?.filter(|id| *id != BAD && *id < self.first) {
                found.extend(content::linked_to(self.conn, earlier, link.relation, [actor, target, kind], self.first)?);
            }
        }
        found.retain(|id| !self.repeated.contains_key(id));
        Ok(found)
    }

    /// Takes the rows that resemble actions of another day or party, now that all others are read. Only where the file repeats other actions of the
    /// ledger does it come again, so that an action that no row repeats may be one whose date or party was corrected.
    pub(super) fn take_moved(&mut self, problems: &mut Problems) -> Result<()> {
        let waiting = std::mem::take(&mut self.moved);
        let comes_again = !self.repeated.is_empty() || !self.waiting.is_empty();
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (at, kept) in &waiting {
            rows.extend(check(*at, kept.draft(), &mut self.names, problems)?);
        }
        let mut moved: Vec<(Row<'_>, Vec<u32>)> = Vec::new();
        for row in rows {
            match self.recognise(&row)? {
                Found::Corrected(_) if !comes_again => self.take_unnamed(&row, Found::New(row.stem(&self.names)), problems)?,
                Found::Corrected(ids) => moved.push((row, ids)),
                found => self.take_unnamed(&row, found, problems)?,
            }
        }
        for (row, ids) in &moved {
            let is_single = ids.len() == 1 && moved.iter().filter(|(_, others)| others.contains(&ids[0])).count() == 1;
            if is_single && self.resembling == Resembling::Update {
                self.repeated.insert(ids[0], row.at);
                self.take_unnamed(row, Found::Same(ids[0]), problems)?;
                continue;
            }
            let action = content::reference(self.conn, ids[0])?;
            let way_out = match is_single {
                true => "--update corrects that action, --add adds another".to_owned(),
                false => format!("write the ref {action}{} if it is that action, or give --add to add another", place_of_ref(row)),
            };
            let held = self.held(ids[0])?;
            let (column, why) = self.given(row)?.differs(self.conn, &held, row.draft.columns)?.unwrap_or(("date", String::new()));
            problems.add(
                row.at,
                Some(column),
                format!("the row resembles the action {action}, which no row of the file repeats: it has {why}; help: {way_out}"),
            );
            self.note_made_ref(row.at, &row.draft, BAD);
        }
        Ok(())
    }

    /// Takes the rows that resemble actions of the ledger, now that all others are read: an action that another row repeats exactly is not
    /// the one that they correct. What is linked to a row that may be an action of another day or party waits until that is decided.
    pub(super) fn take_waiting(&mut self, problems: &mut Problems) -> Result<()> {
        let made = self.moved.iter().filter(|(_, kept)| kept.draft().has_made_ref);
        let moved: HashSet<_> = made.map(|(at, kept)| (at.file, super::key(kept.draft().reference).into_owned())).collect();
        let is_linked = |(at, kept): &(Place, KeptDraft)| {
            let mut earlier = kept.draft().links.iter().map(|link| super::key(link.spec.earlier.trim()).into_owned());
            earlier.any(|reference| moved.contains(&(at.file, reference)))
        };
        let (linked, waiting): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting).into_iter().partition(is_linked);
        self.waiting = linked;
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (at, kept) in &waiting {
            rows.extend(check(*at, kept.draft(), &mut self.names, problems)?);
        }
        let mut groups: Vec<Vec<&Row<'_>>> = Vec::new();
        let mut of_stem: HashMap<String, usize> = HashMap::new();
        for row in &rows {
            let group = *of_stem.entry(row.stem(&self.names)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(row);
        }
        groups.iter().try_for_each(|group| self.take_alike(group, problems))
    }

    /// Takes the rows with the same date, parties and kind that resemble actions of the ledger.
    fn take_alike(&mut self, rows: &[&Row<'_>], problems: &mut Problems) -> Result<()> {
        let mut left = Vec::new();
        for row in rows {
            match self.recognise(row)? {
                Found::Alike(_) => left.push(row),
                found => self.take_unnamed(row, found, problems)?,
            }
        }
        for row in &left {
            let found = match self.recognise(row)? {
                Found::Alike(alike) => match self.corrected(&alike, [left.len(), rows.len()], row, problems)? {
                    Some(id) => Found::Same(id),
                    None => {
                        self.note_made_ref(row.at, &row.draft, BAD);
                        continue;
                    }
                },
                found => found,
            };
            self.take_unnamed(row, found, problems)?;
        }
        Ok(())
    }

    /// The action of the ledger that a row without a ref corrects, among those that it and other rows resemble; `None` if that is a problem.
    /// `rows` are how many rows correct such actions, and how many resemble any.
    fn corrected(&mut self, alike: &[u32], [rows, all]: [usize; 2], row: &Row<'_>, problems: &mut Problems) -> Result<Option<u32>> {
        let action = content::reference(self.conn, alike[0])?;
        // Beside others a row may be a new one, and an action one whose row was deleted, unless only one cell is another.
        let is_single = || Ok::<_, crate::Error>(all == 1 && self.alike(row)?.len() == 1);
        let corrects =
            self.resembling == Resembling::Update || (row.draft.corrects && (is_single()? || self.differences(alike[0], row)? == 1));
        if let ([id], 1, true) = (alike, rows, corrects) {
            self.repeated.insert(*id, row.at);
            return Ok(Some(*id));
        }
        let (column, why) = self.difference(alike[0], row)?.unwrap_or(("ref", String::new()));
        let why = match alike {
            [_] if rows == 1 => {
                format!("the row resembles the action {action}, which has {why}; help: --update corrects that action, --add adds another")
            }
            [_] if row.draft.has_made_ref => format!(
                "{rows} rows resemble the action {action}; help: give each that is another action a ref of its own, in the review that --review FILE writes, or give --add to add all of them"
            ),
            [_] => format!(
                "{rows} rows resemble the action {action}; help: write its ref in the row that corrects it, or give --add to add all of them"
            ),
            _ => format!(
                "the row resembles {} actions of the ledger, such as {action}; help: write the ref of the one that it corrects{}, or give --add to add another",
                alike.len(),
                place_of_ref(row)
            ),
        };
        problems.add(row.at, Some(column), why);
        Ok(None)
    }
}

/// Where a person writes the ref of a row, if a sheet with columns of its own has none for it.
fn place_of_ref(row: &Row<'_>) -> &'static str {
    if row.draft.has_made_ref { " (in the review that --review FILE writes)" } else { "" }
}
