//! What an act is by the words of a cell or a title: its kind, its stage, and what is not plainly said.

use std::sync::LazyLock;

use crate::model::{date_words, name};

use super::amount;
use super::parties::JOINS;
use super::who_acts::{HELPERS, MEASURES, names_nationals};
use super::words::{Table, Terms, has, has_number, heading, is_no_answer, is_yes_or_no, terms, without, words};

/// A kind whose words may stand beside those of the other, and then is meant: an airspace is closed, and a closed consulate reopened.
const SPECIFIC: [(&str, &str); 5] = [
    ("airspace-closure", "closure"),
    ("border-closure", "closure"),
    ("reopening", "closure"),
    ("release", "detention"),
    ("reinstatement", "expulsion"),
];

/// Kinds that end by an easing.
const EASED: [&str; 8] =
    ["sanction", "tariff", "embargo", "asset-freeze", "travel-ban", "visa-restriction", "airspace-closure", "media-restriction"];

/// Kinds that answer other acts, so that a text of one of them names what became of another: `protest against the lifted sanctions`.
const ABOUT_OTHERS: [&str; 6] = ["accusation", "apology", "demand", "protest", "refusal", "summons"];

/// The maximum number of words of a remark that is asked for a single word in it. A longer one may speak of something else.
pub(super) const MAX_REMARK: usize = 12;

/// The shipped kinds by the words for them.
static KINDS: LazyLock<Table> = LazyLock::new(|| Table::all("kinds"));
/// The stages by the words for them.
static STAGES: LazyLock<Table> = LazyLock::new(|| Table::all("stages"));

terms! {
    /// What Russian declares people to be with the word that elsewhere announces: then it is done.
    UNWELCOME = "acts": "unwelcome";
    DECLARED = "acts": "declared";
    /// Words that take back what they stand with.
    REVERSALS = "acts": "reversal";
    /// Words that say that it did not happen.
    NEGATIONS = "acts": "negation";
    /// Words by which it may have happened, or not, or not now.
    OPEN = "acts": "open";
    /// Words after which the reason of the act follows.
    REASONS = "acts": "reason";
    /// Words after which it follows against whom or what an act is.
    AIMS = "acts": "aim";
    /// Verbs by which an act is meant that is still to be done: `to expel`.
    INFINITIVES = "acts": "infinitive";
    /// What says that a row is wrong, or that nobody confirms it.
    DOUBTED = "acts": "doubted";
    /// Words before a number that replaces another: `actually 3`.
    CORRECTED = "acts": "corrected";
    /// Those who leave with the people whom an act concerns, and are no act of their own.
    FAMILY = "acts": "family";
    /// Verbs by which an act is only threatened.
    THREATENS = "acts": "threatens";
    /// Whom or what an act concerns.
    OBJECTS = "acts": "object";
    /// Words that join others.
    FILLERS = "acts": "filler";
    /// Words for acts that only have to do with the act of a row.
    OTHER_ACTS = "acts": "other-act";
    /// What an act may be a part of, or what it is ordered with, as in `wave of expulsions`. A text that begins with another noun is about an act.
    HEADS = "acts": "head";
    /// Words between a noun and the act that it is about.
    ABOUT = "acts": "about";
    /// Words between a time and the act before or after which it is.
    OTHER_TIMES = "acts": "other-time";
    /// Words by which an act was prolonged, put off, suspended, stopped or annulled.
    CHANGED = "acts": "changed";
    /// What may stand beside words that say of what stage an act is, or whether it was done at all: `announced only`, `not implemented`.
    BESIDE_STATUS = "acts": "beside-status";
}

/// What a text says of an act.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Act {
    pub kind: &'static str,
    /// Its stage, if the text says that it is not done yet.
    pub stage: Option<&'static str>,
    /// True if the text says more than this and numbers.
    pub says_more: bool,
}

