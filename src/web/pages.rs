//! Makes the pages: a request becomes commands, and their output becomes a page.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::forms::{self, Form};
use super::guard::hex;
use super::key::random;
use super::request::{self, Prints, Refusal, Target, encoded, line, pairs};
use super::response::{HTML, Response, TEXT};
use super::template::Template;
use super::{Access, Job, Ran, Task, table};
use crate::ledger::Stop;
use crate::model::details::{DETAILS, Detail};

/// The maximum number of pairs whose days are remembered.
const MAX_KNOWN: usize = 1_000;

/// A request that was let in.
pub(super) struct Asked {
    pub path: String,
    pub query: String,
    /// The body of a POST.
    pub form: Option<String>,
}

/// What [`Turn::names`] reads: rows with the name of a list and two cells. The list of actions has the 100 latest ones.
const NAMES: &str = "
SELECT * FROM (
  SELECT 'scales' AS list, name, '' FROM scale UNION ALL SELECT 'kinds', name, '' FROM kind UNION ALL SELECT 'parties', code, name FROM party
  UNION ALL SELECT 'disputes', slug, '' FROM dispute
  UNION ALL SELECT 'days', date((SELECT min(day) FROM main.action) * 86400, 'unixepoch'), date((SELECT max(day) FROM main.action) * 86400, 'unixepoch')
    WHERE EXISTS (SELECT 1 FROM main.action)
  UNION ALL SELECT 'actions', id, date || ' ' || actor || ' -> ' || target || ': ' || kind || coalesce(' ' || count, '')
      || CASE WHEN open > 0 THEN ', ' || open || ' open' ELSE '' END
    FROM (SELECT * FROM main.action WHERE voided IS NULL ORDER BY day DESC, id DESC LIMIT 100)
) ORDER BY list, CASE list WHEN 'actions' THEN -name END, name";

/// The pages of a ledger.
pub(super) struct Site {
    access: Access,
    program: String,
    read_only: bool,
    template: Template,
    /// Values that pages show beside their reports, by the parties of the page, with the token of the change after which they were read.
    known: Mutex<HashMap<Vec<String>, (String, Value)>>,
    /// The forms that were sent: each is written once.
    pub sent: Mutex<HashSet<String>>,
    /// One form is written at a time, so nothing can change between the check for a conflict and the change.
    pub writing: Mutex<()>,
}

/// One request.
pub(super) struct Turn<'s> {
    pub site: &'s Site,
    stop: &'s Arc<Stop>,
}

impl Site {
    pub fn new(access: Access, program: String, read_only: bool) -> Site {
        Site {
            access,
            program,
            read_only,
            template: Template::new(),
            known: Mutex::default(),
            sent: Mutex::default(),
            writing: Mutex::default(),
        }
    }

    pub fn answer(&self, asked: &Asked, stop: &Arc<Stop>) -> Response {
        let turn = Turn { site: self, stop };
        match &asked.form {
            None => turn.get(&asked.path, &asked.query),
            Some(_) if self.read_only => Response::refusal(403, "This server is read-only."),
            Some(form) => match pairs(form) {
                Some(fields) => turn.post(&asked.path, fields),
                None => Response::refusal(400, "The form is damaged."),
            },
        }
    }
}

/// A text of a command as words.
pub(super) fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

