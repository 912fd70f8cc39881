//! The words by which people name columns, in English, German, French, Spanish and Russian.

use crate::model::name::fold;

use super::acts;

/// A meaning, and the terms for it. `*` at the end of a term stands for any ending.
pub(super) type Table = [(&'static str, &'static str)];

/// A column with numbers that may be those of the rows, or counts.
pub(super) const NUMBERS: &str = "no";
/// A column that describes the list, not the acts.
pub(super) const ASIDE: &str = "aside";

/// The columns of the flat CSV by the headings that people give them, and [`NUMBERS`] and [`ASIDE`].
pub(super) const COLUMNS: &Table = &[
    ("date", "date*|day|when|am|datum|wann|tag|jour|quand|fecha|cuándo|día|дата|день|когда"),
    (
        "target",
        "target|nationalit*|against|receiver|recipient|addressee|target country|gegen|gegenüber|ziel|zielland|ziel land|adressat|\
         empfänger|betroffener staat|contre|envers|cible|pays cible|pays visé|destinataire|contra|frente a|objetivo|destinatario|país objetivo|\
         против|кому|адресат|в отношении|цель|ccode2|ccodeb|stateb|state2|sideb|country2|actor2",
    ),
    (
        "actor",
        "actor|country|countries|state|states|sender|source country|expelling country|initiator|who|ccode1|ccodea|statea|state1|sidea|country1|actor1|\
         expelled by|imposed by|taken by|land|staat|länder|akteur|urheber|absender|pays|état|acteur|auteur|émetteur|initiateur|país|estado|emisor|\
         iniciador|autor|страна|государство|кто|инициатор|отправитель",
    ),
    (
        "kind",
        "kind|type|action|measure*|event|act|step|maßnahme*|art|typ|aktion|mesure*|acte|medida*|tipo|acción|мера|меры|тип|вид|действие",
    ),
    (
        "count",
        "count|number|number of|no of|nr of|no de|how many|n|diplomats|persons|people|staff|officials|expelled|anzahl|zahl|diplomaten|personen|ausgewiesene|\
         nombre|diplomates|personnes|expulsés|anz|qty|quantity|quantité|headcount|número|cantidad|diplomáticos|personas|expulsados|число|кол во|количество|дипломат*|человек|人数",
    ),
    ("stage", "stage|status|stand|statut|état|estatus|estado|fase|стадия|статус|состояние"),
    (
        "summary",
        "summary|description|remark*|comment*|details|note|notes|text|reason*|why|bemerkung*|beschreibung|anmerkung*|kommentar*|grund|gründe|\
         begründung|anlass|remarque*|commentaire*|motif*|raison*|observaciones|descripción|comentario*|motivo*|razón|razones|\
         примечани*|описание|комментари*|причин*|основани*",
    ),
    ("sources", "source|sources|url*|link|links|weblink*|hyperlink*|reference*|quelle*|beleg*|fuente*|enlace*|источник*|ссылк*"),
    ("place", "place|location|city|ort|lieu|ville|lugar|ciudad|место|город"),
    (
        "deadline",
        "deadline|to leave by|leave by|to leave before|leave before|must leave|had to leave by|to depart by|departure by|time limit|frist|ausreisefrist|\
         ausreise bis|zu verlassen bis|verlassen bis|délai|échéance|date limite|à quitter avant|départ avant|plazo|fecha límite|\
         fecha tope|salida antes|срок|выехать до|покинуть до|выезд до",
    ),
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

/// The side of an expulsion by the headings that say who sent a mission and who received it.
const MISSIONS: &Table = &[
    (
        "target",
        "sending state|sending country|country of the diplomats|country of diplomats|state of the diplomats|home state|home country|entsendestaat|\
         entsendeland|land der diplomaten|staat der diplomaten|état accréditant|état d envoi|pays d envoi|pays des diplomates|estado acreditante|\
         estado que envía|país de los diplomáticos|аккредитующее государство|страна дипломатов",
    ),
    (
        "actor",
        "receiving state|receiving country|host state|host country|empfangsstaat|empfangsland|gastland|état accréditaire|état d accueil|\
         pays d accueil|pays hôte|estado receptor|país anfitrión|государство пребывания|страна пребывания|принимающ*",
    ),
];

/// The side that a heading of a column of parties says in so many words: `Affected state`, `Measure taken by`.
const ROLES: &Table = &[
    (
        "target",
        "target*|object|affected|concerned|sanctioned|aimed at|ziel|zielstaat|zielland|sanktioniert*|betroffen*|cible|ciblé*|visé*|sanctionné*|\
         concerné*|touché*|objetivo|objeto|afectad*|sancionad*|цель|целевая|объект|затронут*|подсанкцион*|пострадавш*",
    ),
    (
        "actor",
        "taken by|taking the measure|taking measures|taking the action|subject|sanctioning|imposing|expelling|acting|initiat*|initiated by|done by|\
         decided by|announced by|imposed by|ordered by|adopted by|expelled by|sanctioned by|author of the measure|country source|state source|source country|source state|\
         sanktionierend*|verhängend*|ausweisend*|handelnd*|ergriffen von|beschlossen von|angekündigt von|verhängt von|ausgewiesen von|\
         ausgewiesen durch|sanktioniert von|sanktioniert durch|sanctionnant*|expulsant*|prenant la mesure|prise par|décidé* par|annoncé* par|\
         imposé* par|expulsé* par|sanctionné* par|sancionador*|expulsor*|emisor*|tomada por|adoptada por|decidid* por|anunciad* por|impuest* por|expulsad* por|\
         sancionad* por|инициатор*|санкционирующ*|вводящ*|принявш*|высылающ*|высылавш*|выславш*|кто выслал|кто ввел",
    ),
];
/// What may stand beside the word for a country in headings that do not say what it does: `Side A`, `Other country`.
const SIDES: &str = "side|sides|party|partner|nation|seite|partei|partie|côté|parte|lado|сторона|other|second|first|a|b|1|2|i|ii";

/// The headings of a column that says whether an act was done, if it says yes, and if it says no.
const WHETHER_DONE: [&str; 2] = [
    "happened|confirm*|verified|occurred|took place|taken place|carried out|implemented|executed|done|true|in force|active|bestätigt*|erfolgt|\
     umgesetzt|durchgeführt|stattgefunden|vollzogen|in kraft|confirmé*|vérifié*|réalisé*|exécuté*|eu lieu|en vigueur|confirmad*|verificad*|\
     realizad*|ejecutad*|ocurrid*|en vigor|подтвержд*|состоял*|выполнен*|исполнен*|произошл*",
    "denied|disputed|rumour*|rumor*|alleged|unconfirmed|cancelled|canceled|withdrawn|revoked|reversed|false|dementiert|abgesagt|zurückgenommen|gerücht*|\
     démenti*|annulé*|rumeur*|desmentid*|anulad*|cancelad*|отменен*|опроверг*|слух*",
];
/// What says that something is so, and that it is not.
const YES: &str = "yes|y|true|1|x|confirmed|verified|done|happened|ja|j|wahr|bestätigt|erfolgt|oui|vrai|confirmé|confirmée|si|verdadero|confirmado|confirmada|да|истина|\
                   подтверждено|подтвержден|подтверждена";
const NO: &str = "no|n|not|false|0|nein|falsch|non|faux|falso|нет|ложь|none|keine";

/// The headings of columns with the unit of a count, and the units of the shipped kinds by the words for them.
const UNIT: &str =
    "unit|units|unit of count|einheit|unité|unités|unidad|unidades|единица|единицы|ед изм|currency|währung|devise|moneda|валюта";
const UNITS: &Table = &[
    (
        "persons",
        "person|persons|people|pers|diplomat|diplomats|official|officials|staff|personen|diplomaten|personne|personnes|diplomate|diplomates|persona|\
         personas|diplomático|diplomáticos|человек|чел|дипломат|дипломатов|дипломаты",
    ),
    ("measures", "measure|measures|maßnahme|maßnahmen|mesure|mesures|medida|medidas|мера|меры|мер"),
    (
        "properties",
        "property|properties|building|buildings|mission|missions|consulate|consulates|gebäude|bâtiment|bâtiments|edificio|edificios",
    ),
    ("meetings", "meeting|meetings|treffen|réunion|réunions|reunión|reuniones|встреча|встреч"),
    ("acts", "act|acts|akt|akte|acte|actes|acto|actos|акт|актов"),
];

/// Dates that are not those of the act: of its end, of a plan, of a person, of a source.
const OTHER_DATES: &str = "lifted|lifting|revoked|revocation|expir*|valid to|valid until|valid till|until|till|end|ends|ended|birth|born|dob|source|sources|stand|\
                           as of|removed|withdrawn|cancel*|planned|scheduled|expected|due|aufhebung|aufgehoben|gültig bis|bis|ablauf|ende|enddatum|geburt*|geboren|\
                           quelle|geplant*|abgesagt|levé|levée|levées|expiration|jusqu|fin|naissance|né|prévu*|annul*|levantad*|vencimiento|\
                           caduc*|hasta|nacimiento|fuente|previst*|снят*|отмен*|истек*|оконч*|до|рожд*|источник*|планир*";

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

/// The headings of the rank of a person, which may be that of a row too.
const RANKS: &str = "rank|rang|rango|ранг";

/// What a heading says of the other side's answer.
const REPLY: &Table = &[(
    "reply",
    "reply|replies|response*|answer*|retaliat*|reaction*|counter*|reciproc*|tit for tat|antwort*|reaktion*|gegenmaßnahme*|gegenreaktion*|beantwort*|erwider*|\
     vergeltung*|réponse*|répondu*|répliqu*|riposte*|réaction*|contre mesure*|représaille*|respuesta*|reacción|reacciones|respondid*|contestad*|represalia*|\
     contramedida*|ответ*|реакци*|контрмер*",
)];

/// What a heading of a count may say besides whom or what it counts.
const COUNTED: &str = "total*|overall|all|in|to|out|at|on|were|was|been|sent|home|away|declared|non|grata|ordered|asked|told|leave|left|affected|\
                       concerned|involved|exact|estimated|foreign|western|this|country|countries|state|states|each|per|land|länder|staat|staaten|pays|país|países|страна|страны|стран|insgesamt|gesamt*|ausländisch*|westlich*|betroffen*|zu|concerné*|\
                       étranger*|occidenta*|afectad*|extranjer*|всего|иностранн*|западн*|в";
/// People of whom there is a number also if nothing happens to them.
const STAFF: &str = "staff|personnel|personal|mitarbeiter*|employee*|сотрудник*|embass*|mission*|botschaft*|ambassad*|embajad*|посольств*";
/// Participles by which a heading asks whether there was an answer, or which one.
const ANSWERED: &str =
    "answered|retaliated|replied|responded|reacted|reciprocated|beantwortet|erwidert|vergolten|répondu|respondid*|contestad*";
/// What a heading of a source may say besides.
const OF_SOURCES: &str = "of|the|to|main|primary|secondary|other|further|official|original|press|news|newspaper*|media|web|website|site|online|name|and|note|notes|\
                          article|report|list|information|der|die|das|und|zur|zum|de|la|des|du|et|y|и";
/// What says where people come from, have to leave or go to, so that it may name either side.
const ORIGIN: &str =
    "from|origin|origins|destination|origine|provenance|herkunft*|heimatland|origen|procedencia|destino|aus|из|происхожд*|назначен*";
/// The headings of two columns of which one party acts on the other.
const FROM_TO: [&str; 2] = ["from|von|de|от", "to|an|nach|à|a|к|кому"];
/// The orders of the parts of a date as headings give them.
const ORDERS: &Table = &[
    ("mdy", "mm dd|m d y|mdy|mm tt|month day"),
    ("dmy", "dd mm|d m y|dmy|tt mm|t m j|jj mm|j m a|дд мм|day month"),
    ("ymd", "yyyy mm|yy mm|y m d|ymd|jjjj mm|aaaa mm|гггг мм|year month"),
];

/// What may say that a column names something that a row goes with.
const LINKED: &str = "linked|related|see also|verknüpft*|verwandt*|lié|liée|liés|relacionad*|vinculad*|связанн*";
/// What says that there was no answer.
const NO_ANSWER: &str = "none|no|nil|nothing|no response|no reply|no answer|no reaction|no retaliation|not yet|none yet|none so far|pending|no action|\
                         keine|kein|nein|nichts|keine antwort|keine reaktion|noch nicht|noch keine|ohne antwort|aucun|aucune|non|rien|aucune réponse|\
                         aucune réaction|pas de réponse|sans réponse|pas encore|ninguna|ninguno|nada|sin respuesta|ninguna respuesta|aún no|\
                         todavía no|нет|нет ответа|без ответа|ответа нет|пока нет|еще нет|не было|n a";
/// What says only whether there was an answer.
const YES_OR_NO: &str = "yes|no|y|n|true|false|ja|nein|j|oui|non|si|да|нет";

/// What says that a row repeats another.
const DUPLICATE: &str = "duplicate*|double entry|see above|see row|same as above|same as row|repeats row|already listed|dublette*|duplikat*|doppelt erfasst|\
                         doppelt gezählt|doppeleintrag*|siehe oben|s o|wie oben|doublon*|en double|voir ci dessus|voir plus haut|duplicad*|\
                         véase arriba|ver arriba|véase más arriba|дубл*|см выше|смотри выше";

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
    let mut all = [meanings(text, MISSIONS), meanings(text, COLUMNS)].concat();
    all.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
    let mut found: Vec<&'static str> = Vec::new();
    for (_, meaning) in all {
        if !found.contains(&meaning) {
            found.push(meaning);
        }
    }
    (found, meaning(text, REPLY).is_some())
}

