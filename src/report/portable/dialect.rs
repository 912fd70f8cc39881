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

/// The fields of a day of a series where days are in a list, in their order.
const LISTED: [&str; 6] = ["day", "dated", "added", "guessed", "reports", "mentions"];

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

    /// A row for each day of a list on which a candidate begins: the first day, and each day that is more than the window after the one before it
    /// that begins a candidate. For DuckDB, which joins to fold. It copies the list of such days at each step, so this goes by a hundred days.
    pub(super) fn first_days(self, days: &str, window: &str) -> String {
        format!(
            "unnest(list_reduce(list_prepend({days}[1:1], list_transform(range(0, len({days}), 100), lambda b: {days}[b + 1 : b + 100])), \
             lambda first, block: list_concat(first, list_reduce(list_transform(list_concat(first[-1:], block), lambda x: [x]), \
             lambda more, x: CASE WHEN x[1] > more[-1] + {window} THEN list_concat(more, x) ELSE more END)[2:])))"
        )
    }

    /// The rows of a group as a list of records with the fields [`LISTED`], in the order of the first; for DuckDB, the values of one column.
    pub(super) fn listed(self, columns: &[&str]) -> String {
        match self {
            Dialect::Duckdb => format!("list_sort(list({}))", columns.join(", ")),
            Dialect::Clickhouse => format!("arraySort(x -> x.1, groupArray(tuple({})))", columns.join(", ")),
            _ => {
                let fields: Vec<String> = columns.iter().zip(LISTED).map(|(column, name)| format!("{column} AS {name}")).collect();
                format!("sort_array(collect_list(struct({})))", fields.join(", "))
            }
        }
    }

    /// A field of a record. ClickHouse knows fields by their position.
    fn field(self, record: &str, name: &str) -> String {
        match LISTED.iter().position(|field| *field == name) {
            Some(at) if self == Dialect::Clickhouse => format!("{record}.{}", at + 1),
            _ => format!("{record}.{name}"),
        }
    }

    /// A row for each candidate of a list of days: the part of the list that belongs to it. A candidate begins on the days of
    /// [`Dialect::first_days`]. This and the functions below are for the engines that fold lists.
    pub(super) fn candidates_in(self, days: &str, window: &str) -> String {
        match self {
            Dialect::Clickhouse => format!(
                "arrayJoin(arraySplit((x, begins) -> begins, {days}, arrayFold((last, x) -> \
                 if(empty(last.2) OR x.1 > last.1 + {window}, (x.1, arrayPushBack(last.2, 1)), (last.1, arrayPushBack(last.2, 0))), \
                 {days}, CAST((0, []), 'Tuple(Int64, Array(UInt8))')).2))"
            ),
            // The positions of the days on which candidates begin, which an array of one element names "first". Spark copies the list at each
            // step, so a step adds up to a hundred positions.
            _ => format!(
                "explode(flatten(transform(array(aggregate(sequence(0, size({days}) - 1, 100), CAST(array() AS ARRAY<INT>), (first, b) -> \
                 concat(first, aggregate(sequence(b + 1, least(b + 100, size({days}))), slice(first, -1, 1), (more, n) -> \
                 CASE WHEN size(more) = 0 OR element_at({days}, n).day > element_at({days}, element_at(more, -1)).day + {window} \
                 THEN concat(more, array(n)) ELSE more END, \
                 more -> CASE WHEN size(first) = 0 THEN more ELSE slice(more, 2, size(more)) END)))), \
                 first -> transform(first, (x, n) -> slice({days}, x, coalesce(try_element_at(first, n + 2), size({days}) + 1) - x)))))"
            ),
        }
    }

    /// A field of the record of a list at a position: from 1, or from -1 backwards.
    pub(super) fn field_at(self, list: &str, position: i64, name: &str) -> String {
        let record = if self == Dialect::Clickhouse { format!("{list}[{position}]") } else { format!("element_at({list}, {position})") };
        self.field(&record, name)
    }

    /// The smallest of the values that a field has in a list; NULL if it has none.
    pub(super) fn least_of(self, list: &str, name: &str) -> String {
        let value = self.field("x", name);
        if self == Dialect::Clickhouse {
            format!("arrayMin(x -> {value}, {list})")
        } else {
            format!("array_min(transform({list}, x -> {value}))")
        }
    }

    /// The sum of the values of a field in a list.
    pub(super) fn sum_of(self, list: &str, name: &str) -> String {
        let value = self.field("x", name);
        if self == Dialect::Clickhouse {
            format!("arraySum(x -> {value}, {list})")
        } else {
            format!("aggregate({list}, CAST(0 AS BIGINT), (sum, x) -> sum + {value})")
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
