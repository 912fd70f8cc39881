//! Reads the rows of a sheet as actions, by what its columns mean.

mod answer;
mod cells;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::csv_cell::unguarded;

use super::amount::{self, Amount, Nothing};
use super::columns::{self, ASKED, Column, DATE_PARTS, REPLY};
use super::content::{Content, SAMPLE};
use super::dates::{Dates, is_day};
use super::layout::{self, Layout};
use super::part::Part;
use super::parties::{Known, Party};
use super::proposal::{Reading, Take, place, reference};
use super::question::Question;
use super::side::Side;
use super::sides::{self, Sides};
use super::years::Years;
use super::{Row, Sheet, acts, letters, words};

use cells::may_be_sparse;

/// Reads the rows of a sheet.
pub(super) struct Reader<'s, 'k, 'l> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    columns: &'s [Column],
    dates: &'s HashMap<usize, Dates>,
    years: &'s Years<'s>,
    known: &'k mut Known<'l>,
    /// The columns that are written only when they change.
    sparse: Vec<usize>,
    /// The columns that are asked and seem to say whether the acts were done.
    whether_done: Vec<usize>,
    /// The latest text in each column that is written only when it changes, and its row.
    above: HashMap<usize, (String, u32)>,
    /// The texts that the current row takes from above.
    from_above: Vec<String>,
    /// The columns whose cells are all codes of two letters.
    of_codes: Vec<usize>,
    /// The kinds of those columns of acts whose cells name one kind only.
    kinds_named: HashMap<usize, &'static str>,
    /// The columns that number the rows, whose cells change when a row is inserted.
    numbering: Vec<usize>,
    /// The columns that are left out and count what was done, where only the headings say what that is.
    counts_left_out: Vec<usize>,
    /// What the latest row with nothing but a text says of the rows below it.
    part: Option<Part>,
    /// The first subheading that gave the rows below it the date or the actor, by that meaning.
    pub from_parts: BTreeMap<&'static str, u32>,
    /// The refs of the rows, by what is left of them without words such as `No.`.
    refs: HashMap<String, String>,
    /// The rows in which a cell got the text of another one, by column.
    pub filled: BTreeMap<usize, Vec<u32>>,
}

impl<'s, 'k, 'l> Reader<'s, 'k, 'l> {
    pub fn new(
        sheet: &'s Sheet,
        layout: &'s Layout,
        columns: &'s [Column],
        (dates, years): (&'s HashMap<usize, Dates>, &'s Years<'s>),
        known: &'k mut Known<'l>,
    ) -> Result<Reader<'s, 'k, 'l>> {
        let sparse = columns.iter().filter(|column| may_be_sparse(column)).filter_map(|column| column.column);
        let sparse = sparse.filter(|at| layout.is_sparse(sheet, *at)).collect();
        let of_refs = columns.iter().filter(|column| column.is("ref")).filter_map(|column| column.column);
        let refs = of_refs.flat_map(|at| sheet.rows[layout.first..].iter().map(move |row| row.cell(at)));
        let refs = refs.map(|text| (words::bare_ref(text).to_owned(), text.to_owned())).collect();
        let whether_done = whether_done(sheet, layout, columns, known)?;
        let numbering = numbering(sheet, layout, columns, known)?;
        let counts_left_out = counts_left_out(columns, known)?;
        Ok(Reader {
            sheet,
            layout,
            columns,
            dates,
            years,
            known,
            sparse,
            whether_done,
            of_codes: of_codes(sheet, layout, columns),
            kinds_named: kinds_named(sheet, layout, columns),
            from_above: Vec::new(),
            numbering,
            counts_left_out,
            above: HashMap::new(),
            refs,
            part: None,
            from_parts: BTreeMap::new(),
            filled: BTreeMap::new(),
        })
    }

    /// The actions of a row, or the row as it is left out.
    pub fn row(&mut self, row: &Row) -> Result<Vec<Reading>> {
        self.from_above.clear();
        let mut readings = self.read(row)?;
        let own = row.filled().filter(|(at, _)| !self.numbering.contains(at)).map(|(_, cell)| cell);
        let source = own.chain(self.from_above.iter().map(String::as_str)).collect::<Vec<_>>().join(" | ");
        for reading in &mut readings {
            reading.source = unguarded(&source.split_whitespace().collect::<Vec<_>>().join(" ")).to_owned();
        }
        Ok(readings)
    }