impl Turn<'_> {
    pub(super) fn run(&self, arguments: Vec<String>) -> Ran {
        self.job(arguments, Task::Read, None)
    }

    /// Runs a command. A change is not ended when the browser goes.
    pub(super) fn job(&self, arguments: Vec<String>, task: Task, file: Option<String>) -> Ran {
        let stop = if task == Task::Write { Arc::default() } else { Arc::clone(self.stop) };
        (self.site.access.run)(&Job { arguments, task, file, stop })
    }

    /// What a statement of SQL gives, as rows without their header.
    pub(super) fn ask(&self, arguments: &[&str]) -> Vec<Vec<String>> {
        let ran = self.run(owned(&[&["sql"], arguments, &["--format", "csv"]].concat()));
        let mut reader = csv::Reader::from_reader(ran.output.as_slice());
        reader.records().map_while(Result::ok).map(|record| record.iter().map(str::to_owned).collect()).collect()
    }

    /// The number and the token of the latest change; 0 and nothing: there is none.
    fn latest(&self) -> (i64, String) {
        (self.site.access.latest)().unwrap_or_default()
    }

    fn get(&self, path: &str, query: &str) -> Response {
        let name = path.trim_start_matches('/');
        match path {
            "/" => return self.start(query),
            "/latest" => return Response::new(200, TEXT, self.latest().0.to_string()),
            "/keys" => return self.page(200, "Keys", json!({ "parts": [{ "kind": "keys" }] }), None),
            _ => (),
        }
        if let Some(form) = Form::named(name) {
            return self.form(form, query);
        }
        let target = match Target::read(path, query) {
            Ok(target) => target,
            Err(Refusal::Unknown) => return self.refused(404, "There is no such page."),
            Err(Refusal::Bad(why)) => return self.refused(400, &why),
        };
        match target.format {
            Some(format) => self.file(&target, format),
            None => self.report(&target, query),
        }
    }

    pub(super) fn refused(&self, status: u16, why: &str) -> Response {
        self.page(status, if status == 404 { "Not found" } else { "Refused" }, json!({ "failed": why }), None)
    }

    /// The names that forms complete, and the days of the whole ledger.
    fn names(&self) -> Value {
        let mut names = json!({ "scales": [], "kinds": [], "parties": [], "disputes": [], "actions": [] });
        for mut row in self.ask(&[NAMES]) {
            let list = row.remove(0);
            match names[&list].as_array_mut() {
                Some(listed) => listed.push(json!(row)),
                None => names[&list] = json!(row),
            }
        }
        names
    }

    /// The first and the last day of the acts of these parties.
    fn days(&self, parties: &[&str]) -> Value {
        let select = "SELECT date(min(day) * 86400, 'unixepoch'), date(max(day) * 86400, 'unixepoch') FROM selected_action";
        let days = self.ask(&[&[select], parties].concat()).into_iter().next();
        json!(days.filter(|days| days.iter().all(|day| day.len() == 10)))
    }

    /// What `read` gives for these parties, or for none. It is read again after a change. `latest` is the token of the latest one: another
    /// ledger that was put in the place of this one may have as many changes.
    fn known(&self, parties: &[&str], latest: &str, read: impl FnOnce() -> Value) -> Value {
        let key: Vec<String> = owned(parties);
        let known = self.site.known.lock().ok().and_then(|known| known.get(&key).filter(|(at, _)| at == latest).cloned());
        known.map(|(_, value)| value).unwrap_or_else(|| {
            let value = read();
            if let Ok(mut known) = self.site.known.lock() {
                if known.len() >= MAX_KNOWN {
                    known.clear();
                }
                known.insert(key, (latest.to_owned(), value.clone()));
            }
            value
        })
    }

    /// The command as a line that prints the same in a terminal.
    pub(super) fn line(&self, arguments: &[String]) -> String {
        line(arguments).replacen("recip", &self.site.program, 1)
    }

    /// A page with these values. `target` is the page of the bar and of the command.
    pub(super) fn page(&self, status: u16, title: &str, values: Value, target: Option<&Target>) -> Response {
        let mut all = json!({
            "title": title, "read_only": self.site.read_only, "nonce": nonce(),
        });
        let (number, latest) = self.latest();
        all["latest"] = json!(number);
        if let (Some(all), Value::Object(names)) = (all.as_object_mut(), self.known(&[], &latest, || self.names())) {
            all.extend(names);
        }
        if let Some(target) = target {
            all["page"] = json!(target.route.name);
            all["command"] = json!((!is_missing_statement(target)).then(|| self.line(&target.arguments("txt"))));
            let parties: Vec<&str> = target.words.iter().filter(|_| target.takes_parties()).map(String::as_str).collect();
            let days = if parties.is_empty() { Value::Null } else { self.known(&parties, &latest, || self.days(&parties)) };
            all["bar"] = bar(target, days);
            all["keep"] = json!(kept(target));
            all["downloads"] = target
                .route
                .formats()
                .iter()
                .filter(|_| !is_missing_statement(target))
                .map(|format| json!({ "href": target.path(Some(format)) + &target.query(), "label": format }))
                .collect();
        }
        if let (Some(all), Value::Object(values)) = (all.as_object_mut(), values) {
            all.extend(values);
        }
        match self.site.template.render(&all) {
            Ok(html) => Response::new(status, HTML, html),
            Err(e) => Response::new(500, TEXT, format!("The page could not be made: {e}\n")),
        }
    }

    fn report(&self, target: &Target, query: &str) -> Response {
        let mut values = json!({ "parts": [] });
        if let Some(done) = pairs(query).and_then(|pairs| pairs.into_iter().find(|(name, _)| name == "done")) {
            values["done"] = self.change(&done.1);
        }
        let title = if target.words.is_empty() {
            target.route.title.to_owned()
        } else {
            format!("{}: {}", target.route.title, target.words.join(", "))
        };
        if is_missing_statement(target) {
            values["parts"] = json!([{ "kind": "saved", "queries": self.saved() }]);
            return self.page(200, &title, values, Some(target));
        }
        let format = match target.route.prints {
            Prints::Rows | Prints::Picture => "csv",
            Prints::Brief => "html",
            _ => "txt",
        };
        let ran = self.run(target.arguments(format));
        if !ran.is_ok() {
            values["failed"] = json!(ran.messages);
            return self.page(status(&ran), &title, values, Some(target));
        }
        values["messages"] = json!(ran.messages);
        let part = match target.route.prints {
            Prints::Brief => json!({ "kind": "brief", "html": brief_part(&ran.text()) }),
            Prints::Rows | Prints::Picture => {
                let mut part = json!({
                    "kind": "table", "table": table::read(target.route.name, &ran.output),
                    "queue": matches!(target.route.name, "suggest" | "candidates").then_some(target.route.name),
                    "back": target.path(None) + &target.query(),
                });
                if target.route.prints == Prints::Picture {
                    part["picture"] = json!(target.path(Some("svg")) + &target.query());
                    part["alt"] = json!(title);
                }
                part
            }
            _ => json!({ "kind": "text", "html": table::linked(&ran.text()) }),
        };
        values["parts"] = json!([part]);
        if target.route.name == "action" {
            self.add_to_action(target, &mut values);
        }
        if target.route.name == "candidate" {
            let similar = json!({ "kind": "candidate", "id": target.words.first() });
            if let Some(parts) = values["parts"].as_array_mut() {
                parts.push(similar);
            }
        }
        self.page(200, &title, values, Some(target))
    }

    /// The saved queries: the name, the title and the page of each.
    fn saved(&self) -> Vec<[String; 3]> {
        let listed = self.run(owned(&["sql", "--saved"])).text();
        listed
            .lines()
            .map(|line| line.split_once("  ").unwrap_or((line, "")))
            .map(|(name, title)| [name.to_owned(), title.to_owned(), format!("/sql?q=%40{}", encoded(name))])
            .collect()
    }

    /// The chain and the history of an action, and the forms that change it.
    fn add_to_action(&self, target: &Target, values: &mut Value) {
        let Some(key) = target.words.first() else { return };
        let mut parts = Vec::new();
        for (title, name) in [("Chain of answers", "chain"), ("History", "history")] {
            if let Ok(other) = Target::read(&format!("/{name}/{}", encoded(key)), &request::query(&target.fields)[..].replacen('?', "", 1))
            {
                let ran = self.run(other.arguments("txt"));
                let text = if ran.is_ok() { ran.text() } else { ran.messages };
                parts.push(json!({ "kind": "text", "title": title, "html": table::linked(&text) }));
            }
        }
        if target.field("as-known").is_none() {
            if let Some(shown) = self.shown(key) {
                parts.push(json!({ "kind": "change", "id": shown["id"], "fields": forms::fields_of(&shown), "voided": shown["voided"] }));
            }
            let ran = self.run(owned(&["suggest", key, "--format", "csv"]));
            if ran.is_ok() {
                parts.push(json!({ "kind": "table", "title": "Suggested answers", "table": table::read("suggest", &ran.output),
                    "queue": "suggest", "back": target.path(None) }));
            }
        }
        if let Some(all) = values["parts"].as_array_mut() {
            all.extend(parts);
        }
    }

    /// What `show --json` prints of an action.
    pub(super) fn shown(&self, key: &str) -> Option<Value> {
        let target = Target::read(&format!("/action/{}", encoded(key)), "").ok()?;
        serde_json::from_slice(&self.run(target.arguments("json")).output).ok()
    }

    /// The start page: what is due within a week, what was opened in the last 30 days, and what was entered in the last 7 days.
    fn start(&self, query: &str) -> Response {
        let mut values = json!({});
        let mut parts = Vec::new();
        for (title, path, query) in [
            ("Due within a week", "/pending", "due-within=7d"),
            ("Opened in the last 30 days", "/unanswered", "since=30+days+ago"),
            ("Entered in the last 7 days", "/changes", "learned-since=7+days+ago"),
        ] {
            let Ok(target) = Target::read(path, query) else { continue };
            let ran = self.run(target.arguments("csv"));
            if !ran.is_ok() {
                values["failed"] = json!(ran.messages);
                break;
            }
            parts.push(json!({ "kind": "table", "title": title, "table": table::read(target.route.name, &ran.output),
                "href": format!("{path}?{query}") }));
        }
        if let Some(done) = pairs(query).and_then(|pairs| pairs.into_iter().find(|(name, _)| name == "done")) {
            values["done"] = self.change(&done.1);
        }
        values["parts"] = json!(parts);
        self.page(200, "Today", values, None)
    }

    /// A change that was made, for the line that says so.
    fn change(&self, id: &str) -> Value {
        let found =
            id.parse::<i64>().ok().map(|id| self.ask(&["SELECT id, command FROM change WHERE id = :id", "-p", &format!("id={id}")]));
        found.and_then(|rows| rows.into_iter().next()).map_or(Value::Null, |row| json!({ "id": row[0], "command": row.get(1) }))
    }

    fn file(&self, target: &Target, format: &'static str) -> Response {
        if is_missing_statement(target) {
            return Response::refusal(400, "There is no statement: give one as q.");
        }
        let ran = self.run(target.arguments(format));
        if !ran.is_ok() {
            return Response::refusal(status(&ran), ran.messages.trim_end());
        }
        let content_type = match format {
            "csv" => "text/csv; charset=utf-8",
            "json" => "application/json",
            "jsonl" => "application/jsonl",
            "md" => "text/markdown; charset=utf-8",
            "svg" => "image/svg+xml",
            "html" => HTML,
            _ => TEXT,
        };
        Response { has_own_style: matches!(format, "svg" | "html"), ..Response::new(200, content_type, ran.output) }
    }

    /// The page of a form, with the values of the query: `/log?actor=USA`.
    fn form(&self, form: &Form, query: &str) -> Response {
        if self.site.read_only {
            return self.refused(403, "This server is read-only.");
        }
        let Some(fields) = pairs(query) else { return self.refused(400, "the query is damaged") };
        let given: serde_json::Map<String, Value> = fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
        let details: Vec<&str> = DETAILS.iter().map(Detail::option).filter(|name| *name != "summary").collect();
        let part = json!({ "kind": form.name, "given": given, "details": details });
        self.page(200, form.title, json!({ "parts": [part], "form": form.name }), None)
    }
}