/// The side that a heading of a column of parties says, however plainly it names a country besides: `Country (target)`.
pub(super) fn role(text: &str) -> Option<&'static str> {
    meaning(text, ROLES)
}

/// The side of an expulsion that a heading names by who sent a mission and who received it.
pub(super) fn of_mission(text: &str) -> Option<&'static str> {
    meaning(text, MISSIONS).or_else(|| is_wholly(&words(text), "host|gastgeber").then_some("actor"))
}

/// True if a heading names a party without saying what it does.
pub(super) fn names_any_side(text: &str) -> bool {
    let rest = without(&without(&words(text), COUNTRIES[0].1), SIDES);
    rest.is_empty() && role(text).is_none()
}

/// True if a heading asks whether an act was done.
pub(super) fn asks_whether_done(heading: &str) -> bool {
    let text = words(heading);
    WHETHER_DONE.iter().any(|terms| has(&text, terms)) && !has(&text, "by|durch|von|par|por")
}

/// True if a cell below such a heading does not say that the act was done.
pub(super) fn leaves_doubt(heading: &str, cell: &str) -> bool {
    let [if_yes, if_no] = WHETHER_DONE.map(|terms| has(&words(heading), terms));
    let cell = words(cell);
    !cell.is_empty() && ((if_yes && !is_wholly(&cell, YES)) || (if_no && !is_wholly(&cell, NO)))
}

