//! From a URL to the arguments of a command. A table says which commands and which options a URL may name; none of them takes a file.

use crate::model::words;
use crate::report::sql::is_saved;

/// A route: the path of a page and the command that the page shows.
#[derive(Debug)]
pub struct Route {
    /// The first part of the path: `unanswered`.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    /// The command: `["report", "unanswered"]`.
    pub command: &'static [&'static str],
    /// What follows in the path: the minimum and the maximum number of arguments.
    pub words: (usize, usize),
    /// What the command prints.
    pub prints: Prints,
    /// The options that the query may name.
    pub options: &'static [&'static [&'static str]],
}

/// What a command prints, and so which formats it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prints {
    /// Rows.
    Rows,
    /// Rows, or a picture.
    Picture,
    /// A page in HTML.
    Brief,
    /// Text, or JSON with `--json`.
    Text,
    /// Text, or JSON Lines.
    History,
    /// Text only.
    Plain,
}

const SELECTION: &[&str] = &["as-of", "since", "until", "kind", "dispute", "tag", "as-known"];
const MEMBERS: &[&str] = &["members", "except"];
const ACTS: &[&str] = &["actor", "target", "stage", "text"];
const GUESSES: &[&str] = &["with-candidates", "with-suggested"];
const SCALE: &[&str] = &["scale"];
/// The options that take no value.
const FLAGS: [&str; 10] =
    ["members", "with-candidates", "friendly", "passed", "errors-only", "in-kind", "update", "add", "pooled", "assign"];
/// The options that a form may state several times, each on a line of its field.
const LISTS: [&str; 7] = ["source", "remove-source", "quantity", "remove-quantity", "answers", "kind", "param"];

/// All routes. A command without one has no page.
pub const ROUTES: &[Route] = &[
    rows("unanswered", "Unanswered", &["report", "unanswered"], 2, &[SELECTION, MEMBERS, GUESSES, &["friendly"]]),
    rows("balance", "Balance", &["report", "balance"], 2, &[SELECTION, MEMBERS, GUESSES, SCALE, &["quantity"]]),
    Route { prints: Prints::Picture, ..rows("matrix", "Matrix", &["report", "matrix"], 2, &[SELECTION, MEMBERS, GUESSES, SCALE]) },
    rows("pending", "Pending", &["report", "pending"], 2, &[SELECTION, MEMBERS, &["with-candidates", "due-within", "passed"]]),
    Route { prints: Prints::Picture, ..rows("timeline", "Timeline", &["report", "timeline"], 2, &[SELECTION, MEMBERS, GUESSES]) },
    rows(
        "reciprocity",
        "Reciprocity",
        &["report", "reciprocity"],
        2,
        &[SELECTION, MEMBERS, GUESSES, SCALE, &["within", "half-life", "by", "friendly", "explain", "pooled", "permutations", "seed"]],
    ),
    rows("panel", "Panel", &["report", "panel"], 2, &[SELECTION, MEMBERS, SCALE, &["by"]]),
    rows("survival", "Survival", &["report", "survival"], 2, &[SELECTION, MEMBERS, &["with-suggested", "friendly"]]),
    rows("changes", "Changes", &["report", "changes"], 2, &[SELECTION, MEMBERS, &["learned-since"]]),
    rows("list", "Actions", &["list"], 2, &[SELECTION, MEMBERS, ACTS]),
    Route { words: (2, 2), prints: Prints::Brief, ..rows("pair", "Brief", &["report", "brief"], 2, &[SELECTION, SCALE]) },
    rows("suggest", "Suggested answers", &["suggest"], 1, &[SELECTION, ACTS, &["over", "within", "each", "limit", "assign"]]),
    rows(
        "candidates",
        "Candidates",
        &["candidates"],
        2,
        &[&["since", "until", "kind", "actor", "target", "mentions", "reviewed", "limit", "as-known"]],
    ),
    rows("check", "Check", &["check"], 0, &[&["errors-only"]]),
    rows("parties", "Parties", &["party", "list"], 0, &[&["text"]]),
    rows("kinds", "Kinds", &["kind", "list"], 0, &[]),
    rows("scales", "Scales", &["scale", "list"], 0, &[]),
    rows("disputes", "Disputes", &["dispute", "list"], 0, &[]),
    rows("sources", "Sources", &["source", "list"], 2, &[SELECTION, &["text"]]),
    rows("sql", "SQL", &["sql"], 2, &[SELECTION, MEMBERS, ACTS, GUESSES, SCALE, &["param"]]),
    text("action", "Action", &["show"], Prints::Text),
    text("chain", "Chain", &["chain"], Prints::Text),
    text("candidate", "Candidate", &["candidates", "show"], Prints::Text),
    text("source", "Source", &["source", "show"], Prints::Text),
    text("party", "Party", &["party", "show"], Prints::Plain),
    text("dispute", "Dispute", &["dispute", "show"], Prints::Plain),
    Route { words: (0, 1), ..text("history", "History", &["history"], Prints::History) },
];

