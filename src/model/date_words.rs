//! Dates in words, and dates with the year first: `26 March 2018`, `26. März 2018`, `marzo de 2018`, `2018/3/26`, `20180326`. Only what
//! has one reading is accepted: not `2018.1`, to which a spreadsheet program shortens 2018.10.

use super::name::fold;

/// The names of the months in English, German, French, Spanish and Russian. In Russian the first is that of a day, as in `26 марта`.
const MONTHS: [&str; 12] = [
    "january januar jänner janvier enero января январь",
    "february februar février febrero февраля февраль",
    "march märz mrz mars marzo марта март",
    "april avril abril апреля апрель",
    "may mai mayo мая май",
    "june juni juin junio июня июнь",
    "july juli juillet julio июля июль",
    "august août agosto августа август",
    "september septembre septiembre сентября сентябрь",
    "october oktober octobre octubre октября октябрь",
    "november novembre noviembre ноября ноябрь",
    "december dezember décembre diciembre декабря декабрь",
];
/// Words between the parts of a date that mean nothing.
const FILLERS: [&str; 9] = ["of", "the", "le", "den", "am", "de", "del", "г", "года"];

/// The ISO 8601 form of a date in words, or with the year first; `None`: the text has another form. Whether the calendar has such a day is
/// not checked.
pub fn iso(text: &str) -> Option<String> {
    let text = text.to_lowercase();
    // Between letters and digits a hyphen, a slash or a dot separates too: `26-Mar-2018`, `26.März 2018`.
    let separators: &[char] = if text.contains(char::is_alphabetic) { &[' ', ',', '\u{a0}', '-', '/', '.'] } else { &[' ', ',', '\u{a0}'] };
    let words = text.split(separators).map(|word| word.strip_suffix('.').unwrap_or(word));
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && !FILLERS.contains(word)).collect();
    match words[..] {
        [month, year] => Some(format!("{}-{:02}", four_digits(year)?, month_number(month)?)),
        [month, day, year] if month_number(month).is_some() => in_words(day, month, year),
        [year, month, day] if four_digits(year).is_some() && month_number(month).is_some() => in_words(day, month, year),
        [day, month, year] => in_words(day, month, year),
        [number] if number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit()) => {
            Some(format!("{}-{}-{}", &number[..4], &number[4..6], &number[6..]))
        }
        [number] => year_first(number),
        _ => None,
    }
}

fn in_words(day: &str, month: &str, year: &str) -> Option<String> {
    let day = ["st", "nd", "rd", "th", "er"].iter().find_map(|ending| day.strip_suffix(ending)).unwrap_or(day);
    let day: u8 = day.parse().ok().filter(|_| day.len() <= 2)?;
    Some(format!("{}-{:02}-{day:02}", four_digits(year)?, month_number(month)?))
}

/// `2020/8/1`, `2020-8-1`, `2020.08.01` and `2020/08`: with the year first, the month comes second.
fn year_first(text: &str) -> Option<String> {
    let mut fields = text.split(['/', '.', '-']);
    let year = four_digits(fields.next()?)?;
    if may_be_october(text) {
        return None;
    }
    let rest = fields.map(|field| Some(format!("-{:02}", field.parse::<u8>().ok()?))).collect::<Option<Vec<_>>>()?;
    (1..=2).contains(&rest.len()).then(|| format!("{year}{}", rest.concat()))
}

/// True for a year and a month such as `2018.1`: as a number, 2018.10 has no zero at its end.
pub fn may_be_october(text: &str) -> bool {
    text.strip_suffix(".1").is_some_and(|year| four_digits(year).is_some())
}

fn four_digits(text: &str) -> Option<&str> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// The number of a month by its name, or by three letters or more of it, if they name one month.
fn month_number(word: &str) -> Option<u32> {
    let word = fold(word);
    if word.chars().count() < 3 {
        return None;
    }
    let is_meant = |names: &str| names.split(' ').any(|name| fold(name).starts_with(&word));
    let mut months = (1..).zip(MONTHS).filter(|(_, names)| is_meant(names)).map(|(number, _)| number);
    months.next().filter(|_| months.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    #[test]
    fn what_has_one_reading_is_taken() {
        for (text, read) in [
            ("1 Aug 2020", "2020-08-01"),
            ("1st August 2020", "2020-08-01"),
            ("August 1, 2020", "2020-08-01"),
            ("26-Mar-2018", "2018-03-26"),
            ("26/Mar/2018", "2018-03-26"),
            ("2018-Mar-26", "2018-03-26"),
            ("26.März 2018", "2018-03-26"),
            ("Sept. 30 2020", "2020-09-30"),
            ("August 2020", "2020-08"),
            ("26. März 2018", "2018-03-26"),
            ("26 mars 2018", "2018-03-26"),
            ("le 1er août 2018", "2018-08-01"),
            ("26 de marzo de 2018", "2018-03-26"),
            ("26 марта 2018 г.", "2018-03-26"),
            ("май 2018", "2018-05"),
            ("2020/08/01", "2020-08-01"),
            ("2020/8/1", "2020-08-01"),
            ("2020-8-1", "2020-08-01"),
            ("2020.08", "2020-08"),
            ("20200801", "2020-08-01"),
        ] {
            assert_eq!(iso(text).as_deref(), Some(read), "{text}");
            assert!(read.parse::<Date>().is_ok());
        }
    }

    #[test]
    fn what_has_two_readings_or_none_is_not() {
        for text in ["2018.1", "1/8/2020", "04/03/2022", "08/2020", "1 Ma 2020", "1 Jui 2020", "1 Aug 20", "2020", "soon"] {
            assert_eq!(iso(text), None, "{text}");
        }
    }
}
