//! The number of people or things in a text about an act: `expulsion of 60 diplomats`.

use std::sync::LazyLock;

use crate::model::date_words;

use super::acts::{ABOUT, AIMS, FILLERS, OBJECTS, before, kinds, names_kind, without_reason};
use super::amount::{self, MULTIPLES, OTHER_UNITS};
use super::parties::JOINS;
use super::question::Question;
use super::who_acts::{BY, DONE_TO, MEASURES, OF, names_nationals};
use super::words::{Table, Terms, has, terms, words};

/// Whom or what the kinds of a unit count.
static COUNTED: LazyLock<Table> = LazyLock::new(|| Table::all("counted"));

terms! {
    /// People of whom a mission has one: `ambassador`.
    ONE_PERSON = "amounts": "one-person";
    /// Words by which people are meant at whom an act is aimed.
    AT = "acts": "against";
}

/// A word of a text as it is written, and folded.
struct Token {
    written: String,
    words: Vec<String>,
}

impl Token {
    fn is(&self, terms: &Terms) -> bool {
        has(&self.words, terms)
    }

    /// True for a number that is no year.
    fn is_number(&self) -> bool {
        let is_year = |number: u64| self.written.len() == 4 && (1800..2100).contains(&number);
        self.written == "0" || amount::number(&self.written).is_some_and(|number| !is_year(number))
    }

    /// True for a word that is the number 1, and an article as well: `une`.
    fn is_one_in_words(&self) -> bool {
        self.written.starts_with(char::is_alphabetic) && amount::number(&self.written) == Some(1)
    }

    /// True for a word or a sign that adds what follows to what stands before it.
    fn joins(&self) -> bool {
        matches!(self.written.as_str(), "+" | "&" | "plus") || JOINS.iter().any(|term| term.written == self.written.to_lowercase())
    }
}

/// The words of a text, with the groups of thousands of a number together.
fn tokens(text: &str) -> Vec<Token> {
    let mut written: Vec<String> = Vec::new();
    let mut is_grouped = false;
    let is_group =
        |word: &str, digits: std::ops::RangeInclusive<usize>| digits.contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    for word in
        text.split(|c: char| c.is_whitespace() || "()[]{}/:;\"“”„«»".contains(c)).map(|word| word.trim_end_matches([',', '.', '!', '?']))
    {
        match written.last_mut() {
            Some(last) if (is_grouped || is_group(last, 1..=3)) && is_group(word, 3..=3) => {
                last.push_str(word);
                is_grouped = true;
            }
            _ if word.is_empty() => (),
            _ => {
                written.push(word.to_owned());
                is_grouped = false;
            }
        }
    }
    written.into_iter().map(|written| Token { words: words(&written), written }).collect()
}

/// True if a text counts something, and not what a kind counts in this unit: `8 staff` of closures, which count properties.
pub(super) fn counts_other_unit(text: &str, unit: &str) -> bool {
    COUNTED.terms(unit).is_some_and(|own| !has(&words(text), own)) && names_counted(text)
}

/// True if a text names what a kind may count in some unit.
pub(super) fn names_counted(text: &str) -> bool {
    let text = words(text);
    COUNTED.iter().any(|(_, terms)| has(&text, terms))
}

/// True if a word says whom or what a number counts, or what was done to them: `diplomats`, `Russians`, `expelled`.
pub(super) fn says_what_is_counted(word: &str) -> bool {
    let text = words(word);
    names_counted(word)
        || names_nationals(&text)
        || names_kind(&text)
        || [&*OBJECTS, &*DONE_TO, &*MEASURES].iter().any(|terms| has(&text, terms))
}

/// True if a text adds one person to others whom it counts: `4 diplomats + ambassador`, `the ambassador and 3 diplomats`.
pub(super) fn adds_person(text: &str) -> bool {
    let tokens = tokens(text);
    let apart: Vec<&Token> = tokens.iter().filter(|token| !token.is(&FILLERS) || token.joins()).collect();
    let is_joined = |at: usize| apart[at + 1..].iter().take(2).any(|token| token.is(&ONE_PERSON));
    apart.iter().enumerate().any(|(at, token)| token.joins() && is_joined(at))
        || apart.windows(3).any(|three| three[0].is(&ONE_PERSON) && three[1].joins() && three[2].is_number())
}

