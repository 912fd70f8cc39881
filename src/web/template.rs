//! The template of all pages.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error};
use serde_json::Value;

use crate::render::xml;

/// The text, escaped, with its line breaks and tabs.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    for part in text.split_inclusive(['\n', '\t']) {
        let bare = part.trim_end_matches(['\n', '\t']);
        html.push_str(&xml::text(bare.trim_end_matches('\r')));
        html.push_str(&part[bare.len()..]);
    }
    html
}

const NAME: &str = "page.html";

/// The template, ready to use.
pub(super) struct Template(Environment<'static>);

impl Template {
    pub fn new() -> Template {
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
        Template(env)
    }

    /// The page with these values.
    pub fn render(&self, values: &Value) -> Result<String, Error> {
        self.0.get_template(NAME)?.render(minijinja::value::Value::from(minijinja::value::Serde(values)))
    }
}
