#!/usr/bin/env bash
# Whole commands side by side with the tools one would pick instead, as ratios in one run: a shared machine is noisy, a
# ratio less so. Needs hyperfine and sqlite3; hledger, ledger and bean-query are skipped where they are not installed.
#
#   benches/compare.sh [ACTIONS] [FOLDER]      default: 1000000 actions in a folder under target/
set -euo pipefail
cd "$(dirname "$0")/.."
actions=${1:-1000000}
folder=${2:-target/compare}
mkdir -p "$folder"
cargo build --release --quiet --example generate
cargo build --release --quiet
root=$PWD
recip=$PWD/target/release/recip
generate=$PWD/target/release/examples/generate
export NO_COLOR=1 RECIP_AS=bench
cd "$folder"

# mean LABEL COMMAND...: the mean seconds of a command, kept for ratio.
mean() {
  local label=$1; shift
  hyperfine --style none --command-name x --warmup "${warmup:-1}" --runs "${runs:-5}" ${prepare:+--prepare "$prepare"} --export-csv "$label.time" "$@" >/dev/null 2>&1
  awk -F, 'NR == 2 { print $2 }' "$label.time"
}

# row WHAT OURS THEIRS BAR: a line of the table.
row() { awk -v w="$1" -v a="$2" -v b="$3" -v bar="$4" 'BEGIN { printf "| %s | %.4f s | %.4f s | %.2f | %s |\n", w, a, b, a / b, bar }'; }

