//! The words by which people name columns, in English, German, French, Spanish and Russian.

use crate::model::name::fold;

/// A meaning, and the terms for it. `*` at the end of a term stands for any ending.
pub(super) type Table = [(&'static str, &'static str)];

/// A column with numbers that may be those of the rows, or counts.
pub(super) const NUMBERS: &str = "no";
/// A column that describes the list, not the acts.
pub(super) const ASIDE: &str = "aside";

/// The columns of the flat CSV by the headings that people give them, and [`NUMBERS`] and [`ASIDE`].
pub(super) const COLUMNS: &Table = &[
    ("date", "date*|day|when|datum|tag|jour|fecha|día|дата|день"),
    (
        "target",
        "target|sending state|nationalit*|against|receiver|recipient|addressee|target country|gegen|gegenüber|ziel|zielland|ziel land|adressat|\
         empfänger|betroffener staat|contre|envers|cible|pays cible|pays visé|destinataire|contra|frente a|objetivo|destinatario|país objetivo|\
         против|кому|адресат|в отношении|цель",
    ),
    (
        "actor",
        "actor|receiving state|host state|host country|country|countries|state|states|sender|source country|expelling country|initiator|who|\
         expelled by|imposed by|taken by|land|staat|länder|akteur|urheber|absender|pays|état|acteur|auteur|émetteur|initiateur|país|estado|emisor|\
         iniciador|autor|страна|государство|кто|инициатор|отправитель",
    ),
    (
        "kind",
        "kind|type|action|measure*|event|act|step|maßnahme*|art|typ|aktion|mesure*|acte|medida*|tipo|acción|мера|меры|тип|вид|действие",
    ),
    (
        "count",
        "count|number|number of|how many|n|diplomats|persons|people|staff|officials|expelled|anzahl|zahl|diplomaten|personen|ausgewiesene|\
         nombre|diplomates|personnes|expulsés|número|cantidad|diplomáticos|personas|expulsados|число|количество|дипломат*|человек",
    ),
    ("stage", "stage|status|stand|statut|état|estatus|estado|fase|стадия|статус|состояние"),
    (
        "summary",
        "summary|description|remark*|comment*|details|note|notes|text|reason*|why|bemerkung*|beschreibung|anmerkung*|kommentar*|grund|gründe|\
         begründung|anlass|remarque*|commentaire*|motif*|raison*|observaciones|descripción|comentario*|motivo*|razón|razones|\
         примечани*|описание|комментари*|причин*|основани*",
    ),
    ("sources", "source*|url*|link*|reference*|quelle*|beleg*|fuente*|enlace*|источник*|ссылк*"),
    ("place", "place|location|city|ort|lieu|ville|lugar|ciudad|место|город"),
    ("deadline", "deadline|frist|délai|échéance|plazo|срок"),
    ("dispute", "dispute|case|affair|fall|affaire|caso|дело"),
    ("by", "ministry|body|authority|behörde|ministerium|ministère|autorité|ministerio|autoridad|ведомство|министерство"),
    (
        "ref",
        "ref|id|key|event id|eventid|record id|case id|kennung|aktenzeichen|az|geschäftszeichen|identifiant|référence|identificador|referencia|\
         идентификатор",
    ),
    (NUMBERS, "no|nr|lfd nr|num|núm|номер"),
    (
        ASIDE,
        "retriev*|access*|updat*|modif*|enter*|entry|creat*|record*|coder|coded*|check*|verif*|publi*|abgerufen|abruf*|geändert*|erfasst*|\
         aktualisiert*|veröffentlicht*|bearbeite*|consulté*|saisi*|mis à jour|actualizad*|consultad*|publicad*|обновл*|опубликов*|проверен*",
    ),
];

/// The headings of columns that number the rows, or say where they stand.
const ORDINALS: &Table =
    &[("row", "s n|sn|rank|rang|row|index|idx|line|serial|serial no|page|unnamed*|zeile|seite|ligne|page|fila|página|строка|п п|no п п")];

/// The headings of columns with the ref of the act that a row answers.
const ANSWERS: &Table = &[(
    "answers",
    "answers|in response to|in reply to|in answer to|in retaliation for|in reaction to|response to|reply to|answer to|reaction to|retaliation for|\
     antwort auf|reaktion auf|vergeltung für|als antwort auf|en réponse à|réponse à|réaction à|en respuesta a|respuesta a|reacción a|\
     в ответ на|ответ на",
)];

/// The headings that name a country without saying what it does.
const COUNTRIES: &Table =
    &[("country", "country|countries|state|states|land|länder|staat|staaten|pays|état|país|estado|страна|государство|who|wer|qui|кто")];

/// The parts of a date by the headings of columns of their own.
const DATE_PARTS: &Table =
    &[("year", "year|jahr|année|año|год"), ("month", "month|monat|mois|mes|месяц"), ("day", "day|tag|jour|día|день")];

/// What a heading says of the other side's answer.
const REPLY: &Table = &[(
    "reply",
    "reply|replies|response*|answer*|retaliat*|counter*|reciproc*|antwort*|reaktion*|gegenmaßnahme*|vergeltung*|réponse*|riposte*|\
     représaille*|respuesta*|represalia*|ответ*",
)];

/// What begins the row of a total.
const TOTALS: &Table = &[(
    "total",
    "total*|subtotal*|sub total*|grand total|sum|zwischensumme|sous total|подытог|промежуточн*|summe|gesamt*|insgesamt|zusammen|somme|suma|итого|всего",
)];

