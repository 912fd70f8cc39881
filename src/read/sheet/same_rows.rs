//! Rows that are the same act in all that is read of them: they may be one act, or each stand for one of several people or things.

use std::collections::{BTreeMap, HashMap};

use crate::model::Day;

use super::columns::Column;
use super::proposal::{Reading, Take, place};
use super::question::Question;
use super::{Row, Sheet, words};

/// The indexes of the rows to import that are the same and have no ref of their own.
fn groups(rows: &[Reading]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of_cells: HashMap<&Vec<String>, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.take == Take::Yes && row.has_made_ref && row.part == 1) {
        let group = *of_cells.entry(&row.cells).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(at);
    }
    groups
}

/// Makes one act of the rows that are the same, with their number as its count.
pub(super) fn count(rows: &mut [Reading]) {
    let count = place("count");
    for group in groups(rows) {
        let [first, rest @ ..] = &group[..] else { continue };
        if !rows[*first].cells[count].is_empty() {
            continue;
        }
        rows[*first].cells[count] = group.len().to_string();
        let why = format!("it is counted in row {}", rows[*first].row);
        for at in rest {
            (rows[*at].take, rows[*at].why) = (Take::No, why.clone());
        }
    }
}

/// Asks about rows that differ only in their counts and their sources, or in their sources alone: they may be one act that two sources report.
pub(super) fn ask_of_other_sources(rows: &mut [Reading]) {
    let of_act = ["date", "actor", "target", "kind", "stage", "summary"].map(place);
    let mut groups: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.take == Take::Yes && row.has_made_ref && row.part == 1) {
        groups.entry(of_act.map(|cell| row.cells[cell].clone()).to_vec()).or_default().push(at);
    }
    for group in groups.into_values() {
        let differ = |name: &str| group.iter().any(|at| rows[*at].cells[place(name)] != rows[group[0]].cells[place(name)]);
        if differ("sources") {
            let question = if differ("count") { Question::other_counts } else { Question::other_sources };
            ask_each(rows, &group, question);
        }
    }
}

/// Asks about rows of two days in a row that differ in their sources and in nothing else: the second source may report the act a day later.
pub(super) fn ask_of_next_day(rows: &mut [Reading]) {
    let of_act = ["actor", "target", "kind", "stage", "count", "summary"].map(place);
    let mut groups: BTreeMap<Vec<String>, Vec<(i64, usize)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.take == Take::Yes && row.has_made_ref && row.part == 1) {
        let day = row.cells[place("date")].parse::<Day>().ok();
        let is_sourced = !row.cells[place("sources")].is_empty() && !row.cells[place("count")].is_empty();
        if let Some(day) = day.filter(|_| is_sourced) {
            groups.entry(of_act.map(|cell| row.cells[cell].clone()).to_vec()).or_default().push((day.0, at));
        }
    }
    for mut group in groups.into_values() {
        group.sort_unstable();
        for pair in group.windows(2) {
            let ([(first, one), (second, other)], sources) = ([pair[0], pair[1]], place("sources"));
            if second - first == 1 && rows[one].cells[sources] != rows[other].cells[sources] {
                ask_each(rows, &[one, other], Question::next_day);
            }
        }
    }
}

fn ask_each(rows: &mut [Reading], group: &[usize], question: impl Fn(&[String]) -> Question) {
    let numbers: Vec<String> = group.iter().map(|at| rows[*at].row.to_string()).collect();
    let question = question(&numbers);
    group.iter().for_each(|at| rows[*at].ask(vec![question.clone()]));
}

/// Asks about rows that would be one act although a column that is left out tells them apart. The line for the sheet Columns by which a person
/// can say that each row stands for one is returned, if no column has the count.
pub(super) fn ask(sheet: &Sheet, columns: &[Column], rows: &mut [Reading]) -> Option<Column> {
    let of_number: HashMap<u32, &Row> = sheet.rows.iter().map(|row| (row.number, row)).collect();
    let left_out: Vec<&Column> =
        columns.iter().filter(|c| c.meaning.is_empty() && c.column.is_some() && !words::is_ordinal(&c.heading)).collect();
    let has_count = columns.iter().any(|column| column.is("count") && column.column.is_some());
    let is_offered = columns.iter().any(|column| column.is("count") && column.column.is_none());
    let mut is_asked = false;
    for group in groups(rows).into_iter().filter(|group| group.len() > 1) {
        let cell =
            |at: &usize, column: &Column| of_number.get(&rows[*at].row).map_or("", |row| row.cell(column.column.unwrap_or_default()));
        let differs = |column: &&&Column| group.iter().any(|at| cell(at, column) != cell(&group[0], column));
        let labels: Vec<String> = left_out.iter().filter(differs).map(|column| column.label()).collect();
        if labels.is_empty() {
            continue;
        }
        let [first, last] = [group[0], group[group.len() - 1]].map(|at| rows[at].row);
        let question = Question::same_rows([first, last], group.len(), &labels, has_count);
        group.iter().for_each(|at| rows[*at].ask(vec![question.clone()]));
        is_asked = true;
    }
    let why = Question::is_row_for_each().to_string();
    (is_asked && !has_count && !is_offered).then(|| Column {
        sheet: sheet.name.clone(),
        meaning: "count".to_owned(),
        why,
        ..Column::default()
    })
}