    fn read(&mut self, row: &Row) -> Result<Vec<Reading>> {
        let means = |c: &&Column| c.target().is_some() || DATE_PARTS.contains(&c.meaning.as_str());
        let named: Vec<usize> = self.columns.iter().filter(means).filter_map(|c| c.column).collect();
        if let Some(why) = self.layout.left_out(row, &named) {
            self.begin_part(row)?;
            let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
            return Ok(vec![self.reading(row, 1, Take::No, format!("{why}: {text}"), vec![String::new(); COLUMNS.len()])]);
        }
        let (mut said, mut asked) = (Vec::new(), Vec::new());
        let (mut parties, mut main, mut reply) = ([Vec::new(), Vec::new()], Side::default(), Side::default());
        let mut keys = Vec::new();
        self.known.day = self.day(row);
        let columns = self.columns;
        if row.swallowed > 0 {
            asked.push(Question::are_lines_rows(row.swallowed));
        }
        for column in columns {
            asked.extend(self.question(column, row));
            let Some((target, is_reply)) = column.target() else { continue };
            let mut text = self.text(column, row, &mut said, &mut asked);
            if is_reply && ["actor", "target", "kind", "date", "stage", "summary"].contains(&COLUMNS[target]) && words::is_no_answer(&text)
            {
                text.clear();
            }
            if column.is_key && !text.is_empty() {
                keys.push(text.clone());
            }
            let field = match COLUMNS[target] {
                "actor" | "target" => "party",
                name => name,
            };
            if !is_reply && !text.is_empty() && self.known.leaves_out(field, &text, row.number) {
                let cells = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
                let why = format!("the words leave out '{text}': {cells}");
                return Ok(vec![self.reading(row, 1, Take::No, why, vec![String::new(); COLUMNS.len()])]);
            }
            let side = if is_reply { &mut reply } else { &mut main };
            side.is_there |= column.column.is_some() && !text.is_empty();
            if text.is_empty() && COLUMNS[target] != "sources" {
                continue;
            }
            match COLUMNS[target] {
                name @ ("actor" | "target") => {
                    let (found, question) = self.parties(name, &text, column, row)?;
                    let (sides, questions) = if is_reply { (&mut side.parties, &mut side.asked) } else { (&mut parties, &mut asked) };
                    sides[usize::from(name == "target")] = found;
                    questions.extend(question);
                }
                _ => self.fill(side, column, target, &text, row, &mut asked)?,
            }
        }
        self.fill_from_part(row, &mut parties[0], &mut main, &mut said, &mut asked)?;
        if let Some(part) = &self.part {
            asked.extend(part.question(&parties, self.known)?);
        }
        asked.extend(self.remark_of_duplicate(row));
        self.add_links(row, &mut main)?;
        match self.date_of_parts(row, &mut said) {
            Some(Ok(date)) => drop(main.cells.insert(place("date"), date)),
            Some(Err(why)) => asked.push(why),
            None => (),
        }
        asked.extend(self.other_unit(row, main.cell("kind"))?);
        asked.extend(self.counts_other_unit(row, &main, main.cell("kind"), false)?);
        let remark = self.remark_of_undone(row, &main, &parties);
        let remark = remark.or(self.doubtful_remark(row, &parties)?);
        asked.extend(remark);
        main.complete(&mut asked);
        asked.extend(self.part.as_ref().and_then(|part| part.question_of_act(main.cell("kind"), main.cell("stage"))));
        self.answer_in_words(&mut reply, main.cell("kind"), row)?;
        let mut of_answer = std::mem::take(&mut reply.asked);
        let kind_of_answer = reply.cells.get(&place("kind")).map_or_else(|| main.cell("kind").to_owned(), String::clone);
        of_answer.extend(self.counts_other_unit(row, &reply, &kind_of_answer, true)?);
        of_answer
            .extend(reply.amount.remarks.iter().find(|remark| acts::may_be_undone(remark)).map(|remark| Question::may_be_undone(remark)));
        reply.complete(&mut of_answer);
        reply.asked = of_answer;
        if let Some(label) = self.counted_elsewhere(row).filter(|_| main.amount == Amount::default() && !reply.is_done()) {
            let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
            let why = format!("its number is in {label}, which is left out: {text}");
            return Ok(vec![self.reading(row, 1, Take::No, why, vec![String::new(); COLUMNS.len()])]);
        }
        match self.nothing(&main, &reply, row)? {
            Some(Take::No) => {
                let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
                let why = format!("the count says that nothing was done: {text}");
                return Ok(vec![self.reading(row, 1, Take::No, why, vec![String::new(); COLUMNS.len()])]);
            }
            Some(_) => asked.push(Question::was_anything_done()),
            None => (),
        }
        Ok(self.actions(row, parties, [main, reply], &keys.join("-"), (said, asked)))
    }

