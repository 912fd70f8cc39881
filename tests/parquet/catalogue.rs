//! The tables that are not divided by year: the catalogue, the sources, what the codes of feeds mean, and the reports of feeds.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;

use super::TABLES;
use super::folder::files;
use super::values::{Rows, feeds, file, select};
use crate::feeds::{ICEWS_HEADER, icews};
use crate::support::ok;

/// The tables that are one file each.
pub const PLAIN: [&str; 9] = ["parties", "aliases", "kinds", "weights", "memberships", "sources", "citations", "feed_codes", "feed_names"];

/// All tables that an export can have.
pub fn every_table() -> impl Iterator<Item = &'static str> {
    TABLES.into_iter().chain(PLAIN).chain(["reports"])
}

/// The rows of a table in one file.
fn plain(dir: &Path, table: &str) -> Rows {
    file(&dir.join(table).join("part-0.parquet")).1
}

#[test]
fn the_catalogue_and_the_sources_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    for example in ["us-russia-2016-2017", "nato-russia-2021"] {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example).with_extension("csv");
        ok(folder, &["-f", "f.db", "import", example.to_str().unwrap()]);
    }
    ok(folder, &["-f", "f.db", "log", "USA", "RUS", "protest", "--on", "2018-01", "--source", "The Times [denies]", "--ref", "denied"]);
    ok(folder, &["-f", "f.db", "export", "parquet", "out"]);
    for (table, statement) in [
        ("parties", "SELECT code, name, type, since, until, cow_number, gw_number FROM party ORDER BY code"),
        ("aliases", "SELECT alias, folded, party FROM alias ORDER BY folded"),
        ("kinds", "SELECT name, unit, sign, cameo, description FROM kind ORDER BY name"),
        ("weights", "SELECT scale, kind, stage, weight, per FROM weight ORDER BY scale, kind, stage"),
        (
            "memberships",
            "SELECT organisation, member, substr(since || '-01-01', 1, 10),
               CASE WHEN until GLOB '????-??' THEN date(until || '-01', '+1 month', '-1 day') ELSE substr(until || '-12-31', 1, 10) END
             FROM membership ORDER BY organisation, member, since",
        ),
        ("sources", "SELECT id, cite, publisher, title, author, date, url, accessed, archive, quote FROM source ORDER BY id"),
        (
            "citations",
            "SELECT action_id, position, source_id, says_date, says_count, says_words, CASE denies WHEN 1 THEN 'true' ELSE 'false' END
             FROM citation ORDER BY action_id, position",
        ),
    ] {
        let (expected, read) = (select(&folder.join("f.db"), statement), plain(&folder.join("out"), table));
        assert!(expected.len() > 5 && read == expected, "{table}: {read:?}");
    }
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell != "-").then(|| (*cell).to_owned())).collect::<Vec<_>>();
    let codes = plain(&folder.join("out"), "feed_codes");
    for expected in [
        ["gdelt", "043", "meeting", "done", "false", "true", "false"],
        ["icews", "040", "talks", "done", "false", "false", "true"],
        ["icews", "166", "countermeasure", "done", "true", "false", "false"],
    ] {
        assert!(codes.contains(&row(&expected)), "{expected:?}");
    }
    let names = plain(&folder.join("out"), "feed_names");
    for expected in [["gdelt", "ROM", "ROU", "true"], ["gdelt", "USA", "USA", "true"], ["gdelt", "AFR", "-", "true"]] {
        assert!(names.contains(&row(&expected)), "{expected:?}");
    }
    // Only what the selected actions cite.
    ok(folder, &["-f", "f.db", "export", "parquet", "out", "--actor", "USA", "--kind", "protest"]);
    assert_eq!(plain(&folder.join("out"), "sources").len(), 1);
    assert_eq!(plain(&folder.join("out"), "citations")[0][6].as_deref(), Some("true"));
}