/// True for the page of SQL before a statement is given.
fn is_missing_statement(target: &Target) -> bool {
    target.route.name == "sql" && target.statement.is_none()
}

/// The bar: the options that the page takes, with their values.
fn bar(target: &Target, days: Value) -> Value {
    let fields: Vec<Value> = ["as-of", "as-known", "kind", "scale", "since", "until"]
        .iter()
        .filter(|name| target.route.takes(name))
        .map(|name| json!({ "name": name, "value": target.field(name).unwrap_or("") }))
        .collect();
    let shown = |name: &str| name == "param" || fields.iter().any(|field| field["name"] == name);
    let mut once = HashSet::new();
    let hidden: Vec<&(String, String)> =
        target.fields.iter().filter(|(name, _)| !(shown(name) && (name != "kind" || once.insert(name.clone())))).collect();
    let (words, is_pair) = (&target.words, target.takes_parties());
    json!({
        "action": if is_pair && target.route.name != "pair" { format!("/{}", target.route.name) } else { target.path(None) },
        "fields": fields, "hidden": hidden, "slides": target.route.takes("as-of"),
        "days": days,
        "statement": (target.route.name == "sql").then(|| target.statement.as_deref().unwrap_or("")),
        "parameters": target.fields.iter().filter(|(name, _)| name == "param").map(|(_, value)| value).collect::<Vec<_>>(),
        "pair": (is_pair && target.route.name != "pair").then(|| [words.first(), words.get(1)].map(|word| word.map_or("", String::as_str))),
    })
}

/// A number that a form has once.
fn nonce() -> String {
    random().map_or_else(|_| String::new(), |bytes| hex(&bytes[..16]))
}

/// The status of a page whose command failed.
pub(super) fn status(ran: &Ran) -> u16 {
    match ran.code {
        2 => 400,
        3 => 409,
        4 => 503,
        _ => 500,
    }
}

/// The query that other pages are opened with: the days and filters that every report takes.
fn kept(target: &Target) -> String {
    let fields: Vec<(String, String)> =
        target.fields.iter().filter(|(name, _)| matches!(name.as_str(), "as-of" | "as-known" | "kind")).cloned().collect();
    request::query(&fields)
}

/// The brief as a part of a page, which has a main part already. The texts in it are escaped, so these tags can only be the template's own.
fn brief_part(page: &str) -> String {
    let begin = page.find("<body>").map_or(0, |at| at + "<body>".len());
    let end = page.rfind("</body>").unwrap_or(page.len());
    page.get(begin..end).unwrap_or(page).replace("<main>", "<div>").replace("</main>", "</div>")
}
