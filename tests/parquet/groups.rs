//! The layout of the Parquet files: row groups of limited size, statistics, zstd compression, and metadata.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use parquet::basic::{Compression, Encoding, LogicalType};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::catalogue::every_table;
use super::folder::files;
use super::{TABLES, parts};
use crate::support::{NOW, ok, python_has};

pub fn metadata(part: &Path) -> ParquetMetaData {
    SerializedFileReader::new(File::open(part).unwrap()).unwrap().metadata().clone()
}

/// Creates a ledger `many.db` with this number of candidates of 2017, written with the triggers off.
pub fn many(folder: &Path, candidates: u32) {
    ok(folder, &["-f", "many.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let conn = Connection::open(folder.join("many.db")).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch(&format!(
        "INSERT INTO series VALUES (1, 'USA', 'RUS', 'sanction', 'done', 'day', 1), (2, 'RUS', 'USA', 'meeting', 'done', 'day', 1);
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {candidates})
         INSERT INTO candidate (series_id, day, last_day, reports, mentions, guessed)
         SELECT 1 + n % 2, 17167 + n * 7919 % 365, 17167 + n * 7919 % 365 + n % 3, 1, n, 0 FROM n;"
    ))
    .unwrap();
}

#[test]
fn a_year_of_many_rows_is_several_groups_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    many(folder, 250_000);
    ok(folder, &["-f", "many.db", "export", "parquet", "out"]);
    let [(2017, part)] = &parts(&folder.join("out"), "candidates")[..] else { panic!() };
    let metadata = metadata(part);
    let rows: Vec<i64> = metadata.row_groups().iter().map(|g| g.num_rows()).collect();
    assert_eq!(rows, [122_880, 122_880, 4_240]);
    let day = metadata.file_metadata().schema_descr().columns().iter().position(|c| c.name() == "day").unwrap();
    let mut last = None;
    for group in metadata.row_groups() {
        let sorted: Vec<i32> = group.sorting_columns().unwrap().iter().map(|c| c.column_idx).collect();
        assert_eq!(sorted, [day as i32, 0]);
        let days = group.column(day).statistics().unwrap();
        let ends = [days.min_bytes_opt(), days.max_bytes_opt()].map(|bytes| i32::from_le_bytes(bytes.unwrap().try_into().unwrap()));
        assert!(last.is_none_or(|last| last <= ends[0]) && ends[0] < ends[1]);
        last = Some(ends[1]);
    }
    if python_has("duckdb") {
        let question = format!(
            "import duckdb; print(duckdb.sql(\"\"\"SELECT count(*), sum(mentions), count(DISTINCT id), count(*) FILTER (last_day < day OR year(day) <> year),
               count(*) FILTER (day < earlier OR day = earlier AND id <= earlier_id) FROM (SELECT *, lag(day) OVER w AS earlier, lag(id) OVER w AS earlier_id
               FROM read_parquet('{}/out/candidates/*/*.parquet', file_row_number = true) WINDOW w AS (ORDER BY file_row_number))\"\"\").fetchall())",
            folder.display()
        );
        let output = Command::new("python3").args(["-c", &question]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, "[(250000, 31250125000, 250000, 0, 0)]\n", "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn long_texts_make_a_group_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = "diplomacy ".repeat(100_000);
    let rows = (1..=40).map(|n| format!("a-{n},2017-07-28,USA,RUS,protest,\"{text}{n}\"\n"));
    std::fs::write(folder.join("long.csv"), "ref,date,actor,target,kind,summary\n".to_owned() + &rows.collect::<String>()).unwrap();
    ok(folder, &["-f", "long.csv", "export", "parquet", "out"]);
    let groups: Vec<i64> = metadata(&parts(&folder.join("out"), "actions")[0].1).row_groups().iter().map(|g| g.num_rows()).collect();
    assert_eq!(groups, [34, 6]);
}

#[test]
fn every_column_has_statistics_and_is_packed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/us-russia-2016-2017.csv");
    ok(folder, &["-f", "l.db", "import", example.to_str().unwrap()]);
    ok(folder, &["-f", "l.db", "export", "parquet", "out"]);
    let mut looked = 0;
    for table in TABLES {
        for (_, part) in parts(&folder.join("out"), table) {
            for column in metadata(&part).row_groups().iter().flat_map(|g| g.columns()) {
                let name = column.column_descr().name();
                assert!(matches!(column.compression(), Compression::ZSTD(_)), "{table}.{name}");
                let statistics = column.statistics().unwrap();
                let nulls = i64::try_from(statistics.null_count_opt().unwrap_or_default()).unwrap();
                assert_eq!(statistics.min_bytes_opt().is_some(), nulls < column.num_values(), "{table}.{name}");
                let packed = column.encodings().any(|e| e == Encoding::RLE_DICTIONARY);
                assert_eq!(
                    packed,
                    !["id", "action_id", "earlier_id", "ref", "action_ref", "earlier_ref", "summary", "note"].contains(&name),
                    "{table}.{name}"
                );
                looked += 1;
            }
        }
    }
    assert_eq!(looked, 2 * 26 + 2 * 13);
}

