//! Reads the cells of a row.

use crate::error::Result;
use crate::ledger::load::record::COLUMNS;
use crate::model::{Date, Day};

use super::super::amount::{Amount, Nothing};
use super::super::columns::{Column, DATE_PARTS, REPLY, ROWS, SHEET_NAME};
use super::super::dates::{Dates, deadline, is_without_year, of_parts, typed_year};
use super::super::layout;
use super::super::question::Question;
use super::super::{Row, acts, amount, words};
use super::Reader;
use super::row_act::RowAct;

impl Reader<'_, '_, '_> {
    /// The date of a row whose parts have columns of their own; `None` if there are no such columns, or nothing is in them.
    pub(super) fn date_of_parts(&mut self, row: &Row, said: &mut Vec<String>) -> Option<Result<String, Question>> {
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

    /// How the dates of a column are read in a row, whose year the sheet may state.
    pub(super) fn dates_in(&self, row: &Row, at: Option<usize>) -> Dates {
        let dates = at.and_then(|at| self.dates.get(&at)).copied().unwrap_or_default();
        Dates { year: dates.year.or_else(|| Some(self.years.of_row(row)?.0)), ..dates }
    }

    /// Notes that a date without a year takes it from a row above, if the column of years is written only when it changes.
    fn note_year_from_above(&mut self, row: &Row, date: &str, dates: Dates) {
        if let (Some((year, Some(_))), Some(at)) = (self.years.of_row(row), self.years.column)
            && is_without_year(date)
            && dates.year == Some(year)
        {
            self.from_above.push(year.to_string());
            self.filled.entry(at).or_default().push(row.number);
        }
    }

    /// The first day of a row's date, if it is known.
    pub(super) fn day(&self, row: &Row) -> Option<Day> {
        let part =
            |name: &str| self.columns.iter().find(|column| column.is(name)).and_then(|column| column.column).map_or("", |at| row.cell(at));
        if let Some(date) = of_parts(part("year"), part("month"), part("day")) {
            return Some(date.parse::<Date>().ok()?.earliest());
        }
        let at = self.columns.iter().find(|column| column.is("date"))?.column?;
        let date: Date = self.dates_in(row, Some(at)).read(row.cell(at)).ok()?.parse().ok()?;
        Some(date.earliest())
    }

    /// The text of a column in a row: the cell, what stands above it if it is written only when it changes, or the value of all rows.
    pub(super) fn text(&mut self, column: &Column, row: &Row, said: &mut Vec<String>, asked: &mut Vec<Question>) -> String {
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
                self.fill_from(meaning, at, (cell, *first), row, said);
            }
        }
        if !may_be_sparse(column) {
            return cell.to_owned();
        }
        if words::is_ditto(cell)
            && let Some((text, from)) = self.above.get(&at).cloned()
        {
            self.fill_from(meaning, at, (&text, from), row, said);
            return text;
        }
        if !cell.is_empty() {
            self.above.insert(at, (cell.to_owned(), row.number));
            return cell.to_owned();
        }
        let Some((text, from)) = self.above.get(&at).cloned() else { return String::new() };
        if self.sparse.contains(&at) {
            self.fill_from(meaning, at, (&text, from), row, said);
            return text;
        }
        asked.push(Question::is_as_above(meaning, &text, from));
        String::new()
    }

    fn fill_from(&mut self, meaning: &str, at: usize, (text, from): (&str, u32), row: &Row, said: &mut Vec<String>) {
        self.from_above.push(text.to_owned());
        said.push(format!("{meaning} of row {from}"));
        self.filled.entry(at).or_default().push(row.number);
    }

    /// Reads a cell into a side.
    pub(super) fn fill(
        &mut self,
        side: &mut RowAct,
        column: &Column,
        target: usize,
        text: &str,
        row: &Row,
        asked: &mut Vec<Question>,
    ) -> Result<()> {
        let read = match COLUMNS[target] {
            "date" | "deadline" => {
                let dates = self.dates_in(row, column.column);
                self.note_year_from_above(row, text, dates);
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
                    if kind.is_empty() { self.kind_of_count(side, column, text, asked)? } else { kind }
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
            "count" if column.meaning.starts_with(REPLY) && words::is_no_answer(text) => {
                side.amount = Amount { none: Some(Nothing::Dash), ..Amount::default() };
                return Ok(());
            }
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
                let notes = self.footnotes(&side.amount.notes);
                side.amount.remarks.extend(notes);
                return Ok(());
            }
            "sources" => {
                let link = column.column.and_then(|at| self.sheet.links.get(&(row.number, at)));
                match link {
                    // Of several texts the address is only one's.
                    Some(link) if text.contains([';', '\n', '|']) && !text.contains(link) => format!("{text} | {link}"),
                    Some(_) if text.contains([';', '\n', '|']) => text.to_owned(),
                    // The words may say who published what the address has, and when.
                    Some(link)
                        if words::words(text).len() > 1 && !words::is_of_sources(text) && !text.contains("://") && !link.contains(text) =>
                    {
                        format!("{text} | {link}")
                    }
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
}

impl Reader<'_, '_, '_> {
    /// The kind of an act, where its cell gives only the count: the one that the heading states. If it states none, the kind is asked.
    fn kind_of_count(&mut self, side: &mut RowAct, column: &Column, text: &str, asked: &mut Vec<Question>) -> Result<String> {
        let is_reply = column.meaning.starts_with(REPLY);
        let kind = if is_reply { self.kind_of_answers()? } else { self.kind_of_heading(&column.heading)? };
        if kind.is_none() {
            let asked = if is_reply { &mut side.asked } else { asked };
            asked.push(self.count_without_kind(text, column.column));
        }
        Ok(kind.unwrap_or_default().to_owned())
    }

    /// The texts of the footnotes with these marks.
    pub(super) fn footnotes(&self, marks: &[String]) -> Vec<String> {
        marks.iter().filter_map(|mark| layout::footnote(self.sheet, mark)).map(str::to_owned).collect()
    }

    /// What is asked of a count in a column of kinds.
    pub(super) fn count_without_kind(&self, text: &str, column: Option<usize>) -> Question {
        Question::count_without_kind(text, column.and_then(|at| self.kinds_named.get(&at)).copied())
    }

    /// The kind that a heading names, if the ledger has it.
    pub(super) fn kind_of_heading(&mut self, heading: &str) -> Result<Option<&'static str>> {
        let Some(kind) = acts::kind(heading) else { return Ok(None) };
        Ok(self.known.is_kind(kind)?.then_some(kind))
    }
}

/// True for a column that may be written only when it changes.
pub(super) fn may_be_sparse(column: &Column) -> bool {
    matches!(column.meaning.as_str(), "date" | "year" | "actor" | "target" | "kind")
}
