//! The dialects of SQL, and where they differ. All else in a statement is the same for every engine.

use crate::model::word_enum::word_enum;

word_enum! {
    /// A dialect of SQL.
    pub enum Dialect: "dialect" {
        /// DuckDB.
        Duckdb = "duckdb",
        /// Apache Spark 4, and Sail.
        Spark = "spark",
        /// ClickHouse.
        Clickhouse = "clickhouse",
        /// Trino.
        Trino = "trino",
    }
}

impl Dialect {
    /// The name of the engine, as people write it.
    pub fn engine(self) -> &'static str {
        match self {
            Dialect::Duckdb => "DuckDB",
            Dialect::Spark => "Spark",
            Dialect::Clickhouse => "ClickHouse",
            Dialect::Trino => "Trino",
        }
    }

    /// A day, `2017-07-13`, as a value of type DATE.
    pub(super) fn date(self, day: &str) -> String {
        match self {
            Dialect::Clickhouse => format!("toDate32('{day}')"),
            _ => format!("DATE '{day}'"),
        }
    }

    /// The text `2017-07-13` as a DATE.
    pub(super) fn date_of_text(self, text: &str) -> String {
        match self {
            Dialect::Clickhouse => format!("toDate32({text})"),
            _ => format!("CAST({text} AS DATE)"),
        }
    }

    /// The number of days from 1970-01-01 to a DATE.
    pub(super) fn day_of(self, date: &str) -> String {
        let epoch = self.date("1970-01-01");
        match self {
            Dialect::Spark => format!("CAST(unix_date({date}) AS BIGINT)"),
            Dialect::Clickhouse => format!("dateDiff('day', {epoch}, {date})"),
            Dialect::Duckdb | Dialect::Trino => format!("date_diff('day', {epoch}, {date})"),
        }
    }

    /// The ISO date of a number of days since 1970-01-01, as text.
    pub(super) fn iso_date(self, days: &str) -> String {
        let epoch = self.date("1970-01-01");
        match self {
            Dialect::Duckdb => format!("CAST({epoch} + CAST({days} AS INTEGER) AS VARCHAR)"),
            Dialect::Spark => format!("CAST(date_add({epoch}, CAST({days} AS INT)) AS STRING)"),
            Dialect::Clickhouse => format!("toString(addDays({epoch}, {days}))"),
            Dialect::Trino => format!("CAST(date_add('day', {days}, {epoch}) AS VARCHAR)"),
        }
    }

    /// The type of whole numbers, which can be NULL.
    pub(super) fn integer(self) -> &'static str {
        if self == Dialect::Clickhouse { "Nullable(Int64)" } else { "BIGINT" }
    }

    /// The type of texts, which can be NULL.
    pub(super) fn text(self) -> &'static str {
        match self {
            Dialect::Spark => "STRING",
            Dialect::Clickhouse => "Nullable(String)",
            Dialect::Duckdb | Dialect::Trino => "VARCHAR",
        }
    }

    /// A whole number. ClickHouse gives a literal the smallest type that holds it, and then refuses to combine the sums of two types.
    pub(super) fn number(self, digits: &str) -> String {
        if self == Dialect::Clickhouse { format!("toInt64({digits})") } else { digits.to_owned() }
    }

    /// A count of rows, as a whole number like the others.
    pub(super) fn count(self, counted: &str) -> String {
        let of = if self == Dialect::Clickhouse { "Int64" } else { "BIGINT" };
        format!("CAST(count({counted}) AS {of})")
    }

    /// The name of a column that is a reserved word.
    pub(super) fn name(self, name: &str) -> String {
        if self == Dialect::Spark { format!("`{name}`") } else { format!("\"{name}\"") }
    }

    /// The distinct values of a group in their order, joined by commas; NULL if there are none.
    pub(super) fn distinct_list(self, value: &str) -> String {
        match self {
            Dialect::Duckdb => format!("string_agg(DISTINCT {value}, ',' ORDER BY {value})"),
            Dialect::Spark => format!("nullif(array_join(array_sort(collect_set({value})), ','), '')"),
            Dialect::Clickhouse => format!("nullIf(arrayStringConcat(arraySort(groupUniqArray({value})), ','), '')"),
            Dialect::Trino => format!("nullif(array_join(array_sort(array_agg(DISTINCT {value})), ','), '')"),
        }
    }

    /// The texts of a window in its order, joined by a separator. NULL texts are left out.
    pub(super) fn list_over(self, text: &str, separator: &str, window: &str) -> String {
        match self {
            Dialect::Duckdb => format!("string_agg({text}, {separator}) OVER {window}"),
            Dialect::Spark => format!("array_join(collect_list({text}) OVER {window}, {separator})"),
            Dialect::Clickhouse => format!("arrayStringConcat(groupArray({text}) OVER {window}, {separator})"),
            Dialect::Trino => format!("array_join(array_agg({text}) OVER {window}, {separator})"),
        }
    }

    /// A row for each day of a group on which a candidate begins: the first day, and each day that is more than the window after the one
    /// before it that begins a candidate. Trino has no function that gives rows.
    pub(super) fn first_days(self, day: &str, window: &str) -> String {
        match self {
            Dialect::Duckdb | Dialect::Trino => format!(
                "unnest(list_reduce(list_transform(list_sort(list({day})), lambda x: [x]), \
                 lambda days, x: CASE WHEN x[1] > days[-1] + {window} THEN list_concat(days, x) ELSE days END))"
            ),
            Dialect::Spark => format!(
                "explode(aggregate(sort_array(collect_list({day})), CAST(array() AS ARRAY<BIGINT>), \
                 (days, x) -> CASE WHEN size(days) = 0 OR x > element_at(days, -1) + {window} THEN concat(days, array(x)) ELSE days END))"
            ),
            Dialect::Clickhouse => format!(
                "arrayJoin(arrayFold((days, x) -> if(empty(days) OR x > days[-1] + {window}, arrayPushBack(days, x), days), \
                 arraySort(groupArray({day})), CAST([], 'Array(Int64)')))"
            ),
        }
    }

    /// A positive whole number that a text always has, on every engine: the first 60 bits of its MD5 digest.
    pub(super) fn text_id(self, text: &str) -> String {
        match self {
            Dialect::Duckdb => format!("CAST('0x' || substr(md5({text}), 1, 15) AS BIGINT)"),
            Dialect::Spark => format!("CAST(conv(substr(md5({text}), 1, 15), 16, 10) AS BIGINT)"),
            Dialect::Clickhouse => format!("toInt64(bitShiftRight(reinterpretAsUInt64(reverse(substring(MD5({text}), 1, 8))), 4))"),
            Dialect::Trino => format!("from_base(substr(lower(to_hex(md5(to_utf8({text})))), 1, 15), 16)"),
        }
    }

    /// What stands between the name and the rows of a new table of candidates.
    pub(super) fn new_table(self) -> &'static str {
        match self {
            Dialect::Clickhouse => " ENGINE = MergeTree ORDER BY (actor, target, day)",
            _ => "",
        }
    }

    /// What a statement needs at its end. In ClickHouse an outer join gives NULL only on request, and a name means a column before it means
    /// an expression of the same name.
    pub(super) fn settings(self) -> &'static str {
        match self {
            Dialect::Clickhouse => "\nSETTINGS join_use_nulls = 1, prefer_column_name_to_alias = 1",
            _ => "",
        }
    }
}
