//! BibTeX, in the words of BibLaTeX: `@online` for what has an address, `@misc` for what has none.
//!
//! What LaTeX would obey is written so that it prints it. A brace is a command even so, since BibTeX counts braces
//! whatever stands before them.

use std::io::Write;

use crate::error::Result;
use crate::ledger::catalogue::Source;
use crate::render::text::{is_unsafe, visible};
use crate::report::{Lens, source};

use super::reference::{Keys, Name, authors, line, title};

/// Writes the sources behind what a lens shows, in the order in which the ledger learned of them. Gives how many.
///
/// # Errors
/// The ledger cannot be read, or the output not written.
pub fn export_bibtex(lens: &Lens<'_>, out: &mut dyn Write) -> Result<u64> {
    let (mut keys, mut written) = (Keys::default(), 0);
    source::list(lens, |source| {
        if written > 0 {
            writeln!(out)?;
        }
        written += 1;
        Ok(out.write_all(entry(&keys.of(&source), &source).as_bytes())?)
    })?;
    out.flush()?;
    Ok(written)
}

fn entry(key: &str, source: &Source) -> String {
    let mut entry = format!("@{}{{{key},\n", if source.address().is_some() { "online" } else { "misc" });
    let mut field = |name: &str, value: Option<String>| {
        entry.extend(value.map(|value| format!("  {name:<12} = {{{value}}},\n")));
    };
    let text = |value: &Option<String>| value.as_deref().map(escaped);
    let named: Vec<String> = authors(source).iter().map(name).collect();
    field("author", (!named.is_empty()).then(|| named.join(" and ")));
    // In braces of its own a title keeps its capitals in every style.
    field("title", title(source).map(|title| format!("{{{}}}", escaped(title))));
    field("organization", text(&source.publisher));
    field("date", text(&source.date));
    field("url", source.address().map(address));
    field("urldate", text(&source.accessed));
    let archived = source.archive.as_ref().map(|archive| format!("Archived at {archive}"));
    let note: Vec<String> = line(source).map(ToOwned::to_owned).into_iter().chain(archived).collect();
    field("note", (!note.is_empty()).then(|| escaped(&note.join(". "))));
    field("annote", text(&source.quote));
    entry + "}\n"
}

/// A name that is not in parts stands in braces, so that nobody parts it.
fn name(name: &Name<'_>) -> String {
    let and = |part: &str| part.split_whitespace().any(|word| word.eq_ignore_ascii_case("and"));
    match name {
        Name::Person(family, given) if !and(family) && !and(given) => format!("{}, {}", escaped(family), escaped(given)),
        Name::Person(family, given) => format!("{{{}, {}}}", escaped(family), escaped(given)),
        Name::Literal(name) => format!("{{{}}}", escaped(name)),
    }
}

/// Text that LaTeX prints as it is.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\\' => safe.push_str("\\textbackslash{}"),
            '{' => safe.push_str("\\textbraceleft{}"),
            '}' => safe.push_str("\\textbraceright{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '%' | '&' | '#' | '_' | '$' => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe
}

/// An address, which LaTeX reads to the letter: what cannot be in one is written as a URL writes it.
fn address(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for c in url.chars() {
        let in_none = matches!(c, '\\' | '{' | '}' | '^' | '`' | '"' | '<' | '>' | '|') || c.is_whitespace() || is_unsafe(c);
        let mut bytes = [0; 4];
        let text = c.encode_utf8(&mut bytes);
        if in_none {
            text.bytes().for_each(|byte| safe.push_str(&format!("%{byte:02X}")));
        } else {
            safe.push_str(text);
        }
    }
    safe
}