/// Why a text that names a kind does not plainly say that it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It may say that the act was not done.
    WasNotDone,
    /// It may say that an act of this kind was taken back.
    WasReversed(&'static str),
    /// It may have been done, or not, or not now.
    WasDone,
    /// It is about an act of this kind, and may not say that it was done.
    IsAbout(&'static str),
    /// It names several kinds.
    NamesSeveral(Vec<&'static str>),
}

/// The act that a text names; `None`: it names none. `Err`: what does not allow to tell.
pub(super) fn read(text: &str) -> Result<Option<Act>, Doubt> {
    let whole = without_months(words(text));
    let act = without_reason(&whole);
    let said = before(act, &AIMS);
    let found = kinds(said);
    let mut names: Vec<&'static str> = found.iter().map(|(kind, ..)| *kind).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !SPECIFIC.iter().any(|(specific, general)| general == name && found.iter().any(|(kind, ..)| kind == specific)));
    let rest = others(said, &found);
    let stages = stages(said);
    let is_reversal = has(&rest, &REVERSALS);
    let kind = match names[..] {
        [] => return Ok(None),
        _ if denies(&rest) || is_denied(said, &found) => return Err(Doubt::WasNotDone),
        [kind] if EASED.contains(&kind) && is_reversal => "easing",
        ["reopening" | "release" | "reinstatement"] => names[0],
        [kind] if is_reversal => return Err(Doubt::WasReversed(kind)),
        [kind] => kind,
        _ => return Err(Doubt::NamesSeveral(names)),
    };
    if has(&rest, &OPEN) || (has(said, &INFINITIVES) && stages.is_empty()) || stages.len() > 1 {
        return Err(Doubt::WasDone);
    }
    if let Some(doubt) = what_became(&act[said.len()..], &whole[act.len()..], kind) {
        return Err(doubt);
    }
    let said_more = |word: &String| !has(std::slice::from_ref(word), &FILLERS) && !has(std::slice::from_ref(word), &OBJECTS);
    let is_stage = |word: &String| STAGES.iter().any(|(_, terms)| has(std::slice::from_ref(word), terms));
    let more = rest.iter().any(|word| said_more(word) && !is_stage(word) && amount::number(word).is_none());
    let says_more = (more && kind != "easing") || said.len() < whole.len();
    Ok(Some(Act { kind, stage: stages.first().copied().filter(|stage| *stage != "done"), says_more }))
}

/// What the words of the aim or of the reason of an act say of what became of it: `sanctions against Russia lifted`. Of a reason only the last
/// word does so.
fn what_became(aim: &[String], reason: &[String], kind: &'static str) -> Option<Doubt> {
    if ABOUT_OTHERS.contains(&kind) {
        return None;
    }
    let other = kinds(aim).into_iter().filter(|(kind, ..)| *kind != "suspension").map(|(_, at, length)| at + length).max();
    let of_act = &aim[other.unwrap_or(0)..];
    let last = reason.iter().rfind(|word| !word.bytes().all(|b| b.is_ascii_digit())).map_or(&[][..], std::slice::from_ref);
    let says = |terms: &Terms| has(of_act, terms) || has(last, terms);
    if says(&REVERSALS) {
        Some(Doubt::WasReversed(kind))
    } else if denies(of_act) {
        Some(Doubt::WasNotDone)
    } else if says(&CHANGED) || is_not_done_yet(of_act) || names_kind(of_act) {
        Some(Doubt::WasDone)
    } else {
        None
    }
}

/// True if these words name a stage before an act is done.
fn is_not_done_yet(text: &[String]) -> bool {
    STAGES.iter().any(|(stage, terms)| *stage != "done" && has(text, terms))
}

/// True if these words deny something.
fn denies(text: &[String]) -> bool {
    has(&without_numbers(text), &NEGATIONS)
}

/// True if one of these kinds is denied by a prefix: `non-expulsion`.
fn is_denied(text: &[String], found: &[(&str, usize, usize)]) -> bool {
    const PREFIXES: [&str; 4] = ["non", "anti", "un", "self"];
    found.iter().any(|(_, at, _)| at.checked_sub(1).is_some_and(|before| PREFIXES.contains(&text[before].as_str())))
}

/// The stages that the words of an act name.
fn stages(said: &[String]) -> Vec<&'static str> {
    let said = if has(said, &UNWELCOME) { without(said, &DECLARED) } else { said.to_vec() };
    STAGES.iter().filter(|(_, terms)| has(&said, terms)).map(|(stage, _)| *stage).collect()
}

/// The kind that a text names, if it says nothing else.
pub(in crate::read) fn plainly(text: &str) -> Option<&'static str> {
    let act =
        read(text).ok().flatten().filter(|act| !act.says_more && !is_about(text) && !has_number(text) && !is_misspelt(text, act.kind))?;
    act.stage.is_none().then_some(act.kind)
}

