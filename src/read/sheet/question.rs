//! What is asked about the columns and the rows of a sheet: each question, what it is about, and its sentence.

use std::fmt;

use crate::model::quantity;

use super::acts::Doubt;
use super::columns::ROWS;

/// What the other columns have is lost, where one is the kind or the count.
const OTHERS_LEFT_OUT: &str = "; what the others have is left out, unless you give each act a row of its own";

/// A question that a proposal asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    /// Of a column: the meanings that it may have. Of a row: the columns of the flat CSV whose cells answer it.
    about: Vec<String>,
    sentence: String,
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// The sentences of several questions.
pub(super) fn sentences(questions: &[Question]) -> String {
    questions.iter().map(|question| question.sentence.as_str()).collect::<Vec<_>>().join("; ")
}

impl Question {
    fn new(about: &[&str], sentence: impl Into<String>) -> Question {
        Question { about: about.iter().map(|name| (*name).to_owned()).collect(), sentence: sentence.into() }
    }

    /// True if it is about this column of the flat CSV.
    pub fn is_about(&self, name: &str) -> bool {
        self.about.iter().any(|about| about == name)
    }

    /// What it is about.
    pub fn about(&self) -> &[String] {
        &self.about
    }
}

/// Questions about what a column means.
impl Question {
    /// A column that seems to say of each row whether its act was done.
    pub fn whether_done() -> Question {
        Question::new(&[], "it seems to say whether the acts were done: every row for which it does not say so is asked")
    }

    /// A column of parties. `other`: a column that is taken for a side, with that side.
    pub fn which_side(other: Option<(&str, &str)>) -> Question {
        let rest = other.map_or_else(String::new, |(label, side)| format!(", or nothing; {label} is taken for the {side}"));
        Question::new(&["actor", "target"], format!("it has parties: write actor or target as its meaning{rest}"))
    }

    /// A column of countries below a title such as `Expulsions from Russia`.
    pub fn which_side_of_place(title: &str) -> Question {
        let sentence = format!(
            "'{title}' does not say who expels: write actor or target as its meaning, and the other party as the value of the other side"
        );
        Question::new(&["actor", "target"], sentence)
    }

    /// A column of countries below a text that names several parties, so that the countries may be either side: `Russia expels EU diplomats`.
    pub fn which_side_of_several(text: &str) -> Question {
        let sentence = format!(
            "'{text}' names several parties: write actor or target as its meaning, and the other party as the value of the other side"
        );
        Question::new(&["actor", "target"], sentence)
    }

    /// Dates on which acts ended.
    pub fn is_end() -> Question {
        let sentence = "it seems to say when the acts ended: give each end a row of its own, such as one of an easing, or write date as its meaning if it is the date of the acts, else nothing";
        Question::new(&["date"], sentence)
    }

    /// A column of dates without a year. `from`: the year that a text gives, and the text.
    pub fn year_of_dates(cell: &str, from: Option<(u16, &str)>) -> Question {
        let such = from.map_or_else(String::new, |(year, text)| format!(", such as {year}, which '{text}' gives"));
        Question::new(&["date"], format!("'{cell}' has no year: write the year of the dates as its value{such}"))
    }

    pub fn side_by_kind() -> Question {
        Question::new(
            &["actor", "target"],
            "who acts depends on what was done: write actor or target as its meaning, and correct the rows for which that is wrong",
        )
    }

    pub fn are_answered_refs() -> Question {
        Question::new(&["answers"], "does it have the refs of what is answered? then it means answers, and the acts need these refs")
    }

    pub fn is_source() -> Question {
        Question::new(&["sources"], "is it a source? then write sources as its meaning, else nothing")
    }

    pub fn is_answer() -> Question {
        let meanings = ["reply-kind", "reply-count", "reply-date", "reply-summary"];
        let sentence = "does it say what answered the act? then write reply-kind, reply-count, reply-date or reply-summary as its meaning, else nothing";
        Question::new(&meanings, sentence)
    }

    /// A second column of kinds, which may be those of the answer.
    pub fn is_kind_of_answer() -> Question {
        Question::new(&["reply-kind"], "is it what the other side did? then write reply-kind as its meaning, else nothing")
    }