/// True for the heading of a column with the units of counts.
pub(super) fn is_unit(heading: &str) -> bool {
    is_wholly(&words(unbracketed(heading)), UNIT)
}

/// True if a cell names this unit, and nothing else.
pub(super) fn names_unit(cell: &str, unit: &str) -> bool {
    let text = words(cell);
    is_wholly(&text, unit) || UNITS.iter().any(|(name, terms)| *name == unit && is_wholly(&text, terms))
}

/// True if a heading of dates says that they are not those of the acts: `Date lifted`.
pub(super) fn is_other_date(heading: &str) -> bool {
    has(&words(heading), OTHER_DATES)
}

/// True if a heading of numbers says that they include those of the rows above: `Total to date`.
pub(super) fn is_running_total(heading: &str) -> bool {
    has(&words(heading), "to date|so far|bisher")
}

/// True for a heading of the ranks of people.
pub(super) fn is_rank(heading: &str) -> bool {
    is_wholly(&words(heading), RANKS)
}

/// True if a cell repeats the one above it by a sign.
pub(super) fn is_ditto(cell: &str) -> bool {
    const SIGNS: [&str; 9] = ["\"", "''", "\u{3003}", "\u{2033}", "\u{201d}", "\u{201e}", "\u{201c}", "\u{bb}", "-\"-"];
    SIGNS.contains(&cell) || is_wholly(&words(cell), "ditto|dito|idem|id|do|ídem|то же|тот же|та же")
}

