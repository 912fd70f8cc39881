//! Templates: the two standard ones in `render/templates`, and the user's own.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use crate::error::{Error, Result};
use crate::model::name::with_article;
use crate::render::brief::Values;
use crate::render::text::long_date;
use crate::render::{markdown, xml};

/// The format of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// HTML, with texts escaped for it.
    Html,
    /// Markdown, with texts escaped for it.
    Markdown,
}

/// A template and its origin.
#[derive(Debug, Clone)]
pub struct Template {
    page: Page,
    source: String,
    /// The user's file; `None`: a standard template.
    file: Option<PathBuf>,
}

/// The maximum number of steps for a template, of which 64 bytes of text or list cost one: more than fifty times what the standard page
/// of a pair with 30,000 actions uses.
const FUEL: u64 = 1_000_000;
/// The maximum size of a template, in bytes.
const MAX_TEMPLATE_BYTES: u64 = 1_000_000;
/// The maximum depth of macro calls.
const MAX_DEPTH: usize = 100;
/// The maximum time for a user's template.
const MAX_TIME: Duration = Duration::from_secs(10);
/// The size of the stack on which a user's template is rendered: that of a main thread.
const STACK_BYTES: usize = 8 << 20;
/// The maximum size of a page, in bytes.
const MAX_BYTES: usize = 64_000_000;

/// The style sheet of an HTML page.
const STYLE: &str = concat!(include_str!("../templates/brief.css"), include_str!("../templates/picture.css"));

impl Template {
    /// The standard template.
    pub fn standard(page: Page) -> Template {
        let source = match page {
            Page::Html => include_str!("../templates/brief.html"),
            Page::Markdown => include_str!("../templates/brief.md"),
        };
        Template { page, source: source.to_owned(), file: None }
    }

    /// A user's template, from a file.
    ///
    /// # Errors
    /// The file cannot be read, is not UTF-8 text, is not a regular file, or is too large.
    pub fn from_file(page: Page, file: &Path) -> Result<Template> {
        let about = std::fs::metadata(file).map_err(Error::io("read", file))?;
        let refused = |why: &str| Error::File {
            file: file.display().to_string(),
            why: why.to_owned(),
            way_out: "name a text file, such as a copy of a standard template of recip".to_owned(),
        };
        // A device or a pipe may never end.
        if !about.is_file() {
            return Err(refused("a template must be a regular file"));
        }
        if about.len() > MAX_TEMPLATE_BYTES {
            return Err(refused("the template is larger than 1 MB, which is the maximum"));
        }
        let source = std::fs::read_to_string(file).map_err(Error::io("read", file))?;
        Ok(Template { page, source, file: Some(file.to_owned()) })
    }

    /// Renders the page with these values. A user's template gets a limited time: an expression such as `x + x`, repeated on a list, can
    /// take any time without taking a step. Its thread ends with the program.
    pub(super) fn render(&self, values: &Values, pictures: Value) -> Result<String> {
        let values = Value::from(Serde(values));
        if self.file.is_none() {
            return self.render_values(values, pictures);
        }
        let (sender, page) = mpsc::channel();
        let template = self.clone();
        thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(move || sender.send(template.render_values(values, pictures)))
            .map_err(Error::Output)?;
        page.recv_timeout(MAX_TIME).unwrap_or_else(|_| {
            let why = format!("it takes longer than {} s, which is the maximum", MAX_TIME.as_secs());
            Err(self.fault(None, &why))
        })
    }

    fn render_values(&self, values: Value, pictures: Value) -> Result<String> {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_debug(true);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(MAX_DEPTH);
        env.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .keep_trailing_newline(true)
                .build()
                .map_err(|e| self.template_error(&e))?,
        );
        let page = self.page;
        env.set_auto_escape_callback(move |_| match page {
            Page::Html => AutoEscape::Html,
            Page::Markdown => AutoEscape::Custom("markdown".into()),
        });
        env.set_formatter(write);
        env.add_filter("code", |text: String| Value::from_safe_string(markdown::code(&text)));
        env.add_filter("address", |url: String| Value::from_safe_string(markdown::address(&url)));
        env.add_filter("long_date", |date: String| long_date(&date));
        env.add_filter("long_moment", |moment: String| match moment.strip_prefix("on ") {
            Some(date) => format!("on {}", long_date(date)),
            None => moment,
        });
        env.add_filter("in_sentence", |party: String| with_article(&party).into_owned());
        env.add_global("style", Value::from_safe_string(STYLE.to_owned()));
        env.add_global("pictures", pictures);
        let mut out = Bounded { text: Vec::new(), full: false };
        let name = self.name();
        let made = env.template_from_named_str(&name, &self.source).and_then(|t| t.render_captured_to(values, &mut out).map(drop));
        if out.full {
            return Err(self.fault(None, "the page is larger than 64 MB, which is the maximum"));
        }
        made.map_err(|e| self.template_error(&e))?;
        String::from_utf8(out.text).map_err(|e| Error::Output(io::Error::other(e)))
    }

    fn name(&self) -> String {
        self.file.as_ref().map_or("the template".to_owned(), |f| f.display().to_string())
    }

    fn template_error(&self, e: &minijinja::Error) -> Error {
        let why = match e.kind() {
            ErrorKind::OutOfFuel => {
                "it exceeds the limit on steps and memory: 1,000,000 steps, or 64 MB of text and lists; shorten its loops and texts"
                    .to_owned()
            }
            kind => {
                let at = e.range().and_then(|range| self.source.get(range)).map_or(String::new(), |code| format!(" at '{code}'"));
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
            way_out: "correct the template; 'recip report brief A B --format json' prints its values".to_owned(),
        }
    }
}

/// Writes one value of a template. Text is escaped for the page; the value `none` is written as an empty string, and an undefined value
/// is an error.
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

/// A page under construction, with a maximum size.
struct Bounded {
    text: Vec<u8>,
    full: bool,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.text.len() + bytes.len() > MAX_BYTES {
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
