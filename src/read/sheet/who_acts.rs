//! Who does something to whom, by the words of a title, a heading or a name: `Diplomats expelled by Russia`.

use std::sync::LazyLock;

use crate::error::Result;
use crate::model::name::fold;

use super::acts::{OBJECTS, answers_named_acts, before, names_kind, without_reason};
use super::parties::Known;
use super::words::{PREMISES, Table, Terms, has, heading, terms, words};

/// The parties that a text names, by what they do in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub actors: Vec<String>,
    pub targets: Vec<String>,
    /// Parties whose role the text does not give.
    pub others: Vec<String>,
    /// Those of them from which somebody or something is expelled: `Expulsions from Russia`.
    pub from: Vec<String>,
    /// The parties that may be on either side, because the text does not say on which: `EU diplomats expelled: Russia`.
    pub unclear: Vec<String>,
}

terms! {
    /// Words before the party that acts.
    BY = "sides": "by";
    /// Words before the party at which an act is aimed.
    AGAINST = "sides": "against";
    /// Words before a place from which people have to leave, or come.
    FROM = "sides": "from";
    /// Participles after which, or before which, such a place expels.
    EXPELLED = "sides": "expelled";
    /// Verbs that say that the party before them expels, and words that may stand between the two: `Germany has expelled`.
    EXPELS = "sides": "expels";
    HELPERS = "sides": "helper";
    /// Participles that say what was done to the people whom they stand beside: `Russians expelled`.
    DONE_TO = "sides": "done-to";
    /// Words for acts of any kind.
    MEASURES = "sides": "measure";
    /// Words for people of countries that are not named.
    FOREIGN = "sides": "foreign";
    /// Words by which a text says who made a list, and not who acts.
    MADE = "sides": "made";
    ARTICLES = "sides": "article";
    AND = "sides": "and";
    /// Words that say that a party is not meant.
    NOT = "sides": "not";
    /// Words by which a text names a group of parties: `EU members`.
    GROUPS = "sides": "group";
    /// Words for a war or a crisis. A party before them gives it its name, and one behind them suffers it: `Russia's war on Ukraine`.
    WARS = "sides": "war";
    /// Words before what an act is about, if they do not stand before the act.
    OVER = "sides": "over";
    /// Words between a part and its whole.
    OF = "sides": "of";
}

/// The words for countries' nationals, and those cases of Russian names that say whose something is: `Ответ России`.
static NATIONALS: LazyLock<Table> = LazyLock::new(|| Table::all("nationals"));

/// The names of two letters that people use in texts.
const SHORT: [&str; 7] = ["US", "UK", "EU", "UE", "UN", "РФ", "ЕС"];
/// Those of three letters that are read in a text without small letters.
const CAPITALS: [&str; 9] = ["USA", "UAE", "GDR", "FRG", "DDR", "BRD", "PRC", "ROK", "DRC"];

/// A party in a text: the place and number of its words.
struct Mention {
    code: String,
    at: usize,
    length: usize,
    /// True if its name has the case of whoever does something: `Россией`.
    is_doer: bool,
}

impl Mention {
    fn new(code: impl Into<String>, at: usize, length: usize) -> Mention {
        Mention { code: code.into(), at, length, is_doer: false }
    }
}

/// True for a name that may be one in a text. Words of two letters are codes, and those of three too unless they are written in capitals.
pub(super) fn may_be_name(name: &str, is_in_capitals: bool) -> bool {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).count();
    match letters {
        0..=2 => SHORT.contains(&name),
        3 if is_in_capitals => CAPITALS.contains(&name),
        3 => name.chars().all(char::is_uppercase),
        _ => true,
    }
}

/// The words of a text without the names of parties.
pub(super) fn without_parties(text: &str, known: &mut Known<'_>) -> Result<Vec<String>> {
    let (written, folded) = split(text);
    let found = mentions(&written, &folded, !text.contains(char::is_lowercase), known)?;
    let is_apart = |at: usize| found.iter().all(|mention| at < mention.at || mention.at + mention.length <= at);
    Ok((0..folded.len()).filter(|at| is_apart(*at)).map(|at| folded[at].clone()).collect())
}

/// The words of a text, as they are written and folded.
fn split(text: &str) -> (Vec<&str>, Vec<String>) {
    text.split(|c: char| !c.is_alphanumeric()).map(|word| (word, fold(word))).filter(|(_, folded)| !folded.is_empty()).unzip()
}

