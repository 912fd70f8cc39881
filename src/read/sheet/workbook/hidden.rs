//! What a sheet of an `.xlsx` has that nobody sees in its cells: the rows that are hidden, and the comments. They are said.

use std::collections::{HashMap, HashSet};
use std::fs::File;

use super::struck_runs::{begun, sheets};
use super::{Outcome, Part, attribute, events};

/// The numbers of hidden rows, and the names of cells with comments.
type Hidden = (HashSet<u32>, Vec<String>);

/// What each sheet has of these, by its name.
///
/// # Errors
/// The file cannot be read.
pub(super) fn by_sheet(file: &File, parts: &[Part]) -> Outcome<HashMap<String, Hidden>> {
    let mut found = HashMap::new();
    let may_have = |part: &Part| (part.hides && part.name.contains("sheet")) || part.name.contains("comments");
    if !parts.iter().any(may_have) {
        return Ok(found);
    }
    for (name, path) in sheets(file, parts)? {
        let part = |name: &str| parts.iter().find(|part| part.name.eq_ignore_ascii_case(name));
        let rows = match part(&path).filter(|part| part.hides) {
            Some(part) => rows(file, &part.name)?,
            None => HashSet::new(),
        };
        let relations = path.rsplit_once('/').map(|(folder, sheet)| format!("{folder}/_rels/{sheet}.rels"));
        let comments = match relations.and_then(|relations| part(&relations)) {
            Some(relations) => comments(file, relations, parts)?,
            None => Vec::new(),
        };
        found.insert(name, (rows, comments));
    }
    Ok(found)
}

fn rows(file: &File, part: &str) -> Outcome<HashSet<u32>> {
    let (mut rows, mut next) = (HashSet::new(), 1_u32);
    events(file, part, |event| {
        if let Some(row) = begun(event, "row") {
            let number = attribute(row, "r").and_then(|number| number.parse().ok()).unwrap_or(next);
            if matches!(attribute(row, "hidden").as_deref(), Some("1" | "true")) {
                rows.insert(number);
            }
            next = number.saturating_add(1);
        }
        Ok(())
    })?;
    Ok(rows)
}

/// The cells with comments in the part of them that the relations of a sheet name.
fn comments(file: &File, relations: &Part, parts: &[Part]) -> Outcome<Vec<String>> {
    let mut named = None;
    events(file, &relations.name, |event| {
        if let Some(element) = begun(event, "Relationship")
            && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/comments"))
        {
            named = attribute(element, "Target").and_then(|target| target.rsplit('/').next().map(str::to_owned));
        }
        Ok(())
    })?;
    let mut cells = Vec::new();
    let part = named.and_then(|named| parts.iter().find(|part| part.name.rsplit('/').next() == Some(&named)));
    if let Some(part) = part {
        events(file, &part.name, |event| {
            cells.extend(begun(event, "comment").and_then(|comment| attribute(comment, "ref")));
            Ok(())
        })?;
    }
    Ok(cells)
}