const fn rows(
    name: &'static str,
    title: &'static str,
    command: &'static [&'static str],
    words: usize,
    options: &'static [&'static [&'static str]],
) -> Route {
    Route { name, title, command, words: (0, words), prints: Prints::Rows, options }
}

const fn text(name: &'static str, title: &'static str, command: &'static [&'static str], prints: Prints) -> Route {
    Route { name, title, command, words: (1, 1), prints, options: &[&["as-known"]] }
}

impl Route {
    /// True if the query may name this option.
    pub fn takes(&self, option: &str) -> bool {
        self.options.iter().any(|options| options.contains(&option))
    }

    /// The formats of its files: `csv`.
    pub fn formats(&self) -> &'static [&'static str] {
        match self.prints {
            Prints::Rows => &["csv", "json", "jsonl", "md", "html", "txt"],
            Prints::Picture => &["svg", "csv", "json", "jsonl", "md", "html", "txt"],
            Prints::Brief => &["html", "md", "json"],
            Prints::Text => &["txt", "json"],
            Prints::History => &["txt", "jsonl"],
            Prints::Plain => &["txt"],
        }
    }

    /// The arguments that choose the format.
    fn choose(&self, format: &str) -> Vec<&'static str> {
        let format = self.formats().iter().find(|known| **known == format).copied().unwrap_or("txt");
        match (self.prints, format) {
            (_, "txt") => Vec::new(),
            (Prints::Text, _) => vec!["--json"],
            _ => vec!["--format", format],
        }
    }
}

/// A request for a page, as a command.
#[derive(Debug)]
pub struct Target {
    /// The route of the page.
    pub route: &'static Route,
    /// The words after the name in the path.
    pub words: Vec<String>,
    /// The statement of SQL.
    pub statement: Option<String>,
    /// The options of the query, without those left empty.
    pub fields: Vec<(String, String)>,
    /// The format, if the path names one: `csv`.
    pub format: Option<&'static str>,
}

/// Why a URL names no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such page.
    Unknown,
    /// The page has no such option, or the URL is damaged.
    Bad(String),
}

impl Target {
    /// True if the words of the path are parties.
    pub fn takes_parties(&self) -> bool {
        self.route.words.1 >= 2
    }

    /// Reads the path and the query of a URL.
    ///
    /// # Errors
    /// There is no such page, or it has no such option.
    pub fn read(path: &str, query: &str) -> Result<Target, Refusal> {
        let mut segments: Vec<&str> = path.strip_prefix('/').ok_or(Refusal::Unknown)?.split('/').collect();
        let mut format = None;
        if let Some((stem, end)) = segments.last().and_then(|last| last.rsplit_once('.')).filter(|(stem, _)| !stem.is_empty()) {
            format = ROUTES.iter().flat_map(Route::formats).find(|known| **known == end).copied();
            if format.is_some() {
                segments.pop();
                segments.push(stem);
            }
        }
        let words: Option<Vec<String>> = segments.into_iter().map(|segment| decoded(segment, false).filter(|word| is_word(word))).collect();
        let mut words = words.ok_or(Refusal::Unknown)?;
        let name = words.remove(0);
        let route = ROUTES.iter().find(|route| route.name == name).ok_or(Refusal::Unknown)?;
        if format.is_some_and(|format| !route.formats().contains(&format)) {
            return Err(Refusal::Unknown);
        }
        let mut target = Target { route, words, statement: None, fields: Vec::new(), format };
        target.take(query)?;
        let (min, max) = route.words;
        if (min..=max).contains(&target.words.len()) {
            return Ok(target);
        }
        match target.words.len() < min {
            true => Err(Refusal::Bad(format!("{} needs {min} names in its path", route.title))),
            false => Err(Refusal::Unknown),
        }
    }