    /// Dates that may be those of something else than the acts.
    pub fn is_date_of_acts() -> Question {
        Question::new(&["date"], "is it the date of the acts? then write date as its meaning, else nothing")
    }

    /// Kinds that may be those of something else than the acts.
    pub fn is_what_was_done() -> Question {
        Question::new(&["kind"], "is it what was done? then write kind as its meaning, else nothing")
    }

    pub fn is_ref_or_count() -> Question {
        Question::new(&["ref", "count"], "does it number the rows, or is it the count? write ref or count as its meaning")
    }

    /// Numbers of something else than the act of the row.
    pub fn counts_others() -> Question {
        Question::new(&[], "it counts something else: give each act a row of its own, or leave it out")
    }

    pub fn has_units() -> Question {
        Question::new(&[], "it has units: the rows are asked whose unit is not that of their kind")
    }

    /// A column that may have this meaning, alone or as one of several.
    pub fn may_mean(meaning: &str, is_one_of_several: bool) -> Question {
        let of_one = if is_one_of_several { ", but as that of one column only" } else { "" };
        let others = if is_one_of_several && meaning == "count" { OTHERS_LEFT_OUT } else { "" };
        Question::new(&[meaning], format!("is it the {meaning}? then write {meaning} as its meaning{of_one}{others}"))
    }

    /// One of several columns whose headings say this meaning equally well.
    pub fn one_of_several(meaning: &str) -> Question {
        let others = if meaning.ends_with("count") || meaning.ends_with("kind") { OTHERS_LEFT_OUT } else { "" };
        Question::new(&[meaning], format!("several columns may be the {meaning}: write {meaning} as the meaning of one{others}"))
    }

    /// A column of a second table beside the first, whose first and last columns are these.
    pub fn is_second_table([first, last]: [String; 2]) -> Question {
        let sentence = format!(
            "its heading repeats one of {first} to {last}: if it belongs to a second table, write its rows below the first, else write what it means, or nothing"
        );
        Question::new(&[], sentence)
    }

    pub fn was_empty() -> Question {
        Question::new(&[], "it was empty when the map was made: write what it means, or nothing")
    }
}

/// Questions about what all rows have in common.
impl Question {
    pub fn party_of_all(side: &str) -> Question {
        Question::new(&[side], format!("which party is the {side} of these rows?"))
    }

    /// A side that no column has if another column is the other side.
    pub fn party_beside(side: &str, label: &str, other: &str) -> Question {
        Question::new(&[side], format!("which party is the {side} of these rows, if {label} is the {other}?"))
    }

    pub fn kind_of_all() -> Question {
        Question::new(&["kind"], "of which kind are these rows?")
    }

    pub fn is_row_for_each() -> Question {
        Question::new(&["count"], format!("does each row stand for one person or thing? then write {ROWS} as its value"))
    }
}

/// Questions about a row.
impl Question {
    /// A column that a person has to explain, with its letters and its heading, which may be empty.
    pub fn what_means(letters: &str, heading: &str) -> Question {
        let column = if heading.is_empty() { format!("{letters}, which has no heading,") } else { format!("'{heading}'") };
        Question::new(&[], format!("what does the column {column} mean?"))
    }

    pub fn was_it_done(heading: &str, cell: &str) -> Question {
        let says = if cell.is_empty() { "is empty".to_owned() } else { format!("says '{cell}'") };
        Question::new(&[], format!("the column '{heading}' {says}: was it done?"))
    }

    pub fn are_lines_rows(lines: usize) -> Question {
        let lines = quantity(i64::try_from(lines).ok(), "lines");
        Question::new(&[], format!("a cell contains {lines} that may be rows: look whether its quote is closed where it should be"))
    }

    /// A side whose names no party has.
    pub fn no_party(side: &str, names: &[String]) -> Question {
        Question::new(&[side], format!("there is no party {}", names.join(", ")))
    }

    pub fn who_acts(row: u32, subheading: &str) -> Question {
        Question::new(&[], format!("row {row} says '{subheading}': who acts on whom in this row?"))
    }

    /// A row of this kind below a subheading that names another.
    pub fn is_of_kind(row: u32, subheading: &str, kind: &str) -> Question {
        Question::new(&["kind"], format!("row {row} says '{subheading}': is this row of the kind {kind}?"))
    }

