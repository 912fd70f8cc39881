//! The words by which people name columns, kinds and stages, in English, German, French, Spanish and Russian.

use crate::model::name::fold;

/// A meaning, and the terms for it. `*` at the end of a term stands for any ending.
type Table = [(&'static str, &'static str)];

/// The columns of the flat CSV by the headings that people give them.
pub(super) const COLUMNS: &Table = &[
    ("date", "date*|day|when|datum|tag|jour|fecha|día|дата|день"),
    (
        "target",
        "target|sending state|nationalit*|against|receiver|recipient|addressee|target country|gegen|ziel|zielland|adressat|contre|cible|destinataire|contra|\
         objetivo|destinatario|против|кому|адресат",
    ),
    (
        "actor",
        "actor|receiving state|host state|host country|country|countries|state|states|sender|source country|expelling country|initiator|who|land|staat|länder|akteur|\
         absender|pays|état|acteur|émetteur|país|estado|emisor|страна|государство|кто",
    ),
    ("kind", "kind|type|action|measure|event|act|maßnahme|art|typ|aktion|mesure|acte|medida|tipo|acción|мера|тип|вид|действие"),
    (
        "count",
        "count|number|number of|how many|n|diplomats|persons|people|staff|officials|expelled|anzahl|zahl|diplomaten|personen|ausgewiesene|\
         nombre|diplomates|personnes|expulsés|número|cantidad|diplomáticos|personas|expulsados|число|количество|дипломат*|человек",
    ),
    ("stage", "stage|status|stand|statut|estatus|стадия|статус"),
    (
        "summary",
        "summary|description|remark*|comment*|details|note|notes|text|bemerkung*|beschreibung|anmerkung*|kommentar*|remarque*|\
         commentaire*|observaciones|descripción|comentario*|примечани*|описание|комментари*",
    ),
    ("sources", "source*|url*|link*|reference*|quelle*|beleg*|fuente*|enlace*|источник*|ссылк*"),
    ("place", "place|location|city|ort|lieu|ville|lugar|ciudad|место|город"),
    ("deadline", "deadline|frist|délai|échéance|plazo|срок"),
    ("dispute", "dispute|case|affair|fall|affaire|caso|дело"),
    ("by", "ministry|body|authority|behörde|ministerium|ministère|autorité|ministerio|autoridad|ведомство|министерство"),
    ("ref", "ref|id|key|no|nr|kennung|identifiant|identificador|номер"),
];

/// The parts of a date by the headings of columns of their own.
const DATE_PARTS: &Table =
    &[("year", "year|jahr|année|año|год"), ("month", "month|monat|mois|mes|месяц"), ("day", "day|tag|jour|día|день")];

/// What a heading says of the other side's answer.
const REPLY: &Table = &[(
    "reply",
    "reply|replies|response*|answer*|retaliat*|counter*|reciproc*|antwort*|reaktion*|gegenmaßnahme*|vergeltung*|réponse*|riposte*|\
     représaille*|respuesta*|represalia*|ответ*",
)];

/// The shipped kinds by the words for them.
pub(super) const KINDS: &Table = &[
    (
        "expulsion",
        "expel*|expuls*|persona non grata|personae non gratae|declared unwelcome|ausweis*|ausgewiesen*|unerwünscht*|renvoi*|высыл*|выслан*|\
         выдворен*|нон грата",
    ),
    ("seizure", "seiz*|confiscat*|beschlagnahm*|saisie*|confisqu*|incaut*|confisc*|изъят*|конфиск*"),
    ("closure", "clos*|shut*|schließung*|geschlossen*|fermeture*|fermé*|cierre*|cerrad*|закрыт*"),
    ("sanction", "sanction*|sanktion*|sancion*|sanción|санкци*"),
    ("asset-freeze", "asset freeze*|freez*|frozen|kontensperr*|eingefroren*|gel des avoirs|congelaci*|заморозк*"),
    ("tariff", "tariff*|duties|zoll|zölle|droits de douane|arancel*|пошлин*"),
    ("embargo", "embargo*|эмбарго"),
    ("travel-ban", "travel ban*|entry ban*|einreiseverbot*|interdiction d entrée|prohibición de entrada|запрет на въезд"),
    ("recall", "recall*|rückruf*|rappel*|llamada a consultas|отзыв*|отозва*"),
    ("protest", "protest*|démarche*|demarche*|нот* протеста|протест*"),
    ("cancelled-meeting", "cancelled meeting*|cancelled visit*|absage*|abgesagt*|réunion annulée|cancelaci*|отмен*"),
    ("detention", "detain*|detention*|arrest*|festnahme*|verhaft*|détention*|arrestation*|detenci*|detenid*|задержан*|арест*"),
    ("release", "releas*|freilass*|libérat*|libéré*|liberaci*|освобожд*"),
];

