//! What the columns of a sheet say as a whole, before any row is read.

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;

use super::super::columns::{self, ASKED, Column, REPLY};
use super::super::content::{Content, SAMPLE};
use super::super::layout::Layout;
use super::super::parties::Known;
use super::super::{Sheet, acts, who_acts, words};

/// The columns that are asked and seem to say whether the acts were done.
pub(super) fn whether_done(sheet: &Sheet, layout: &Layout, columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
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
pub(super) fn of_codes(sheet: &Sheet, layout: &Layout, columns: &[Column]) -> Vec<usize> {
    let rows = layout.rows(sheet);
    let is_code = |cell: &str| cell.len() == 2 && cell.bytes().all(|b| b.is_ascii_uppercase());
    let are_codes = |at: &usize| rows.iter().map(|row| row.cell(*at)).all(|cell| cell.is_empty() || is_code(cell));
    let of_parties = columns.iter().filter(|column| matches!(column.meaning.trim_start_matches(REPLY), "actor" | "target"));
    of_parties.filter_map(|column| column.column).filter(are_codes).collect()
}

/// The kinds of those columns of acts whose first cells name one kind only.
pub(super) fn kinds_named(sheet: &Sheet, layout: &Layout, columns: &[Column]) -> HashMap<usize, &'static str> {
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
pub(super) fn numbering(sheet: &Sheet, layout: &Layout, columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
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
pub(super) fn counts_left_out(columns: &[Column], known: &mut Known<'_>) -> Result<Vec<usize>> {
    let has = |meaning: &str| columns.iter().any(|column| column.is(meaning) && column.column.is_some());
    let mut found = Vec::new();
    for column in columns.iter().filter(|column| column.meaning.is_empty() && has("count") && !has("kind")) {
        if words::is_count(&who_acts::without_parties(&column.heading, known)?) {
            found.extend(column.column);
        }
    }
    Ok(found)
}