    /// Takes the options of the query. A form states the parties as `a` and `b`, and a statement as `q`.
    fn take(&mut self, query: &str) -> Result<(), Refusal> {
        for (name, value) in pairs(query).ok_or_else(|| Refusal::Bad("the query is damaged".to_owned()))? {
            let value = value.trim().to_owned();
            match name.as_str() {
                "done" => (),
                // A field of the page's form that was left empty.
                "a" | "b" | "q" if value.is_empty() => (),
                name if value.is_empty() && self.route.takes(name) && !FLAGS.contains(&name) => (),
                "q" if self.route.name == "sql" => {
                    if value.starts_with('@') && !is_saved(&value) || value == "-" {
                        return Err(Refusal::Bad("a page runs a statement or a saved query, and reads no other file".to_owned()));
                    }
                    self.statement = Some(value);
                }
                "a" | "b" if self.route.words.1 >= 2 && is_word(&value) => self.words.push(value),
                name if self.route.takes(name) && LISTS.contains(&name) => {
                    let values = value.lines().map(str::trim).filter(|value| !value.is_empty());
                    self.fields.extend(values.map(|value| (name.to_owned(), value.to_owned())));
                }
                name if self.route.takes(name) => self.fields.push((name.to_owned(), value)),
                name => return Err(Refusal::Bad(format!("{} has no option '{name}'", self.route.title))),
            }
        }
        Ok(())
    }

    /// The arguments of the command, in this format; `txt` is the command's own.
    pub fn arguments(&self, format: &str) -> Vec<String> {
        let mut arguments: Vec<String> = self.route.command.iter().map(|word| (*word).to_owned()).collect();
        arguments.extend(options(&self.fields));
        arguments.extend(self.route.choose(format).into_iter().map(str::to_owned));
        let words: Vec<String> = self.statement.iter().chain(&self.words).cloned().collect();
        positional(&mut arguments, self.route.command.len(), &words);
        arguments
    }

    /// The path, with this format and without the query: `/unanswered/USA/RUS.csv`.
    pub fn path(&self, format: Option<&str>) -> String {
        let words: String = self.words.iter().map(|word| format!("/{}", encoded(word).replace('.', "%2E"))).collect();
        format!("/{}{words}{}", self.route.name, format.map_or(String::new(), |format| format!(".{format}")))
    }

    /// The query: `?as-of=2017-07-13`, or empty.
    pub fn query(&self) -> String {
        let statement = self.statement.iter().map(|text| ("q".to_owned(), text.clone()));
        let fields: Vec<(String, String)> = statement.chain(self.fields.iter().cloned()).collect();
        query(&fields)
    }

    /// The value of an option.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// True if a path can contain this word. Browsers resolve `.` and `..` before they send a path.
fn is_word(word: &str) -> bool {
    !matches!(word, "" | "." | "..")
}

/// Inserts words into a command at this place. If one of them could be read as an option, all of them go to the end instead, after `--`.
fn positional(arguments: &mut Vec<String>, at: usize, words: &[String]) {
    if words.iter().any(|word| word.starts_with('-')) {
        arguments.push("--".to_owned());
        arguments.extend_from_slice(words);
    } else {
        arguments.splice(at..at, words.iter().cloned());
    }
}

/// The options of a command. A value never becomes an option, whatever it begins with.
fn options(fields: &[(String, String)]) -> Vec<String> {
    let mut arguments = Vec::new();
    for (name, value) in fields {
        match () {
            () if FLAGS.contains(&name.as_str()) => arguments.push(format!("--{name}")),
            () if value.is_empty() || value.starts_with('-') => arguments.push(format!("--{name}={value}")),
            () => arguments.extend([format!("--{name}"), value.clone()]),
        }
    }
    arguments
}

/// The command of a form: the verb, its fields that are words in their order, and the others as options. Fields left empty are left out.
pub fn form_command(verb: &[&str], words: &[&str], options_taken: &[&str], fields: &[(String, String)]) -> Vec<String> {
    let value = |name: &str| fields.iter().find(|(field, value)| field == name && !value.trim().is_empty()).map(|(_, value)| value.trim());
    let given: Vec<String> = words.iter().filter_map(|name| value(name)).map(str::to_owned).collect();
    let stated: Vec<(String, String)> = fields
        .iter()
        .filter(|(name, value)| options_taken.contains(&name.as_str()) && !value.trim().is_empty())
        .flat_map(|(name, value)| {
            let values: Vec<&str> = if LISTS.contains(&name.as_str()) { value.lines().collect() } else { vec![value] };
            values.into_iter().map(|value| (name.clone(), value.trim().to_owned())).collect::<Vec<_>>()
        })
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let mut arguments: Vec<String> = verb.iter().map(|word| (*word).to_owned()).collect();
    arguments.extend(options(&stated));
    positional(&mut arguments, verb.len(), &given);
    arguments
}

/// The pairs of a query or of a form; `None`: it is damaged.
pub fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name, true)?, decoded(value, true)?))
        })
        .collect()
}

