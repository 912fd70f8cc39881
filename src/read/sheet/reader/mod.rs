//! Reads the rows of a sheet as actions, by what its columns mean.

mod answer;
mod cells;
mod doubts;
mod known_columns;
mod row_act;

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::csv_cell::unguarded;

use super::amount::{self, Amount, Nothing};
use super::columns::{Column, DATE_PARTS};
use super::dates::{Dates, Years, is_day};
use super::layout::{self, Layout};
use super::part::Part;
use super::parties::{Known, Party};
use super::proposal::{Reading, Take, place, reference};
use super::question::Question;
use super::who_acts::{self, Sides};
use super::{Row, Sheet, words};
use cells::may_be_sparse;
use doubts::{ask_of_counts, ask_of_missing, is_count_of_all};
use row_act::RowAct;

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
    /// The parties that the title says act, if columns have both sides.
    title_actors: Vec<String>,
    /// What the latest row with nothing but a text says of the rows below it.
    part: Option<Part>,
    /// The first subheading that gave the rows below it the date or the actor, by that meaning.
    pub from_parts: BTreeMap<&'static str, u32>,
    /// The first row whose words gave it a side, by that meaning.
    pub from_words: BTreeMap<&'static str, u32>,
    /// The refs of the rows, by what is left of them without words such as `No.`.
    refs: HashMap<String, String>,
    /// The rows in which a cell got the text of another one, by column.
    pub filled: BTreeMap<usize, Vec<u32>>,
}

/// What is read of a row.
#[derive(Default)]
struct RowRead {
    /// The act of the row.
    main: RowAct,
    /// The other side's answer.
    reply: RowAct,
    /// The cells that identify the row.
    keys: Vec<String>,
    /// What is to be known of it, such as cells that are filled from above.
    said: Vec<String>,
    /// What is asked of the act.
    asked: Vec<Question>,
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
        let whether_done = known_columns::whether_done(sheet, layout, columns, known)?;
        let numbering = known_columns::numbering(sheet, layout, columns, known)?;
        let counts_left_out = known_columns::counts_left_out(columns, known)?;
        let has_column = |side| columns.iter().any(|column| column.is(side) && column.column.is_some());
        let title_actors = match who_acts::sides(&layout.title, false, known)? {
            Sides { actors, targets, .. } if targets.is_empty() && has_column("actor") && has_column("target") => actors,
            _ => Vec::new(),
        };
        Ok(Reader {
            sheet,
            layout,
            columns,
            dates,
            years,
            known,
            sparse,
            whether_done,
            of_codes: known_columns::of_codes(sheet, layout, columns),
            kinds_named: known_columns::kinds_named(sheet, layout, columns),
            from_above: Vec::new(),
            numbering,
            counts_left_out,
            title_actors,
            above: HashMap::new(),
            refs,
            part: None,
            from_parts: BTreeMap::new(),
            from_words: BTreeMap::new(),
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
            return Ok(vec![self.left_out(row, why)]);
        }
        self.known.day = self.day(row);
        let mut read = RowRead::default();
        if let Some(word) = self.read_columns(row, &mut read)? {
            return Ok(vec![self.left_out(row, &format!("the words leave out '{word}'"))]);
        }
        self.complete_from_sheet(row, &mut read)?;
        self.ask_of_act(row, &mut read)?;
        self.complete_answer(row, &mut read)?;
        if let Some(why) = self.nothing_done(row, &mut read)? {
            return Ok(vec![self.left_out(row, &why)]);
        }
        Ok(self.actions(row, read))
    }

    /// Reads the cells of a row. Returns the cell by which a person leaves out every row that has it.
    fn read_columns(&mut self, row: &Row, read: &mut RowRead) -> Result<Option<String>> {
        if row.swallowed > 0 {
            read.asked.push(Question::are_lines_rows(row.swallowed));
        }
        let columns = self.columns;
        for column in columns {
            read.asked.extend(self.question(column, row));
            let Some((target, is_reply)) = column.target() else { continue };
            let name = COLUMNS[target];
            let mut text = self.text(column, row, &mut read.said, &mut read.asked);
            if is_reply && ["actor", "target", "kind", "date", "stage", "summary"].contains(&name) && words::is_no_answer(&text) {
                text.clear();
            }
            if column.is_key && !text.is_empty() {
                read.keys.push(text.clone());
            }
            let field = if matches!(name, "actor" | "target") { "party" } else { name };
            if !is_reply && !text.is_empty() && self.known.leaves_out(field, &text, row.number) {
                return Ok(Some(text));
            }
            let act = if is_reply { &mut read.reply } else { &mut read.main };
            act.is_there |= column.column.is_some() && !text.is_empty();
            if text.is_empty() && name != "sources" {
                continue;
            }
            if matches!(name, "actor" | "target") {
                let (found, question) = self.parties(name, &text, column, row)?;
                act.parties[usize::from(name == "target")] = found;
                if is_reply { &mut act.asked } else { &mut read.asked }.extend(question);
            } else {
                self.fill(act, column, target, &text, row, &mut read.asked)?;
            }
        }
        Ok(None)
    }