/// The words of a text, folded. A sign for "number" is a word.
pub(super) fn words(text: &str) -> Vec<String> {
    let text = text.replace(['№', '#'], " no ").replace("N°", "no ").replace("n°", "no ");
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect()
}

/// The words of a term, each folded, and whether any ending may follow.
fn term_words(term: &str) -> Vec<(String, bool)> {
    term.trim().split(' ').map(|word| (fold(word), word.ends_with('*'))).collect()
}

/// Where a term stands in a text: the first of its words, their number, and the length of the term in letters.
pub(super) fn places(text: &[String], term: &str) -> Vec<(usize, usize, usize)> {
    let term = term_words(term);
    let length = term.iter().map(|(word, _)| word.chars().count()).sum();
    let same = |(word, (begin, open)): (&String, &(String, bool))| if *open { word.starts_with(begin) } else { word == begin };
    let is_here = |(_, part): &(usize, &[String])| part.iter().zip(&term).all(same);
    text.windows(term.len()).enumerate().filter(is_here).map(|(at, _)| (at, term.len(), length)).collect()
}

/// The length of a term in letters, if a text has its words in a row.
fn found(text: &[String], term: &str) -> Option<usize> {
    places(text, term).first().map(|(.., length)| *length)
}

/// True if a text has one of these terms, which are divided by `|`.
pub(super) fn has(text: &[String], terms: &str) -> bool {
    terms.split('|').any(|term| found(text, term).is_some())
}

/// True if a text is one of these terms.
fn is_wholly(text: &[String], terms: &str) -> bool {
    terms.split('|').any(|term| places(text, term).iter().any(|(_, length, _)| *length == text.len()))
}

/// What a text may mean by a table, that with the longest term first, with the lengths of the terms.
fn meanings(text: &str, table: &Table) -> Vec<(usize, &'static str)> {
    let text = words(text);
    let longest = |terms: &str| terms.split('|').filter_map(|term| found(&text, term)).max();
    let mut all: Vec<(usize, &'static str)> = table.iter().filter_map(|(meaning, terms)| Some((longest(terms)?, *meaning))).collect();
    all.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    all
}

/// What a text means according to a table, if it has one meaning: that of the longest term in it.
pub(super) fn meaning(text: &str, table: &Table) -> Option<&'static str> {
    match meanings(text, table)[..] {
        [(length, _), (other, _), ..] if length == other => None,
        [(_, meaning), ..] => Some(meaning),
        [] => None,
    }
}

/// The columns of the flat CSV that a heading may name, the likeliest first, and whether it speaks of an answer.
pub(in crate::read) fn heading(text: &str) -> (Vec<&'static str>, bool) {
    (meanings(text, COLUMNS).into_iter().map(|(_, meaning)| meaning).collect(), meaning(text, REPLY).is_some())
}

/// A heading without what it has in brackets, unless it has nothing else.
fn unbracketed(text: &str) -> &str {
    text.split(['(', '[']).next().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(text)
}

/// True if a heading names this column of the flat CSV and says nothing else.
pub(super) fn is_plainly(text: &str, meaning: &str) -> bool {
    let text = words(unbracketed(text));
    COLUMNS.iter().any(|(column, terms)| *column == meaning && is_wholly(&text, terms))
}

/// True if a heading names a country without saying what it does.
pub(super) fn is_country(text: &str) -> bool {
    is_wholly(&words(unbracketed(text)), COUNTRIES[0].1)
}

/// True if a heading names a country, among other things.
pub(super) fn has_country(text: &str) -> bool {
    has(&words(text), COUNTRIES[0].1)
}

/// True for the heading of a column that numbers the rows.
pub(super) fn is_ordinal(text: &str) -> bool {
    let text = words(text);
    text.is_empty() || has(&text[..1], "unnamed*") || is_wholly(&text, ORDINALS[0].1)
}

/// True for the heading of a column with the ref of the act that a row answers.
pub(super) fn is_answered(text: &str) -> bool {
    let mut text = words(unbracketed(text));
    while text.len() > 1 && text.last().is_some_and(|last| ["no", "nr", "id", "ref", "event", "act", "row"].contains(&last.as_str())) {
        text.pop();
    }
    is_wholly(&text, ANSWERS[0].1)
}

/// The part of a date that a heading of one word names.
pub(super) fn date_part(text: &str) -> Option<&'static str> {
    if words(text).len() == 1 { meaning(text, DATE_PARTS) } else { None }
}

/// True if a text begins a row with totals.
pub(super) fn is_total(text: &str) -> bool {
    words(text).len() <= 4 && meaning(text, TOTALS).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_five_languages() {
        for (text, expected) in [
            ("Country", (Some("actor"), false)),
            ("Diplomats expelled", (Some("count"), false)),
            ("Date of reply", (Some("date"), true)),
            ("Country against", (Some("target"), false)),
            ("Reply by Russia", (None, true)),
            ("Source country", (Some("actor"), false)),
            ("Maßnahme", (Some("kind"), false)),
            ("gegen", (Some("target"), false)),
            ("Nombre de diplomates", (Some("count"), false)),
            ("País", (Some("actor"), false)),
            ("Дата ответа", (Some("date"), true)),
            ("Bemerkungen", (Some("summary"), false)),
            ("xyz", (None, false)),
        ] {
            let (columns, is_reply) = heading(text);
            assert_eq!((columns.first().copied(), is_reply), expected, "{text}");
        }
        assert!(is_total("Grand total") && is_total("Summe") && !is_total("United Kingdom"));
    }
}
