//! What the columns of a sheet mean: proposed from their headings and from what is in them.

use crate::error::{Error, Result};
use crate::ledger::load::record::{COLUMNS, DERIVED};

use super::common;
use super::content::Content;
use super::dates::is_without_year;
use super::layout::Layout;
use super::parties::Known;
use super::question::Question;
use super::who_acts::{self, Sides, sides};
use super::words::{self, ASIDE, NUMBERS, heading};
use super::{Sheet, acts, amount, by_cells, letters, missions};

/// The prefix of the name of a column that gives the other side's answer in the same row.
pub(super) const REPLY: &str = "reply-";
/// What a column means that has a part of the date of its row.
pub(super) const DATE_PARTS: [&str; 3] = ["year", "month", "day"];
/// The value of a side that is the sheet's name.
pub(super) const SHEET_NAME: &str = "(sheet)";
/// The value of the count if each row stands for one person or thing.
pub(super) const ROWS: &str = "(rows)";
/// What a column means of which a person has to say it.
pub(super) const ASKED: &str = "?";
/// The meanings of which one column has to be the right one.
const ESSENTIAL: [&str; 6] = ["date", "actor", "target", "kind", "count", "stage"];
/// The value of a column that is left out because no cell of it is filled.
pub(super) const EMPTY: &str = "(empty)";

/// What a column means, or what all rows of a sheet have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Column {
    pub sheet: String,
    /// Its place; `None`: a value for all rows.
    pub column: Option<usize>,
    /// Its heading; of a value for all rows the text of the sheet that gives it, such as its title.
    pub heading: String,
    /// A column of the flat CSV, for an answer after `reply-`; `year`, `month` or `day`; `?` if it is asked; empty if it is left out.
    pub meaning: String,
    /// For a date the order of day, month and year; `(empty)` for a column without any cell; without a column the value of all rows.
    pub value: String,
    /// True if it is a part of what identifies a row.
    pub is_key: bool,
    /// Why it is proposed so, or what is asked.
    pub why: String,
    /// The meanings that it may have, if it is asked.
    pub may_mean: Vec<String>,
}

impl Column {
    /// The place of its meaning in the columns of the flat CSV, and whether it belongs to the answer.
    pub fn target(&self) -> Option<(usize, bool)> {
        let (name, is_reply) = self.meaning.strip_prefix(REPLY).map_or((self.meaning.as_str(), false), |name| (name, true));
        COLUMNS.iter().position(|column| *column == name).map(|at| (at, is_reply))
    }

    /// Its letters and its heading.
    pub fn label(&self) -> String {
        let letters = self.column.map(letters).unwrap_or_default();
        format!("{letters} {}", self.heading).trim().to_owned()
    }

    /// True if it is asked whether it has this meaning.
    pub fn may_be(&self, meaning: &str) -> bool {
        self.is(ASKED) && self.may_mean.iter().any(|may| may == meaning)
    }

    /// Leaves it to a person to say what it means.
    pub fn ask(&mut self, question: Question) {
        ASKED.clone_into(&mut self.meaning);
        self.why = question.to_string();
        self.may_mean = question.about().to_vec();
    }

    /// True if it has this meaning.
    pub fn is(&self, meaning: &str) -> bool {
        self.meaning == meaning
    }
}

/// True for a meaning that several columns may have.
fn may_repeat(meaning: &str) -> bool {
    matches!(meaning.trim_start_matches(REPLY), "summary" | "sources" | "note" | "tags")
}

/// A column whose meaning is not decided yet.
pub(super) struct Open {
    pub column: Column,
    pub content: Content,
    pub is_reply: bool,
    /// True if the heading says that the cells count what was done, or what answered it.
    pub is_count: bool,
    /// True if the heading speaks of the answer itself.
    pub is_of_answer: bool,
    /// The parties that the heading names.
    pub parties: Vec<String>,
}

impl Open {
    pub fn decide(&mut self, meaning: &str, why: &str) {
        let prefix = if self.is_reply && !meaning.is_empty() && meaning != "answers" { REPLY } else { "" };
        self.column.meaning = format!("{prefix}{meaning}");
        why.clone_into(&mut self.column.why);
    }

