//! Appends the reports of a feed to a lake: the folder of a Parquet export, with the reports of each day in files of their own.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::atomic::{AtomicFolder, TemporaryFolder, finish_adding};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::model::Day;
use crate::read::feed::FeedFiles;
use crate::read::{FeedOptions, FeedProgress, FeedRead};
use crate::render::export::digest::Hash;
use crate::report::Selection;

use super::input::each_text;
use super::parts::{About, Parts};
use super::sorter::Sorter;
use super::table::REPORTS;
use super::{export_parquet, manifest, output};

/// What was appended to a lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// What was read.
    pub read: FeedRead,
    /// Number of reports added.
    pub added: u64,
    /// Number of reports that the lake had already or that occur twice in the files.
    pub present: u64,
    /// The earliest day on which the feed added one of the new reports; `None`: it says no day of them.
    pub since: Option<Day>,
    /// True if there was no lake yet.
    pub begun: bool,
}

/// Appends the reports in the files of a feed to the lake in a folder. The ledger gives the parties and kinds, and the tables of a new lake.
/// The new files appear together, after all of them are complete. A report that the lake has is not added again; a feed's own identifier
/// says that it is the same.
///
/// # Errors
/// The folder is something else, a file cannot be read, the lake does not have a party or a kind of the reports, or it cannot be written.
pub fn append_feed(
    ledger: &Ledger,
    files: &[PathBuf],
    options: &FeedOptions,
    dir: &Path,
    progress: &mut dyn FnMut(FeedProgress),
) -> Result<Appended> {
    let begun = !output::is_lake(dir)?;
    let feed = FeedFiles::open(ledger, files, options)?;
    let folder = TemporaryFolder::new()?;
    let sorter = Sorter::new(&folder.path().join("reports.db"), options.feed).map_err(|e| unsorted(e, &folder))?;
    let mut present = 0;
    let read = feed.read(progress, |batches| {
        while let Some((batch, names)) = batches.next()? {
            present += sorter.add(&batch, names).map_err(|e| unsorted(e, &folder))?;
        }
        Ok(())
    })?;
    present += read.repeated;
    if begun {
        export_parquet(ledger, &Selection { all_days: true, ..Selection::default() }, true, dir, &mut |_| ())?;
    }
    let _lock = output::lock(dir);
    finish_adding(dir)?;
    present += remove_known(&sorter, options, dir).map_err(|e| unsorted(e, &folder))?;
    let since = sorter.since().map_err(|e| unsorted(e, &folder))?;
    let added = write(&sorter, dir).map_err(|e| unsorted(e, &folder))?;
    Ok(Appended { read, added, present, since, begun })
}

/// The error of the temporary file, which is no damage of the ledger.
fn unsorted(e: Error, folder: &TemporaryFolder) -> Error {
    match e {
        Error::Sqlite(e) => Error::io("sort the reports in", folder.path())(io::Error::other(e)),
        other => other,
    }
}

/// Removes the reports that the lake has, and returns their number.
fn remove_known(sorter: &Sorter, options: &FeedOptions, dir: &Path) -> Result<u64> {
    let Some(range) = sorter.range()? else { return Ok(0) };
    let mut known = 0;
    for file in output::reports(dir, Some(options.feed)).map_err(Error::io("read", dir))? {
        each_text(&file, "event", Some(&range), &mut |event| {
            known += sorter.remove(event)?;
            Ok(())
        })?;
    }
    Ok(known)
}

/// Writes the reports to the lake, and returns their number.
fn write(sorter: &Sorter, dir: &Path) -> Result<u64> {
    // This also deletes what a killed program left.
    let unfinished = AtomicFolder::new(dir)?;
    if sorter.range()?.is_none() {
        return Ok(0);
    }
    check_names(sorter, dir)?;
    let mut parts = Parts::begin(&REPORTS, &About { day: Day(0), as_of: None, as_known: None }, &unfinished)?;
    sorter.each(&mut |row| parts.add(|at| Ok(row.get_ref(at)?)))?;
    let (_, added) = parts.finish()?;
    name_by_content(unfinished.path()).map_err(Error::io("write", dir))?;
    manifest::add_reports(dir, added, &unfinished)?;
    unfinished.add()?;
    Ok(added)
}

/// Checks that the tables of the lake have the parties and the kinds of the reports, without which no report would show them.
fn check_names(sorter: &Sorter, dir: &Path) -> Result<()> {
    for ((what, table, column), named) in [("party", "parties", "code"), ("kind", "kinds", "kind")].into_iter().zip(sorter.named()?) {
        let mut known = HashSet::new();
        each_text(&dir.join(table).join(output::PART), column, None, &mut |text| {
            known.insert(text.to_vec());
            Ok(())
        })?;
        if let Some(unknown) = named.iter().find(|name| !known.contains(name.as_bytes())) {
            return Err(Error::File {
                file: dir.display().to_string(),
                why: format!("it does not have the {what} '{unknown}', which the ledger has"),
                way_out: format!("renew its tables first: recip export parquet {}", dir.display()),
            });
        }
    }
    Ok(())
}

/// Gives each file of reports a name that says what is in it, so that no other file has it.
fn name_by_content(folder: &Path) -> io::Result<()> {
    for file in output::reports(folder, None)? {
        let mut content = Hash::default();
        io::copy(&mut File::open(&file)?, &mut content)?;
        fs::rename(&file, file.with_file_name(format!("part-{}.parquet", &content.hex()[..16])))?;
    }
    Ok(())
}