#[test]
fn reports_of_feeds_are_divided_by_the_day_they_were_added() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    let consult = icews(4, "2018-03-27", ("United States", "United States"), "Consult", "040", "1", ("France", "France"));
    std::fs::write(folder.join("events.tab"), ICEWS_HEADER.to_owned() + &consult).unwrap();
    ok(folder, &["-f", "f.db", "import", "--feed", "icews", "events.tab"]);
    ok(folder, &["-f", "f.db", "export", "parquet", "out", "--reports"]);
    let conn = Connection::open(folder.join("f.db")).unwrap();
    let mut statement = conn
        .prepare("SELECT DISTINCT 'feed=' || feed || '/added=' || coalesce(date(added * 86400, 'unixepoch'), '__HIVE_DEFAULT_PARTITION__') FROM feed_report")
        .unwrap();
    let divisions: BTreeSet<String> = statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    let reports = folder.join("out/reports");
    let found: BTreeSet<String> =
        files(&reports).iter().map(|f| f.parent().unwrap().strip_prefix(&reports).unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(found, divisions);
    let mut total = 0;
    for division in divisions {
        let (feed, added) = division.strip_prefix("feed=").unwrap().split_once("/added=").unwrap();
        let expected = format!(
            "SELECT event, s.actor, s.target, kind, stage, precision, date(dated * 86400, 'unixepoch'), date(day * 86400, 'unixepoch'), code,
               CASE guessed WHEN 1 THEN 'true' ELSE 'false' END, mentions, intensity, CASE exchanged WHEN 1 THEN 'true' ELSE 'false' END,
               r.actor, r.target, actor_type, target_type, place, source
             FROM feed_report r JOIN series s ON s.id = series_id
             WHERE feed = '{feed}' AND coalesce(date(added * 86400, 'unixepoch'), '__HIVE_DEFAULT_PARTITION__') = '{added}'
             ORDER BY s.actor, s.target, kind, stage, precision, day, event"
        );
        let read = file(&reports.join(&division).join("part-0.parquet")).1;
        assert_eq!(read, select(&folder.join("f.db"), &expected), "{division}");
        total += read.len();
    }
    assert!(total > 30, "{total}");
    // Reports are selected like candidates; an export without them removes them.
    ok(folder, &["-f", "f.db", "export", "parquet", "out", "--reports", "--actor", "RUS"]);
    let of_russia: usize = files(&reports).iter().map(|part| file(part).1.len()).sum();
    let expected =
        select(&folder.join("f.db"), "SELECT count(*) FROM feed_report r JOIN series s ON s.id = series_id WHERE s.actor = 'RUS'");
    assert_eq!(expected[0][0], Some(of_russia.to_string()));
    ok(folder, &["-f", "f.db", "export", "parquet", "out"]);
    assert!(!reports.exists());
}

#[test]
fn the_manifest_says_what_was_exported() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    feeds(folder);
    let uuid = &select(&folder.join("f.db"), "SELECT uuid FROM ledger")[0][0].clone().unwrap();
    let manifest = |args: &[&str]| -> serde_json::Value {
        ok(folder, &[&["-f", "f.db", "export", "parquet", "out"], args].concat());
        serde_json::from_slice(&std::fs::read(folder.join("out/manifest.json")).unwrap()).unwrap()
    };
    let whole = manifest(&[]);
    assert_eq!(whole["ledger"], *uuid);
    assert_eq!((&whole["whole"], &whole["as_of"], &whole["window_days"]), (&true.into(), &serde_json::Value::Null, &3.into()));
    assert_eq!((&whole["schema"], &whole["exported_at"]), (&"1".into(), &crate::support::NOW.into()));
    assert_eq!((&whole["rows"]["actions"], &whole["rows"]["reports"]), (&1.into(), &serde_json::Value::Null));
    let part = manifest(&["--as-of", "2017-07-01", "--kind", "meeting", "--reports"]);
    assert_eq!((&part["whole"], &part["as_of"]), (&false.into(), &"2017-07-01".into()));
    assert!(part["rows"]["reports"].as_u64().unwrap() > 0);
}