#[test]
fn a_file_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let says = |dir: &str| -> Vec<String> {
        let metadata = metadata(&parts(&folder.join(dir), "actions")[0].1);
        assert_eq!(metadata.file_metadata().created_by(), Some(concat!("recip version ", env!("CARGO_PKG_VERSION"))));
        let pairs = metadata.file_metadata().key_value_metadata().unwrap().iter();
        pairs.map(|pair| format!("{}={}", pair.key, pair.value.as_deref().unwrap_or_default())).collect()
    };
    let always = [concat!("recip.version=", env!("CARGO_PKG_VERSION")), "recip.schema=1", "recip.table=actions"];
    ok(folder, &["-f", "l.db", "export", "parquet", "a"]);
    assert_eq!(says("a"), always);
    ok(folder, &["-f", "l.db", "export", "parquet", "b", "--as-of", "2016-12-30", "--as-known", NOW]);
    let asked = ["recip.as_of=2016-12-30".to_owned(), format!("recip.as_known={NOW}")];
    assert_eq!(says("b"), always.map(str::to_owned).into_iter().chain(asked).collect::<Vec<_>>());
}

/// The page in the manual lists exactly the columns of the files, with their types.
#[test]
fn the_manual_lists_the_columns() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    ok(folder, &["-f", "l.db", "log", "USA", "RUS", "expulsion", "35", "--on", "2016-12-29"]);
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/parquet.md")).unwrap();
    ok(folder, &["-f", "l.db", "export", "parquet", "out", "--reports"]);
    for table in every_table() {
        let section = page.split(&format!("\n## `{table}`\n")).nth(1).unwrap().split("\n## ").next().unwrap();
        let listed: Vec<(&str, &str)> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
            .map(|(name, rest)| (name, rest.split(" |").next().unwrap()))
            .collect();
        let metadata = metadata(&files(&folder.join("out").join(table)).pop_first().unwrap());
        let columns: Vec<(&str, String)> = metadata
            .file_metadata()
            .schema_descr()
            .columns()
            .iter()
            .map(|column| {
                let of = match column.logical_type_ref() {
                    Some(LogicalType::String) => "STRING",
                    Some(LogicalType::Date) => "DATE",
                    Some(LogicalType::Timestamp(_)) => "TIMESTAMP",
                    None if column.physical_type() == parquet::basic::Type::BOOLEAN => "BOOLEAN",
                    None if column.physical_type() == parquet::basic::Type::DOUBLE => "DOUBLE",
                    None => "INT64",
                    other => panic!("{other:?}"),
                };
                (column.name(), of.to_owned() + if column.max_def_level() > 0 { "?" } else { "" })
            })
            .collect();
        assert_eq!(listed, columns.iter().map(|(name, of)| (*name, of.as_str())).collect::<Vec<_>>(), "{table}");
    }
}