/// The party whose people a cell names by an adjective, and nothing else: `Russian`.
pub(super) fn national(text: &str) -> Option<&'static str> {
    let text = words(text);
    NATIONALS.iter().find(|(_, terms)| terms.are_whole(&text)).map(|(code, _)| *code)
}

/// True if one of these words is one for the people of a country.
pub(super) fn names_nationals(text: &[String]) -> bool {
    NATIONALS.iter().any(|(_, terms)| has(text, terms))
}

/// True if a text names a party, among other things.
pub(super) fn names_party(text: &str, known: &mut Known<'_>) -> Result<bool> {
    Ok(without_parties(text, known)?.len() < words(text).len())
}

/// True if a text has words that say who acts or against whom, whether or not it names a party that is known: `Measures by Western states`.
pub(super) fn says_side(text: &str) -> bool {
    let text = words(text);
    [&BY, &AGAINST, &FOREIGN].iter().any(|terms| has(&text, terms)) && (names_kind(&text) || has(&text, &OBJECTS) || has(&text, &MEASURES))
}

/// True if a text begins with what was done, and by whom: `expelled by Russia`.
pub(super) fn begins_with_doer(text: &str) -> bool {
    let text = words(text);
    let is_by = |word: &String| has(std::slice::from_ref(word), &BY);
    text.get(1).is_some_and(is_by) && (names_kind(&text[..1]) || has(&text[..1], &DONE_TO))
}

/// True if a text only says to which group the parties of its rows belong, and not who acts or against whom: `EU members`, `Non-EU`.
pub(super) fn names_group(text: &str) -> bool {
    let text = words(text);
    let says_side = [&BY, &AGAINST, &FROM, &EXPELS, &DONE_TO].iter().any(|terms| has(&text, terms)) || names_kind(&text);
    !says_side && (has(&text, &GROUPS) || has(&text[..text.len().min(1)], &NOT))
}

/// What a text says of parties. Only the parts that name an act or people count, unless `all` do.
pub(super) fn sides(text: &str, all: bool, known: &mut Known<'_>) -> Result<Sides> {
    let text = text.replace("U.S.A.", "USA").replace("U.S.", "US").replace("U.K.", "UK").replace("E.U.", "EU");
    let is_in_capitals = !text.contains(char::is_lowercase);
    let mut sides = Sides::default();
    let outside: String =
        text.split('(').enumerate().map(|(n, part)| if n == 0 { part } else { part.split_once(')').map_or("", |p| p.1) }).collect();
    for part in outside.replace(" - ", ";").replace(". ", ";").split([';', ':', '\n', '|', '–', '—']) {
        let (written, folded) = split(part);
        let said = without_cause(&folded).len();
        let (written, folded) = (&written[..said], &folded[..said]);
        if answers_named_acts(folded) {
            continue;
        }
        let found = mentions(written, folded, is_in_capitals, known)?;
        if !(all || names_kind(folded) || has(folded, &OBJECTS) || has(folded, &MEASURES) || heading(part).1) {
            // A party alone: "EU diplomats expelled: Russia".
            if found.iter().map(|mention| mention.length).sum::<usize>() == folded.len() {
                sides.unclear.extend(found.into_iter().map(|mention| mention.code));
            }
            continue;
        }
        // "Iran, Russia and China": what follows a party is on its side, if nothing else says where.
        let mut last = (usize::MAX, Side::Other);
        for mention in found {
            let own = side(folded, &mention);
            let is_next = |from: usize| {
                from <= mention.at
                    && folded[from..mention.at]
                        .iter()
                        .all(|word| has(std::slice::from_ref(word), &AND) || has(std::slice::from_ref(word), &ARTICLES))
            };
            let side = if matches!(own, Side::Other) && is_next(last.0) { last.1 } else { own };
            last = (mention.at + mention.length, side);
            if matches!(side, Side::From) && !sides.from.contains(&mention.code) {
                sides.from.push(mention.code.clone());
            }
            if matches!(side, Side::Other) && !sides.unclear.contains(&mention.code) {
                sides.unclear.push(mention.code.clone());
            }
            let of_side = match side {
                Side::Actor => &mut sides.actors,
                Side::Target => &mut sides.targets,
                Side::Other | Side::From | Side::Neither => &mut sides.others,
            };
            if !of_side.contains(&mention.code) {
                of_side.push(mention.code);
            }
        }
    }
    // "EU sanctions against Russia": where one side is plain, another party before the act is the other.
    if let ([_, ..], [], [other]) = (&sides.targets[..], &sides.actors[..], &sides.others[..])
        && !sides.targets.contains(other)
        && words(&outside).first().is_some_and(|first| !has(std::slice::from_ref(first), &BY))
        && begins_with(&outside, other, known)?
    {
        sides.actors = std::mem::take(&mut sides.others);
        sides.unclear.clear();
    }
    let named: Vec<&String> = sides.actors.iter().chain(&sides.targets).collect();
    sides.unclear.retain(|code| !named.contains(&code));
    Ok(sides)
}