    /// Begins a part of the sheet if a row has nothing but a text. What stands above in columns of the same sort does not hold below it.
    fn begin_part(&mut self, row: &Row) -> Result<()> {
        let Some((at, text)) = layout::subheading(row) else { return Ok(()) };
        let (is_date, is_party) = (is_day(text), self.known.may_be_party(text)?);
        let is_of_sort = |column: &&Column| match column.meaning.as_str() {
            "date" => is_date,
            "actor" | "target" => is_party,
            _ => false,
        };
        for column in self.columns.iter().filter(is_of_sort).filter_map(|column| column.column) {
            self.above.remove(&column);
            if column == at {
                self.above.insert(at, (text.to_owned(), row.number));
            }
        }
        self.part = Some(Part::of(text, row.number, self.columns, self.known)?);
        Ok(())
    }

    /// Takes the date or the actor of a row from the subheading above it, if no column has it.
    fn fill_from_part(
        &mut self,
        row: &Row,
        actors: &mut Vec<Party>,
        side: &mut Side,
        said: &mut Vec<String>,
        asked: &mut Vec<Question>,
    ) -> Result<()> {
        let Some((text, from, meaning)) = self.part.as_ref().and_then(|part| Some((part.text.clone(), part.row, part.fills?))) else {
            return Ok(());
        };
        if meaning == "date" {
            let year = self.years.of_row(row).map(|(year, _)| year);
            match (Dates { year, ..Dates::default() }).read(&text) {
                Ok(date) => drop(side.cells.insert(place("date"), date)),
                Err(why) => asked.push(Question::cell("date", &why)),
            }
        } else if let Ok(found) = self.known.parties(&text, row.number)? {
            *actors = found;
        }
        said.push(format!("{meaning} of row {from}"));
        self.from_above.push(text);
        self.from_parts.entry(meaning).or_insert(from);
        Ok(())
    }

    /// What is asked if a remark says that the row repeats another.
    fn remark_of_duplicate(&self, row: &Row) -> Option<Question> {
        let is_remark = |column: &&Column| ["", ASKED, "summary", "note"].contains(&column.meaning.as_str());
        let mut remarks = self.columns.iter().filter(is_remark).filter_map(|column| column.column).map(|at| row.cell(at));
        let text = remarks.find(|text| words::is_duplicate(text))?;
        Some(Question::repeats_another(text))
    }

    /// What is asked if a remark says that the act was not done, or not yet, and nothing gives its stage.
    fn remark_of_undone(&self, row: &Row, side: &Side, parties: &[Vec<Party>; 2]) -> Option<Question> {
        let is_known = side.named.stage.is_some() || !["", "done"].contains(&side.cell("stage"));
        let is_remark = |column: &&Column| ["summary", "note"].contains(&column.meaning.as_str());
        let cells = self.columns.iter().filter(is_remark).filter_map(|column| column.column).map(|at| row.cell(at));
        let of_parties = parties.iter().flatten().filter_map(|party| party.remark.as_deref());
        let mut remarks = side.amount.remarks.iter().map(String::as_str).chain(of_parties).chain(cells);
        remarks.find(|remark| !is_known && acts::may_be_undone(remark)).map(Question::may_be_undone)
    }