/// A text about an act of a kind that counts people or things.
struct Text<'t> {
    unit: &'t str,
    /// Whom or what the kind counts.
    objects: &'static Terms,
    tokens: Vec<Token>,
    /// Where the names of kinds end, as numbers of words.
    kind_ends: Vec<usize>,
    /// The number of words before the aim of the act, and before its reason.
    said: usize,
    reason: usize,
}

impl Text<'_> {
    fn new<'t>(text: &str, unit: &'t str) -> Option<Text<'t>> {
        let objects = COUNTED.terms(unit)?;
        let whole = words(text);
        let act = without_reason(&whole);
        // A number beside the name of such a kind does not count it: "23rd sanctions package".
        let kinds = if unit == "measures" { Vec::new() } else { kinds(&whole) };
        let kind_ends = kinds.into_iter().map(|(_, at, words)| at + words).collect();
        Some(Text { unit, objects, tokens: tokens(text), kind_ends, said: before(act, &AIMS).len(), reason: act.len() })
    }

    /// The number of words before a token.
    fn words_before(&self, at: usize) -> usize {
        self.tokens[..at].iter().map(|token| token.words.len()).sum()
    }

    fn before(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at.checked_sub(1)?)
    }

    /// True if a token is the day of a date in words: `5 May`, `March 26`.
    fn is_day(&self, at: usize) -> bool {
        let beside = [self.tokens.get(at + 1), self.before(at)];
        let is_day = |month: &Token| date_words::iso(&format!("{} {} 2000", self.tokens[at].written, month.written)).is_some();
        beside.into_iter().flatten().any(is_day)
    }

    /// True if a number measures something else: `72 hours`, `10 %`.
    fn is_measure(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.is(&OTHER_UNITS) || next.written.starts_with('%'))
    }

    /// True if a number counts what the kind counts.
    fn is_counted(&self, at: usize) -> bool {
        let is_object = |token: &Token| token.is(self.objects) || (self.unit == "persons" && names_nationals(&token.words));
        // "Eine Gruppe von Diplomaten" is not one.
        let is_article = self.tokens[at].is_one_in_words();
        let joins = |token: &Token| [&*ABOUT, &*OF, &*BY].iter().any(|terms| token.is(terms));
        let goes_on = |token: &&Token| !(token.is_number() || (is_article && joins(token)));
        let counts_objects = || self.tokens[at + 1..].iter().take(3).take_while(goes_on).any(is_object);
        if self.words_before(at) >= self.said {
            return self.before(at).is_some_and(|token| token.is(&AT)) && counts_objects();
        }
        let ends_kind = |at: usize| self.kind_ends.contains(&self.words_before(at));
        let next_is_kind = || self.unit != "measures" && self.tokens.get(at + 1).is_some_and(|next| names_kind(&next.words));
        // "Expelled: 60", "expulsion of 24", "staff cut by 755".
        let is_last = at + 1 == self.tokens.len() && ends_kind(at);
        let is_of_kind = || !is_article && self.before(at).is_some_and(|token| token.is(&FILLERS)) && ends_kind(at - 1);
        counts_objects() || next_is_kind() || is_last || is_of_kind()
    }

    /// True if a word beside a number multiplies it, or the number is only a part: `two hundred`, `a hundred and five`.
    fn is_multiple(&self, at: usize) -> bool {
        self.tokens[at.saturating_sub(2)..at].iter().chain(self.tokens.get(at + 1)).any(|token| token.is(&MULTIPLES))
    }

    /// True if a text may give a count of people or things in a form that is not read: `a dozen`, `50%`, `over 100`, `all but 3`.
    fn may_count(&self, numbers: &[usize]) -> bool {
        if self.unit == "measures" {
            return false;
        }
        let said = (0..self.tokens.len()).filter(|at| self.words_before(*at) < self.reason);
        let is_part = |token: &Token| token.is(&MULTIPLES) || (token.written.ends_with('%') && token.written.len() > 1);
        let is_digits = |at: &usize| self.tokens[*at].written.starts_with(|c: char| c.is_ascii_digit());
        numbers.iter().any(is_digits) || said.into_iter().any(|at| is_part(&self.tokens[at]))
    }

    /// The count that a number gives, with the words before it that say how it is meant.
    fn stated(&self, at: usize) -> Option<String> {
        let written: Vec<&str> = self.tokens[at.saturating_sub(4)..=at].iter().map(|token| token.written.as_str()).collect();
        amount::behind(&written)
    }
}

