"""Runs statements on an engine: duckdb, clickhouse or spark. Standard input is a JSON object: "views", the statements that make the tables visible,
"reports", a list of statements, and "at", where DuckDB and ClickHouse keep the views; null: nowhere. Prints for each report its columns and its rows, with every value as recip's CSV has it."""

import datetime
import decimal
import json
import os
import sys


def cell(value):
    """A value as a cell of a CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        value = int(value) if value == int(value) else float(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return str(value)


def statements(text):
    return [one for one in text.split(";\n") if one.strip()]


def duckdb_engine(views, at):
    import duckdb

    con = duckdb.connect(at or ":memory:")
    for view in views:
        con.execute(view)

    def run(statement):
        result = con.execute(statement)
        if not result.description:
            return [], []
        return [column[0] for column in result.description], result.fetchall()

    return run


def clickhouse_engine(views, at):
    from chdb import session

    chdb = session.Session(at) if at else session.Session()
    for view in views:
        chdb.query(view)

    def run(statement):
        text = chdb.query(statement, "JSONCompact").bytes().decode()
        if not text:
            return [], []
        result = json.loads(text)
        # Whole numbers of 64 bits are texts in this format.
        whole = [any(kind in column["type"] for kind in ("Int64", "Int128")) for column in result["meta"]]
        rows = [[int(v) if w and isinstance(v, str) else v for v, w in zip(row, whole)] for row in result["data"]]
        return [column["name"] for column in result["meta"]], rows

    return run


def spark_engine(views, _at):
    """The cluster at SPARK_MASTER, or Spark within this process."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[2]")).config("spark.sql.shuffle.partitions", "4")
    for name, value in (("spark.driver.host", "127.0.0.1"), ("spark.driver.bindAddress", "127.0.0.1"), ("spark.ui.enabled", "false")):
        builder = builder.config(name, value)
    spark = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    for view in views:
        spark.sql(view)

    def run(statement):
        result = spark.sql(statement)
        return result.columns, [list(row) for row in result.collect()]

    return run


def main():
    engine = {"duckdb": duckdb_engine, "clickhouse": clickhouse_engine, "spark": spark_engine}[sys.argv[1]]
    asked = json.load(sys.stdin)
    run = engine(statements(asked["views"]), asked["at"])
    answers = []
    for statement in asked["reports"]:
        try:
            columns, rows = run(statement.rstrip().rstrip(";"))
            answers.append({"columns": columns, "rows": [[cell(value) for value in row] for row in rows]})
        except Exception as error:  # the test shows it
            answers.append({"error": str(error)[:3000]})
    json.dump(answers, sys.stdout)


main()
