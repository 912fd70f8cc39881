"""What DuckDB reads of an export: one JSON object, of each table the names of its columns, their types, and all rows as texts."""

import json
import sys

import duckdb

con = duckdb.connect()
tables = {}
for table in ("actions", "links", "candidates"):
    files = f"read_parquet('{sys.argv[1]}/{table}/**/*.parquet', hive_partitioning = true)"
    columns = con.execute(f"DESCRIBE SELECT * FROM {files}").fetchall()
    # As a number, which needs no library of time zones.
    moment = " REPLACE (epoch_us(logged_at) AS logged_at)" if table == "actions" else ""
    order = "ORDER BY year, file_row_number"
    rows = con.execute(f"SELECT *{moment} FROM (SELECT * EXCLUDE (file_row_number) FROM {files.replace(', hive', ', file_row_number = true, hive')} {order})")
    told = lambda value: None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    tables[table] = {
        "columns": [name for name, *_ in columns],
        "types": [kind for _, kind, *_ in columns],
        "rows": [[told(value) for value in row] for row in rows.fetchall()],
    }
print(json.dumps(tables))
