//! What the fuzz targets share: a ledger in memory that is emptied and reused, a folder in memory, and the checks for every import.
#![forbid(unsafe_code)]

pub mod reading;
pub mod rows;
pub mod torn;
pub mod workbook;
pub mod writing;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use recip::error::{Error, RowError};
use recip::read::{self, Files, Format, ReadOptions, SheetOptions};
use recip::render::export;
use recip::ledger::{Entry, Loaded, Resembling};
use recip::model::Clock;
use recip::report::{Lens, Selection};
use recip::{Ledger, Result};
use rusqlite::config::DbConfig;

/// The fixed current time of all targets.
pub const NOW: &str = "2026-01-02T12:00:00Z";
/// An act that occurs in no seed. A ledger that contains it is loaded row by row.
const ELSEWHERE: &str = "an-act-of-others";
/// Maximum number of attempts to import a file, each without the rows that were invalid before.
const TRIES: usize = 5;
/// The tables of the catalogue, each after those that it refers to.
const CATALOGUE: [&str; 7] = ["party", "alias", "membership", "kind", "scale", "weight", "dispute"];

/// An exchange format: how a ledger is exported, and which bytes the export has.
pub trait Form {
    /// The name of the file or folder.
    const NAME: &'static str;

    /// Writes the whole ledger to a file or folder that does not exist yet.
    fn export(lens: &Lens<'_>, to: &Path) -> Result<()>;

    /// All bytes of the export.
    fn bytes(at: &Path) -> Vec<u8>;

    /// Deletes the export.
    fn remove(at: &Path);
}

/// The flat CSV.
pub struct Csv;
/// JSON Lines.
pub struct Jsonl;
/// A folder of tables.
pub struct Package;

impl Form for Csv {
    const NAME: &'static str = "x.csv";

    fn export(lens: &Lens<'_>, to: &Path) -> Result<()> {
        let mut out = Vec::new();
        export::export_csv(lens, &mut out, false)?;
        std::fs::write(to, out).unwrap();
        Ok(())
    }

    fn bytes(at: &Path) -> Vec<u8> {
        std::fs::read(at).unwrap()
    }

    fn remove(at: &Path) {
        let _ = std::fs::remove_file(at);
    }
}

impl Form for Jsonl {
    const NAME: &'static str = "x.jsonl";

    fn export(lens: &Lens<'_>, to: &Path) -> Result<()> {
        let mut out = Vec::new();
        export::export_jsonl(lens, &mut out)?;
        std::fs::write(to, out).unwrap();
        Ok(())
    }

    fn bytes(at: &Path) -> Vec<u8> {
        Csv::bytes(at)
    }

    fn remove(at: &Path) {
        Csv::remove(at);
    }
}

impl Form for Package {
    const NAME: &'static str = "x";

    fn export(lens: &Lens<'_>, to: &Path) -> Result<()> {
        export::export_package(lens, to).map(|_| ())
    }

    fn bytes(at: &Path) -> Vec<u8> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(at).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        files.iter().flat_map(|f| [f.file_name().unwrap().as_encoded_bytes(), b"\n", &std::fs::read(f).unwrap()].concat()).collect()
    }

    fn remove(at: &Path) {
        let _ = std::fs::remove_dir_all(at);
    }
}

/// A ledger in memory, and a folder for files.
pub struct Bench {
    ledger: Ledger,
    folder: PathBuf,
    /// True if the catalogue may differ from that of a new ledger.
    amended: bool,
}

impl Default for Bench {
    fn default() -> Bench {
        Bench { ledger: ledger(), folder: folder(), amended: false }
    }
}

/// A new ledger, with extra tables that keep a copy of the original catalogue.
fn ledger() -> Ledger {
    let mut ledger = Ledger::in_memory().unwrap();
    ledger.set_clock(Clock::fixed(NOW).unwrap());
    let conn = ledger.connection();
    for table in CATALOGUE {
        conn.execute_batch(&format!("CREATE TABLE main.fresh_{table} AS SELECT * FROM main.{table}")).unwrap();
    }
    ledger
}