/// A heading without what it has in brackets, unless it has nothing else.
fn unbracketed(text: &str) -> &str {
    text.split(['(', '[']).next().map(str::trim).filter(|text| !text.is_empty()).unwrap_or(text)
}

/// True if a heading names this column of the flat CSV and says nothing else.
pub(super) fn is_plainly(text: &str, meaning: &str) -> bool {
    let text = words(unbracketed(text));
    COLUMNS.iter().chain(MISSIONS).any(|(column, terms)| *column == meaning && is_wholly(&text, terms))
}

/// True if a heading names a country without saying what it does.
pub(super) fn is_country(text: &str) -> bool {
    is_wholly(&words(unbracketed(text)), COUNTRIES[0].1) && role(text).is_none()
}

/// True if a heading names a country, among other things.
pub(super) fn has_country(text: &str) -> bool {
    has(&words(text), COUNTRIES[0].1)
}

/// A text without the words of these terms.
pub(super) fn without(text: &[String], terms: &str) -> Vec<String> {
    let found: Vec<(usize, usize)> = terms.split('|').flat_map(|term| places(text, term)).map(|(at, length, _)| (at, length)).collect();
    let is_apart = |at: &usize| found.iter().all(|(first, length)| at < first || first + length <= *at);
    (0..text.len()).filter(is_apart).map(|at| text[at].clone()).collect()
}