/// True for a text that seems to be the misspelt name of this kind.
pub(super) fn is_misspelt(text: &str, kind: &str) -> bool {
    let text = name::fold(text);
    !text.starts_with(kind) && !name::nearest(&text, [kind]).is_empty()
}

/// The kinds that a text names, whatever it says of them.
pub(super) fn named(text: &str) -> Vec<&'static str> {
    let mut named: Vec<&'static str> = kinds(&words(text)).into_iter().map(|(kind, ..)| kind).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// True if a text is about an act, and may not say that it was done: `apology for expulsion`.
pub(super) fn is_about(text: &str) -> bool {
    are_about(&words(text))
}

fn are_about(text: &[String]) -> bool {
    let Some(at) = kinds(text).iter().map(|(_, at, _)| *at).min() else { return false };
    let is = |word: &String, terms: &Terms| has(std::slice::from_ref(word), terms);
    let noun = text[..at].iter().rposition(|word| ![&*ABOUT, &*FILLERS, &*OBJECTS].iter().any(|terms| is(word, terms)));
    let is_known = |word: &String| {
        let is_stage = STAGES.iter().any(|(_, terms)| is(word, terms));
        let is_act = [&*REVERSALS, &*HEADS, &*OBJECTS, &*MEASURES].iter().any(|terms| is(word, terms));
        is_stage || is_act || word.bytes().all(|b| b.is_ascii_digit())
    };
    noun.is_some_and(|noun| text[noun + 1..at].iter().any(|word| is(word, &ABOUT)) && !is_known(&text[noun]))
}

/// True if a text is about something before or after acts of a kind: `Remaining diplomats after the expulsions`.
fn is_of_other_time(text: &[String]) -> bool {
    let Some(at) = kinds(text).iter().map(|(_, at, _)| *at).min() else { return false };
    let is_apart = |word: &String| {
        [&*FILLERS, &*ABOUT].iter().all(|terms| !has(std::slice::from_ref(word), terms)) && !names_nationals(std::slice::from_ref(word))
    };
    let begin = text[..at].iter().rposition(is_apart).map_or(0, |last| last + 1);
    let ends_here = |terms: &Terms| terms.places(&text[..at]).any(|(first, length, _)| first + length >= begin);
    [&*REASONS, &*OTHER_TIMES].iter().any(|terms| ends_here(terms))
}

/// The act that a title or a heading gives to all rows below it; `Err`: why it may not be meant so.
pub(super) fn of_all(text: &str) -> Result<Option<Act>, Doubt> {
    match read(text)? {
        // "La France a expulsé".
        Some(act) if are_about(&without(&words(text), &HELPERS)) || is_of_other_time(&words(text)) => Err(Doubt::IsAbout(act.kind)),
        act => Ok(act),
    }
}

