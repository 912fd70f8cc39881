//! Code books of states, which files use for their parties.

use crate::model::Day;
use crate::model::word_enum::word_enum;

word_enum! {
    /// A code book of states.
    pub enum CodeBook: "code book" {
        /// ISO 3166 alpha-2.
        Iso2 = "iso2",
        /// ISO 3166 alpha-3: the codes of the ledger.
        Iso3 = "iso3",
        /// Correlates of War, in letters or as numbers.
        Cow = "cow",
        /// Gleditsch and Ward, in letters or as numbers.
        Gw = "gw",
    }
}

/// When a state that had several numbers in one book had each of them: the book, the number, the first and the last day. Sources: Correlates
/// of War Project, State System Membership List, version 2016; K. S. Gleditsch and M. D. Ward, A Revised List of Independent States since the
/// Congress of Vienna, International Interactions 25(4), 1999, 393-413.
const CHANGED: [(CodeBook, &str, &str, &str); 5] = [
    (CodeBook::Cow, "255", "1816-01-01", "1945-05-08"),
    (CodeBook::Cow, "260", "1955-05-05", "1990-10-02"),
    (CodeBook::Cow, "255", "1990-10-03", "9999-12-31"),
    (CodeBook::Gw, "255", "1816-01-01", "1945-05-07"),
    (CodeBook::Gw, "260", "1949-09-21", "9999-12-31"),
];

impl CodeBook {
    /// The number that a party had on the day, from `numbers`, which are separated by spaces; `None` if it had no number on that day. If it is
    /// not known when each number was in use, the result is `numbers`.
    pub fn number_on(self, numbers: &str, day: Day) -> Option<&str> {
        let changed: Vec<_> = CHANGED.iter().filter(|(book, ..)| *book == self).collect();
        let is_dated = |number: &str| changed.iter().any(|(_, changed, ..)| *changed == number);
        if !numbers.contains(' ') || !numbers.split(' ').all(is_dated) {
            return Some(numbers);
        }
        let day = day.iso();
        let on_day = |(_, _, since, until): &(CodeBook, &str, &str, &str)| (*since..=*until).contains(&day.as_str());
        numbers.split(' ').find(|number| changed.iter().any(|entry| entry.1 == *number && on_day(entry)))
    }
}

impl CodeBook {
    /// Its name in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            CodeBook::Iso2 => "ISO 3166 alpha-2",
            CodeBook::Iso3 => "ISO 3166 alpha-3",
            CodeBook::Cow => "Correlates of War",
            CodeBook::Gw => "Gleditsch and Ward",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn germany_has_the_number_of_the_day() {
        let on = |book: CodeBook, day: &str| book.number_on("255 260", day.parse().unwrap());
        assert_eq!(
            ["1914-07-28", "1950-01-01", "1990-10-02", "1990-10-03"].map(|day| on(CodeBook::Cow, day)),
            [Some("255"), None, Some("260"), Some("255")]
        );
        assert_eq!(["1914-07-28", "1947-01-01", "1990-10-03"].map(|day| on(CodeBook::Gw, day)), [Some("255"), None, Some("260")]);
        let day = "2017-01-01".parse().unwrap();
        assert_eq!((CodeBook::Cow.number_on("365", day), CodeBook::Cow.number_on("1 2", day)), (Some("365"), Some("1 2")));
    }
}