/// The words of the act itself, without its reason: `sanctions on Russia` of `sanctions on Russia over Ukraine`.
fn without_cause(text: &[String]) -> &[String] {
    before(without_reason(text), &OVER)
}

/// True if a text begins with the name of this party.
fn begins_with(text: &str, code: &str, known: &mut Known<'_>) -> Result<bool> {
    let written: Vec<&str> = text.split_whitespace().collect();
    for length in 1..=written.len().min(3) {
        if known.party(&written[..length].join(" "))?.as_deref() == Some(code) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn mentions(written: &[&str], folded: &[String], is_in_capitals: bool, known: &mut Known<'_>) -> Result<Vec<Mention>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < written.len() {
        let starts = |terms: &Terms| terms.places(&folded[at..]).find(|(place, ..)| *place == 0).map(|(_, length, _)| length);
        let national = NATIONALS.iter().find_map(|(code, terms)| Some((code, starts(terms)?)));
        let mut here = national.map(|(code, length)| Mention::new(*code, at, length));
        let begins = written[at].starts_with(char::is_uppercase);
        for length in (1..=4.min(written.len() - at)).rev() {
            let name = written[at..at + length].join(" ");
            let is_name = if length == 1 { may_be_name(&name, is_in_capitals) } else { begins };
            if here.is_none()
                && is_name
                && let Some(code) = known.party(&name)?
            {
                here = Some(Mention::new(code, at, length));
            }
        }
        if here.is_none() && begins {
            here = known.party(without_genitive(written[at]))?.map(|code| Mention::new(code, at, 1));
        }
        if here.is_none() && begins {
            for name in before_instrumental(written[at]) {
                if here.is_none()
                    && let Some(code) = known.party(&name)?
                {
                    here = Some(Mention { is_doer: true, ..Mention::new(code, at, 1) });
                }
            }
        }
        at += here.as_ref().map_or(1, |mention| mention.length);
        found.extend(here);
    }
    Ok(found)
}

/// The name of a country without the ending of the German genitive, `Russlands`; empty for another word. Names of several countries have the
/// same ending in English.
fn without_genitive(word: &str) -> &str {
    let is_plural = ["Americas", "Koreas", "Congos", "Guineas"].contains(&word);
    word.strip_suffix('s').filter(|name| name.len() > 3 && !is_plural).unwrap_or_default()
}

/// The names that a Russian word may have without the ending of the instrumental: `Россия` for `Россией`.
fn before_instrumental(word: &str) -> Vec<String> {
    const ENDINGS: [(&str, &str); 8] =
        [("ией", "ия"), ("ей", "я"), ("ей", "ь"), ("ой", "а"), ("ем", "й"), ("ом", ""), ("ом", "о"), ("ью", "ь")];
    ENDINGS.iter().filter_map(|(ending, other)| Some(format!("{}{other}", word.strip_suffix(ending)?))).collect()
}

/// What a party does in a text.
#[derive(Clone, Copy)]
enum Side {
    Actor,
    Target,
    Other,
    /// It is where people are expelled, and the text does not say whether it expels them: `Expulsions from Russia`.
    From,
    /// It is named for another purpose: as the group whose members act, as a party that is not meant, or as the name of a war.
    Neither,
}

/// What a mentioned party does.
fn side(text: &[String], mention: &Mention) -> Side {
    let is = |word: Option<&String>, terms: &Terms| word.is_some_and(|word| has(std::slice::from_ref(word), terms));
    let is_kind = |word: Option<&String>| word.is_some_and(|word| names_kind(std::slice::from_ref(word)));
    let is_reply = |word: Option<&String>| word.is_some_and(|word| heading(word).1);
    let is_national = |word: &String| names_nationals(std::slice::from_ref(word));
    // "Russian and Belarusian diplomats": what follows the last follows each.
    let mut end = mention.at + mention.length;
    while text.get(end).is_some_and(|word| is_national(word) || (is(Some(word), &AND) && text.get(end + 1).is_some_and(is_national))) {
        end += 1;
    }
    let mut before = mention.at;
    while before > 0
        && (is(text.get(before - 1), &ARTICLES) || (before > 1 && is(text.get(before - 1), &AND) && is_national(&text[before - 2])))
    {
        before -= if is(text.get(before - 1), &ARTICLES) { 1 } else { 2 };
    }
    let previous = before.checked_sub(1).and_then(|at| text.get(at));
    let earlier = before.checked_sub(2).and_then(|at| text.get(at));
    let next = text.get(end);
    let verb = if is(next, &HELPERS) { text.get(end + 1) } else { next };
    // People are expelled, and states expel.
    let expels = !is_national(&text[mention.at]) && (is(verb, &EXPELS) || (is(next, &HELPERS) && (is(verb, &EXPELLED) || is_kind(verb))));
    // "Russia's partners" are others than Russia.
    let is_owner = next.is_some_and(|next| next == "s")
        && verb.is_some_and(|_| {
            !is_kind(verb)
                && !is_reply(verb)
                && ![&*OBJECTS, &*MEASURES, &*EXPELS, &*EXPELLED, &*HELPERS].iter().any(|terms| is(verb, terms))
        });
    let joins = |word: &String| [&*BY, &*AGAINST, &*FROM, &*OF].iter().any(|terms| is(Some(word), terms));
    let has_object =
        text[end..].iter().take(2).take_while(|word| !is_kind(Some(word)) && !joins(word)).any(|word| is(Some(word), &OBJECTS));
    // "Expelled from Russia": whoever is expelled leaves the state that expels, but not a Russian embassy.
    let is_expelled_from = is(previous, &FROM) && is(earlier, &EXPELLED) && !is(next, &PREMISES);
    // "Expulsions by EU members", "by members of the EU": the members act, each as its row says.
    let is_of_group = is(next, &GROUPS) || (is(previous, &OF) && is(earlier, &GROUPS)) || (before < mention.at && is(previous, &GROUPS));
    if is_of_group || is(next, &WARS) || is(mention.at.checked_sub(1).and_then(|at| text.get(at)), &NOT) {
        Side::Neither
    } else if is_owner || is(earlier, &WARS) || is(previous, &WARS) {
        // "War on Ukraine", "guerre d'Ukraine".
        Side::Other
    } else if is_expelled_from || (mention.is_doer && is_kind(previous)) {
        Side::Actor
    } else if is(previous, &BY) && !has_object {
        if earlier.is_some_and(|word| is(Some(word), &MADE)) { Side::Other } else { Side::Actor }
    } else if (is(previous, &AGAINST) && !has_object) || (previous.is_some_and(|word| word == "of") && is(earlier, &OBJECTS)) {
        Side::Target
    } else if is(previous, &FROM) && !has_object {
        let foreign = has(&text[..mention.at], &FOREIGN) || text[..mention.at].iter().any(is_national);
        let expels = is(earlier, &EXPELLED) || is(next, &EXPELLED) || (foreign && has(&text[..mention.at], &OBJECTS));
        let ends = next.is_none_or(|next| next.bytes().all(|b| b.is_ascii_digit()));
        match expels {
            true => Side::Actor,
            false if is_kind(earlier) && ends => Side::From,
            false => Side::Other,
        }
    } else if expels {
        Side::Actor
    } else if has_object || (is(previous, &OBJECTS) && mention.length == 1 && is_national(&text[mention.at])) {
        Side::Target
    } else if is_national(&text[mention.at]) && is(next, &DONE_TO) {
        // "Germans expelled Russians": whoever stands before a participle that has an object acts.
        match text.get(end + 1) {
            Some(word) if is_national(word) => Side::Actor,
            Some(word) if is(Some(word), &OBJECTS) => Side::Other,
            _ => Side::Target,
        }
    } else if is_national(&text[mention.at]) && is(previous, &DONE_TO) {
        Side::Target
    } else if is_reply(verb) || (is_national(&text[mention.at]) && (is_kind(next) || is_kind(previous))) {
        Side::Actor
    } else {
        Side::Other
    }
}
