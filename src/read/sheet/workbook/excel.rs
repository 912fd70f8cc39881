//! Sheets of the current Excel formats, `.xlsx` and `.xlsb`, read cell by cell.

use std::collections::{HashMap, HashSet};

use calamine::{DataRef, Xlsb, Xlsx, XlsxError};

use super::cells::{Cells, Shown, Struck, as_shown, of_ref};
use super::struck_runs::StruckCells;
use super::{Bytes, MAX_CELLS, Outcome, Sheet};

/// Reads a sheet of an `.xlsx` with its addresses, merged cells, uncomputed formulas and what is struck out.
pub(super) fn sheet(book: &mut Xlsx<Bytes>, name: &str, struck: Option<&StruckCells>) -> Outcome<Sheet> {
    let say = |e: XlsxError| e.to_string();
    let merged = book.merge_cells_by_sheet_name(name).map_err(say)?;
    let behind = book.hyperlinks_by_sheet_name(name).map_err(say)?;
    let mut cells = book.worksheet_cells_reader(name).map_err(say)?;
    let is_struck: Vec<bool> = cells.styles().iter().map(|s| s.font.as_ref().is_some_and(|f| f.has_strikethrough())).collect();
    let shown: Vec<Shown> = cells.styles().iter().map(|s| s.number_format.as_ref().map_or(Shown::Day, |f| shown(&f.format_code))).collect();
    let (mut taken, mut empty) = (Cells::default(), HashSet::new());
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(say)? {
        let (row, column) = cell.get_position();
        let mut text = of_ref(cell.get_value());
        if matches!(cell.get_value(), DataRef::DateTime(_)) {
            taken.note_date(row, column, &text);
        }
        if let (DataRef::DateTime(_), Some(shown)) = (cell.get_value(), shown.get(style)) {
            text = as_shown(text, *shown);
        }
        if text.is_empty() && !matches!(cell.get_value(), DataRef::Empty) {
            empty.insert((row, column));
        }
        let struck = match is_struck.get(style) {
            Some(true) => Struck::All,
            _ => struck.and_then(|struck| struck.get(&(row, column))).copied().unwrap_or_default(),
        };
        taken.put(row, column, text, struck)?;
    }
    drop(cells);
    let mut links = HashMap::new();
    let mut formulas = book.worksheet_cells_reader(name).map_err(say)?;
    while let Some(cell) = formulas.next_formula().map_err(say)? {
        // What computes nothing was never computed: only its text is known.
        let at = cell.get_position();
        take_formula(&mut taken, &mut links, at, cell.get_value(), empty.contains(&at))?;
    }
    drop(formulas);
    for link in behind {
        let (Some(address), at) = (link.target, link.range) else { continue };
        let cells = (at.start.0..=at.end.0).flat_map(|row| (at.start.1..=at.end.1).map(move |column| (row + 1, column as usize)));
        links.extend(cells.take(MAX_CELLS / 100).map(|at| (at, address.clone())));
    }
    Ok(Sheet { links, since_1904: book.has_1904_epoch(), ..taken.sheet(&merged)? })
}

/// Reads a sheet of an `.xlsb`, in which every formula has a value.
pub(super) fn binary_sheet(book: &mut Xlsb<Bytes>, name: &str) -> Outcome<Sheet> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|e| e.to_string())?;
    let mut taken = Cells::default();
    while let Some(cell) = cells.next_cell().map_err(|e| e.to_string())? {
        let (row, column) = cell.get_position();
        let text = of_ref(cell.get_value());
        if matches!(cell.get_value(), DataRef::DateTime(_)) {
            taken.note_date(row, column, &text);
        }
        taken.put(row, column, text, Struck::Nothing)?;
    }
    drop(cells);
    Ok(Sheet { since_1904: book.has_1904_epoch(), ..taken.sheet(&[])? })
}

/// Takes a formula: its address, if it is a link, and its text, if it was never computed.
pub(super) fn take_formula(
    taken: &mut Cells,
    links: &mut HashMap<(u32, usize), String>,
    (row, column): (u32, u32),
    formula: &str,
    is_computed: bool,
) -> Outcome<()> {
    let address = hyperlink(formula);
    if !formula.is_empty() && !taken.has(row, column) && !is_computed {
        let text = address.clone().unwrap_or_else(|| format!("={}", formula.trim_start_matches('=')));
        taken.put(row, column, text, Struck::Nothing)?;
    }
    links.extend(address.map(|address| ((row + 1, column as usize), address)));
    Ok(())
}

/// The address of a formula such as `HYPERLINK("https://example.org","ministry")`.
fn hyperlink(formula: &str) -> Option<String> {
    let (name, arguments) = formula.trim_start_matches(['=', '+']).split_once('(')?;
    let address = arguments.trim_start().strip_prefix('"')?.split('"').next()?;
    (name.trim().eq_ignore_ascii_case("HYPERLINK") && !address.is_empty()).then(|| address.to_owned())
}

/// What a number format shows of a date: `mmm-yy` its month, and `yyyy` its year.
pub(super) fn shown(format: &str) -> Shown {
    let first = format.split(';').next().unwrap_or_default();
    // Texts in quotes, and languages and conditions in brackets, show no part of the date.
    let bare: String =
        first.split('"').step_by(2).flat_map(|part| part.split('[').map(|part| part.rsplit(']').next().unwrap_or(part))).collect();
    let has = |letter: char| bare.to_ascii_lowercase().contains(letter);
    match (has('y'), has('m'), has('d') || has('h')) {
        (true, true, false) => Shown::Month,
        (true, false, false) => Shown::Year,
        _ => Shown::Day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_shows_a_day_a_month_or_a_year() {
        for (format, expected) in [
            ("mmm-yy", Shown::Month),
            ("[$-409]mmmm\\ yyyy;@", Shown::Month),
            ("yyyy", Shown::Year),
            ("yyyy\"d\"", Shown::Year),
            ("dd/mm/yy", Shown::Day),
            ("d-mmm", Shown::Day),
            ("mmm", Shown::Day),
            ("yyyy-mm hh:mm", Shown::Day),
            ("General", Shown::Day),
        ] {
            assert_eq!(shown(format), expected, "{format}");
        }
    }
}
