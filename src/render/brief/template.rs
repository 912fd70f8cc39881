//! Templates: the two that stand beside this file's folder, and the user's own.

use std::io;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use crate::error::{Error, Result};
use crate::render::brief::Values;
use crate::render::{markdown, xml};

/// What a page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// HTML: texts are escaped for it.
    Html,
    /// Markdown: texts are escaped for it.
    Markdown,
}

/// A template, and where it comes from.
#[derive(Debug, Clone)]
pub struct Template {
    page: Page,
    source: String,
    /// The user's file; `None`: it is recip's own.
    file: Option<PathBuf>,
}

/// Steps, and with them memory, that a template may use: thousands of times what the longest page of ours takes.
const FUEL: u64 = 20_000_000;
/// How deep macros may call each other.
const DEPTH: usize = 100;
/// The most bytes a page may have.
const LONGEST: usize = 64_000_000;

/// The look of a page of HTML.
const STYLE: &str = concat!(include_str!("../templates/brief.css"), include_str!("../templates/picture.css"));

impl Template {
    /// recip's own.
    pub fn standard(page: Page) -> Template {
        let source = match page {
            Page::Html => include_str!("../templates/brief.html"),
            Page::Markdown => include_str!("../templates/brief.md"),
        };
        Template { page, source: source.to_owned(), file: None }
    }

    /// The user's, from a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no text.
    pub fn from_file(page: Page, file: &Path) -> Result<Template> {
        let source = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
        Ok(Template { page, source, file: Some(file.to_owned()) })
    }

    /// The page with these values.
    pub(super) fn render(&self, values: &Values, pictures: Value) -> Result<String> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(true);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(DEPTH);
        env.set_syntax(
            SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build().map_err(|e| self.told(&e))?,
        );
        let page = self.page;
        env.set_auto_escape_callback(move |_| match page {
            Page::Html => AutoEscape::Html,
            Page::Markdown => AutoEscape::Custom("markdown".into()),
        });
        env.set_formatter(write);
        env.add_filter("code", |text: String| Value::from_safe_string(markdown::code(&text)));
        env.add_filter("address", |url: String| Value::from_safe_string(markdown::address(&url)));
        env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
        env.add_global("pictures", pictures);
        let mut out = Bounded { text: Vec::new(), full: false };
        let name = self.name();
        let values = Value::from(Serde(values));
        let made = env.template_from_named_str(&name, &self.source).and_then(|t| t.render_captured_to(values, &mut out).map(drop));
        if out.full {
            return Err(self.fault(None, "the page grew beyond 64 million bytes"));
        }
        made.map_err(|e| self.told(&e))?;
        String::from_utf8(out.text).map_err(|e| Error::Output(io::Error::other(e)))
    }

    fn name(&self) -> String {
        self.file.as_ref().map_or("the template".to_owned(), |f| f.display().to_string())
    }

    fn told(&self, e: &minijinja::Error) -> Error {
        let why = match e.kind() {
            ErrorKind::OutOfFuel => "it does not come to an end, or wants more memory than a page needs".to_owned(),
            kind => {
                let at = e.range().and_then(|range| self.source.get(range)).map_or(String::new(), |at| format!(" at '{at}'"));
                e.detail().map_or_else(|| format!("{kind}{at}"), |detail| format!("{kind}{at}: {detail}"))
            }
        };
        self.fault(e.line(), &why)
    }

    fn fault(&self, line: Option<usize>, why: &str) -> Error {
        let line = line.map_or(String::new(), |line| format!(":{line}"));
        Error::File {
            file: format!("{}{line}", self.name()),
            why: why.to_owned(),
            way_out: "mend the template; 'recip report brief A B --format json' prints the values it gets".to_owned(),
        }
    }
}

/// Writes one value of a template: text escaped for the page, an unknown one as nothing.
fn write(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    let written = match (value, state.auto_escape()) {
        (value, _) if value.is_none() => Ok(()),
        (value, _) if value.is_undefined() => return Err(minijinja::Error::from(ErrorKind::UndefinedError)),
        (value, _) if value.is_safe() => write!(out, "{value}"),
        (value, AutoEscape::Html) => out.write_str(&xml::text(&value.to_string())),
        (value, AutoEscape::Custom(_)) => out.write_str(&markdown::text(&value.to_string())),
        (value, _) => write!(out, "{value}"),
    };
    written.map_err(|_| minijinja::Error::new(ErrorKind::WriteFailure, "the page cannot be written"))
}

/// A page as it grows, no further than it may.
struct Bounded {
    text: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > LONGEST {
            self.full = true;
            return Err(io::Error::other("the page is too long"));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