    pub fn ask(&mut self, question: Question) {
        self.column.ask(question);
    }

    pub fn leave_out(&mut self, why: String) {
        self.column.meaning.clear();
        self.column.why = why;
    }

    /// Leaves out a column without any cell.
    pub fn leave_out_empty(&mut self) {
        self.leave_out("it is empty".to_owned());
        EMPTY.clone_into(&mut self.column.value);
    }

    pub fn is_open(&self) -> bool {
        self.column.meaning.is_empty() && self.column.why.is_empty()
    }

    /// The letters and the heading.
    pub fn label(&self) -> String {
        self.column.label()
    }

    /// True if the cells can be what a heading says.
    fn fits(&self, meaning: &str) -> bool {
        let content = &self.content;
        match meaning {
            "date" | "deadline" => !content.short,
            "count" => !content.dates && (content.counts || content.is_empty()),
            "actor" | "target" => !content.dates && (!content.counts || content.parties) && !content.stages && !content.links,
            "kind" => !content.dates && !content.counts && !content.links,
            "stage" => content.stages || content.is_empty(),
            "sources" => !content.dates && !content.notes,
            "ref" => !content.dates,
            _ => !content.dates,
        }
    }

    /// How well a column suits a meaning that its heading has: by its cells, then by its heading.
    fn rank(&self) -> (bool, bool, bool, bool) {
        let name = self.column.meaning.trim_start_matches(REPLY);
        let content = match name {
            "date" => self.content.dates,
            "count" => self.content.counts,
            "kind" => self.content.kinds,
            "actor" | "target" => self.content.parties,
            _ => true,
        };
        let heading = &self.column.heading;
        let is_side = ["actor", "target"].contains(&name);
        let is_apt = if name == "date" { !words::is_other_date(heading) } else { !words::is_country(heading) };
        let is_plain =
            if is_side && !is_apt { false } else { words::is_plainly(heading, name) || (is_side && words::role(heading).is_some()) };
        (content, is_plain, is_apt, is_side && words::has_country(heading))
    }
}

/// Proposes what the columns of a sheet mean: by their headings first, over the whole header, then by their cells what is still missing.
pub(super) fn propose(book: &str, sheet: &Sheet, layout: &Layout, known: &mut Known<'_>) -> Result<Vec<Column>> {
    let rows = layout.rows(sheet);
    let mut open = Vec::new();
    for (at, heading) in layout.headings.iter().enumerate() {
        let column = Column { sheet: sheet.name.clone(), column: Some(at), heading: heading.clone(), ..Column::default() };
        let said = who_acts::without_parties(&amount::without_marks(heading, &mut Vec::new()), known)?;
        let (is_count, is_of_answer) = (words::is_count(&said) && !heading.contains('%'), words::is_of_answer(&said));
        let Sides { actors, targets, others, .. } = sides(heading, true, known)?;
        let (parties, is_reply) = ([actors, targets, others].concat(), words::heading(heading).1);
        open.push(Open { column, content: Content::of(&rows, at, known)?, is_reply, is_count, is_of_answer, parties });
    }
    ask_of_second_table(&mut open);
    let is_own = is_own_header(&layout.headings);
    find_answers(&mut open, known)?;
    for column in &mut open {
        by_heading(column, is_own);
    }
    find_from_to(&mut open);
    find_ids(&mut open);
    replies_to_the_right(&mut open);
    for meaning in COLUMNS {
        for meaning in [meaning.to_owned(), format!("{REPLY}{meaning}")] {
            one_of_several(&mut open, &meaning);
        }
    }
    find_parts_of_date(&mut open);
    ask_of_other_dates(&mut open);
    by_cells::decide(&mut open);
    let kinds = open.iter().find(|column| column.column.is("kind")).map(|column| missions::kinds(&column.content.cells));
    let mut columns = open.into_iter().map(|open| open.column).collect();
    common::propose(book, sheet, layout, known, &mut columns)?;
    missions::decide(&mut columns, kinds);
    Ok(columns)
}