    /// Takes what the sheet says of a row outside its cells, or in cells of several columns: in a subheading, in links, in parts of a date.
    fn complete_from_sheet(&mut self, row: &Row, read: &mut RowRead) -> Result<()> {
        self.fill_from_part(row, read)?;
        if let Some(part) = &self.part {
            read.asked.extend(part.question(&read.main.parties, self.known)?);
        }
        read.asked.extend(self.remark_of_duplicate(row));
        self.add_links(row, &mut read.main)?;
        match self.date_of_parts(row, &mut read.said) {
            Some(Ok(date)) => drop(read.main.cells.insert(place("date"), date)),
            Some(Err(why)) => read.asked.push(why),
            None => (),
        }
        Ok(())
    }

    /// Takes the sides that no column has from the words of the act, if they name both and no other party: `France expels Russian diplomats`.
    fn sides_from_words(&mut self, row: &Row, RowRead { main, said, .. }: &mut RowRead) -> Result<()> {
        let Sides { actors, targets, others, .. } = &main.named.sides;
        let ([actor], [target], []) = (&actors[..], &targets[..], &others[..]) else { return Ok(()) };
        for (side, name, code) in [(0, "actor", actor.clone()), (1, "target", target.clone())] {
            if main.parties[side].is_empty()
                && let Ok(found) = self.known.parties(&code, row.number)?
            {
                main.parties[side] = found;
                self.from_words.entry(name).or_insert(row.number);
                said.push(format!("{name} by the words of the act"));
            }
        }
        Ok(())
    }