/// The number that a text gives of what its kind counts in this unit. `Err`: what does not allow to tell.
pub(super) fn count(text: &str, unit: &str) -> Result<Option<String>, Question> {
    let Some(of) = Text::new(text, unit) else { return Ok(None) };
    let is_number = |at: &usize| of.tokens[*at].is_number() && of.words_before(*at) < of.reason && !of.is_day(*at);
    let (measures, numbers): (Vec<usize>, Vec<usize>) = (0..of.tokens.len()).filter(is_number).partition(|at| of.is_measure(*at));
    let counted: Vec<usize> = numbers.iter().copied().filter(|at| of.is_counted(*at)).collect();
    let count = match counted[..] {
        [] if !measures.iter().any(|at| of.is_counted(*at)) && !of.may_count(&numbers) => return Ok(None),
        [at] if !of.is_multiple(at) && !adds_person(text) => of.stated(at),
        _ => None,
    };
    // "3 out of 5", but not "between 5 and 10".
    let is_plain = |count: &String| numbers.len() == 1 || (numbers.len() == 2 && count.contains('-'));
    count.filter(is_plain).map(Some).ok_or_else(|| Question::no_plain_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_what_its_kind_counts() {
        for (text, unit, expected) in [
            ("expulsion of 60 diplomats", "persons", Some("60")),
            ("23rd sanctions package 2022", "measures", None),
            ("Expelled about 10 diplomats", "persons", Some("~10")),
            ("Expelled at least 10 diplomats", "persons", Some("10+")),
            ("10+ diplomats expelled", "persons", Some("10+")),
            ("Expelled more than 10 diplomats", "persons", Some("11+")),
            ("Expelled 20-30 diplomats", "persons", Some("20-30")),
            ("Expelled between 5 and 10 diplomats", "persons", Some("5-10")),
            ("Expelled one diplomat", "persons", Some("1")),
            ("vier Diplomaten ausgewiesen", "persons", Some("4")),
            ("quatre diplomates expulsés", "persons", Some("4")),
            ("expulsion d'un diplomate", "persons", Some("1")),
            ("doce diplomáticos expulsados", "persons", Some("12")),
            ("высланы двенадцать дипломатов", "persons", Some("12")),
            ("Expelled twenty-five diplomats", "persons", Some("25")),
            ("Einreiseverbot für 12 Personen", "persons", Some("12")),
            ("Einreiseverbot gegen 12 Personen", "persons", Some("12")),
            ("Closure of 2 consulates", "properties", Some("2")),
            ("Schließung von 2 Konsulaten", "properties", Some("2")),
            ("Expulsion of 1,000 Iranians", "persons", Some("1000")),
            ("Expulsion of 1 000 diplomats", "persons", Some("1000")),
            ("60 expelled", "persons", Some("60")),
            ("Expelled: 60", "persons", Some("60")),
            ("expelled in 2018", "persons", None),
            ("expulsion, 5 May 2022", "persons", None),
            ("On 26 March Russian diplomats were expelled", "persons", None),
            ("March 26: Russian diplomats expelled", "persons", None),
            ("26 March 2018: 60 diplomats expelled", "persons", Some("60")),
            ("Tariff 25% on 818 goods", "measures", None),
            ("Asset freeze (15 persons)", "measures", None),
            ("Visa ban on 12 officials", "measures", None),
            ("expulsion in retaliation for 3 expelled diplomats", "persons", None),
        ] {
            assert_eq!(count(text, unit), Ok(expected.map(str::to_owned)), "{text}");
        }
        for text in [
            "Expelled 4 of 10 diplomats",
            "Expelled up to 10 diplomats",
            "less than 10 diplomats expelled",
            "bis zu zehn Diplomaten ausgewiesen",
            "moins de 10 diplomates expulsés",
            "menos de 10 diplomáticos expulsados",
            "высланы до 10 дипломатов",
            "Expelled half of the 40 diplomats",
            "Expelled 2 diplomats and 3 staff",
            "Expelled 5 or 6 diplomats",
        ] {
            assert!(count(text, "persons").is_err(), "{text}: {:?}", count(text, "persons"));
        }
    }
}