/// The stages by the words for them.
pub(super) const STAGES: &Table = &[
    ("threatened", "threat*|threaten*|angedroht|drohung*|menac*|amenaza*|угроз*|пригроз*"),
    ("announced", "announced|planned|decided|angekündigt*|annoncé*|anunciad*|объявлен*"),
    (
        "done",
        "done|carried out|in force|effective|completed|vollzogen|erfolgt|in kraft|exécuté*|en vigueur|hecho|realizad*|en vigor|исполнен*|выполнен*",
    ),
];

/// What begins the row of a total.
const TOTALS: &Table = &[("total", "total*|grand total|sum|summe|gesamt*|insgesamt|zusammen|somme|suma|итого|всего")];

/// The words for countries' nationals that do not begin as the country's name does.
const NATIONALS: &Table = &[
    ("GBR", "british|britisch*|britannique*|británic*|британ*"),
    ("FRA", "french|français*|francés|frances*"),
    ("DEU", "german|germans|deutsch*|allemand*|alemán|alemana*|немец*"),
    ("NLD", "dutch|niederländisch*|néerlandais*|neerlandés*|нидерланд*"),
    ("USA", "american|americans|us|amerikanisch*|américain*|estadounidense*|американск*"),
    ("RUS", "russian|russians|russisch*|russe|russes|ruso|rusos|rusa|rusas|российск*|русск*"),
    ("CHN", "chinese|chinesisch*|chinois*|chino|chinos|китайск*"),
    ("TUR", "turkish|türkisch*|turc|turque*|turco|turcos|турецк*"),
    ("ESP", "spanish|spanisch*|espagnol*|español*|испанск*"),
    ("CHE", "swiss|schweizer*|suisse|suiz*|швейцарск*"),
    ("IRL", "irish|irisch*|irlandais*"),
    ("DNK", "danish|dänisch*|danois*|danés*|датск*"),
    ("SWE", "swedish|schwedisch*|suédois*|sueco*|шведск*"),
    ("FIN", "finnish|finnisch*|finlandais*"),
    ("POL", "polish|polnisch*|polonais*|polaco*|польск*"),
    ("GRC", "greek|griechisch*|grec|grecque*|griego*|греческ*"),
    ("UKR", "ukrainian|ukrainisch*|ukrainien*|ucranian*|украинск*"),
    ("SUN", "soviet|sowjetisch*|soviétique*|soviétic*|советск*"),
];

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect()
}

/// The length of a term in letters, if a text has its words in a row.
fn found(text: &[String], term: &str) -> Option<usize> {
    let term: Vec<(String, bool)> = term.trim().split(' ').map(|word| (fold(word), word.ends_with('*'))).collect();
    let same = |(word, (begin, open)): (&String, &(String, bool))| if *open { word.starts_with(begin) } else { word == begin };
    let there = text.windows(term.len()).any(|part| part.iter().zip(&term).all(same));
    there.then(|| term.iter().map(|(word, _)| word.chars().count()).sum())
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

/// The part of a date that a heading of one word names.
pub(super) fn date_part(text: &str) -> Option<&'static str> {
    if words(text).len() == 1 { meaning(text, DATE_PARTS) } else { None }
}

/// The codes of the countries whose nationals a text names: "Russian diplomats".
pub(super) fn nationals(text: &str) -> Vec<&'static str> {
    let text = words(text);
    let named = |terms: &str| terms.split('|').any(|term| found(&text, term).is_some());
    NATIONALS.iter().filter(|(_, terms)| named(terms)).map(|(code, _)| *code).collect()
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
        assert_eq!(meaning("Ausweisung von Diplomaten", KINDS), Some("expulsion"));
        assert_eq!(meaning("expulsion and closure", KINDS), Some("expulsion"));
        assert_eq!(nationals("Expulsions of Russian diplomats"), ["RUS"]);
        assert!(is_total("Grand total") && is_total("Summe") && !is_total("United Kingdom"));
    }
}