[ -s "$actions.csv" ] || "$generate" "$actions" > "$actions.csv"
rm -f bare.db ledger.db founding.db ./*.db-wal ./*.db-shm
"$recip" -f founding.db import "$root"/examples/us-russia-2016-2017.csv >/dev/null 2>&1

echo "| what | recip | the other | ratio | bar |"
echo "|---|---|---|---|---|"

view="SELECT id, ref, date, actor, target, kind, count, open, unit, stage, dispute, summary FROM unanswered ORDER BY day, id"
runs=100 warmup=10
other=$(mean founding-sqlite -N "sqlite3 -csv founding.db '$view'")
row "start: --version, and sqlite3 printing a view" "$(mean version -N "$recip --version")" "$other" "2, and 10 ms"
row "start: report unanswered on the founding case" "$(mean founding -N "$recip -f founding.db report unanswered")" "$other" "2, and 10 ms"

runs=3 warmup=0
columns=$(head -1 "$actions.csv" | sed 's/^/"/; s/,/","/g; s/$/"/')
prepare="rm -f bare.db; sqlite3 bare.db 'CREATE TABLE t ($columns)'; sync"
other=$(mean import-sqlite "sqlite3 bare.db '.import --csv --skip 1 $actions.csv t'")
prepare="rm -f ledger.db ledger.db-wal ledger.db-shm; sync"
row "import of $actions actions, and sqlite3 .import into a bare table" "$(mean import "$recip -f ledger.db import $actions.csv")" "$other" "3"
prepare=
if [ -x /usr/bin/time ]; then
  rm -f ledger.db
  /usr/bin/time -f "| resident memory of that import | %M KB | | | 262144 KB |" "$recip" -f ledger.db import "$actions.csv" 2>&1 >/dev/null | grep resident
fi

runs=5 warmup=1
row "export csv, and sqlite3 -csv of the same columns" "$(mean export "$recip -f ledger.db export csv -o out.csv")" \
  "$(mean export-sqlite "sqlite3 -csv -header bare.db 'SELECT * FROM t' > out2.csv")" "1.5"

# The best SQL found by hand: the index in the order of the report, and only open claims.
best="SELECT a.id, ref, date, actor, target, kind, count, open, unit, 20454 - day, stage, dispute, summary
  FROM action a INDEXED BY action_day JOIN kind k ON k.name = a.kind WHERE open > 0 AND sign = 'hostile' AND voided IS NULL ORDER BY day, a.id"
row "report unanswered, whole ledger, and the best SQL by hand" "$(mean unanswered "$recip -f ledger.db report unanswered --format csv -o out.csv")" \
  "$(mean unanswered-sqlite "sqlite3 -csv ledger.db \"$best\" > out2.csv")" "1"
whole=$(mean balance "$recip -f ledger.db report balance --format csv -o out.csv")
row "report balance, whole ledger, and the view in sqlite3" "$whole" "$(mean balance-sqlite "sqlite3 -csv ledger.db 'SELECT * FROM balance' > out2.csv")" "1"

runs=30
pair=$(sqlite3 -separator ' ' ledger.db "SELECT actor, target FROM action GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1")
for report in unanswered balance reciprocity; do
  bar=0.030; [ "$report" = reciprocity ] && bar=0.100
  printf '| report %s of the busiest pair (%s) | %.4f s | | | %s s |\n' "$report" "$pair" "$(mean "pair-$report" -N "$recip -f ledger.db report $report $pair --format csv")" "$bar"
done
runs=3
printf '| report reciprocity, whole ledger | %.4f s | | | 5 s |\n' "$(mean reciprocity "$recip -f ledger.db report reciprocity --format csv -o out.csv")"
runs=30
# Of a pair with some 10,000 actions: the page, its pictures and its digest.
brief=$(sqlite3 -separator ' ' ledger.db "SELECT min(actor, target) a, max(actor, target) b FROM action GROUP BY a, b ORDER BY abs(count(*) - 10000) LIMIT 1")
printf '| report brief of a pair with about 10,000 actions (%s) | %.4f s | | | 1 s |\n' "$brief" "$(mean brief -N "$recip -f ledger.db report brief $brief -o brief.html")"
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f "| resident memory of that brief | %M KB | | | 262144 KB |" "$recip" -f ledger.db report brief $brief -o brief.html 2>&1 >/dev/null | grep resident
fi
insert="INSERT INTO action (ref, date, actor, target, kind, count, stage) VALUES ('x' || hex(randomblob(8)) || 'x', '2025-01-01', 'USA', 'RUS', 'expulsion', 3, 'done')"
insert=${insert//hex(randomblob(8))/lower(hex(randomblob(8)))}
row "one log, and one sqlite3 INSERT into the same file" "$(mean log -N "$recip -f ledger.db log USA RUS expulsion 3 --on 2025-01-01")" \
  "$(mean log-sqlite "sqlite3 ledger.db \"$insert\"")" "1.3"

# The same actions without their links: nearly all of them are open claims.
awk -F, -v OFS=, 'NR > 1 { $13 = $14 = $15 = $16 = "" } 1' "$actions.csv" > open.csv
rm -f open.db; "$recip" -f open.db import open.csv > out.txt 2>&1
claims=$(sqlite3 open.db "SELECT count(*) FROM action WHERE open > 0")
runs=1 warmup=0
printf '| suggest, whole ledger of %s open claims | %.4f s | | | 60 s |\n' "$claims" "$(mean suggest "$recip -f open.db suggest --format csv -o out.csv")"
printf '| suggest --link --over 0.8 of the same | %.4f s | | | 60 s |\n' "$(mean accept "$recip -f open.db suggest --link --over 0.8")"
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f "| resident memory of suggest | %M KB | | | |" "$recip" -f open.db suggest --format csv -o out.csv 2>&1 >/dev/null | grep resident
fi

# Two copies of the ledger, in each of which 10,000 rows were imported.
copies() { rm -f {ours,theirs}.db{,-wal,-shm}; "$recip" -f ledger.db backup ours.db; "$recip" -f ledger.db backup theirs.db; }
for side in ours theirs; do
  awk -F, -v OFS=, -v side=$side 'NR > 1 { $1 = side "-" NR; $2 = side == "ours" ? "2024-01-01" : "2024-01-02" } NR <= 10001' open.csv > $side.csv
done
copies > out.txt
runs=1
prepare="rm -f x.db*; $recip -f ledger.db backup x.db"
import=$(mean import-10000 "$recip -f x.db import ours.csv")
for side in ours theirs; do "$recip" -f $side.db import $side.csv > out.txt 2>&1; done
prepare="rm -f x.db*; $recip -f ours.db backup x.db"
row "diff of two copies with 10,000 new actions each, and the import of 10,000" "$(mean diff -i "$recip -f x.db diff theirs.db --format csv -o out.csv")" "$import" "3"
row "merge of the same, and the import" "$(mean merge "$recip -f x.db merge theirs.db")" "$import" "3"
prepare=
if [ -x /usr/bin/time ]; then
  rm -f x.db*; "$recip" -f ours.db backup x.db > out.txt
  /usr/bin/time -f "| resident memory of that merge | %M KB | | | 262144 KB |" "$recip" -f x.db merge theirs.db 2>&1 >/dev/null | grep resident
fi

# The same entries for the accounting tools: who did what to whom is a posting of the count.
entries() { awk -F, -v bean="$1" 'NR > 1 && $7 == "done" && $2 ~ /^....-..-..$/ && $6 ~ /^[0-9]+$/ {
  from = bean ? "Assets:" $3 ":" $4 : $3 ":" $4; to = bean ? "Assets:" $4 ":" $3 : $4 ":" $3; unit = toupper($5); gsub("-", bean ? "" : "_", unit)
  if (!bean) unit = "\"" unit "\""
  printf "%s * \"x\"\n  %s  %d %s\n  %s  %d %s\n\n", $2, from, $6, unit, to, -$6, unit }' "$actions.csv"; }
runs=1 warmup=0
[ -s x.journal ] || entries "" > x.journal
command -v hledger >/dev/null && row "report balance, and hledger balance" "$whole" "$(mean hledger "hledger -f x.journal balance -N > out2.csv")" "1"
command -v ledger >/dev/null && row "report balance, and ledger balance" "$whole" "$(mean ledger "ledger -f x.journal balance > out2.csv")" "1"
if command -v bean-query >/dev/null; then
  [ -s x.beancount ] || { entries 1 | awk '/Assets/ { print "1900-01-01 open " $1 }' | sort -u; entries 1; } > x.beancount
  row "report balance, and bean-query" "$whole" "$(mean bean "bean-query -q x.beancount 'SELECT account, sum(position) GROUP BY account' > out2.csv")" "1"
fi
