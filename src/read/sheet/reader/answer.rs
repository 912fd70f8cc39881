//! Reads the other side's answer in the row of an act.

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;

use super::super::columns::REPLY;
use super::super::dates::is_day;
use super::super::parties::Party;
use super::super::proposal::{Reading, place, reference};
use super::super::question::Question;
use super::super::{Row, acts};
use super::row_act::RowAct;
use super::{Reader, RowRead, joined};

impl Reader<'_, '_, '_> {
    /// Takes what the words of an answer say, and asks where they may say otherwise than its cells.
    pub(super) fn complete_answer(&mut self, row: &Row, RowRead { main, reply, .. }: &mut RowRead) -> Result<()> {
        self.answer_in_words(reply, main.cell("kind"), row)?;
        let mut asked = std::mem::take(&mut reply.asked);
        let kind = reply.cells.get(&place("kind")).map_or_else(|| main.cell("kind").to_owned(), String::clone);
        asked.extend(self.counts_other_unit(row, reply, &kind, true)?);
        self.date_from_count(row, reply);
        let undone = reply.amount.remarks.iter().find(|remark| acts::may_be_undone(remark));
        asked.extend(undone.map(|remark| Question::may_be_undone(remark)));
        reply.complete(&mut asked);
        reply.asked = asked;
        Ok(())
    }

    /// Takes the date of an answer that stands behind its count, if no column has it: `60 (29 March 2018)`.
    fn date_from_count(&self, row: &Row, reply: &mut RowAct) {
        if !reply.cell("date").is_empty() {
            return;
        }
        let at = self.columns.iter().find(|column| column.is("date")).and_then(|column| column.column);
        let read = |remark: &String| self.dates_in(row, at).read(remark).ok().filter(|_| is_day(remark));
        if let Some((place_of, date)) = reply.amount.remarks.iter().enumerate().find_map(|(n, remark)| Some((n, read(remark)?))) {
            reply.amount.remarks.remove(place_of);
            reply.cells.insert(place("date"), date);
        }
    }

    /// Reads the kind and the number of an answer from its words, if no column gives its kind. `kind` is that of the act.
    fn answer_in_words(&mut self, reply: &mut RowAct, kind: &str, row: &Row) -> Result<()> {
        let count_text = reply.act.take();
        if !reply.is_done() || reply.cells.contains_key(&place("kind")) {
            return Ok(());
        }
        let summary = Some(reply.cell("summary").to_owned()).filter(|text| !text.is_empty());
        let is_of_count = count_text.is_some();
        let Some(text) = count_text.or_else(|| summary.clone().filter(|_| reply.amount.count.is_empty())) else {
            if reply.amount.count.is_empty() && reply.amount.problem.is_none() && summary.is_none() {
                self.kind_of_dated_answer(reply)?;
            }
            let other = summary.as_deref().and_then(acts::kind).filter(|other| *other != kind);
            reply.asked.extend(other.map(Question::answer_of_other_kind));
            return Ok(());
        };
        if let Some((_, other)) = acts::kind_beside_number(&text).filter(|(_, other)| *other != kind) {
            reply.asked.push(Question::names_kinds(&text, [kind, other]));
            return Ok(());
        }
        match self.known.act(&text, row.number)? {
            Ok(mut named) => {
                reply.asked.extend(named.stage.as_ref().map(|stage| Question::answer_not_done(&text, stage)));
                named.remark = named.remark.filter(|_| is_of_count && reply.amount.remarks.is_empty());
                reply.amount.problem = None;
                let mut kind = std::mem::take(&mut named.kind);
                if kind.is_empty() {
                    reply.cells.remove(&place("summary"));
                    kind = self.kind_of_answers()?.unwrap_or_default().to_owned();
                    let column = self.columns.iter().find(|column| column.is(&format!("{REPLY}summary")));
                    let asked = self.count_without_kind(&text, column.and_then(|column| column.column));
                    reply.asked.extend(kind.is_empty().then_some(asked));
                }
                reply.cells.insert(place("kind"), kind);
                reply.named = named;
            }
            Err(why) => {
                reply.asked.push(why);
                // What is not understood has not the kind of the act.
                reply.cells.insert(place("kind"), String::new());
            }
        }
        Ok(())
    }

    /// Takes the kind of an answer of which the cells give no more than the date from the headings of its columns, or asks for it.
    fn kind_of_dated_answer(&mut self, reply: &mut RowAct) -> Result<()> {
        let kind = self.kind_of_answers()?;
        if kind.is_none() {
            reply.asked.push(Question::kind_of_answer());
        }
        reply.cells.insert(place("kind"), kind.unwrap_or_default().to_owned());
        Ok(())
    }

    /// The kind that the headings of the answer's columns name.
    pub(super) fn kind_of_answers(&mut self) -> Result<Option<&'static str>> {
        let columns = self.columns;
        let mut headings = columns.iter().filter(|column| column.meaning.starts_with(REPLY)).map(|column| column.heading.as_str());
        let heading = headings.find(|heading| acts::kind(heading).is_some());
        heading.map_or(Ok(None), |heading| self.kind_of_heading(heading))
    }

    /// The other side's answer to the act of a row.
    pub(super) fn answer(
        &self,
        row: &Row,
        reply: &mut RowAct,
        [actor, target]: [&Party; 2],
        [kind, answered]: [&String; 2],
        is_asked: bool,
    ) -> Reading {
        let mut cells = vec![String::new(); COLUMNS.len()];
        let own_kind = reply.cells.remove(&place("kind"));
        let (date, summary) = (reply.take("date"), joined(reply.take("summary"), &reply.amount.remarks));
        for (at, text) in &reply.cells {
            cells[*at].clone_from(text);
        }
        let kind = own_kind.as_ref().unwrap_or(kind);
        let of_parties = question_of_parties(reply, actor);
        let [replier, aimed_at] = [(0, target), (1, actor)].map(|(side, other)| reply.parties[side].first().unwrap_or(other).clone());
        let given = std::mem::take(&mut cells[place("ref")]);
        let reference = reference(&given, "", [&date, &replier.code, &aimed_at.code, kind], false);
        let fields = [
            ("ref", &reference),
            ("date", &date),
            ("actor", &replier.written),
            ("target", &aimed_at.written),
            ("kind", kind),
            ("count", &reply.amount.count),
            ("summary", &summary),
            ("answers", answered),
        ];
        for (name, text) in fields {
            cells[place(name)].clone_from(text);
        }
        let of_count = || reply.amount.problem.clone().map(Question::count_of_answer);
        let of_date = || date.is_empty().then(Question::date_of_answer);
        let of_act = || is_asked.then(Question::answers_asked_act);
        let asked = if reply.asked.is_empty() {
            of_count().or(of_parties).or_else(of_date).or_else(of_act).into_iter().collect()
        } else {
            std::mem::take(&mut reply.asked)
        };
        Reading { has_made_ref: given.is_empty(), ..self.taken(row, 2, asked, String::new(), cells) }
    }
}

/// What is asked if the columns of an answer name several parties, or as its target another one than the actor of the row.
fn question_of_parties(reply: &RowAct, actor: &Party) -> Option<Question> {
    if let Some(several) = reply.parties.iter().find(|side| side.len() > 1) {
        return Some(Question::answer_of_several(&several.iter().map(|party| party.name.clone()).collect::<Vec<_>>()));
    }
    let other = reply.parties[1].first().filter(|target| target.code != actor.code)?;
    Some(Question::answer_to_other(&other.code, &actor.code))
}