/// The terms of a column of the flat CSV.
fn terms_of(meaning: &str) -> &'static str {
    COLUMNS.iter().find(|(column, _)| *column == meaning).map_or("", |(_, terms)| terms)
}

/// True if a heading without the names of parties says what was counted, and nothing else: `Number of diplomats`, and not `Phone number`.
pub(super) fn is_count(heading: &[String]) -> bool {
    let rest = acts::without_kinds(heading);
    let names_kind = rest.len() < heading.len();
    let says_it = names_kind || [terms_of("count"), acts::OBJECTS].iter().any(|terms| has(&rest, terms));
    let is_of_staff = has(&rest, STAFF) && !names_kind;
    let rest =
        [terms_of("count"), acts::OBJECTS, acts::FILLERS, COUNTED, REPLY[0].1].iter().fold(rest, |rest, terms| without(&rest, terms));
    says_it && !is_of_staff && rest.is_empty()
}

/// True if a heading without the names of parties speaks of an answer, and of nothing that only has to do with it: `Response time`.
pub(super) fn is_of_answer(heading: &[String]) -> bool {
    let columns = ["count", "date", "kind", "summary", "stage", "sources", "place", "by", "deadline"].map(terms_of);
    let known = [&columns[..], &[acts::OBJECTS, acts::FILLERS, COUNTED, REPLY[0].1]].concat();
    let rest = known.iter().fold(acts::without_kinds(heading), |rest, terms| without(&rest, terms));
    !has(heading, ANSWERED) && rest.is_empty()
}

/// True if a heading names sources, and not something about them: `Source language`.
pub(super) fn is_of_sources(heading: &str) -> bool {
    let text = words(unbracketed(heading));
    let rest = without(&without(&text, terms_of("sources")), OF_SOURCES);
    rest.iter().all(|word| word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit()))
}

/// True if a heading says where people come from or go to, and not who acts.
pub(super) fn is_of_origin(heading: &str) -> bool {
    let text = words(heading);
    text.len() > 1 && has(&text, ORIGIN) || ["herkunft*", "origen", "origine", "origin"].iter().any(|term| is_wholly(&text, term))
}

/// The side that a heading of one word names beside its counterpart: `From` and `To`.
pub(super) fn from_to(heading: &str) -> Option<usize> {
    FROM_TO.iter().position(|terms| is_wholly(&words(heading), terms))
}

/// The order of day, month and year that a heading gives: `Date (MM/DD/YYYY)`.
pub(super) fn order(heading: &str) -> Option<&'static str> {
    meaning(heading, ORDERS)
}

/// True if a heading says that the cells name what a row goes with: `Linked ID`.
pub(super) fn is_linked(heading: &str) -> bool {
    let text = words(heading);
    LINKED.split('|').any(|term| places(&text, term).iter().any(|(at, ..)| *at == 0))
}

/// True if a cell says that there was no answer.
pub(super) fn is_no_answer(cell: &str) -> bool {
    let text = words(cell);
    text.is_empty() || is_wholly(&text, NO_ANSWER)
}

/// True if a cell says no more than whether there was an answer.
pub(super) fn is_yes_or_no(cell: &str) -> bool {
    is_wholly(&words(cell), YES_OR_NO)
}

/// True if a remark may say that its row repeats another.
pub(super) fn is_duplicate(cell: &str) -> bool {
    has(&words(cell), DUPLICATE)
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

/// A ref without a word such as `No.` before it.
pub(super) fn bare_ref(text: &str) -> &str {
    const LABELS: &str = "no|nr|num|núm|номер|ref|id|row|event|act|case|zeile|ligne|fila|строка";
    let label_of =
        |(label, rest): &(&str, &str)| !rest.is_empty() && words(label).iter().all(|word| is_wholly(std::slice::from_ref(word), LABELS));
    text.rsplit_once([' ', '.', '#', '№', '°']).filter(label_of).map_or(text, |(_, rest)| rest)
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
