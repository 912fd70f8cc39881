//! What is asked of a row although its cells can be read: its remarks, its units, its title or its counts may say otherwise.

use crate::error::Result;

use super::super::amount::{self, Amount};
use super::super::columns::{ASKED, Column, REPLY};
use super::super::parties::Party;
use super::super::question::Question;
use super::super::who_acts::{self, Sides};
use super::super::{Row, acts, counted, letters, part, words};
use super::row_act::RowAct;
use super::{Reader, RowRead};

impl Reader<'_, '_, '_> {
    /// What is asked of a row because of a column that a person has to explain.
    pub(super) fn question(&self, column: &Column, row: &Row) -> Option<Question> {
        let at = column.column.filter(|_| column.is(ASKED))?;
        let cell = row.cell(at);
        if words::is_unit(&column.heading) {
            return None;
        }
        if !self.whether_done.contains(&at) {
            return (!cell.is_empty()).then(|| Question::what_means(&letters(at), &column.heading));
        }
        words::leaves_doubt(&column.heading, cell).then(|| Question::was_it_done(&column.heading, cell))
    }

    /// Asks where the unit, a remark or a subheading may say otherwise than the cells of the act, and takes what the text of its kind says.
    pub(super) fn ask_of_act(&mut self, row: &Row, read: &mut RowRead) -> Result<()> {
        self.sides_from_words(row, read)?;
        let RowRead { main, asked, .. } = read;
        asked.extend(self.other_unit(row, main.cell("kind"))?);
        asked.extend(self.counts_other_unit(row, main, main.cell("kind"), false)?);
        let remark = self.remark_of_undone(row, main);
        asked.extend(remark.or(self.doubtful_remark(row, main)?));
        main.complete(asked);
        asked.extend(self.doubt_of_title(main));
        asked.extend(self.title_names_actor(main)?);
        asked.extend(self.doubt_of_footnote(row));
        asked.extend(self.part.as_ref().and_then(|part| part.question_of_act(main.cell("kind"), main.cell("stage"))));
        Ok(())
    }

    /// What is asked if a remark says that the row repeats another.
    pub(super) fn remark_of_duplicate(&self, row: &Row) -> Option<Question> {
        let is_remark = |column: &&Column| ["", ASKED, "summary", "note"].contains(&column.meaning.as_str());
        let mut remarks = self.columns.iter().filter(is_remark).filter_map(|column| column.column).map(|at| row.cell(at));
        let text = remarks.find(|text| words::is_duplicate(text))?;
        Some(Question::repeats_another(text))
    }

    /// What is asked if a remark says that the act was not done, or not yet, and nothing gives its stage.
    fn remark_of_undone(&self, row: &Row, act: &RowAct) -> Option<Question> {
        let is_known = act.named.stage.is_some() || !["", "done"].contains(&act.cell("stage"));
        let is_remark = |column: &&Column| ["summary", "note"].contains(&column.meaning.as_str());
        let cells = self.columns.iter().filter(is_remark).filter_map(|column| column.column).map(|at| row.cell(at));
        let of_parties = act.parties.iter().flatten().filter_map(|party| party.remark.as_deref());
        let mut remarks = act.amount.remarks.iter().map(String::as_str).chain(of_parties).chain(cells);
        let leaves_open = |remark: &&str| acts::may_be_undone(remark) || acts::remark_leaves_open(remark);
        remarks.find(|remark| !is_known && leaves_open(remark)).map(Question::may_be_undone)
    }

    /// What is asked of an act that is taken as done if the title or the name of its sheet may say otherwise.
    fn doubt_of_title(&self, act: &RowAct) -> Option<Question> {
        let is_done = ["", "done"].contains(&act.cell("stage")) && act.named.stage.is_none() && !act.cell("kind").is_empty();
        let has_stages = self.columns.iter().any(|column| column.is("stage") && column.column.is_some());
        let mut texts = [self.layout.title.as_str(), self.sheet.name.as_str()].into_iter();
        texts.find(|text| is_done && !has_stages && acts::title_leaves_open(text)).map(Question::title_may_be_undone)
    }

    /// What is asked if a mark at a party, a date, a kind or a count refers to a footnote by which the act may not have been done.
    fn doubt_of_footnote(&self, row: &Row) -> Option<Question> {
        let is_marked = |column: &&Column| ["date", "actor", "target", "kind", "count"].contains(&column.meaning.as_str());
        let cells = self.columns.iter().filter(is_marked).filter_map(|column| column.column).map(|at| row.cell(at));
        let notes = cells.flat_map(|cell| {
            let mut marks = Vec::new();
            amount::without_marks(cell, &mut marks);
            self.footnotes(&marks)
        });
        notes.into_iter().find(|note| acts::leaves_open(note)).map(|note| Question::may_be_undone(&note))
    }

    /// What is asked if the title says that others act than the row.
    fn title_names_actor(&mut self, act: &RowAct) -> Result<Option<Question>> {
        if self.title_actors.is_empty() || act.parties[0].is_empty() {
            return Ok(None);
        }
        let is_named = act.parties[0].iter().any(|party| self.title_actors.contains(&party.code));
        let agrees = is_named || part::are_members(&act.parties[..1], &self.title_actors, self.known)?;
        Ok((!agrees).then(|| Question::title_names_actor(&self.layout.title)))
    }

    /// What is asked if a remark says that the row is wrong, that its count is another one, or that others acted.
    fn doubtful_remark(&mut self, row: &Row, act: &RowAct) -> Result<Option<Question>> {
        let cells_of = |meanings: &[&str]| -> Vec<&str> {
            let columns = self.columns.iter().filter(|column| meanings.contains(&column.meaning.as_str()));
            columns.filter_map(|column| column.column).map(|at| row.cell(at)).collect()
        };
        let is_words = |source: &&&str| !source.contains("://");
        if let Some(source) = cells_of(&["sources"]).iter().filter(is_words).find(|source| acts::is_doubted(source)) {
            return Ok(Some(Question::is_doubted(source)));
        }
        let mut of_count = act.amount.remarks.iter().filter(|_| act.amount.problem.is_none());
        if let Some(text) = of_count.find(|remark| acts::corrects_count(remark)) {
            return Ok(Some(Question::corrects_count(text)));
        }
        for text in cells_of(&["summary", "note"]) {
            if acts::is_doubted(text) {
                return Ok(Some(Question::is_doubted(text)));
            }
            if acts::corrects_count(text) {
                return Ok(Some(Question::corrects_count(text)));
            }
            if who_acts::begins_with_doer(text) {
                let actors = who_acts::sides(text, true, self.known)?.actors;
                if !actors.is_empty() && !act.parties[0].iter().any(|party| actors.contains(&party.code)) {
                    return Ok(Some(Question::remark_names_actor(text)));
                }
            }
        }
        Ok(None)
    }

    /// What is asked of a row whose unit is not that of its kind.
    fn other_unit(&mut self, row: &Row, kind: &str) -> Result<Option<Question>> {
        let of_units = |column: &&Column| column.is(ASKED) && words::is_unit(&column.heading);
        let Some(cell) = self.columns.iter().find(of_units).and_then(|column| column.column).map(|at| row.cell(at)) else {
            return Ok(None);
        };
        let unit = Some(self.known.unit_of(kind)?).filter(|unit| !unit.is_empty() && !cell.is_empty() && !words::names_unit(cell, unit));
        Ok(unit.map(|unit| Question::other_unit(cell, kind, &unit)))
    }

    /// What is asked if the count of a side is of another unit than that of its kind: by its cell, or else by its heading, which says of an
    /// answer only what is answered with, such as measures.
    pub(super) fn counts_other_unit(&mut self, row: &Row, side: &RowAct, kind: &str, is_reply: bool) -> Result<Option<Question>> {
        let meaning = if is_reply { format!("{REPLY}count") } else { "count".to_owned() };
        let column = self.columns.iter().find(|column| column.is(&meaning));
        let Some((column, at)) = column.and_then(|column| Some((column, column.column?))).filter(|_| !side.amount.count.is_empty()) else {
            return Ok(None);
        };
        // What stands in brackets or behind a semicolon is a remark.
        let cell = row.cell(at).split(['(', '[', ';', '\n']).next().unwrap_or_default();
        let text = if counted::names_counted(cell) || is_reply { cell } else { &column.heading };
        let unit = self.known.unit_of(kind)?;
        Ok(counted::counts_other_unit(text, &unit).then(|| Question::other_unit(text, kind, &unit)))
    }
}

