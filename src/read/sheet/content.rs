//! What is in the cells of a column.

use std::collections::HashSet;

use crate::error::Result;

use super::parties::Known;
use super::{Row, acts, amount, dates, words};

/// The number of cells of a column that decide what is in it.
pub(super) const SAMPLE: usize = 40;

/// What most of the filled cells of a column are.
#[derive(Debug, Clone, Default)]
pub(super) struct Content {
    /// The cells, filled or not.
    pub cells: Vec<String>,
    pub dates: bool,
    /// True if these dates have no year: `26 March`.
    pub without_year: bool,
    /// True if they are too short for dates, and no dates.
    pub short: bool,
    pub links: bool,
    pub counts: bool,
    pub kinds: bool,
    pub stages: bool,
    /// True if they say only of what stage acts are, or whether they were done at all.
    pub statuses: bool,
    /// True if one of them says so, even if most do not.
    pub has_stages: bool,
    pub parties: bool,
    /// True if all are years.
    pub years: bool,
    /// True if all are marks of footnotes: `[12]`.
    pub notes: bool,
    /// A cell that another repeats.
    pub repeated: Option<String>,
    /// True if all are numbers.
    pub numbers: bool,
    /// True if some are counts, and the others have no digit: `23`, `several`.
    pub may_count: bool,
    /// True if all are numbers or sums of them, and one is a sum: `48 + 12`.
    pub sums: bool,
    /// True if each number is one more than the one above, as numbers of rows are: from 0 or 1, unless the column is the first.
    pub in_order: bool,
}

impl Content {
    pub fn of(rows: &[&Row], at: usize, known: &mut Known<'_>) -> Result<Content> {
        let cells: Vec<String> = rows.iter().map(|row| row.cell(at).to_owned()).collect();
        let filled: Vec<&str> = cells.iter().map(String::as_str).filter(|cell| !cell.is_empty() && !words::is_ditto(cell)).collect();
        let sample = &filled[..filled.len().min(SAMPLE)];
        let most = |n: usize| n * 10 >= sample.len() * 7 && n > 0;
        let share = |is: &dyn Fn(&str) -> bool| most(sample.iter().filter(|cell| is(cell)).count());
        let all = |is: &dyn Fn(&str) -> bool| !filled.is_empty() && filled.iter().all(|cell| is(cell));
        let (mut parties, mut kinds, mut counts, mut none, mut waiting) = (0, 0, 0, 0, 0);
        for cell in sample {
            parties += usize::from(!words::is_yes_or_no(cell) && known.may_be_party(cell)?);
            let amount = amount::read(cell);
            let is_count = amount.problem.is_none() || amount.leaves_open;
            counts += usize::from(is_count);
            none += usize::from(words::is_no_answer(cell));
            waiting += usize::from(words::is_no_answer(cell) && !is_count);
            kinds += usize::from(acts::read(cell).is_ok_and(|act| act.is_some()) || known.is_kind(cell)?);
        }
        let (parties, kinds) = (most(parties), kinds > 0 && most(kinds + none));
        let numbers: Option<Vec<i64>> = filled.iter().map(|cell| cell.trim_end_matches(".0").parse().ok()).collect();
        let numbers = numbers.filter(|numbers| !numbers.is_empty());
        let is_digits = |part: &str| !part.trim().is_empty() && part.trim().bytes().all(|b| b.is_ascii_digit());
        let is_count = |cell: &&str| !amount::read(cell).count.is_empty();
        let is_note = |cell: &str| cell.starts_with('[') && cell.ends_with(']') && cell.chars().count() < 24;
        Ok(Content {
            dates: share(&dates::is_day),
            without_year: share(&dates::is_plainly_without_year),
            short: share(&|cell| !dates::is_date(cell) && !dates::is_without_year(cell) && cell.len() < 4),
            links: share(&|cell| cell.starts_with("http://") || cell.starts_with("https://")),
            counts: counts > 0 && most(counts + waiting),
            stages: share(&|cell| acts::stage(cell).is_some() || acts::is_status(cell)),
            statuses: share(&acts::is_status),
            has_stages: filled.iter().any(|cell| acts::stage(cell).is_some() || acts::is_status(cell)),
            notes: all(&is_note),
            years: all(&|cell| cell.len() == 4 && cell.parse().is_ok_and(|year: u32| (1800..2100).contains(&year))),
            repeated: repeated(&filled),
            in_order: numbers
                .as_ref()
                .filter(|numbers| numbers.len() > 1 && (at == 0 || matches!(numbers[0], 0 | 1)))
                .is_some_and(|numbers| numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]))),
            numbers: numbers.is_some(),
            may_count: filled.iter().any(is_count) && filled.iter().all(|cell| is_count(cell) || !words::has_number(cell)),
            sums: all(&|cell| cell.split('+').all(is_digits)) && filled.iter().any(|cell| cell.contains('+')),
            parties,
            kinds,
            cells,
        })
    }

    /// True if no cell is filled.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    /// True if each cell of this column, wherever it is filled, names an item of these.
    pub fn names_only(&self, ids: &[&Content]) -> bool {
        let ids: HashSet<&str> = ids.iter().flat_map(|content| &content.cells).map(|cell| words::bare_ref(cell)).collect();
        let items = self.cells.iter().flat_map(|cell| cell.split([',', ';', '|'])).map(str::trim).filter(|item| !item.is_empty());
        !self.is_empty() && items.into_iter().all(|item| ids.contains(words::bare_ref(item)))
    }
}

fn repeated(cells: &[&str]) -> Option<String> {
    let mut seen = HashSet::new();
    cells.iter().find(|cell| !seen.insert(**cell)).map(|cell| (*cell).to_owned())
}
