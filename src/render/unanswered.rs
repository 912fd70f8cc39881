//! Open claims as a table: the sums by party if there are many pairs, then the claims grouped by pair, with totals by unit and age.

use std::collections::BTreeMap;
use std::io::Write;

use crate::error::Result;
use crate::model::Stage;
use crate::model::count::{Total, quantity};
use crate::render::grid::Grid;
use crate::render::style::Style;
use crate::render::text::{age, visible};
use crate::render::{Head, handle};
use crate::report::Names;
use crate::report::unanswered::Unanswered;

/// The age classes of the totals: the heading and the maximum age in days.
const AGES: [(&str, i64); 5] = [(">0-30 days", 30), (">31-90", 90), (">91-180", 180), (">181-365", 365), (">over a year", i64::MAX)];

/// The maximum number of parties in the sums by party.
const MAX_PARTIES: usize = 10;
/// The maximum number of actors and targets that need no sums by party: the two directions of one pair.
const ONE_PAIR: usize = 2;

/// Writes the table. `matrix` is the command that shows the parties for which it has no room.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[Unanswered], title: &str, head: &Head, names: &Names, style: Style, matrix: &str, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&head.line(title))))?;
    if rows.is_empty() {
        writeln!(out, "\nNothing is open.")?;
        return Ok(());
    }
    let pairs = pairs(rows);
    if pairs.len() > ONE_PAIR {
        write!(out, "\n{}", by_party(rows, names, style, matrix))?;
    }
    for (actor, target) in pairs {
        writeln!(out, "\n{}", style.bold(visible(&format!("{} -> {}", names.of(actor), names.of(target)))))?;
        let mut grid = Grid::new(style, "  ", &[">", "date", "kind", ">open", "", ">age", "summary"]);
        for row in rows.iter().filter(|r| r.actor == actor && r.target == target) {
            let [open, unit] = open(row);
            grid.row([
                handle(row.id),
                row.date.clone(),
                if row.stage == Stage::Announced { format!("{} (announced)", row.kind) } else { row.kind.clone() },
                open,
                unit,
                format!("{} d", age(&row.date, row.age_days)),
                row.summary.clone().unwrap_or_default(),
            ]);
        }
        write!(out, "{}", grid.lines())?;
    }
    write!(out, "\n{}", totals(rows, style))?;
    Ok(())
}

/// The pairs, ordered by their oldest open claim.
fn pairs(rows: &[Unanswered]) -> Vec<(&str, &str)> {
    let mut seen = std::collections::HashSet::new();
    rows.iter().map(|r| (r.actor.as_str(), r.target.as_str())).filter(|pair| seen.insert(*pair)).collect()
}

/// The open amounts of the acts of a party, and of the acts towards it.
struct OfParty<'r> {
    claims: usize,
    oldest: &'r str,
    /// Its own acts, then the acts towards it, by unit.
    sums: [BTreeMap<&'r str, Total>; 2],
}

/// The sums by party: those with the most open claims first.
fn by_party(rows: &[Unanswered], names: &Names, style: Style, matrix: &str) -> String {
    let mut parties: BTreeMap<&str, OfParty<'_>> = BTreeMap::new();
    for row in rows {
        for (side, code) in [&row.actor, &row.target].into_iter().enumerate() {
            // The rows are ordered by date, so the first row of a party is its oldest.
            let of = parties.entry(code).or_insert_with(|| OfParty { claims: 0, oldest: &row.date, sums: Default::default() });
            of.claims += 1;
            of.sums[side].entry(&row.unit).or_default().add(row.open, row.count.approximation());
        }
    }
    let mut parties: Vec<(&str, OfParty<'_>)> = parties.into_iter().collect();
    parties.sort_by_key(|(_, of)| std::cmp::Reverse(of.claims));
    let more = parties.len().saturating_sub(MAX_PARTIES);
    let mut grid = Grid::new(style, "", &["party", "oldest", "its open acts", "open acts towards it"]);
    for (code, of) in parties.iter().take(MAX_PARTIES) {
        let [own, towards] = of.sums.each_ref().map(|sums| {
            let sums: Vec<String> = sums.iter().map(|(unit, total)| total.with_unit(unit)).collect();
            if sums.is_empty() { "-".to_owned() } else { sums.join(", ") }
        });
        grid.row([names.of(code).to_owned(), of.oldest.to_owned(), own, towards]);
    }
    let note = match more {
        0 => String::new(),
        1 => format!("1 more party: {}\n", visible(matrix)),
        _ => format!("{more} more parties: {}\n", visible(matrix)),
    };
    format!("{}{note}", grid.lines())
}

/// What is open of an act, and its unit: `35` and `persons`, `720` and `of 755 persons`.
fn open(row: &Unanswered) -> [String; 2] {
    let open = row.count.part(row.open);
    if open != row.count {
        return [open.to_string(), format!("of {} {}", row.count, row.unit)];
    }
    let amount = quantity(open, &row.unit);
    let (number, unit) = amount.split_once(' ').unwrap_or((&amount, ""));
    [number.to_owned(), unit.to_owned()]
}

/// The open amounts by unit and age. `35+` is at least 35; an unknown count adds `+ ?`.
fn totals(rows: &[Unanswered], style: Style) -> String {
    let mut units: BTreeMap<&str, [Total; AGES.len() + 1]> = BTreeMap::new();
    for row in rows {
        let sums = units.entry(&row.unit).or_default();
        let class = AGES.iter().position(|(_, max_days)| row.age_days <= *max_days).unwrap_or(0);
        for at in [class, AGES.len()] {
            sums[at].add(row.open, row.count.approximation());
        }
    }
    let mut headings = vec!["open, by age", ">all"];
    headings.extend(AGES.iter().map(|(heading, _)| *heading));
    headings.push("");
    let mut grid = Grid::new(style, "", &headings);
    for (unit, sums) in units {
        let mut cells = vec![unit.to_owned(), sums[AGES.len()].to_string()];
        cells.extend(sums[..AGES.len()].iter().map(ToString::to_string));
        cells.push(String::new());
        grid.row(cells);
    }
    grid.lines()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StatedCount;

    /// The total does not overflow when another program wrote two claims near the maximum integer.
    #[test]
    fn a_total_holds_any_claims() {
        let row = Unanswered {
            id: 1,
            reference: "a".to_owned(),
            date: "2017".to_owned(),
            actor: "USA".to_owned(),
            target: "RUS".to_owned(),
            kind: "expulsion".to_owned(),
            count: StatedCount::Exact(1),
            open: Some(i64::MAX),
            unit: "persons".to_owned(),
            age_days: 1,
            stage: Stage::Done,
            dispute: None,
            summary: None,
        };
        let drawn = totals(&[row.clone(), row], Style { color: false, width: 80, strict: false });
        assert!(drawn.contains(" 18446744073709551614 "), "{drawn}");
    }
}
