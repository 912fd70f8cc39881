//! Candidates as text: the list, and one candidate with its reports.

use std::io::Write;

use crate::error::Result;
use crate::ledger::action::what;
use crate::ledger::{Action, Candidate, Reported};
use crate::model::counted;
use crate::model::feed::acts_for_a_state;
use crate::model::{Sign, StatedCount};
use crate::render::grid::{Grid, unbroken};
use crate::render::style::Style;
use crate::render::text::{visible, wrapped};
use crate::report::Names;
use crate::report::candidates::CandidateRow;

/// Writes the list, one line per candidate.
///
/// # Errors
/// `out` cannot be written.
pub fn table(rows: &[CandidateRow], style: Style, out: &mut dyn Write) -> Result<()> {
    let mut grid = Grid::new(style, "", &[">", "period", "who", "what", ">reports", ">mentions", ""]);
    for row in rows {
        grid.line([
            row.id.to_string(),
            period(&row.date, &row.until),
            unbroken(&format!("{} -> {}", row.actor, row.target)),
            what(&row.kind, StatedCount::Unknown, "acts", row.stage, Sign::Hostile),
            row.reports.to_string(),
            row.mentions.to_string(),
            remarks(row),
        ]);
    }
    if !rows.is_empty() {
        write!(out, "{}", grid.lines())?;
    }
    Ok(())
}

fn remarks(row: &CandidateRow) -> String {
    let review = row.review.map(|review| match (row.action_id, &row.reason) {
        (Some(action), _) => format!("{review}: #{action}"),
        (None, Some(reason)) => format!("{review}: {reason}"),
        (None, None) => review.to_string(),
    });
    let guessed = (row.guessed > 0).then(|| "kind guessed".to_owned());
    let added = row.added.as_ref().filter(|added| **added > row.until).map(|added| format!("reported {added}"));
    [review, guessed, added].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `2018-06-01`, or `2018-06-01 to 2018-06-03`.
fn period(date: &str, until: &str) -> String {
    if date == until { date.to_owned() } else { format!("{date} to {until}") }
}

/// A candidate on one line: `candidate 3 2018-06-01 South Korea -> United States: meeting; 3 reports, 7 mentions`.
pub fn line(candidate: &Candidate, names: &Names) -> String {
    let Candidate { id, date, until, actor, target, kind, stage, reports, mentions, guessed, .. } = candidate;
    let what = what(kind, StatedCount::Unknown, "acts", *stage, Sign::Hostile);
    let guessed = if *guessed { " (kind guessed)" } else { "" };
    let coverage = format!("{}, {}", counted(*reports, "reports"), counted(*mentions, "mentions"));
    format!("candidate {id} {} {} -> {}: {what}{guessed}; {coverage}", period(date, until), names.of(actor), names.of(target))
}

/// One report, with the types of actors that do not act for a state: `gdelt 669666359: 043 on 2016-07-01, reported 2017-07-01; 3 mentions; SAUDI -> CAIRO; Cairo, Al Qahirah, Egypt`.
fn report_line(report: &Reported) -> String {
    let reported = report.added.as_ref().map_or(String::new(), |added| format!(", reported {added}"));
    let side = |name: &Option<String>, types: &Option<String>| {
        let name = name.as_deref().unwrap_or("?");
        match types.as_deref().filter(|types| !acts_for_a_state(types)) {
            Some(types) => format!("{name} ({types})"),
            None => name.to_owned(),
        }
    };
    let place = report.place.as_ref().map_or(String::new(), |place| format!("; {place}"));
    let Reported { feed, event, code, date, .. } = report;
    let mentions = counted(report.mentions, "mentions");
    let (actor, target) = (side(&report.actor, &report.actor_type), side(&report.target, &report.target_type));
    format!("{feed} {event}: {code} on {date}{reported}; {mentions}; {actor} -> {target}{place}")
}

/// Writes one candidate with at most `most` of its reports, and the actions that may be the same act.
///
/// # Errors
/// `out` cannot be written.
pub fn page(
    candidate: &Candidate,
    reported: &[Reported],
    like: &[Action],
    most: usize,
    names: &Names,
    style: Style,
    out: &mut dyn Write,
) -> Result<()> {
    writeln!(out, "{}", style.bold(visible(&line(candidate, names))))?;
    if let Some(added) = candidate.added.as_ref().filter(|added| **added > candidate.until) {
        writeln!(out, "  reported {added}: the act happened no later than that")?;
    }
    match (candidate.review, candidate.action_id, &candidate.reason) {
        (None, ..) => (),
        (Some(review), Some(action), _) => writeln!(out, "  {review}: action #{action}")?,
        (Some(review), None, reason) => {
            writeln!(out, "  {review}{}", visible(&reason.as_ref().map_or(String::new(), |r| format!(": {r}"))))?
        }
    }
    for (n, report) in reported.iter().take(most).enumerate() {
        writeln!(out, "  [{}] {}", n + 1, wrapped(&visible(&report_line(report)), style.width, 6))?;
        if let Some(source) = &report.source {
            writeln!(out, "      {}", visible(source))?;
        }
    }
    if reported.len() > most {
        writeln!(out, "  ... and {} more", reported.len() - most)?;
    }
    if !like.is_empty() {
        writeln!(out, "\n{}", style.bold("Possible matches"))?;
    }
    for (n, action) in like.iter().enumerate() {
        let summary = action.details.summary.as_ref().map_or(String::new(), |summary| format!("; {summary}"));
        let act = format!("#{} {} {}{summary}", action.id, action.date, action.what());
        writeln!(out, "  [{}] {}", n + 1, visible(&act))?;
    }
    Ok(())
}

/// Writes one candidate and all its reports as JSON.
///
/// # Errors
/// `out` cannot be written.
pub fn json(candidate: &Candidate, reported: &[Reported], out: &mut dyn Write) -> Result<()> {
    #[derive(serde::Serialize)]
    struct Page<'c> {
        #[serde(flatten)]
        candidate: &'c Candidate,
        reported: &'c [Reported],
    }
    crate::render::records::json(&Page { candidate, reported }, out)
}
