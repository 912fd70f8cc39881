//! Reads the rows of a sheet as actions, by what its columns mean.

use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::{Date, Day};

use super::amount::{self, Nothing};
use super::columns::{self, ASKED, Column, DATE_PARTS, REPLY, ROWS, SHEET_NAME};
use super::content::Content;
use super::dates::{Dates, deadline, is_date, of_parts};
use super::layout::{self, Layout};
use super::part::Part;
use super::parties::{Known, Party};
use super::proposal::{Reading, Take, place, reference};
use super::question::Question;
use super::side::Side;
use super::sides::Sides;
use super::typed_years::typed_year;
use super::{Row, Sheet, acts, words};

/// Reads the rows of a sheet.
pub(super) struct Reader<'s, 'k, 'l> {
    sheet: &'s Sheet,
    layout: &'s Layout,
    columns: &'s [Column],
    dates: &'s HashMap<usize, Dates>,
    known: &'k mut Known<'l>,
    /// The columns that are written only when they change.
    sparse: Vec<usize>,
    /// The columns that are asked and seem to say whether the acts were done.
    whether_done: Vec<usize>,
    /// The latest text in each column that is written only when it changes, and its row.
    above: HashMap<usize, (String, u32)>,
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
        dates: &'s HashMap<usize, Dates>,
        known: &'k mut Known<'l>,
    ) -> Result<Reader<'s, 'k, 'l>> {
        let sparse = columns.iter().filter(|column| may_be_sparse(column)).filter_map(|column| column.column);
        let sparse = sparse.filter(|at| is_sparse(sheet, layout, *at)).collect();
        let of_refs = columns.iter().filter(|column| column.is("ref")).filter_map(|column| column.column);
        let refs = of_refs.flat_map(|at| sheet.rows[layout.first..].iter().map(move |row| row.cell(at)));
        let refs = refs.map(|text| (words::bare_ref(text).to_owned(), text.to_owned())).collect();
        let whether_done = whether_done(sheet, layout, columns, known)?;
        Ok(Reader {
            sheet,
            layout,
            columns,
            dates,
            known,
            sparse,
            whether_done,
            above: HashMap::new(),
            refs,
            part: None,
            from_parts: BTreeMap::new(),
            filled: BTreeMap::new(),
        })
    }

    /// The actions of a row, or the row as it is left out.
    pub fn row(&mut self, row: &Row) -> Result<Vec<Reading>> {
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
            if is_reply && ["kind", "date", "stage", "summary"].contains(&COLUMNS[target]) && words::is_no_answer(&text) {
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
                name @ ("actor" | "target") if !is_reply => match self.known.parties(&text, row.number)? {
                    Ok(found) => parties[usize::from(name == "target")] = found,
                    Err(unknown) => {
                        let names: Vec<String> = unknown.iter().map(|name| self.known.unknown_party(name, row.number)).collect();
                        asked.push(Question::no_party(name, &names));
                        parties[usize::from(name == "target")] = vec![Party::unknown(&text)];
                    }
                },
                _ => self.fill(side, column, target, &text, row, &mut asked)?,
            }
        }
        self.fill_from_part(row, &mut parties[0], &mut main, &mut said, &mut asked)?;
        asked.extend(self.part.as_ref().and_then(|part| part.question(&parties)));
        asked.extend(self.remark_of_duplicate(row));
        self.add_links(row, &mut main);
        match self.date_of_parts(row, &mut said) {
            Some(Ok(date)) => drop(main.cells.insert(place("date"), date)),
            Some(Err(why)) => asked.push(why),
            None => (),
        }
        asked.extend(self.other_unit(row, main.cell("kind"))?);
        main.complete(&mut asked);
        self.answer_in_words(&mut reply, main.cell("kind"), row)?;
        let mut of_answer = std::mem::take(&mut reply.asked);
        reply.complete(&mut of_answer);
        reply.asked = of_answer;
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
        let (is_date, is_party) = (is_date(text), self.known.may_be_party(text)?);
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
            match Dates::default().read(&text) {
                Ok(date) => drop(side.cells.insert(place("date"), date)),
                Err(why) => asked.push(Question::cell("date", &why)),
            }
        } else if let Ok(found) = self.known.parties(&text, row.number)? {
            *actors = found;
        }
        said.push(format!("{meaning} of row {from}"));
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

    /// Reads the kind and the number of an answer from its words, if no column gives its kind. `kind` is that of the act.
    fn answer_in_words(&mut self, reply: &mut Side, kind: &str, row: &Row) -> Result<()> {
        let count_text = reply.act.take();
        if !reply.is_done() || !reply.cell("kind").is_empty() {
            return Ok(());
        }
        let summary = Some(reply.cell("summary").to_owned()).filter(|text| !text.is_empty());
        let is_of_count = count_text.is_some();
        let Some(text) = count_text.or_else(|| summary.clone().filter(|_| reply.amount.count.is_empty())) else {
            let other = summary.as_deref().and_then(acts::kind).filter(|other| *other != kind);
            reply.asked.extend(other.map(Question::answer_of_other_kind));
            return Ok(());
        };
        match self.known.act(&text, row.number)? {
            Ok(mut named) => {
                reply.asked.extend(named.stage.as_ref().map(|stage| Question::answer_not_done(&text, stage)));
                named.remark = named.remark.filter(|_| is_of_count && reply.amount.remarks.is_empty());
                reply.amount.problem = None;
                reply.cells.insert(place("kind"), std::mem::take(&mut named.kind));
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

    /// Adds the addresses behind cells of a row to its sources, except those of columns of sources, which are there already.
    fn add_links(&self, row: &Row, side: &mut Side) {
        let is_of_sources = |at: &usize| self.columns.iter().any(|c| c.column == Some(*at) && c.meaning.ends_with("sources"));
        let columns = (0..row.cells.len()).filter(|at| !self.sheet.links.is_empty() && !is_of_sources(at));
        let links = columns.filter_map(|at| self.sheet.links.get(&(row.number, at))).filter(|link| link.starts_with("http"));
        for link in links.filter(|link| !link.contains(['|', ' '])) {
            let cell = side.cells.entry(place("sources")).or_default();
            if !cell.split(" | ").any(|source| source == link) {
                cell.push_str(if cell.is_empty() { "" } else { " | " });
                cell.push_str(link);
            }
        }
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

    /// The date of a row whose parts have columns of their own; `None` if there are no such columns, or nothing is in them.
    fn date_of_parts(&mut self, row: &Row, said: &mut Vec<String>) -> Option<Result<String, Question>> {
        let mut asked = Vec::new();
        let columns = self.columns;
        let of_part = |part: &&str| columns.iter().find(|column| column.is(part));
        let parts = DATE_PARTS.each_ref().map(of_part);
        parts[0]?;
        let [year, month, day] = parts.map(|column| column.map_or_else(String::new, |column| self.text(column, row, said, &mut asked)));
        if month.is_empty() && day.is_empty() && year.is_empty() {
            return None;
        }
        if let Some(why) = asked.pop() {
            return Some(Err(why));
        }
        let written = [&year, &month, &day].map(String::as_str).join(" ");
        Some(of_parts(&year, &month, &day).ok_or_else(|| Question::no_date_of_parts(written.trim())))
    }

    /// The first day of a row's date, if it is known.
    fn day(&self, row: &Row) -> Option<Day> {
        let part =
            |name: &str| self.columns.iter().find(|column| column.is(name)).and_then(|column| column.column).map_or("", |at| row.cell(at));
        if let Some(date) = of_parts(part("year"), part("month"), part("day")) {
            return Some(date.parse::<Date>().ok()?.earliest());
        }
        let at = self.columns.iter().find(|column| column.is("date"))?.column?;
        let date: Date = self.dates.get(&at)?.read(row.cell(at)).ok()?.parse().ok()?;
        Some(date.earliest())
    }

    /// The text of a column in a row: the cell, what stands above it if it is written only when it changes, or the value of all rows.
    fn text(&mut self, column: &Column, row: &Row, said: &mut Vec<String>, asked: &mut Vec<Question>) -> String {
        let Some(at) = column.column else {
            return match column.value.as_str() {
                SHEET_NAME => self.sheet.name.clone(),
                ROWS => String::new(),
                value => value.to_owned(),
            };
        };
        let (cell, meaning) = (row.cell(at), column.meaning.as_str());
        if cell.starts_with('=') && !self.sheet.links.contains_key(&(row.number, at)) {
            asked.push(Question::no_value(meaning, cell));
            return String::new();
        }
        if self.sheet.may_be_years.contains(&(row.number, at))
            && let Some(year) = typed_year(cell, self.sheet.since_1904).filter(|_| meaning.ends_with("date"))
        {
            asked.push(Question::is_year(meaning, cell, year));
        }
        if self.sheet.struck.contains(&(row.number, at)) {
            asked.push(Question::is_struck(meaning, cell));
        }
        if let Some((first, last)) = self.sheet.merged.get(&(row.number, at)).filter(|_| !cell.is_empty()) {
            if meaning.ends_with("count") {
                asked.push(Question::is_merged_count_of_each(meaning, cell, [*first, *last]));
            } else if *first != row.number {
                self.fill_from(meaning, at, *first, row, said);
            }
        }
        if !may_be_sparse(column) {
            return cell.to_owned();
        }
        if words::is_ditto(cell)
            && let Some((text, from)) = self.above.get(&at).cloned()
        {
            self.fill_from(meaning, at, from, row, said);
            return text;
        }
        if !cell.is_empty() {
            self.above.insert(at, (cell.to_owned(), row.number));
            return cell.to_owned();
        }
        let Some((text, from)) = self.above.get(&at).cloned() else { return String::new() };
        if self.sparse.contains(&at) {
            self.fill_from(meaning, at, from, row, said);
            return text;
        }
        asked.push(Question::is_as_above(meaning, &text, from));
        String::new()
    }

    fn fill_from(&mut self, meaning: &str, at: usize, from: u32, row: &Row, said: &mut Vec<String>) {
        said.push(format!("{meaning} of row {from}"));
        self.filled.entry(at).or_default().push(row.number);
    }

    /// Reads a cell into a side.
    fn fill(&mut self, side: &mut Side, column: &Column, target: usize, text: &str, row: &Row, asked: &mut Vec<Question>) -> Result<()> {
        let read = match COLUMNS[target] {
            "date" | "deadline" => {
                let dates = column.column.and_then(|at| self.dates.get(&at)).copied().unwrap_or_default();
                match deadline(text).filter(|_| COLUMNS[target] == "deadline") {
                    Some(deadline) => deadline,
                    None => dates.read(text).unwrap_or_else(|why| {
                        asked.push(Question::cell(&column.meaning, &why));
                        text.to_owned()
                    }),
                }
            }
            "kind" => match self.known.act(text, row.number)? {
                Ok(mut named) => {
                    let kind = std::mem::take(&mut named.kind);
                    side.named = named;
                    kind
                }
                Err(why) => {
                    asked.push(why);
                    text.to_owned()
                }
            },
            "stage" => self.known.stage(text, row.number).unwrap_or_else(|| {
                asked.push(Question::no_stage(text, ""));
                text.to_owned()
            }),
            "count" => {
                side.amount = amount::read(text);
                for (party, _) in &mut side.amount.by_party {
                    *party = self.known.party(party)?.unwrap_or_else(|| party.clone());
                }
                if column.meaning.starts_with(REPLY) {
                    side.act = acts::names_kind(&words::words(text)).then(|| text.to_owned());
                } else {
                    asked.extend(side.amount.problem.as_ref().map(|problem| Question::cell(&column.meaning, problem)));
                }
                let notes: Vec<String> =
                    side.amount.notes.iter().filter_map(|mark| layout::footnote(self.sheet, mark)).map(str::to_owned).collect();
                side.amount.remarks.extend(notes);
                return Ok(());
            }
            "sources" => {
                let link = column.column.and_then(|at| self.sheet.links.get(&(row.number, at)));
                match link {
                    // Of several texts the address is only one's.
                    Some(link) if text.contains([';', '\n', '|']) && !text.contains(link) => format!("{text} | {link}"),
                    Some(_) if text.contains([';', '\n', '|']) => text.to_owned(),
                    Some(link) => link.clone(),
                    None => text.to_owned(),
                }
            }
            "answers" => {
                let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| self.refs.get(words::bare_ref(part)).map_or(part, String::as_str)).collect::<Vec<_>>().join("|")
            }
            _ => text.to_owned(),
        };
        let between = if COLUMNS[target] == "sources" { " | " } else { "; " };
        let cell = side.cells.entry(target).or_default();
        if !cell.is_empty() && !read.is_empty() {
            cell.push_str(between);
        }
        cell.push_str(&read);
        Ok(())
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

    /// The other side's answer to the act of a row.
    fn answer(&self, row: &Row, reply: &mut Side, [actor, target]: [&Party; 2], [kind, answered]: [&String; 2], is_asked: bool) -> Reading {
        let mut cells = vec![String::new(); COLUMNS.len()];
        let own_kind = reply.cells.remove(&place("kind"));
        let (date, summary) = (reply.take("date"), joined(reply.take("summary"), &reply.amount.remarks));
        for (at, text) in &reply.cells {
            cells[*at].clone_from(text);
        }
        let kind = own_kind.as_ref().unwrap_or(kind);
        let given = std::mem::take(&mut cells[place("ref")]);
        let reference = reference(&given, "", [&date, &target.code, &actor.code, kind], false);
        let fields = [
            ("ref", &reference),
            ("date", &date),
            ("actor", &target.written),
            ("target", &actor.written),
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
            of_count().or_else(of_date).or_else(of_act).into_iter().collect()
        } else {
            std::mem::take(&mut reply.asked)
        };
        Reading { has_made_ref: given.is_empty(), ..self.taken(row, 2, asked, String::new(), cells) }
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
        Reading { sheet: self.sheet.name.clone(), row: row.number, part, take, why, asked: Vec::new(), cells, has_made_ref: false }
    }

    /// What is asked of a row because of a column that a person has to explain.
    fn question(&self, column: &Column, row: &Row) -> Option<Question> {
        let at = column.column.filter(|_| column.is(ASKED))?;
        let cell = row.cell(at);
        if words::is_unit(&column.heading) || cell.is_empty() {
            return None;
        }
        if !self.whether_done.contains(&at) {
            return Some(Question::what_means(&column.heading));
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

/// True for a column that may be written only when it changes.
fn may_be_sparse(column: &Column) -> bool {
    matches!(column.meaning.as_str(), "date" | "year" | "actor" | "target" | "kind")
}

/// True if a column is written only when it changes: no text is repeated below itself, and many cells are empty.
fn is_sparse(sheet: &Sheet, layout: &Layout, at: usize) -> bool {
    let (mut last, mut gaps, mut rows) = ("", 0, 0);
    for row in layout.rows(sheet) {
        let is_merged = sheet.merged.get(&(row.number, at)).is_some_and(|(first, _)| *first != row.number);
        let cell = row.cell(at);
        if !cell.is_empty() && cell == last && !is_merged {
            return false;
        }
        gaps += usize::from(cell.is_empty());
        rows += 1;
        last = if cell.is_empty() { last } else { cell };
    }
    gaps * 3 > rows
}

fn joined(text: String, remarks: &[String]) -> String {
    let texts = Some(text).filter(|text| !text.is_empty()).into_iter().chain(remarks.iter().cloned());
    texts.collect::<Vec<_>>().join("; ")
}
