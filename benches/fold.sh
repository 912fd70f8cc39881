#!/usr/bin/env bash
# The time in which Spark folds the reports of a lake to candidates, written as Parquet, with a master and workers of one core each on this
# machine. Needs spark-sql and spark-class, as 'pip install pyspark' has them.
#
#   benches/fold.sh WORKERS LAKE [SETTING...]      SETTING: an option of spark-sql, such as --conf spark.sql.shuffle.partitions=8
#
# A lake to try: cargo run --release --example feed 14000000 --dense | recip -f none.db lake append LAKE --feed gdelt -
set -euo pipefail
workers=$1
lake=$(realpath "$2")
shift 2
recip=${RECIP:-$(cd "$(dirname "$0")/.." && pwd)/target/release/recip}
folder=$(mktemp -d)
export SPARK_LOCAL_IP=127.0.0.1
# With the usual garbage collector, a worker of one core also uses others.
export JAVA_TOOL_OPTIONS=-XX:+UseSerialGC
started=()
stop() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$folder"
}
trap stop EXIT

# start NAME CLASS OPTION...: a process of Spark, until the end of this script.
start() {
  local name=$1; shift
  spark-class "$@" >"$folder/$name.log" 2>&1 &
  started+=($!)
}

start master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077
sleep 5
for worker in $(seq "$workers"); do
  start "worker$worker" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 -c 1 -m 3g -d "$folder/worker$worker" spark://127.0.0.1:7077
done
sleep 5
{
  "$recip" lake views "$lake" --dialect spark
  echo "INSERT OVERWRITE DIRECTORY '$folder/folded' USING parquet"
  "$recip" lake fold "$lake" --dialect spark
} >"$folder/fold.sql"
# A lake has many small files: the driver lists them itself, and a task reads many.
before=$(date +%s.%N)
timeout 7200 spark-sql --master spark://127.0.0.1:7077 --driver-memory 2g --executor-memory 2g --conf spark.sql.session.timeZone=UTC \
  --conf spark.sql.sources.parallelPartitionDiscovery.threshold=100000 --conf spark.sql.files.openCostInBytes=131072 \
  --conf "spark.local.dir=$folder" "$@" -f "$folder/fold.sql" >"$folder/spark.log" 2>&1 || { tail -20 "$folder/spark.log" >&2; exit 1; }
after=$(date +%s.%N)
awk -v w="$workers" -v b="$before" -v a="$after" 'BEGIN { printf "%d worker(s): %.0f s\n", w, a - b }'
