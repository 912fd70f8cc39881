//! What a form does: it shows what its command would change, asks, and then writes.

use serde_json::json;

use super::forms::{self, Form};
use super::pages::{Turn, owned, status};
use super::request::{self, encoded, line};
use super::response::Response;
use super::{Task, table};
use crate::model::words;

/// The maximum number of forms that are remembered as sent.
const MAX_SENT: usize = 10_000;

impl Turn<'_> {
    pub(super) fn post(&self, path: &str, fields: Vec<(String, String)>) -> Response {
        let value = |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
        let command = match path.strip_prefix("/do/") {
            Some(name) => match Form::named(name) {
                Some(form) => form.command(&fields),
                None => return self.refused(404, "There is no such form."),
            },
            None if path == "/do" => match words::split(value("command")) {
                Some(words) => words,
                None => return self.refused(400, "a quote is not closed in the command"),
            },
            None => return self.refused(404, "There is no such form."),
        };
        let command: Vec<String> = command.into_iter().skip_while(|word| word == "recip").collect();
        if command.is_empty() {
            return self.refused(400, "there is no command");
        }
        let rows = Some(value("rows").to_owned()).filter(|rows| !rows.is_empty());
        if path == "/do/edit" {
            if let Some(response) = self.conflict(&fields, value("action")) {
                return response;
            }
            if forms::changes(&fields).is_empty() && command.len() < 3 {
                return Response::see(&format!("/action/{}", encoded(value("action"))));
            }
        }
        let back = value("back");
        if value("step") == "write" {
            return self.write(command, rows, value("nonce"), back, &fields);
        }
        self.preview(command, rows, back, &fields)
    }

    /// Says what a command would change, and asks.
    fn preview(&self, command: Vec<String>, rows: Option<String>, back: &str, fields: &[(String, String)]) -> Response {
        let ran = self.job(command.clone(), Task::DryRun, rows.clone());
        let mut values = json!({ "command": self.line(&command) });
        values[if ran.is_ok() { "messages" } else { "failed" }] = json!(ran.messages);
        if ran.is_ok() && !ran.writes {
            values["parts"] = json!([{ "kind": "text", "html": table::linked(&ran.text()) }]);
            return self.page(200, "Command", values, None);
        }
        // What the form of an edit was given, for the look for conflicts when it is written.
        let is_edit = command.first().is_some_and(|verb| verb == "edit");
        let kept: Vec<&(String, String)> = fields.iter().filter(|(name, _)| is_edit && forms::is_of_edit(name)).collect();
        values["parts"] = json!([{
            "kind": "preview", "ok": ran.is_ok(), "html": table::linked(&ran.text()), "command": words::join(command.iter().map(String::as_str)),
            "rows": rows, "back": back, "kept": kept, "again": again(&command),
        }]);
        self.page(if ran.is_ok() { 200 } else { status(&ran) }, "Preview", values, None)
    }

    fn write(&self, command: Vec<String>, rows: Option<String>, nonce: &str, back: &str, fields: &[(String, String)]) -> Response {
        let Ok(_one) = self.site.writing.lock() else {
            return Response::refusal(500, "The change was not made, since another one failed; reload the page.");
        };
        // The preview was shown some time ago.
        let action = fields.iter().find(|(name, _)| name == "action").filter(|_| command.first().is_some_and(|verb| verb == "edit"));
        if let Some(response) = action.and_then(|(_, key)| self.conflict(fields, key)) {
            return response;
        }
        let is_first = self.site.sent.lock().is_ok_and(|mut sent| {
            if sent.len() >= MAX_SENT {
                sent.clear();
            }
            nonce.len() == 32 && sent.insert(format!("{nonce} {}", line(&command)))
        });
        if !is_first {
            return self.refused(409, "This form was sent already, and was written once.");
        }
        let ran = self.job(command.clone(), Task::Write, rows);
        let mut values = json!({ "command": self.line(&command) });
        if !ran.is_ok() {
            values["failed"] = json!(ran.messages);
            return self.page(status(&ran), "Not written", values, None);
        }
        if let (Some(path), Some(change)) = (own_path(back), ran.change) {
            let join = if path.contains('?') { '&' } else { '?' };
            return Response::see(&format!("{path}{join}done={change}"));
        }
        values["messages"] = json!(ran.messages);
        let mut parts = vec![json!({ "kind": "done", "html": table::linked(&ran.text()), "change": ran.change, "again": again(&command) })];
        if let (Some("log"), Some(id)) = (command.first().map(String::as_str), ran.change.and_then(|change| self.logged(change))) {
            let suggested = self.run(owned(&["suggest", &id, "--format", "csv"]));
            if suggested.is_ok() {
                parts.push(json!({ "kind": "table", "title": "Suggested answers", "table": table::read("suggest", &suggested.output),
                    "queue": "suggest", "back": format!("/action/{id}") }));
            }
        }
        values["parts"] = json!(parts);
        self.page(200, if ran.change.is_some() { "Written" } else { "Nothing to write" }, values, None)
    }

    /// The id of the first action that a change added.
    fn logged(&self, change: i64) -> Option<String> {
        let first = format!("SELECT min(id) FROM action WHERE id > (SELECT action_mark FROM change WHERE id = {change})");
        self.ask(&[&first]).into_iter().next()?.into_iter().next().filter(|id| !id.is_empty())
    }

    /// The page that asks, if somebody else changed a field since the form was given.
    fn conflict(&self, fields: &[(String, String)], key: &str) -> Option<Response> {
        let now = forms::fields_of(&self.shown(key)?);
        let conflicts = forms::conflicts(fields, &now);
        if conflicts.is_empty() {
            return None;
        }
        let yours: Vec<(&str, &str)> = forms::changes(fields);
        let part = json!({ "kind": "conflict", "action": key, "conflicts": conflicts, "now": now, "yours": yours });
        Some(self.page(409, "Changed meanwhile", json!({ "parts": [part] }), None))
    }
}

/// A path of this server; `None`: it leads elsewhere.
fn own_path(path: &str) -> Option<&str> {
    (path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n'])).then_some(path)
}

/// The query of a form for the next action: with the date, the parties, the dispute and the sources of this one.
fn again(command: &[String]) -> Option<String> {
    if command.first().is_none_or(|verb| verb != "log") {
        return None;
    }
    let mut fields: Vec<(String, String)> = ["actor", "target"]
        .iter()
        .zip(&command[1..])
        .filter(|(_, word)| !word.starts_with('-'))
        .map(|(n, w)| ((*n).to_owned(), w.clone()))
        .collect();
    for (option, value) in command.iter().zip(&command[1..]) {
        if let Some(name @ ("on" | "dispute" | "source")) = option.strip_prefix("--") {
            fields.push((name.to_owned(), value.clone()));
        }
    }
    Some(format!("/log{}", request::query(&fields)))
}