    /// What is asked if a remark says that the row is wrong, that its count is another one, or that others acted.
    fn doubtful_remark(&mut self, row: &Row, parties: &[Vec<Party>; 2]) -> Result<Option<Question>> {
        let is_remark = |column: &&Column| ["summary", "note"].contains(&column.meaning.as_str());
        let columns = self.columns;
        for text in columns.iter().filter(is_remark).filter_map(|column| column.column).map(|at| row.cell(at)) {
            if acts::is_doubted(text) {
                return Ok(Some(Question::is_doubted(text)));
            }
            if acts::corrects_count(text) {
                return Ok(Some(Question::corrects_count(text)));
            }
            if sides::begins_with_doer(text) {
                let actors = sides::sides(text, true, self.known)?.actors;
                if !actors.is_empty() && !parties[0].iter().any(|party| actors.contains(&party.code)) {
                    return Ok(Some(Question::remark_names_actor(text)));
                }
            }
        }
        Ok(None)
    }

    /// The parties of a cell for this side, with what is asked of them.
    fn parties(&mut self, side: &str, text: &str, column: &Column, row: &Row) -> Result<(Vec<Party>, Option<Question>)> {
        match self.known.parties(text, row.number)? {
            Ok(found) => {
                let is_of_codes = column.column.is_some_and(|at| self.of_codes.contains(&at));
                let other = if is_of_codes { self.known.code_of_other(text)? } else { None };
                Ok((found, other.map(|[here, iso]| Question::code_of_other(side, text, &here, &iso))))
            }
            Err(unknown) => {
                let names: Vec<String> = unknown.iter().map(|name| self.known.unknown_party(name, row.number)).collect();
                Ok((vec![Party::unknown(text)], Some(Question::no_party(side, &names))))
            }
        }
    }

    /// The column that is left out and has the number of a row, as that of the other side has: `Germany expelled`, `Russia expelled`. What the
    /// headings say is then not said of this row.
    fn counted_elsewhere(&self, row: &Row) -> Option<String> {
        let at = self.counts_left_out.iter().find(|at| !amount::read(row.cell(**at)).count.is_empty())?;
        self.columns.iter().find(|column| column.column == Some(*at)).map(Column::label)
    }