    /// Why a row is left out in which nothing was done; `None`: it is not, but it may be asked.
    fn nothing_done(&mut self, row: &Row, read: &mut RowRead) -> Result<Option<String>> {
        if let Some(label) = self.counted_elsewhere(row).filter(|_| read.main.amount == Amount::default() && !read.reply.is_done()) {
            return Ok(Some(format!("its number is in {label}, which is left out")));
        }
        Ok(match self.nothing(&read.main, &read.reply, row)? {
            Some(Take::No) => Some("the count says that nothing was done".to_owned()),
            Some(_) => {
                read.asked.push(Question::was_anything_done());
                None
            }
            None => None,
        })
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
    fn fill_from_part(&mut self, row: &Row, RowRead { main, said, asked, .. }: &mut RowRead) -> Result<()> {
        let Some((text, from, meaning)) = self.part.as_ref().and_then(|part| Some((part.text.clone(), part.row, part.fills?))) else {
            return Ok(());
        };
        if meaning == "date" {
            let year = self.years.of_row(row).map(|(year, _)| year);
            match (Dates { year, ..Dates::default() }).read(&text) {
                Ok(date) => drop(main.cells.insert(place("date"), date)),
                Err(why) => asked.push(Question::cell("date", &why)),
            }
        } else if let Ok(found) = self.known.parties(&text, row.number)? {
            main.parties[0] = found;
        }
        said.push(format!("{meaning} of row {from}"));
        self.from_above.push(text);
        self.from_parts.entry(meaning).or_insert(from);
        Ok(())
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
    fn add_links(&mut self, row: &Row, side: &mut RowAct) -> Result<()> {
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

    /// What to do with a row that has no count, but says so: `0`, `–`. `None`: its act is taken without a count.
    fn nothing(&mut self, main: &RowAct, reply: &RowAct, row: &Row) -> Result<Option<Take>> {
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

    /// The actions of a row whose cells are read: one for each pair of its parties, and the answer to it.
    fn actions(&self, row: &Row, mut read: RowRead) -> Vec<Reading> {
        let parties = std::mem::take(&mut read.main.parties);
        let (date, kind) = (read.main.take("date"), read.main.take("kind"));
        ask_of_missing(&read.main, &parties, [&date, &kind], &mut read.asked);
        let none = [Party::default()];
        let [actors, targets] = [0, 1].map(|side: usize| if parties[side].is_empty() { none.as_slice() } else { parties[side].as_slice() });
        let pairs: Vec<[&Party; 2]> = actors.iter().flat_map(|actor| targets.iter().map(move |target| [actor, target])).collect();
        ask_of_counts(&read.main.amount, &pairs, &mut read.asked);
        read.main.amount.remarks.extend(parties.iter().flatten().filter_map(|party| party.remark.clone()));
        let summary = joined(read.main.take("summary"), &read.main.amount.remarks);
        read.main.cells.extend([("date", date), ("kind", kind.clone()), ("summary", summary)].map(|(name, text)| (place(name), text)));
        let has_reply = read.reply.is_done();
        let mut readings = Vec::new();
        for pair in &pairs {
            let reading = self.action_of_pair(row, &read, *pair, (readings.len() as u32 + 1, &pairs));
            let (reference, is_asked) = (reading.cells[place("ref")].clone(), reading.take == Take::Ask);
            readings.push(reading);
            if has_reply && pairs.len() == 1 {
                readings.push(self.answer(row, &mut read.reply, *pair, [&kind, &reference], is_asked));
            }
        }
        if has_reply && pairs.len() > 1 {
            let cells = vec![String::new(); COLUMNS.len()];
            readings.push(self.taken(row, readings.len() as u32 + 1, vec![Question::which_is_answered()], String::new(), cells));
        }
        readings
    }

    /// The action of one of the pairs of parties of a row. `part` is its number among the actions of the row.
    fn action_of_pair(&self, row: &Row, read: &RowRead, [actor, target]: [&Party; 2], (part, pairs): (u32, &[[&Party; 2]])) -> Reading {
        let amount = &read.main.amount;
        let mut cells = vec![String::new(); COLUMNS.len()];
        for (at, text) in &read.main.cells {
            cells[*at].clone_from(text);
        }
        let own = amount.by_party.iter().find(|(code, _)| *code == actor.code || *code == target.code).map(|(_, count)| count);
        let count = match own.or(actor.count.as_ref()).or(target.count.as_ref()) {
            Some(count) => count.clone(),
            None if pairs.len() > 1 && is_count_of_all(amount, pairs) => String::new(),
            None => amount.count.clone(),
        };
        let mut asked = read.asked.clone();
        if own.is_none() && !amount.by_party.is_empty() && asked.is_empty() {
            asked.push(Question::counts_of_others(&actor.code));
        }
        let given = std::mem::take(&mut cells[place("ref")]);
        let key = read.keys.join("-");
        // What is asked may change, and the ref with it.
        let known = if asked.is_empty() {
            [&cells[place("date")], &actor.code, &target.code, &cells[place("kind")]].map(String::as_str)
        } else {
            [""; 4]
        };
        let reference = reference(&given, &key, known, pairs.len() > 1);
        for (name, text) in [("ref", &reference), ("actor", &actor.written), ("target", &target.written), ("count", &count)] {
            cells[place(name)].clone_from(text);
        }
        let reading = self.taken(row, part, asked, read.said.join("; "), cells);
        Reading { has_made_ref: given.is_empty() && key.is_empty(), ..reading }
    }

    /// An action of a row, which is taken unless something is asked. `said` is to be known of it.
    fn taken(&self, row: &Row, part: u32, asked: Vec<Question>, said: String, cells: Vec<String>) -> Reading {
        let mut reading = self.reading(row, part, Take::Yes, said, cells);
        if !asked.is_empty() {
            reading.ask(asked);
        }
        reading
    }

    /// A row that is left out, with its cells.
    fn left_out(&self, row: &Row, why: &str) -> Reading {
        let text = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" ");
        self.reading(row, 1, Take::No, format!("{why}: {text}"), vec![String::new(); COLUMNS.len()])
    }

    fn reading(&self, row: &Row, part: u32, take: Take, why: String, cells: Vec<String>) -> Reading {
        Reading { sheet: self.sheet.name.clone(), row: row.number, part, take, why, cells, ..Reading::default() }
    }
}

fn joined(text: String, remarks: &[String]) -> String {
    let texts = Some(text).filter(|text| !text.is_empty()).into_iter().chain(remarks.iter().cloned());
    texts.collect::<Vec<_>>().join("; ")
}