/// True if most headings are the names of the columns of the flat CSV: then each means itself.
fn is_own_header(headings: &[String]) -> bool {
    let own = headings.iter().filter(|heading| COLUMNS.contains(&heading.trim())).count();
    own > 4 && own * 2 >= headings.len()
}

/// Asks about the columns of a header that says the same twice, as one does that stands above two tables side by side.
fn ask_of_second_table(open: &mut [Open]) {
    let named: Vec<usize> = (0..open.len()).filter(|at| !open[*at].column.heading.is_empty()).collect();
    let (first, second) = named.split_at(named.len() / 2);
    let heading = |at: &usize| open[*at].column.heading.as_str();
    if first.len() < 2 || !first.iter().map(heading).eq(second.iter().map(heading)) {
        return;
    }
    let question = Question::is_second_table([&open[first[0]], &open[first[first.len() - 1]]].map(Open::label));
    second.iter().for_each(|at| open[*at].ask(question.clone()));
}

/// Finds the columns of the answer: one that says so, and a count of what another party than the first did.
fn find_answers(open: &mut [Open], known: &mut Known<'_>) -> Result<()> {
    let ids: Vec<Content> =
        open.iter().filter(|c| words::is_plainly(&c.column.heading, "ref") || is_number(c)).map(|c| c.content.clone()).collect();
    let ids: Vec<&Content> = ids.iter().collect();
    for column in open.iter_mut().filter(|column| words::is_answered(&column.column.heading)) {
        let is_plain = words::is_plainly(&column.column.heading, "answers") || column.column.heading.eq_ignore_ascii_case("answers");
        if column.content.names_only(&ids) {
            column.decide("answers", "");
        } else if !is_plain && !column.content.is_empty() {
            column.ask(Question::are_answered_refs());
        }
    }
    for column in open.iter_mut().filter(|column| column.is_open() && words::is_linked(&column.column.heading)) {
        if !column.content.is_empty() && !column.content.links {
            column.ask(Question::are_answered_refs());
        }
    }
    let mut done_by = Vec::new();
    for (at, column) in open.iter().enumerate().filter(|(_, c)| c.content.counts && !c.is_reply) {
        if heading(&column.column.heading).0.contains(&"count") {
            done_by.push((at, sides(&column.column.heading, false, known)?.actors));
        }
    }
    if done_by.len() == 2 && done_by.iter().filter(|(_, actors)| actors.len() == 1).count() == 1 {
        let done_by = done_by.into_iter().map(|(_, actors)| actors).find(|actors| actors.len() == 1);
        // What stands under the same group is of the same side.
        for column in open.iter_mut() {
            column.is_reply |= Some(sides(&column.column.heading, false, known)?.actors) == done_by;
        }
    }
    Ok(())
}

/// Takes two columns of parties for the sides whose headings only say `From` and `To`, or `By` and `Against`.
fn find_from_to(open: &mut [Open]) {
    let of = |side| open.iter().position(|c| c.is_open() && c.content.parties && words::from_to(&c.column.heading) == Some(side));
    let means = |side: &str| open.iter().any(|column| column.column.is(side));
    let (has_actor, has_target) = (means("actor"), means("target"));
    match (of(0), of(1)) {
        (Some(from), Some(to)) => {
            open[from].decide("actor", "");
            open[to].decide("target", "");
        }
        (Some(from), None) if has_target && !has_actor => open[from].decide("actor", ""),
        (None, Some(to)) if has_actor && !has_target => open[to].decide("target", ""),
        _ => (),
    }
}

fn is_number(column: &Open) -> bool {
    heading(&column.column.heading).0.first() == Some(&NUMBERS)
}