    /// A row below a subheading that may say that it was not done.
    pub fn was_done_below(row: u32, subheading: &str) -> Question {
        let sentence = format!(
            "row {row} says '{subheading}', which may mean that it was not done, or not yet: write a stage such as announced, and yes, or no to leave it out"
        );
        Question::new(&["stage"], sentence)
    }

    /// A remark by which the row may be wrong.
    pub fn is_doubted(remark: &str) -> Question {
        Question::new(
            &[],
            format!("'{remark}' may say that the row is wrong or not confirmed: write yes to import it, or no to leave it out"),
        )
    }

    /// A remark that may give another count.
    pub fn corrects_count(remark: &str) -> Question {
        Question::new(&["count"], format!("'{remark}' may give another count: write the right one"))
    }

    /// A remark that names other parties as those who acted.
    pub fn remark_names_actor(remark: &str) -> Question {
        Question::new(&["actor", "target"], format!("'{remark}' names another actor: write who acted on whom"))
    }

    /// A title that names other parties as those who acted.
    pub fn title_names_actor(title: &str) -> Question {
        Question::new(&["actor", "target"], format!("the title '{title}' names another actor: write who acted on whom"))
    }

    /// A code of two letters that means another party in ISO 3166.
    pub fn code_of_other(side: &str, code: &str, here: &str, iso: &str) -> Question {
        let sentence = format!("'{code}' means {here} here, and {iso} in ISO 3166: write which it is, or give --codes iso2 for all codes");
        Question::new(&[side], sentence)
    }

    pub fn repeats_another(remark: &str) -> Question {
        Question::new(&[], format!("'{remark}' may say that the row repeats another: write yes if it is an act of its own, else no"))
    }

    /// A title or the name of a sheet by which no row may be done.
    pub fn title_may_be_undone(title: &str) -> Question {
        let sentence = format!(
            "the title '{title}' may say that it was not done, or not for good: write a stage such as announced, and yes, or no to leave it out"
        );
        Question::new(&["stage"], sentence)
    }

    pub fn may_be_undone(remark: &str) -> Question {
        let sentence =
            format!("'{remark}' may say that it was not done, or not yet: write a stage such as announced, and yes, or no to leave it out");
        Question::new(&["stage"], sentence)
    }

    /// A cell in a column of this meaning that cannot be read, and why.
    pub fn cell(meaning: &str, why: &str) -> Question {
        Question::new(&[meaning], format!("{meaning}: {why}"))
    }

    pub fn no_value(meaning: &str, formula: &str) -> Question {
        Question::cell(meaning, &format!("the formula '{formula}' has no value: open the file in a spreadsheet program and save it there"))
    }

    pub fn is_year(meaning: &str, cell: &str, year: i64) -> Question {
        Question::cell(meaning, &format!("is '{cell}' the year {year}, typed into a cell for dates? then write it as a text, '{year}"))
    }

    pub fn is_struck(meaning: &str, cell: &str) -> Question {
        Question::cell(meaning, &format!("'{cell}' is struck out, or a part of it"))
    }

    pub fn no_date_of_parts(parts: &str) -> Question {
        Question::new(&["year", "month", "day"], format!("year, month and day: '{parts}' is no date"))
    }

    pub fn is_merged_count_of_each(meaning: &str, cell: &str, [first, last]: [u32; 2]) -> Question {
        let sentence = format!("is {cell} the count of each of rows {first} to {last}, whose cells are merged, or of all together?");
        Question::new(&[meaning], sentence)
    }

    pub fn is_as_above(meaning: &str, text: &str, row: u32) -> Question {
        Question::new(&[meaning], format!("the {meaning} is empty: is it '{text}', as in row {row}?"))
    }

    pub fn not_known(name: &str) -> Question {
        Question::new(&[name], format!("the {name} is not known"))
    }

    pub fn same_party(code: &str) -> Question {
        Question::new(&["actor", "target"], format!("the actor and the target are the same party, {code}"))
    }

    /// A text that gives no plain kind. `nearest`: a kind that it may mean.
    pub fn no_kind(text: &str, nearest: Option<&str>) -> Question {
        let near = nearest.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        Question::new(&["kind"], format!("there is no kind {text}{near}"))
    }

