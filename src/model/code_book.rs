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

/// One of the numbers of a state that had several in one book, and when it had it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberChange {
    book: CodeBook,
    /// The number.
    pub number: &'static str,
    since: &'static str,
    until: &'static str,
}

const fn change(book: CodeBook, number: &'static str, since: &'static str, until: &'static str) -> NumberChange {
    NumberChange { book, number, since, until }
}

/// Sources: Correlates of War Project, State System Membership List, version 2016; K. S. Gleditsch and M. D. Ward, A Revised List of
/// Independent States since the Congress of Vienna, International Interactions 25(4), 1999, 393-413.
const CHANGED: [NumberChange; 5] = [
    change(CodeBook::Cow, "255", "1816-01-01", "1945-05-08"),
    change(CodeBook::Cow, "260", "1955-05-05", "1990-10-02"),
    change(CodeBook::Cow, "255", "1990-10-03", "9999-12-31"),
    change(CodeBook::Gw, "255", "1816-01-01", "1945-05-07"),
    change(CodeBook::Gw, "260", "1949-09-21", "9999-12-31"),
];

impl NumberChange {
    /// The first and the last day on which the state had the number, in ISO 8601.
    pub fn days(self) -> [&'static str; 2] {
        [self.since, self.until]
    }

    fn is_on(self, day: &str) -> bool {
        (self.since..=self.until).contains(&day)
    }
}

impl CodeBook {
    /// The numbers of this book that a state had for some time only.
    pub(crate) fn changes(self) -> impl Iterator<Item = NumberChange> {
        CHANGED.into_iter().filter(move |change| change.book == self)
    }

    /// The number that a party had on the day, from `numbers`, which are separated by spaces; `None` if it had no number on that day. If it is
    /// not known when each number was in use, the result is `numbers`.
    pub fn number_on(self, numbers: &str, day: Day) -> Option<&str> {
        let is_dated = |number: &str| self.changes().any(|change| change.number == number);
        if !numbers.contains(' ') || !numbers.split(' ').all(is_dated) {
            return Some(numbers);
        }
        let day = day.iso();
        numbers.split(' ').find(|number| self.changes().any(|change| change.number == *number && change.is_on(&day)))
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
