#!/usr/bin/env python3
"""duckdb reading and filtering a feed in GDELT's format into a table of its own: what 'recip import --feed' is held against.

    cargo run --release --example feed -- 10000000 > feed.tsv
    python3 benches/feed.py feed.tsv src/data/cameo.csv duck.db

It keeps of each row what recip keeps, of events between two different countries whose code is of a kind. Needs 'pip install duckdb'.
"""

import csv
import sys
import time

import duckdb

feed, codes, into = sys.argv[1:4]
taken = ", ".join(f"'{row['code']}'" for row in csv.DictReader(open(codes)) if row["kind"])
began = time.time()
con = duckdb.connect(into)
con.execute(f"""
    CREATE TABLE event AS
    SELECT column00::BIGINT AS event, strptime(column01, '%Y%m%d')::DATE AS day, column07 AS actor, column17 AS target, column26 AS code,
      column06 AS actor_name, column16 AS target_name, column31::INTEGER AS mentions, column50 AS place, column56 AS added, column57 AS url
    FROM read_csv('{feed}', delim = '\\t', header = false, quote = '', escape = '', all_varchar = true)
    WHERE column07 <> '' AND column17 <> '' AND column07 <> column17 AND column26 IN ({taken})""")
con.execute("CHECKPOINT")
rows = con.execute("SELECT count(*) FROM event").fetchone()[0]
print(f"{rows} rows in {time.time() - began:.1f} s")
