//! Writes sources as BibTeX with the fields of BibLaTeX: `@online` for sources with an address, `@misc` for the others.
//!
//! Characters that LaTeX would interpret are escaped. A brace is written as a command instead of with a backslash, because BibTeX counts
//! braces even after a backslash.

use std::io::Write;

use crate::error::Result;
use crate::ledger::catalogue::Source;
use crate::render::text::{is_unsafe, visible};
use crate::report::{Lens, source};

use super::reference::{Keys, Name, authors, line, title};

/// Writes the sources of the actions that a lens selects, in order of the lines that identify them. Returns their number.
///
/// # Errors
/// The ledger cannot be read, or the output cannot be written.
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
    let names: Vec<String> = authors(source).iter().map(name).collect();
    field("author", (!names.is_empty()).then(|| names.join(" and ")));
    // The second pair of braces keeps the capitals of the title in every bibliography style.
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

/// An author's name. A name that is not divided into family and given name is put in braces, so that BibTeX does not divide it.
fn name(name: &Name<'_>) -> String {
    let has_and = |part: &str| part.split_whitespace().any(|word| word.eq_ignore_ascii_case("and"));
    match name {
        Name::Person(family, given) if !has_and(family) && !has_and(given) => format!("{}, {}", escaped(family), escaped(given)),
        Name::Person(family, given) => format!("{{{}, {}}}", escaped(family), escaped(given)),
        Name::Literal(name) => format!("{{{}}}", escaped(name)),
    }
}

/// Escapes text so that LaTeX prints it literally.
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

/// An address, which LaTeX takes verbatim. Characters that a URL cannot contain are percent-encoded.
fn address(url: &str) -> String {
    let mut safe = String::with_capacity(url.len());
    for c in url.chars() {
        let invalid = matches!(c, '\\' | '{' | '}' | '^' | '`' | '"' | '<' | '>' | '|') || c.is_whitespace() || is_unsafe(c);
        let mut bytes = [0; 4];
        let text = c.encode_utf8(&mut bytes);
        if invalid {
            text.bytes().for_each(|byte| safe.push_str(&format!("%{byte:02X}")));
        } else {
            safe.push_str(text);
        }
    }
    safe
}
