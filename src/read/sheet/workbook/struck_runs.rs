//! The cells of an `.xlsx` in whose texts runs are struck out. The library for workbooks gives the texts without the formats of their runs.

use std::collections::HashMap;
use std::fs::File;

use quick_xml::events::{BytesStart, Event};

use super::cells::Struck;
use super::{Outcome, Part, attribute, events};

/// By row and column, from 0.
pub(super) type StruckCells = HashMap<(u32, u32), Struck>;

/// The struck cells of each sheet that has some, by its name.
///
/// # Errors
/// The file cannot be read.
pub(super) fn by_sheet(file: &File, parts: &[Part]) -> Outcome<HashMap<String, StruckCells>> {
    let part = |name: &str| parts.iter().find(|part| part.name.eq_ignore_ascii_case(name));
    let mut shared = Vec::new();
    if let Some(part) = part("xl/sharedStrings.xml").filter(|part| part.strikes) {
        let mut runs = Runs::default();
        events(file, &part.name, |event| {
            shared.extend(runs.take(event));
            Ok(())
        })?;
    }
    let is_shared = shared.iter().any(|struck| *struck != Struck::Nothing);
    let mut found = HashMap::new();
    if is_shared || parts.iter().any(|part| part.strikes && part.name.contains("sheet")) {
        for (name, path) in sheets(file, parts)? {
            if let Some(part) = part(&path).filter(|part| part.strikes || is_shared) {
                found.insert(name, cells(file, &part.name, &shared)?);
            }
        }
    }
    Ok(found)
}

/// The sheets, each with its name and its part.
pub(super) fn sheets(file: &File, parts: &[Part]) -> Outcome<Vec<(String, String)>> {
    let (mut relations, mut sheets) = (HashMap::new(), Vec::new());
    let part =
        |name: &str| parts.iter().find(|part| part.name.eq_ignore_ascii_case(name)).map_or(name.to_owned(), |part| part.name.clone());
    events(file, &part("xl/_rels/workbook.xml.rels"), |event| {
        if let Some(element) = begun(event, "Relationship")
            && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
        {
            relations.insert(id, target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned));
        }
        Ok(())
    })?;
    events(file, &part("xl/workbook.xml"), |event| {
        if let Some(element) = begun(event, "sheet")
            && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "r:id"))
            && let Some(path) = relations.remove(&id)
        {
            sheets.push((name, path));
        }
        Ok(())
    })?;
    Ok(sheets)
}

pub(super) fn begun<'e>(event: &'e Event<'_>, name: &str) -> Option<&'e BytesStart<'e>> {
    match event {
        Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => Some(element),
        _ => None,
    }
}

/// The struck cells of a sheet: those that show a struck text of the shared ones, and those that have one of their own.
fn cells(file: &File, part: &str, shared: &[Struck]) -> Outcome<StruckCells> {
    let (mut found, mut runs) = (StruckCells::new(), Runs::default());
    // The next place, for cells that do not say theirs, and the text of a value that is a number of a shared text.
    let (mut place, mut index) = ((0_u32, 0_u32), None::<String>);
    let mut is_value = false;
    events(file, part, |event| {
        if let Some(row) = begun(event, "row") {
            let number = attribute(row, "r").and_then(|number| number.parse::<u32>().ok());
            place = (number.map_or(place.0, |number| number.saturating_sub(1)), 0);
        } else if let Some(cell) = begun(event, "c") {
            place.1 = attribute(cell, "r").and_then(|name| column(&name)).unwrap_or(place.1);
            index = (attribute(cell, "t").as_deref() == Some("s")).then(String::new);
        } else if begun(event, "v").is_some() {
            is_value = true;
        }
        let mut struck = runs.take(event);
        match event {
            Event::Text(text) if is_value => index.iter_mut().for_each(|index| index.push_str(&text.xml10_content())),
            Event::End(element) if element.local_name().as_ref() == "v" => {
                is_value = false;
                struck = index.take().and_then(|index| shared.get(index.trim().parse::<usize>().ok()?).copied());
            }
            Event::End(element) if element.local_name().as_ref() == "c" => place.1 = place.1.saturating_add(1),
            Event::End(element) if element.local_name().as_ref() == "row" => place.0 = place.0.saturating_add(1),
            _ => (),
        }
        found.extend(struck.filter(|struck| *struck != Struck::Nothing).map(|struck| (place, struck)));
        Ok(())
    })?;
    Ok(found)
}

/// The column of a cell's name, from 0: 27 of `AB12`.
fn column(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).map(|letter| u32::from(letter.to_ascii_uppercase() - b'A' + 1));
    letters.take(5).fold(0_u32, |column, letter| column * 26 + letter).checked_sub(1)
}

/// The runs of a text, as they are met.
#[derive(Default)]
struct Runs {
    /// True if the current run is struck out.
    is_struck: bool,
    /// True within the letters of a run.
    is_letters: bool,
    /// How much of the text so far is struck out; `None` before its first letter.
    struck: Option<Struck>,
}

impl Runs {
    /// Goes on, and tells at the end of a text how much of it is struck out.
    fn take(&mut self, event: &Event<'_>) -> Option<Struck> {
        match event {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "si" | "is" => *self = Runs::default(),
                "r" => self.is_struck = false,
                "strike" => self.is_struck = !matches!(attribute(element, "val").as_deref(), Some("0" | "false")),
                "t" => self.is_letters = matches!(event, Event::Start(_)),
                _ => (),
            },
            Event::Text(text) if self.is_letters && !text.xml10_content().trim().is_empty() => self.letters(),
            Event::GeneralRef(_) | Event::CData(_) if self.is_letters => self.letters(),
            Event::End(element) => match element.local_name().as_ref() {
                "t" => self.is_letters = false,
                "si" | "is" => return Some(self.struck.unwrap_or_default()),
                _ => (),
            },
            _ => (),
        }
        None
    }

    fn letters(&mut self) {
        self.struck = Some(Struck::and(self.struck, self.is_struck));
    }
}