/// Decides what a column means by its heading.
fn by_heading(column: &mut Open, is_own: bool) {
    let heading = column.column.heading.trim().to_owned();
    let is_aside = column.is_reply && !column.is_of_answer && !column.content.dates && !column.content.is_empty();
    if column.is_open() && !is_own && column.is_reply && column.content.parties {
        // A country below "Expelled by Russia" is the one against which Russia acted.
        let is_aimed_at = !column.parties.is_empty() || words::role(&heading) == Some("target");
        return column.decide(if is_aimed_at { "target" } else { "actor" }, "");
    }
    if !column.is_open() || (is_aside && !is_own) {
        return;
    }
    if !is_own && column.content.parties && words::is_of_origin(&heading) {
        return column.ask(Question::which_side(None));
    }
    if !is_own && says_whether_done(&heading, &column.content) {
        return column.ask(Question::whether_done());
    }
    if !is_own
        && column.content.parties
        && let Some(role) = words::role(&heading).or_else(|| words::of_mission(&heading))
    {
        return column.decide(role, "");
    }
    if is_own && let Some(own) = COLUMNS.iter().find(|own| **own == heading) {
        column.is_reply = false;
        column.decide(own, "");
    } else if is_own && heading.starts_with(DERIVED) {
        column.leave_out("it is derived from the others".to_owned());
    } else if words::is_ordinal(&heading) {
        let has_texts = !heading.is_empty() && !column.content.numbers && !column.content.is_empty();
        if heading.is_empty() && !column.content.in_order {
            return;
        }
        let why = match has_texts {
            true if words::is_rank(&heading) => "it has the ranks of people",
            true => "it says where the rows stand",
            false => "it numbers the rows",
        };
        column.leave_out(why.to_owned());
    } else {
        let (mut meanings, _) = words::heading(&heading);
        let is_in_force = words::has(&words::words(&heading), &words::IN_FORCE);
        if meanings.contains(&ASIDE) && !is_in_force && (column.content.dates || meanings[0] == ASIDE) {
            return column.leave_out("it describes the list, not the acts".to_owned());
        }
        if !is_own && column.content.dates && words::is_end_date(&heading) && !meanings.contains(&"deadline") {
            return column.ask(Question::is_end());
        }
        // "26 March" below "Number" is no count, and no date either.
        if column.is_count && column.content.without_year {
            return column.ask(Question::may_mean("count", false));
        }
        // "Measure against Russia" above kinds says what was done.
        if meanings.contains(&"kind") && column.content.kinds && !column.content.parties {
            meanings.retain(|meaning| !["actor", "target"].contains(meaning));
        }
        if meanings.contains(&"stage") && !column.content.parties && column.content.has_stages {
            meanings.retain(|meaning| *meaning != "actor");
        }
        meanings.retain(|meaning| ![ASIDE, NUMBERS].contains(meaning) && (*meaning != "ref" || words::is_plainly(&heading, "ref")));
        // A part of a date is a date only if its cells are, and a total to date is none.
        if (words::date_part(&heading).is_some() || words::is_running_total(&heading)) && !column.content.dates {
            meanings.retain(|meaning| *meaning != "date");
        }
        // What is no count is asked, as a column without a heading.
        if meanings.contains(&"count") && !column.is_count && column.content.counts && !column.content.dates {
            return;
        }
        if meanings.contains(&"sources") && !words::is_of_sources(&heading) && !column.content.links {
            meanings.retain(|meaning| *meaning != "sources");
            if meanings.is_empty() && !column.content.is_empty() {
                return column.ask(Question::is_source());
            }
        }
        let has_others = column.content.dates || column.content.parties || column.content.kinds || column.content.links;
        let fitting = meanings.iter().find(|meaning| column.fits(meaning));
        // "Expelled by the country" above numbers counts what the country did.
        let is_side = |first: &&str| ["actor", "target"].contains(first);
        if fitting.is_none() && meanings.first().is_some_and(is_side) && column.is_count && column.content.counts {
            return;
        }
        let fitting = fitting.or_else(|| meanings.first().filter(|first| !has_others && (**first != "kind" || !column.content.counts)));
        let is_qualified = || [&*acts::CORRECTED, &*amount::ROUGHLY].iter().any(|terms| words::has(&words::words(&heading), terms));
        match fitting {
            Some(&"count") if is_qualified() => column.ask(Question::may_mean("count", false)),
            Some(&"kind") if acts::is_of_other_acts(&heading) => column.ask(Question::is_what_was_done()),
            Some(meaning) => column.decide(meaning, ""),
            None => (),
        }
    }
}