/// The text of a part of a URL; `None`: it is damaged, or has a NUL character.
fn decoded(text: &str, plus: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
            }
            b'+' if plus => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// A text as part of a URL.
pub fn encoded(text: &str) -> String {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b':' => url.push(char::from(byte)),
            byte => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// The pairs as a query, or an empty text.
pub fn query(fields: &[(String, String)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The command as a line that a shell takes.
pub fn line(arguments: &[String]) -> String {
    words::join(std::iter::once("recip").chain(arguments.iter().map(String::as_str)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(path: &str, query: &str) -> Result<String, Refusal> {
        let target = Target::read(path, query)?;
        Ok(line(&target.arguments(target.format.unwrap_or("txt"))))
    }

    #[test]
    fn a_url_is_a_command() {
        for (path, query, is) in [
            ("/pair/USA/RUS", "as-of=2017-07-13", "recip report brief USA RUS --as-of 2017-07-13"),
            (
                "/unanswered.csv",
                "kind=expulsion&kind=seizure&since=",
                "recip report unanswered --kind expulsion --kind seizure --format csv",
            ),
            // An empty line between two values is none.
            ("/unanswered", "kind=expulsion%0A%0D%0Aseizure", "recip report unanswered --kind expulsion --kind seizure"),
            ("/balance", "a=USA&b=&members", "recip report balance USA --members"),
            ("/timeline/USA/RUS.svg", "", "recip report timeline USA RUS --format svg"),
            ("/action/EXP-2022%2F014", "", "recip show EXP-2022/014"),
            ("/action/1.json", "as-known=2017-08-01", "recip show 1 --as-known 2017-08-01 --json"),
            ("/list/--output", "text=-x", "recip list --text=-x -- --output"),
            ("/sql", "q=SELECT+1", "recip sql 'SELECT 1'"),
            ("/sql/USA", "q=SELECT+1&b=RUS", "recip sql 'SELECT 1' USA RUS"),
            ("/list/a%2Ecsv.csv", "", "recip list a.csv --format csv"),
        ] {
            assert_eq!(command(path, query).as_deref(), Ok(is), "{path}?{query}");
        }
    }

    #[test]
    fn a_url_names_no_file_and_no_other_command() {
        for path in [
            "/",
            "",
            "/nowhere",
            "/pair/USA/RUS/x",
            "/../etc/passwd",
            "/action/..",
            "/action/%2e%2e",
            "/action/",
            "/action/%00",
            "/action/%zz",
            "/backup",
            "/pair/USA/RUS.svg",
            "/sql/USA/RUS/x",
            "//x",
            "/export",
        ] {
            assert_eq!(command(path, "").unwrap_err(), Refusal::Unknown, "{path}");
        }
        for (path, query) in [
            ("/list", "output=x"),
            ("/pair/USA/RUS", "template=x"),
            ("/list", "file=x"),
            ("/check", "repair=x"),
            ("/suggest", "link"),
            ("/sql", "q=@x.sql"),
            ("/sql", "q=@../x"),
            ("/sql", "q=-"),
            ("/list", "color=always"),
            ("/list", "x=%ff"),
            ("/pair/USA", ""),
        ] {
            assert!(matches!(command(path, query), Err(Refusal::Bad(_))), "{path}?{query}");
        }
    }
}