/// The words without the name of a month that is a verb elsewhere: `5 May`.
fn without_months(mut text: Vec<String>) -> Vec<String> {
    let is_number = |word: Option<&String>| word.is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let is_month = |text: &[String], at: usize| {
        let (before, next) = (at.checked_sub(1).and_then(|at| text.get(at)), text.get(at + 1));
        let is_dated =
            is_number(before) || before.is_some_and(|word| ["in", "on", "of", "since", "early", "late", "mid"].contains(&word.as_str()));
        text[at] == "may" && (is_number(next) || (is_dated && next.is_none_or(|next| kinds(std::slice::from_ref(next)).is_empty())))
    };
    if let Some(at) = (0..text.len()).find(|at| is_month(&text, *at)) {
        text.remove(at);
    }
    text
}

/// The kind that a text names plainly, as something that was done.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    read(text).ok().flatten().map(|act| act.kind)
}

/// True if a heading may say that the acts below it were not done, or are not those of their rows: `Measure avoided`, `Previous measure`.
pub(super) fn is_of_other_acts(heading: &str) -> bool {
    let rest = without_numbers(&without_kinds(&words(heading)));
    [&NEGATIONS, &REVERSALS, &OPEN, &OTHER_ACTS].iter().any(|terms| has(&rest, terms))
}

/// True if a text is about an act that answers others, and names these: `protest against the expulsion of Russian diplomats`.
pub(super) fn answers_named_acts(text: &[String]) -> bool {
    let found = kinds(text);
    let first = found.iter().min_by_key(|(_, at, _)| *at);
    found.len() > 1 && first.is_some_and(|(kind, ..)| ABOUT_OTHERS.contains(kind))
}

/// True if a text has a word for a kind.
pub(super) fn names_kind(text: &[String]) -> bool {
    !kinds(text).is_empty()
}

/// A text without the words for kinds.
pub(super) fn without_kinds(text: &[String]) -> Vec<String> {
    others(text, &kinds(text))
}

/// The stage that a text names, if it names one and does not deny it. It says that an act is done only if it says nothing else: `half done`
/// and `to be done` say otherwise.
pub(super) fn stage(text: &str) -> Option<&'static str> {
    let named: Vec<&(&'static str, Terms)> = STAGES.iter().filter(|(_, terms)| has(&words(text), terms)).collect();
    let [(stage, terms)] = named[..] else { return None };
    let said = words(text);
    let is_done_alone = || {
        let rest = [terms, &*FILLERS, &*ABOUT, &*BESIDE_STATUS].into_iter().fold(said.clone(), |rest, terms| without(&rest, terms));
        let is_number = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
        !text.contains('?') && (rest.iter().all(is_number) || date_words::iso(&rest.join(" ")).is_some())
    };
    let is_plain = !denies(&said) && !has(&said, &REVERSALS) && (*stage != "done" || is_done_alone());
    is_plain.then_some(*stage)
}

/// True for a text that says only of what stage an act is, or whether it was done at all: `planned`, `withdrawn`, `not implemented`.
pub(super) fn is_status(text: &str) -> bool {
    let said = words(text);
    // What is denied comes before the stages, so that "non exécuté" is not taken apart.
    let of_status = || [&*NEGATIONS, &*REVERSALS, &*OPEN].into_iter().chain(STAGES.iter().map(|(_, terms)| terms));
    let rest = of_status().chain([&*FILLERS, &*BESIDE_STATUS]).fold(said.clone(), |rest, terms| without(&rest, terms));
    // "Announced, as of 10.5."
    let is_date = |word: &String| word.bytes().all(|b| b.is_ascii_digit());
    let begins_with_number = text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    !begins_with_number
        && rest.iter().all(is_date)
        && of_status().any(|terms| has(&said, terms))
        && !is_no_answer(text)
        && !is_yes_or_no(text)
}

/// True for a text that says only that an act was not done, or not yet, or not for good.
pub(super) fn may_be_undone(text: &str) -> bool {
    is_status(text) && stage(text) != Some("done")
}

/// True if a text, whatever else it says, has words by which an act was not done, or not yet, or not for good.
pub(super) fn leaves_open(text: &str) -> bool {
    may_leave_open(words(text))
}