/// True if a column says of each row whether its act was done: its heading asks that, and its cells name nothing else.
pub(super) fn says_whether_done(heading: &str, content: &Content) -> bool {
    let is_number = |cell: &String| cell.parse().is_ok_and(|number: f64| number > 1.0);
    let names_other = content.dates || content.parties || content.kinds || content.links || content.cells.iter().any(is_number);
    !content.is_empty() && !names_other && words::asks_whether_done(heading)
}

/// Asks about the column with the dates if they may be those of something else than the acts: `Date lifted`.
fn ask_of_other_dates(open: &mut [Open]) {
    let is_other = |c: &&mut Open| c.column.is("date") && words::is_other_date(&c.column.heading) && !c.content.is_empty();
    for column in open.iter_mut().filter(is_other) {
        column.ask(Question::is_date_of_acts());
    }
}

/// Decides of the columns with numbers and ids which identify the rows, and which count.
fn find_ids(open: &mut [Open]) {
    let has_count = open.iter().any(|column| column.column.meaning == "count");
    let is_answered = open.iter().any(|column| column.column.meaning == "answers");
    let has_id = open.iter().any(|c| c.column.meaning == "ref" && c.content.repeated.is_none() && !c.content.notes);
    for column in open.iter_mut() {
        let (is_ref, is_number) = (column.column.meaning == "ref", column.is_open() && !column.is_reply && is_number(column));
        if !is_ref && !is_number {
            continue;
        }
        let content = &column.content;
        match &content.repeated {
            _ if content.notes => column.leave_out("its cells are marks of footnotes".to_owned()),
            _ if is_number && content.sums && !has_count => column.decide("count", "it has sums, which identify no row"),
            Some(_) if is_number && content.counts && !has_count => column.decide("count", "its numbers repeat, so they identify no row"),
            Some(text) if is_number && (words::has_number(text) || content.may_count) && !has_count => {
                column.ask(Question::is_ref_or_count());
            }
            Some(text) => column.leave_out(format!("'{text}' is repeated, so it identifies no row")),
            None if is_ref => (),
            // Two numbers are too few to tell.
            None if content.in_order && content.cells.len() > 2 && !is_answered && ["0", "1"].contains(&content.cells[0].as_str()) => {
                column.leave_out("it numbers the rows".to_owned());
            }
            None if has_id && content.counts && !has_count => column.decide("count", "another column identifies the rows"),
            None if has_id => column.leave_out("another column identifies the rows".to_owned()),
            None if !has_count && (if content.numbers { !content.in_order } else { content.may_count }) => {
                column.ask(Question::is_ref_or_count());
            }
            None if content.is_empty() => (),
            None => column.decide("ref", ""),
        }
    }
}

/// A second date, count or the like that stands right of a column of the answer belongs to the answer.
fn replies_to_the_right(open: &mut [Open]) {
    let is_reply = |c: &Open| c.is_reply && (c.is_open() || c.column.meaning.starts_with(REPLY));
    let Some(first) = open.iter().position(is_reply) else { return };
    for meaning in ["date", "count", "kind", "stage"] {
        let own: Vec<usize> = (0..open.len()).filter(|at| open[*at].column.meaning == meaning).collect();
        let is_answered = open.iter().any(|column| column.column.meaning == format!("{REPLY}{meaning}"));
        if let [left, right] = own[..]
            && left < first
            && right > first
            && !is_answered
        {
            open[right].is_reply = true;
            open[right].decide(meaning, "it stands beside the answer");
        }
    }
}