/// A folder of this process, in memory if the system has a file system in memory.
pub fn folder() -> PathBuf {
    let shared = Path::new("/dev/shm");
    let parent = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
    let folder = parent.join(format!("recip-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Removes the lines on which invalid rows begin from their files.
fn leave_out(bad: &[RowError]) {
    let files: BTreeSet<&str> = bad.iter().map(|row| row.file.as_str()).collect();
    for file in files {
        let lines: BTreeSet<u64> = bad.iter().filter(|row| row.file == file).map(|row| row.line).collect();
        let text = std::fs::read(file).unwrap();
        let kept = (1..).zip(text.split_inclusive(|b| *b == b'\n')).filter(|(line, _)| !lines.contains(line));
        std::fs::write(file, kept.flat_map(|(_, text)| text).copied().collect::<Vec<u8>>()).unwrap();
    }
}

/// The selection for an export of everything.
pub fn whole() -> Selection {
    Selection { all_days: true, ..Selection::default() }
}

impl Bench {
    /// The path at which a target puts the file or folder of this format.
    pub fn place<F: Form>(&self) -> PathBuf {
        self.folder.join(F::NAME)
    }

    /// Imports the file. If it is accepted, exporting and importing it again must change nothing, in both ways of loading.
    pub fn there_and_back<F: Form>(&mut self, encoding: Option<&str>) {
        let options = ReadOptions { encoding: encoding.map(str::to_owned), ..ReadOptions::default() };
        let place = self.place::<F>();
        self.empty();
        // Most inputs have an invalid row; their other rows are tried without it.
        let mut tries = 0;
        while let Err(bad) = self.bring(&place, &options) {
            let there: i64 = self.ledger.connection().query_row("SELECT count(*) FROM action", [], |r| r.get(0)).unwrap();
            assert_eq!(there, 0, "what was refused left something behind");
            tries += 1;
            if bad.is_empty() || tries == TRIES {
                return;
            }
            leave_out(&bad);
        }
        self.sound();
        let (there, first) = (self.dump(), self.folder.join(format!("first-{}", F::NAME)));
        F::remove(&first);
        self.export::<F>(&first);

        // Importing the same file again adds nothing.
        let again = self.bring(&first, &ReadOptions::default()).expect("what went out does not come in beside itself");
        assert_eq!((again.added, again.links, again.catalogue), (0, 0, 0), "what went out is not what is there");

        self.empty();
        self.bring(&first, &ReadOptions::default()).expect("what went out does not come in");
        self.sound();
        let second = self.folder.join(format!("second-{}", F::NAME));
        F::remove(&second);
        self.export::<F>(&second);
        assert!(F::bytes(&first) == F::bytes(&second), "what came in goes out otherwise");
        assert_eq!(self.dump(), there);

        // Loading row by row gives the same result.
        self.empty();
        let mut others = Entry::new("JPN", "CHN", "protest", "1999".parse().unwrap());
        others.reference = Some(ELSEWHERE.to_owned());
        if self.ledger.log(&others).is_ok() {
            self.bring(&first, &ReadOptions::default()).expect("what went out does not come in row by row");
            self.sound();
            let mut rows = self.dump();
            rows.retain(|row| !row.starts_with(ELSEWHERE));
            assert_eq!(rows, there, "row by row it is otherwise");
        }
    }

    /// Imports a workbook, as it is proposed to be read if its columns are its own. What is proposed has the form of a review.
    pub fn sheet(&mut self, book: &[u8]) {
        let place = self.folder.join("x.xlsx");
        std::fs::write(&place, book).unwrap();
        self.empty();
        let options = ReadOptions { format: Some(Format::Workbook), resembling: Resembling::Add, ..ReadOptions::default() };
        let Ok(mut files) = Files::open(&[place], &options) else { return };
        for proposal in files.propose(&self.ledger, &options, &SheetOptions::default()).unwrap() {
            let tables = proposal.tables();
            assert!(tables.iter().all(|table| table.rows.iter().all(|row| row.len() == table.header.len())));
            files.accept(proposal);
        }
        match files.import(&mut self.ledger, &options, &mut |_, _| ()) {
            Ok(loaded) => {
                self.amended |= loaded.catalogue > 0 || !loaded.disputes_made.is_empty();
                self.sound();
            }
            Err(e) => assert!(!matches!(e, Error::Sqlite(_)), "{e}"),
        }
    }

    /// Imports a file. If it is refused, returns its invalid rows.
    fn bring(&mut self, place: &Path, options: &ReadOptions) -> std::result::Result<Loaded, Vec<RowError>> {
        match read::import(&mut self.ledger, &[place.to_owned()], options, &mut |_, _| ()) {
            Ok(told) => {
                self.amended |= told.catalogue > 0 || !told.disputes_made.is_empty();
                Ok(told)
            }
            Err(e) => {
                let said = e.to_string();
                assert!(!said.is_empty());
                // recip itself must find what is wrong with a file, so that no error comes from SQLite.
                assert!(!matches!(e, Error::Sqlite(_)), "{said}");
                Err(if let Error::Rows { bad, .. } = e { bad } else { Vec::new() })
            }
        }
    }

    fn export<F: Form>(&self, to: &Path) {
        let lens = Lens::new(&self.ledger, &whole()).unwrap();
        F::export(&lens, to).unwrap();
    }

    /// Checks that the ledger is undamaged, passes every CHECK and has correct derived values.
    fn sound(&self) {
        let text = |select: &str| -> String { self.ledger.connection().query_row(select, [], |r| r.get(0)).unwrap() };
        assert_eq!(text("PRAGMA main.integrity_check"), "ok");
        assert_eq!(text("SELECT CAST(count(*) AS TEXT) FROM pragma_foreign_key_check"), "0");
        let wrong = "SELECT CAST(count(*) AS TEXT) FROM derived_action r JOIN action a ON a.id = r.action_id
                     WHERE r.open <> a.open OR r.stands <> a.stands OR r.posted_day <> a.posted_day";
        assert_eq!(text(wrong), "0");
    }

    /// All fields and derived values of actions and links.
    fn dump(&self) -> Vec<String> {
        let conn = self.ledger.connection();
        let mut all = Vec::new();
        for select in [
            "SELECT concat_ws('|', ref, date, actor, target, kind, ifnull(count, '?'), count_words, stage, quote(\"by\"), quote(place), quote(deadline),
               quote(dispute), quote(summary), quote(note), quote(tags), stands, open, posted_day) FROM action ORDER BY day, ref",
            "SELECT concat_ws('|', b.ref, relation, a.ref, covers, spends, takes, l.day) FROM link l JOIN action a ON a.id = l.earlier_id
               JOIN action b ON b.id = l.action_id ORDER BY b.ref, relation, a.ref",
            "SELECT concat_ws('|', ref, cite, says_date, says_count, says_words, denies) FROM citation c JOIN source s ON s.id = c.source_id
               JOIN action a ON a.id = c.action_id ORDER BY a.day, a.ref, position",
        ] {
            let mut select = conn.prepare_cached(select).unwrap();
            all.extend(select.query_map([], |r| r.get::<_, String>(0)).unwrap().map(|row| row.unwrap()));
        }
        all
    }

    /// Empties the ledger, which takes a tenth of the time of creating a new one.
    fn empty(&mut self) {
        let conn = self.ledger.connection();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
        let mut sql = "PRAGMA foreign_keys = 0; BEGIN;".to_owned();
        for table in ["citation", "source", "link", "action", "history", "change", "sqlite_sequence"] {
            sql += &format!("DELETE FROM main.{table};");
        }
        // Only an import that was accepted can have changed it; the others were rolled back.
        if std::mem::take(&mut self.amended) {
            for table in CATALOGUE {
                sql += &format!("DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM main.fresh_{table};");
            }
        }
        sql += "COMMIT; PRAGMA foreign_keys = 1;";
        conn.execute_batch(&sql).unwrap();
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true).unwrap();
    }
}