    /// A count where a kind should be. `of_others`: the kind that the other cells of its column name.
    pub fn count_without_kind(text: &str, of_others: Option<&str>) -> Question {
        let such = of_others.map_or_else(String::new, |kind| format!(", such as {kind}, which other cells of its column name"));
        Question::new(&["kind"], format!("'{text}' is a count and names no kind: write the kind{such}"))
    }

    /// A text that names a kind, and does not plainly say that it was done.
    pub(super) fn of_doubt(text: &str, doubt: &Doubt) -> Question {
        let sentence = match doubt {
            Doubt::WasNotDone => format!("does '{text}' say that it was not done?"),
            Doubt::WasReversed(kind) => format!("does '{text}' say that the {kind} was reversed?"),
            Doubt::WasDone => format!("does '{text}' say that it was done?"),
            Doubt::IsAbout(kind) => format!("does '{text}' say that the {kind} was done?"),
            Doubt::NamesSeveral(kinds) => format!("'{text}' names several kinds: {}; give each act a row of its own", kinds.join(", ")),
        };
        Question::new(&["kind"], sentence)
    }

    pub fn says_other_party(codes: &[String], side: &str) -> Question {
        Question::new(&["kind", side], format!("the kind names {} as the {side}", codes.join(" and ")))
    }

    /// A text that names no stage, as it is written, with what says so.
    pub fn no_stage(text: &str, rest: &str) -> Question {
        Question::new(&["stage"], format!("there is no stage '{text}'{rest}"))
    }

    pub fn says_other_stage(kind_says: &str, stage: &str) -> Question {
        Question::new(&["kind", "stage"], format!("the kind says {kind_says}, and the stage {stage}"))
    }

    pub fn says_other_count(kind_says: &str, count: &str) -> Question {
        Question::new(&["kind", "count"], format!("the kind says {kind_says}, and the count {count}"))
    }

    pub fn no_plain_number(text: &str) -> Question {
        Question::cell("count", &format!("'{text}' does not give one plain number: write it, or ? if it is not known"))
    }

    pub fn was_anything_done() -> Question {
        Question::new(&["count"], "the count does not tell whether anything was done")
    }

    pub fn other_unit(unit: &str, kind: &str, own: &str) -> Question {
        Question::new(&["count"], format!("the unit is '{unit}', but the kind {kind} counts {own}: write the count of {own}, or no count"))
    }

    pub fn lines_of_count(lines: usize, acts: usize) -> Question {
        let [lines, acts] = [(lines, "lines"), (acts, "acts")].map(|(n, what)| quantity(i64::try_from(n).ok(), what));
        Question::new(&["count"], format!("the count has {lines} for {acts}"))
    }

    pub fn is_count_of_each(count: &str) -> Question {
        Question::new(&["count"], format!("is {count} the count of each, or of all together?"))
    }

    pub fn other_sum(sum: u64, count: &str) -> Question {
        Question::new(&["count"], format!("the counts of the parties add up to {sum}, and the count is {count}"))
    }

    pub fn party_without_count() -> Question {
        Question::new(&["count"], "not every party has its count")
    }

    pub fn counts_of_others(code: &str) -> Question {
        Question::new(&["count"], format!("the count names other parties than {code}"))
    }

    /// Rows that differ only in columns that are left out, with these labels. `has_count`: another column has the count.
    pub fn same_rows([first, last]: [u32; 2], number: usize, labels: &[String], has_count: bool) -> Question {
        let way_out = if has_count {
            "give each a ref, or write the sum as the count of one, and no in the others".to_owned()
        } else {
            format!(
                "write {ROWS} as the value of count in the sheet Columns if each stands for one person or thing, else yes in one and no in the others"
            )
        };
        let labels = labels.join(", ");
        let sentence = format!("rows {first} to {last}: {number} are the same but for what is left out ({labels}): {way_out}");
        Question::new(&["count"], sentence)
    }

    /// Rows that differ only in their sources.
    pub fn other_sources(rows: &[String]) -> Question {
        let rows = rows.join(", ");
        let way_out = "if they are one act, give all its sources in one row, and no in the others; if they are several, give each a ref";
        Question::new(&["ref", "sources"], format!("the rows {rows} differ only in their sources: {way_out}"))
    }