    /// Adds the addresses behind cells of a row to its sources, except those of columns of sources, which are there already, and those behind
    /// the names of parties, which are about the parties.
    fn add_links(&mut self, row: &Row, side: &mut Side) -> Result<()> {
        let is_of_sources = |at: &usize| self.columns.iter().any(|c| c.column == Some(*at) && c.meaning.ends_with("sources"));
        let columns = (0..row.cells.len()).filter(|at| !self.sheet.links.is_empty() && !is_of_sources(at));
        let links = columns.filter_map(|at| Some((at, self.sheet.links.get(&(row.number, at))?)));
        let links: Vec<(usize, &String)> = links.filter(|(_, link)| link.starts_with("http") && !link.contains(['|', ' '])).collect();
        for (at, link) in links {
            if self.known.may_be_party(row.cell(at))? {
                continue;
            }
            let cell = side.cells.entry(place("sources")).or_default();
            if !cell.split(" | ").any(|source| source == link) {
                cell.push_str(if cell.is_empty() { "" } else { " | " });
                cell.push_str(link);
            }
        }
        Ok(())
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
    fn counts_other_unit(&mut self, row: &Row, side: &Side, kind: &str, is_reply: bool) -> Result<Option<Question>> {
        let meaning = if is_reply { format!("{REPLY}count") } else { "count".to_owned() };
        let column = self.columns.iter().find(|column| column.is(&meaning));
        let Some((column, at)) = column.and_then(|column| Some((column, column.column?))).filter(|_| !side.amount.count.is_empty()) else {
            return Ok(None);
        };
        // What stands in brackets or behind a semicolon is a remark.
        let cell = row.cell(at).split(['(', '[', ';', '\n']).next().unwrap_or_default();
        let text = if acts::names_counted(cell) || is_reply { cell } else { &column.heading };
        let unit = self.known.unit_of(kind)?;
        Ok(acts::counts_other_unit(text, &unit).then(|| Question::other_unit(text, kind, &unit)))
    }

    /// What to do with a row that has no count, but says so: `0`, `–`. `None`: its act is taken without a count.
    fn nothing(&mut self, main: &Side, reply: &Side, row: &Row) -> Result<Option<Take>> {
        let Some(none) = main.amount.none else { return Ok(None) };
        let counts_acts = self.known.counts_acts(main.cell("kind"))?;
        let date = self.columns.iter().find(|column| column.is("date")).and_then(|column| column.column);
        let is_dated = date.is_none_or(|at| !row.cell(at).is_empty());
        Ok(match none {
            Nothing::Dash if counts_acts => None,
            Nothing::Zero if !counts_acts && !reply.is_done() => Some(Take::No),
            Nothing::Dash if !is_dated && !reply.is_done() => Some(Take::No),
            _ => Some(Take::Ask),
        })
    }

    /// The actions of a row whose cells are read.
    fn actions(
        &self,
        row: &Row,
        parties: [Vec<Party>; 2],
        sides: [Side; 2],
        key: &str,
        (said, mut asked): (Vec<String>, Vec<Question>),
    ) -> Vec<Reading> {
        let [mut main, mut reply] = sides;
        for (side, name) in parties.iter().zip(["actor", "target"]) {
            if side.is_empty() && !is_asked(&asked, name) {
                asked.push(Question::not_known(name));
            }
        }
        let (date, kind) = (main.take("date"), main.take("kind"));
        if asked.is_empty() {
            asked.extend(contradiction(&main.named.sides, &parties, &kind));
        }
        for (text, name) in [(&date, "date"), (&kind, "kind")] {
            if text.is_empty() && !is_asked(&asked, name) {
                asked.push(Question::not_known(name));
            }
        }
        let none = [Party::default()];
        let [actors, targets] = [0, 1].map(|side: usize| if parties[side].is_empty() { none.as_slice() } else { parties[side].as_slice() });
        let pairs: Vec<[&Party; 2]> = actors.iter().flat_map(|actor| targets.iter().map(move |target| [actor, target])).collect();
        let of_parties: Vec<&String> = pairs.iter().flat_map(|pair| pair.iter().filter_map(|party| party.count.as_ref())).collect();
        asked.extend(disagreement(&of_parties, pairs.len(), &main.amount.count));
        if main.amount.lines > 0 && main.amount.lines != pairs.len() {
            asked.push(Question::lines_of_count(main.amount.lines, pairs.len()));
        }
        let is_whole = of_parties.is_empty() && !main.amount.is_each && main.amount.by_party.is_empty() && !main.amount.count.is_empty();
        if pairs.len() > 1 && is_whole {
            asked.push(Question::is_count_of_each(&main.amount.count));
        }
        main.amount.remarks.extend(parties.iter().flatten().filter_map(|party| party.remark.clone()));
        let summary = joined(main.take("summary"), &main.amount.remarks);
        let has_reply = reply.is_done();
        let mut readings = Vec::new();
        for [actor, target] in &pairs {
            let mut cells = vec![String::new(); COLUMNS.len()];
            for (at, text) in &main.cells {
                cells[*at].clone_from(text);
            }
            let own = main.amount.by_party.iter().find(|(code, _)| *code == actor.code || *code == target.code);
            let count = match (own, actor.count.as_ref().or(target.count.as_ref())) {
                (Some((_, count)), _) | (None, Some(count)) => count.clone(),
                _ if pairs.len() > 1 && is_whole => String::new(),
                _ => main.amount.count.clone(),
            };
            let mut asked = asked.clone();
            if own.is_none() && !main.amount.by_party.is_empty() && asked.is_empty() {
                asked.push(Question::counts_of_others(&actor.code));
            }
            let given = std::mem::take(&mut cells[place("ref")]);
            // What is asked may change, and the ref with it.
            let known = if asked.is_empty() { [&date, &actor.code, &target.code, &kind] } else { [&none[0].code; 4] };
            let reference = reference(&given, key, known.map(String::as_str), pairs.len() > 1);
            for (name, text) in [
                ("ref", &reference),
                ("date", &date),
                ("actor", &actor.written),
                ("target", &target.written),
                ("kind", &kind),
                ("count", &count),
                ("summary", &summary),
            ] {
                cells[place(name)].clone_from(text);
            }
            let (part, is_asked) = (readings.len() as u32 + 1, !asked.is_empty());
            let reading = self.taken(row, part, asked, said.join("; "), cells);
            readings.push(Reading { has_made_ref: given.is_empty() && key.is_empty(), ..reading });
            if has_reply && pairs.len() == 1 {
                readings.push(self.answer(row, &mut reply, [*actor, *target], [&kind, &reference], is_asked));
            }
        }
        if has_reply && pairs.len() > 1 {
            let cells = vec![String::new(); COLUMNS.len()];
            readings.push(self.taken(row, readings.len() as u32 + 1, vec![Question::which_is_answered()], String::new(), cells));
        }
        readings
    }

    /// An action of a row, which is taken unless something is asked. `said` is to be known of it.
    fn taken(&self, row: &Row, part: u32, asked: Vec<Question>, said: String, cells: Vec<String>) -> Reading {
        let mut reading = self.reading(row, part, Take::Yes, said, cells);
        if !asked.is_empty() {
            reading.ask(asked);
        }
        reading
    }

    fn reading(&self, row: &Row, part: u32, take: Take, why: String, cells: Vec<String>) -> Reading {
        Reading { sheet: self.sheet.name.clone(), row: row.number, part, take, why, cells, ..Reading::default() }
    }

    /// What is asked of a row because of a column that a person has to explain.
    fn question(&self, column: &Column, row: &Row) -> Option<Question> {
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
}

/// The columns that are asked and seem to say whether the acts were done.
fn whether_done(sheet: &Sheet, layout: &Layout, columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
    let rows = layout.rows(sheet);
    let mut found = Vec::new();
    for column in columns.iter().filter(|column| column.is(ASKED)) {
        if let Some(at) = column.column
            && columns::says_whether_done(&column.heading, &Content::of(&rows, at, known)?)
        {
            found.push(at);
        }
    }
    Ok(found)
}

/// The columns of parties whose cells are all codes of two letters.
fn of_codes(sheet: &Sheet, layout: &Layout, columns: &[Column]) -> Vec<usize> {
    let rows = layout.rows(sheet);
    let is_code = |cell: &str| cell.len() == 2 && cell.bytes().all(|b| b.is_ascii_uppercase());
    let are_codes = |at: &usize| rows.iter().map(|row| row.cell(*at)).all(|cell| cell.is_empty() || is_code(cell));
    let of_parties = columns.iter().filter(|column| matches!(column.meaning.trim_start_matches(REPLY), "actor" | "target"));
    of_parties.filter_map(|column| column.column).filter(are_codes).collect()
}

/// The kinds of those columns of acts whose first cells name one kind only.
fn kinds_named(sheet: &Sheet, layout: &Layout, columns: &[Column]) -> HashMap<usize, &'static str> {
    let rows = layout.rows(sheet);
    let of_acts = columns.iter().filter(|column| matches!(column.meaning.as_str(), "kind" | "reply-kind" | "reply-summary"));
    let named = of_acts.filter_map(|column| column.column).filter_map(|at| {
        let cells = rows.iter().map(|row| row.cell(at)).filter(|cell| !cell.is_empty()).take(SAMPLE);
        let kinds: BTreeSet<&str> = cells.flat_map(acts::named).collect();
        Some((at, kinds.first().copied().filter(|_| kinds.len() == 1)?))
    });
    named.collect()
}

/// The columns that are left out and number the rows.
fn numbering(sheet: &Sheet, layout: &Layout, columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
    let rows = layout.rows(sheet);
    let mut found = Vec::new();
    for column in columns.iter().filter(|column| column.meaning.is_empty()) {
        if let Some(at) = column.column
            && (words::is_ordinal(&column.heading) || Content::of(&rows, at, known)?.in_order)
        {
            found.push(at);
        }
    }
    Ok(found)
}

/// The columns that are left out and count what was done, if one column has the count, and none the kind.
fn counts_left_out(columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
    let has = |meaning: &str| columns.iter().any(|column| column.is(meaning) && column.column.is_some());
    let mut found = Vec::new();
    for column in columns.iter().filter(|column| column.meaning.is_empty() && has("count") && !has("kind")) {
        if words::is_count(&sides::without_parties(&column.heading, known)?) {
            found.extend(column.column);
        }
    }
    Ok(found)
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

fn joined(text: String, remarks: &[String]) -> String {
    let texts = Some(text).filter(|text| !text.is_empty()).into_iter().chain(remarks.iter().cloned());
    texts.collect::<Vec<_>>().join("; ")
}