fn may_leave_open(text: Vec<String>) -> bool {
    let is_not_done = is_not_done_yet(&text);
    let rest = without_numbers(&without_kinds(&without_months(text)));
    is_not_done || [&NEGATIONS, &REVERSALS, &OPEN, &CHANGED].iter().any(|terms| has(&rest, terms))
}

/// True if a title may say that the acts below it were not done, or are not real, whatever their rows say: `Lifted sanctions`, `Draft list`.
pub(super) fn title_leaves_open(title: &str) -> bool {
    let mut in_brackets = title.split('(').skip(1).map(|rest| words(rest.split(')').next().unwrap_or_default()));
    let title = words(title);
    has(&title, &DOUBTED) || may_leave_open(without_reason(&title).to_vec()) || in_brackets.any(may_leave_open)
}

/// True if a short remark has words by which the act of its row was only threatened or planned, taken back, stopped or put off: `vetoed by president`.
pub(super) fn remark_leaves_open(remark: &str) -> bool {
    let remark = words(remark);
    let end = REASONS.places(&remark).map(|(at, ..)| at).min().unwrap_or(remark.len());
    // "Moscow threatens to respond" speaks of the other side.
    let is_threatened = has(&remark[..end], &THREATENS) && !heading(&remark.join(" ")).1;
    remark.len() <= MAX_REMARK && (has(&remark, &CHANGED) || is_threatened)
}

/// True if a remark may say that its row is wrong, or that nobody confirms it: `not confirmed by Moscow`, `error, delete`.
pub(super) fn is_doubted(remark: &str) -> bool {
    let remark = words(remark);
    remark.len() <= MAX_REMARK && has(&remark, &DOUBTED)
}

/// True if a remark may give another count than the cell of the count: `actually 3`, `with their families`.
pub(super) fn corrects_count(remark: &str) -> bool {
    let remark = words(remark);
    let has_others = remark.len() <= MAX_REMARK && has(&remark, &FAMILY);
    has_others
        || CORRECTED.places(&remark).any(|(at, length, _)| remark.get(at + length).is_some_and(|next| amount::number(next).is_some()))
}

/// True if a heading says that its numbers replace others: `Revised`.
pub(super) fn is_corrected(heading: &str) -> bool {
    has(&words(heading), &CORRECTED)
}

/// A number of something else, and the kind that the text names behind it: `23` and the closure of `23, closed the consulate`. `None`: it has
/// another form.
pub(super) fn kind_beside_number(text: &str) -> Option<(&str, &'static str)> {
    const APART: [&str; 7] = [", ", ";", "\n", " + ", " & ", " / ", " plus "];
    let joins = JOINS.iter().map(|term| format!(" {} ", term.written));
    let separators = APART.into_iter().map(str::to_owned).chain(joins);
    let parts = separators.filter_map(|separator| text.split_once(separator.as_str()));
    let counts = |first: &str| !amount::read(first).count.is_empty() && !names_kind(&words(first));
    parts.filter(|(first, _)| counts(first)).find_map(|(first, rest)| Some((first, *named(rest).first()?)))
}

/// The words of the act itself, without its reason.
pub(super) fn without_reason(text: &[String]) -> &[String] {
    before(text, &REASONS)
}

/// The words before the first of these terms that follows the name of a kind.
pub(super) fn before<'t>(text: &'t [String], terms: &Terms) -> &'t [String] {
    let begins = terms.places(text).map(|(at, ..)| at);
    let first = begins.filter(|at| !kinds(&text[..*at]).is_empty()).min();
    &text[..first.unwrap_or(text.len())]
}

