//! The codes of parties in a file that uses a code book.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::error::Result;
use crate::ledger::catalogue::{Party, list_parties};
use crate::model::{CodeBook, Date, Day};

/// The codes of a book, with the parties that have or had them.
#[derive(Debug)]
pub(super) struct Codes {
    pub book: CodeBook,
    parties: HashMap<String, Holder>,
    by_code: HashMap<String, Vec<String>>,
}

/// A party that has codes of the book.
#[derive(Debug)]
struct Holder {
    /// The codes by which it is written in files that use this book.
    codes: String,
    /// Its ISO 3166 codes, which are names in every other file.
    iso: Vec<String>,
    /// Its first and its last day, and both as written.
    days: (Day, Day),
    existed: String,
}

impl Codes {
    /// Reads the codes of the parties in the ledger.
    pub fn read(conn: &Connection, book: CodeBook) -> Result<Codes> {
        let mut codes = Codes { book, parties: HashMap::new(), by_code: HashMap::new() };
        for party in list_parties(conn)? {
            let own: Vec<String> = party.codes_of(book).map(str::to_owned).collect();
            if own.is_empty() {
                continue;
            }
            let holder = Holder::new(&party, own.join(", "));
            for code in own {
                codes.by_code.entry(code).or_default().push(party.code.clone());
            }
            codes.parties.insert(party.code, holder);
        }
        Ok(codes)
    }

    /// The party that has a code on a day, or the problem; `None` if the book does not have the code. A code that only one party ever had
    /// means that party on any day.
    pub fn party(&self, given: &str, day: Option<Day>) -> Option<Result<&str, String>> {
        let code = plain(given);
        let parties = self.by_code.get(&code)?;
        if let [only] = &parties[..] {
            return Some(Ok(only));
        }
        let exists = |party: &&String| day.is_none_or(|day| self.parties.get(*party).is_some_and(|p| p.days.0 <= day && day <= p.days.1));
        let latest = parties.iter().filter(exists).max_by_key(|party| self.parties.get(*party).map(|p| p.days.0));
        Some(latest.map(String::as_str).ok_or_else(|| {
            let holders: Vec<&str> = parties.iter().filter_map(|party| Some(self.parties.get(party)?.existed.as_str())).collect();
            format!(
                "no party of the ledger had the code {code} ({}) on this day: {}; help: write the name of the party",
                self.book.title(),
                holders.join(", ")
            )
        }))
    }

    /// The problem with a party that a cell names by its code in another book, although it has one in this book.
    pub fn other_code(&self, party: &str, given: &str) -> Option<String> {
        let holder = self.parties.get(party).filter(|holder| holder.iso.contains(&plain(given)))?;
        Some(format!(
            "{given} is not a code of this code book ({}), which has {} for {party}; help: write that, or the name; or give another code book with --codes",
            self.book.title(),
            holder.codes
        ))
    }
}

impl Holder {
    fn new(party: &Party, codes: String) -> Holder {
        let date = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<Date>().ok());
        let (since, until) = (date(&party.since), date(&party.until));
        let existed = match (&since, &until) {
            (_, None) => since.as_ref().map_or(party.code.clone(), |since| format!("{} since {since}", party.code)),
            (None, Some(until)) => format!("{} until {until}", party.code),
            (Some(since), Some(until)) => format!("{} from {since} to {until}", party.code),
        };
        let days = (since.map_or(Day(i64::MIN), |d| d.earliest()), until.map_or(Day(i64::MAX), |d| d.latest()));
        let iso = [CodeBook::Iso2, CodeBook::Iso3].into_iter().flat_map(|book| party.codes_of(book)).map(str::to_owned).collect();
        Holder { codes, iso, days, existed }
    }
}

/// A code as the ledger has it: capital letters; a number without leading zeros, and without the decimals that statistics programs write.
fn plain(given: &str) -> String {
    let given = given.trim();
    let number = given.strip_suffix(".0").unwrap_or(given);
    if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        return number.trim_start_matches('0').to_owned();
    }
    given.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;

    /// A code that several parties of a new ledger had means each of them on the first and on the last day of that party.
    #[test]
    fn a_code_means_the_party_that_has_it_on_the_day() {
        let ledger = Ledger::in_memory().unwrap();
        let mut changed_hands = 0;
        for book in [CodeBook::Iso2, CodeBook::Cow, CodeBook::Gw] {
            let codes = Codes::read(ledger.connection(), book).unwrap();
            for (code, parties) in codes.by_code.iter().filter(|(_, parties)| parties.len() > 1) {
                changed_hands += 1;
                for party in parties {
                    let (first, last) = codes.parties[party].days;
                    assert_eq!(codes.party(code, Some(first)), Some(Ok(party.as_str())), "{code}");
                    // The Soviet Union ended two weeks after Russia began.
                    if party != "SUN" {
                        assert_eq!(codes.party(code, Some(last)), Some(Ok(party.as_str())), "{code}");
                    }
                }
            }
        }
        assert_eq!(changed_hands, 11);
    }

    #[test]
    fn numbers_are_read_as_programs_write_them() {
        for (given, code) in [("2", "2"), ("002", "2"), ("255.0", "255"), (" gmy ", "GMY"), ("U.S.", "U.S.")] {
            assert_eq!(plain(given), code);
        }
    }
}
