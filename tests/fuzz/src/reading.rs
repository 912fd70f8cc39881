//! Reads everything in a ledger, with every report and in every output format.

use std::io::sink;
use std::path::Path;

use recip::render::export;
use recip::ledger::check::check;
use recip::ledger::history;
use recip::model::{Day, Sign};
use recip::render::records::{Form, Records, json};
use recip::render::style::Style;
use recip::render::{self, Head};
use recip::report::{Lens, Names, Pair, Row, Selection, balance, chain, collect, list, pending, show, timeline, unanswered};
use recip::{Ledger, Result};

const STYLE: Style = Style { color: true, width: 80, strict: true };

/// Reads one part of the ledger, which the input chooses; reading all parts would make an execution slow. An error ends only the report
/// in which it occurs, as on the command line.
pub fn read(part: usize, ledger: &Ledger, folder: &Path) {
    let day = |text: &str| text.parse::<Day>().ok();
    let pair = Some(Pair::Both("USA".to_owned(), "RUS".to_owned()));
    let selection = match part % 7 {
        0 => Selection::default(),
        1 => Selection { as_of: day("2017-07-13"), pair, ..Selection::default() },
        2..=4 => Selection { since: day("2016-12-30"), text: Some("e".to_owned()), ..crate::whole() },
        5 => return (1..=12).for_each(|key| drop(one(ledger, &key.to_string()))),
        _ => return past(ledger),
    };
    let Ok(lens) = Lens::new(ledger, &selection) else { return };
    let place = folder.join("out");
    let _read = match part % 7 {
        0 | 1 => tables(&lens).and_then(|()| records(&lens)),
        2 => export::export_csv(&lens, &mut sink(), true).map(drop),
        3 => export::export_jsonl(&lens, &mut sink()).map(drop),
        _ => export::export_package(&lens, &place).map(drop),
    };
    let _ = std::fs::remove_dir_all(&place);
}

fn tables(lens: &Lens<'_>) -> Result<()> {
    let scale = Some(lens.scale().to_owned());
    let head =
        Head { as_of: lens.as_of(), as_known: None, with_candidates: false, with_suggested: None, scope: "everything".to_owned(), limits: String::new(), scale };
    let names = Names::read(lens.connection()).unwrap_or_default();
    for sign in [Sign::Hostile, Sign::Friendly] {
        let _ = collect(|each| unanswered::read(lens, sign, each))
            .and_then(|rows| render::unanswered::table(&rows, "Unanswered", &head, &names, STYLE, "recip report matrix", &mut sink()));
    }
    let _ = collect(|each| balance::read(lens, each)).and_then(|rows| render::balance::table(&rows, None, &head, &names, STYLE, &mut sink()));
    let _ = collect(|each| pending::read(lens, pending::Scope::Passed, each)).and_then(|rows| render::pending::table(&rows, "Pending", "Nothing is pending.", &names, STYLE, &mut sink()));
    let _ = collect(|each| timeline::read(lens, each)).and_then(|rows| render::timeline::table(&rows, &head, &names, STYLE, &mut sink()));
    let _ = collect(|each| list::read(lens, each)).and_then(|rows| render::list::table(&rows, STYLE, &mut sink()));
    Ok(())
}

fn records(lens: &Lens<'_>) -> Result<()> {
    let _ = record(Form::Html, |each| unanswered::read(lens, Sign::Friendly, each));
    let _ = record(Form::Markdown, |each| unanswered::read(lens, Sign::Hostile, each));
    let _ = record(Form::Csv, |each| balance::read(lens, each));
    let _ = record(Form::Json, |each| pending::read(lens, pending::Scope::Passed, each));
    let _ = record(Form::Jsonl, |each| timeline::read(lens, each));
    record(Form::Csv, |each| list::read(lens, each))
}

fn record<R: Row>(form: Form, read: impl FnOnce(&mut dyn FnMut(R) -> Result<()>) -> Result<()>) -> Result<()> {
    let mut out = sink();
    let mut records = Records::begin::<R>(form, "heading", "command", &mut out)?;
    read(&mut |row| records.write(&row))?;
    records.end()
}

/// Runs `check`, reads the history, and reads earlier states of the ledger.
fn past(ledger: &Ledger) {
    let _ = check(ledger).and_then(|found| render::check::table(&found, STYLE, &mut sink()));
    let names = Names::read(ledger.connection()).unwrap_or_default();
    let _ = history::read(ledger.connection(), 30, &mut |change| render::history::change(&change, &names, STYLE, &mut sink()));
    for moment in ["2017-01-01", crate::NOW] {
        let known = moment.parse().and_then(|moment| ledger.as_known(&moment));
        let _ = known.and_then(|known| tables(&Lens::new(&known, &Selection::default())?));
    }
}

fn one(ledger: &Ledger, key: &str) -> Result<()> {
    let names = Names::read(ledger.connection()).unwrap_or_default();
    if let Ok(shown) = show::read(ledger, key) {
        let _ = render::show::page(&shown, &names, STYLE, &mut sink());
        let _ = json(&shown, &mut sink());
    }
    let roots = chain::read(ledger, key)?;
    let _ = json(&roots, &mut sink());
    render::chain::tree(&roots, key.parse().unwrap_or(0), &names, STYLE, &mut sink())
}