/// Asks for the parties, the date and the kind that an act lacks, or for the parties if the text of its kind names others.
pub(super) fn ask_of_missing(act: &RowAct, parties: &[Vec<Party>; 2], [date, kind]: [&String; 2], asked: &mut Vec<Question>) {
    for (side, name) in parties.iter().zip(["actor", "target"]) {
        if side.is_empty() && !is_asked(asked, name) {
            asked.push(Question::not_known(name));
        }
    }
    if asked.is_empty() {
        asked.extend(contradiction(&act.named.sides, parties, kind));
    }
    for (text, name) in [(date, "date"), (kind, "kind")] {
        if text.is_empty() && !is_asked(asked, name) {
            asked.push(Question::not_known(name));
        }
    }
}

/// Asks about the count of a row if it does not agree with those of its parties, or may be that of all of them together.
pub(super) fn ask_of_counts(amount: &Amount, pairs: &[[&Party; 2]], asked: &mut Vec<Question>) {
    let of_parties: Vec<&String> = pairs.iter().flat_map(|pair| pair.iter().filter_map(|party| party.count.as_ref())).collect();
    asked.extend(disagreement(&of_parties, pairs.len(), &amount.count));
    if amount.lines > 0 && amount.lines != pairs.len() {
        asked.push(Question::lines_of_count(amount.lines, pairs.len()));
    }
    if pairs.len() > 1 && is_count_of_all(amount, pairs) {
        asked.push(Question::is_count_of_each(&amount.count));
    }
}

