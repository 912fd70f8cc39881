//! The template of all pages.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error};
use serde_json::Value;

use crate::render::xml;

/// The text, escaped, with its line breaks.
fn escaped(text: &str) -> String {
    text.split('\n').map(|line| xml::text(line.trim_end_matches('\r'))).collect::<Vec<_>>().join("\n")
}

const NAME: &str = "page.html";

/// The template, ready to use.
pub(super) struct Pages(Environment<'static>);

impl Pages {
    pub fn new() -> Pages {
        let mut env = Environment::new();
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            env.set_syntax(syntax);
        }
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.set_formatter(|out, state, value| match () {
            () if value.is_none() || value.is_undefined() => Ok(()),
            () if value.is_safe() || !matches!(state.auto_escape(), AutoEscape::Html) => write!(out, "{value}").map_err(Error::from),
            () => out.write_str(&escaped(&value.to_string())).map_err(Error::from),
        });
        let added = env.add_template(NAME, include_str!("templates/page.html"));
        debug_assert!(added.is_ok(), "{added:?}");
        Pages(env)
    }

    /// The page with these values.
    pub fn page(&self, values: &Value) -> Result<String, Error> {
        self.0.get_template(NAME)?.render(minijinja::value::Value::from(minijinja::value::Serde(values)))
    }
}