/// The kinds that a text names, each with its place. Of overlapping terms the longest counts.
pub(super) fn kinds(text: &[String]) -> Vec<(&'static str, usize, usize)> {
    let places = KINDS.iter().flat_map(|(kind, terms)| terms.places(text).map(move |place| (*kind, place)));
    let mut all: Vec<_> = places.map(|(kind, (at, words, length))| (length, kind, at, words)).collect();
    all.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    let mut found: Vec<(&'static str, usize, usize)> = Vec::new();
    for (_, kind, at, words) in all {
        if found.iter().all(|(_, other, length)| at + words <= *other || other + length <= at) {
            found.push((kind, at, words));
        }
    }
    found
}

/// The words that are not part of the name of a kind.
fn others(text: &[String], found: &[(&str, usize, usize)]) -> Vec<String> {
    let is_apart = |at: usize| found.iter().all(|(_, first, length)| at < *first || first + length <= at);
    text.iter().enumerate().filter(|(at, _)| is_apart(*at)).map(|(_, word)| word.clone()).collect()
}

/// The words without those that say "number 5", or "number of".
fn without_numbers(text: &[String]) -> Vec<String> {
    let is_counted = |next: &String| next == "of" || next.starts_with(|c: char| c.is_ascii_digit());
    let is_number = |at: usize| text[at] == "no" && text.get(at + 1).is_some_and(is_counted);
    (0..text.len()).filter(|at| !is_number(*at)).map(|at| text[at].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_done_has_a_kind() {
        for (text, kind, stage) in [
            ("Ausweisung von Diplomaten", "expulsion", None),
            ("expulsion of 60 diplomats", "expulsion", None),
            ("declared persona non grata", "expulsion", None),
            ("lifting of sanctions", "easing", None),
            ("travel ban lifted", "easing", None),
            ("Sanktionen aufgehoben", "easing", None),
            ("levée des sanctions", "easing", None),
            ("levantamiento de sanciones", "easing", None),
            ("снятие санкций", "easing", None),
            ("closed consulate reopened", "reopening", None),
            ("release of detained officers", "release", None),
            ("threat of expulsion", "expulsion", Some("threatened")),
            ("Ausweisung angedroht", "expulsion", Some("threatened")),
            ("menace d'expulsion", "expulsion", Some("threatened")),
            ("amenaza de expulsión", "expulsion", Some("threatened")),
            ("Drohung mit Ausweisung", "expulsion", Some("threatened")),
            ("expulsion menacée", "expulsion", Some("threatened")),
            ("expulsión amenazada", "expulsion", Some("threatened")),
            ("угроза высылки", "expulsion", Some("threatened")),
            ("announces expulsion", "expulsion", Some("announced")),
            ("planned closure", "closure", Some("announced")),
            ("closure of consulate in retaliation for expulsion", "closure", None),
            ("protest against the expulsion", "protest", None),
            ("airspace closed", "airspace-closure", None),
            ("Travel ban", "travel-ban", None),
            ("объявлены персонами нон грата 4 дипломата", "expulsion", None),
            ("4 дипломата объявлены персонами нон грата", "expulsion", None),
            ("объявлена высылка 4 дипломатов", "expulsion", Some("announced")),
        ] {
            let act = read(text).unwrap().unwrap();
            assert_eq!((act.kind, act.stage), (kind, stage), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_asked() {
        for text in [
            "no expulsion",
            "Countries that did not expel Russian diplomats",
            "keine Ausweisung",
            "pas d'expulsion",
            "sin expulsión",
            "без высылки",
            "reversal of expulsion",
            "expulsion order withdrawn",
            "return of expelled diplomats",
            "Ausweisung zurückgenommen",
            "annulation de l'expulsion ; retrait",
            "expulsión anulada",
            "отмена высылки",
            "expulsion; closure",
            "expulsion of 60 diplomats and closure of consulate",
            "Ausweisung und Schließung",
            "expulsion (suspended)",
            "expulsion postponed",
            "possible sanctions",
            "sanctions extended",
            "Sanktionen verlängert",
        ] {
            assert!(read(text).is_err(), "{text}: {:?}", read(text));
        }
        assert_eq!(read("hello"), Ok(None));
    }
}