/// Of several columns with one meaning keeps the best; if none is better, it is asked.
pub(super) fn one_of_several(open: &mut [Open], meaning: &str) {
    let mut all: Vec<usize> = (0..open.len()).filter(|at| open[*at].column.meaning == meaning).collect();
    if all.len() < 2 || may_repeat(meaning) {
        return;
    }
    let Some(best) = all.iter().map(|at| open[*at].rank()).max() else { return };
    let first = all.iter().copied().find(|at| open[*at].rank() == best).unwrap_or_default();
    let label = open[first].label();
    let is_of_others = |column: &Open| acts_of(column) != acts_of(&open[first]) && acts_of(column).is_some();
    let name = meaning.trim_start_matches(REPLY);
    let says_other =
        |column: &Open| name == "count" && !column.content.is_empty() && (is_of_others(column) || column.parties != open[first].parties);
    let others: Vec<usize> = all.iter().copied().filter(|at| *at != first && says_other(&open[*at])).collect();
    all.retain(|at| *at != first && !others.contains(at));
    let essential = ESSENTIAL.contains(&name);
    let (same, worse): (Vec<usize>, Vec<usize>) = all.into_iter().partition(|at| {
        let is_other = open[*at].content.cells != open[first].content.cells && !open[*at].content.is_empty();
        essential && open[*at].rank() == best && is_other
    });
    // A second column of countries may be the other side, and a second column of kinds the answer.
    let is_side = meaning == "actor";
    for at in worse {
        if open[at].content.is_empty() {
            open[at].leave_out_empty();
        } else if is_side && open[at].content.parties {
            open[at].column.meaning.clear();
        } else if meaning == "kind" && open[at].content.kinds {
            open[at].ask(Question::is_kind_of_answer());
        } else if name == "count" && acts::is_corrected(&open[at].column.heading) {
            open[at].ask(Question::may_mean(meaning, true));
        } else if meaning == "date" {
            open[at].leave_out(format!("a second date: the date is in {label}"));
        } else {
            open[at].leave_out(format!("the {meaning} is in {label}"));
        }
    }
    for at in others {
        open[at].ask(Question::counts_others());
    }
    if same.is_empty() {
        return;
    }
    if is_side && same.len() == 1 && !open.iter().any(|column| column.column.meaning == "target") {
        open[same[0]].column.meaning.clear();
        return;
    }
    for at in same.into_iter().chain([first]) {
        open[at].ask(Question::one_of_several(meaning));
    }
}

/// The kind of the acts that the heading of a count names, or what is counted.
pub(super) fn acts_of(column: &Open) -> Option<&'static str> {
    super::acts::kind(&column.column.heading).or_else(|| {
        let heading = words::words(&column.column.heading);
        words::has(&heading, &words::PREMISES).then_some("closure")
    })
}

/// Takes the year, the month and the day for the date, if they have columns of their own and no other column has the date.
fn find_parts_of_date(open: &mut [Open]) {
    let of_dates = open.iter().find(|column| column.column.meaning == "date");
    let has_days = of_dates.is_some_and(|column| column.content.cells.iter().any(|cell| is_without_year(cell)));
    let date = of_dates.map(Open::label);
    let is_part = |column: &Open| column.is_open().then(|| words::date_part(&column.column.heading)).flatten();
    let has_year = open.iter().any(|column| is_part(column) == Some("year"));
    for column in open.iter_mut() {
        match (is_part(column), &date) {
            (Some("year"), Some(date)) if has_days => column.leave_out(format!("it gives the years of the dates in {date}")),
            (Some(_), Some(date)) => column.leave_out(format!("the date is in {date}")),
            (Some(part), None) if has_year => column.decide(part, "a part of the date"),
            _ => (),
        }
    }
}

/// Refuses columns that cannot all have the meaning that a person gave them: the cells of one would replace those of another.
pub(super) fn check_meanings(columns: &[Column]) -> Result<()> {
    let has_values = |column: &&Column| column.column.is_some() || !column.value.is_empty();
    let means = |column: &&Column| column.target().is_some() && !may_repeat(&column.meaning);
    let all: Vec<&Column> = columns.iter().filter(means).filter(has_values).collect();
    let label = |column: &Column| match column.column {
        Some(_) => format!("the column {}", column.label()),
        None => format!("the value {} for all rows", column.value),
    };
    let first = |column: &&Column| all.iter().find(|first| first.meaning == column.meaning).map(|first| (*first).clone());
    let Some((first, second)) = all.iter().find_map(|c| first(c).filter(|first| first != *c).map(|first| (first, *c))) else {
        return Ok(());
    };
    let sheet = if first.sheet.is_empty() { String::new() } else { format!(" of the sheet '{}'", first.sheet) };
    Err(Error::refused(
        format!("cannot read the columns{sheet}"),
        format!("{} and {} both mean {}", label(&first), label(second), first.meaning),
        "give one of them another meaning, or none; what it counts beside the act needs a row of its own",
    ))
}