    /// Rows of two days in a row that differ in their sources, and in nothing else.
    pub fn next_day(rows: &[String]) -> Question {
        let rows = rows.join(", ");
        let way_out = "write yes for each if they are several acts, else no for all but one";
        Question::new(&["date"], format!("the rows {rows} differ only in their sources and by one day: {way_out}"))
    }

    /// Rows of one day that differ only in their counts and their sources.
    pub fn other_counts(rows: &[String]) -> Question {
        let rows = rows.join(", ");
        Question::new(
            &["count"],
            format!(
                "the rows {rows} differ only in their counts and sources: write yes for each if they are several acts, else no for all but one"
            ),
        )
    }

    /// A ref that no ledger takes, and why.
    pub fn bad_ref(why: String) -> Question {
        Question::new(&["ref"], why)
    }

    pub fn is_ref_a_date(reference: &str) -> Question {
        let sentence =
            format!("the ref '{reference}' is a date, which spreadsheets make of refs such as 1-2: write it as the text that it was");
        Question::new(&["ref"], sentence)
    }

    pub fn ref_twice(reference: &str, row: u32, other_sheet: Option<&str>) -> Question {
        let sheet = other_sheet.map_or_else(String::new, |sheet| format!(" of the sheet '{sheet}'"));
        Question::new(&["ref"], format!("row {row}{sheet} has the ref '{reference}' too: give each its own"))
    }

    pub fn future(date: &str) -> Question {
        let sentence =
            format!("the date {date} is in the future: correct it, write a stage such as announced, or write yes if it is right");
        Question::new(&["date", "stage"], sentence)
    }
}

/// Questions about the answer of a row.
impl Question {
    pub fn which_is_answered() -> Question {
        Question::new(&["answers"], "which of the acts does the answer answer?")
    }

    pub fn answers_asked_act() -> Question {
        Question::new(&[], "the act that it answers is asked")
    }

    pub fn date_of_answer() -> Question {
        Question::new(&["date"], "the date of the answer is not known")
    }

    pub fn kind_of_answer() -> Question {
        Question::new(&["kind"], "nothing says what the answer was: write its kind")
    }

    pub fn answer_before_act(date: &str, of_act: &str) -> Question {
        Question::new(&["date"], format!("the answer is dated {date}, before the act that it answers ({of_act})"))
    }

    /// A cell that counts one act and names another: `23, closed the consulate`.
    pub fn names_kinds(text: &str, kinds: [&str; 2]) -> Question {
        Question::new(&["kind"], format!("'{text}' names several kinds: {}; give each act a row of its own", kinds.join(", ")))
    }

    /// An answer by several parties.
    pub fn answer_of_several(names: &[String]) -> Question {
        Question::new(&["actor"], format!("the answer names several parties ({}): give each answer a row of its own", names.join(", ")))
    }

    /// An answer that is aimed at another party than the one that acted.
    pub fn answer_to_other(target: &str, actor: &str) -> Question {
        Question::new(&["target", "answers"], format!("the answer is aimed at {target}, but {actor} acted: does it answer this act?"))
    }

    /// A cell of the answer's count that cannot be read, and why.
    pub fn count_of_answer(why: String) -> Question {
        Question::new(&["count"], why)
    }

    pub fn answer_of_other_kind(kind: &str) -> Question {
        Question::new(&["kind"], format!("the answer speaks of another kind, {kind}: write its kind"))
    }

    pub fn answer_not_done(text: &str, stage: &str) -> Question {
        Question::new(&["stage"], format!("'{text}' says that the answer is {stage}, and not that it was done"))
    }
}

/// Questions about a line of a review.
impl Question {
    pub fn no_line(row: u32, part: u32) -> Question {
        let part = if part > 1 { format!(" and the part {part}") } else { String::new() };
        Question::new(&[], format!("the review has no line for it: add one with the row {row}{part}, and yes or no in its column 'take'"))
    }

    /// A row that a person corrected and did not decide.
    pub fn still_asked() -> Question {
        Question::new(&[], "it was corrected, and its column 'take' still says ask: write yes to import it, or no to leave it out")
    }
}