/// True if a count is neither that of each pair of parties nor divided among them.
pub(super) fn is_count_of_all(amount: &Amount, pairs: &[[&Party; 2]]) -> bool {
    let is_divided = !amount.by_party.is_empty() || pairs.iter().flatten().any(|party| party.count.is_some());
    !amount.is_each && !is_divided && !amount.count.is_empty()
}

/// True if something is asked about the cell of this meaning.
fn is_asked(asked: &[Question], name: &str) -> bool {
    asked.iter().any(|question| question.is_about(name))
}

/// What is asked if the text that gives the kind names other parties than the columns. A state recalls its own ambassador.
fn contradiction(said: &Sides, parties: &[Vec<Party>; 2], kind: &str) -> Option<Question> {
    let sides = [(&said.actors, "actor"), (&said.targets, "target")].into_iter().zip(parties);
    let mut other = sides.filter(|((codes, name), parties)| {
        let is_given = |code: &String| parties.iter().any(|party| party.code == *code);
        !codes.is_empty() && !parties.is_empty() && !codes.iter().any(is_given) && (kind != "recall" || *name == "actor")
    });
    other.next().map(|((codes, name), _)| Question::says_other_party(codes, name))
}

/// What is asked if the counts in the cells of parties are not those of all, or do not add up to the count of the row.
fn disagreement(of_parties: &[&String], parties: usize, whole: &str) -> Option<Question> {
    let sum: Option<u64> = of_parties.iter().map(|count| count.parse::<u64>().ok()).sum();
    if of_parties.is_empty() {
        None
    } else if of_parties.len() < parties {
        Some(Question::party_without_count())
    } else {
        let stated: u64 = whole.parse().ok()?;
        sum.filter(|sum| *sum != stated).map(|sum| Question::other_sum(sum, whole))
    }
}
