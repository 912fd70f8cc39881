#!/usr/bin/env python3
"""Pages of 'recip serve' under load, and beside datasette, which shows any SQLite file in a browser.

    cargo run --release --example generate -- 1000000 > big.csv
    recip -f big.db import big.csv
    python3 benches/serve.py target/release/recip big.db ARE HRV

It works on a copy of the ledger, on this machine only, and ends what it has started. First it asks for one page after another; then it asks
for the page of the pair 50 times a second for 10 seconds, while a writer logs an action twice a second. The comparison needs
'pip install datasette'.
"""

import http.client
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

RATE, SECONDS = 50, 10


class Server:
    """A server on this machine, and the cookie that it gives out."""

    def __init__(self, command, address):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        found = None
        while found is None:
            line = self.process.stdout.readline()
            if not line:
                sys.exit(f"{command[0]} did not start")
            found = re.search(address, line)
        self.host, self.headers = found.group(1), {}
        connection = http.client.HTTPConnection(self.host)
        connection.request("GET", found.group(2))
        answer = connection.getresponse()
        answer.read()
        if answer.getheader("Set-Cookie"):
            self.headers = {"Cookie": answer.getheader("Set-Cookie").split(";")[0]}

    def get(self, path):
        """Seconds until the page is complete."""
        began = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request("GET", path, headers=self.headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise ValueError(f"{path}: status {answer.status}")
        return time.perf_counter() - began

    def peak(self):
        """The most memory that it has had, in MB."""
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) // 1000

    def end(self):
        self.process.terminate()
        self.process.wait()


def one_by_one(server, path):
    times = [server.get(path) for _ in range(60)]
    print(f"{path}: median {statistics.median(times) * 1000:.1f} ms")


def under_load(server, path, write):
    times, failed, stop = [], [], threading.Event()

    def writer():
        while not stop.wait(0.5):
            write()

    def ask(due):
        try:
            server.get(path)
            times.append(time.perf_counter() - due)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=writer)]
    threads[0].start()
    began = time.perf_counter()
    for n in range(RATE * SECONDS):
        due = began + n / RATE
        time.sleep(max(0, due - time.perf_counter()))
        threads.append(threading.Thread(target=ask, args=[due]))
        threads[-1].start()
    for thread in threads[1:]:
        thread.join()
    took = time.perf_counter() - began
    stop.set()
    threads[0].join()
    times.sort()
    print(
        f"{path}, {RATE} times a second: {len(times)} of {RATE * SECONDS} pages in {took:.1f} s, {len(failed)} failed, "
        f"median {statistics.median(times) * 1000:.0f} ms, 19 of 20 within {times[len(times) * 19 // 20] * 1000:.0f} ms"
    )


def main():
    recip, ledger, a, b = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(ledger, f"{folder}/copy.db")
        server = Server([recip, "-f", copy, "serve", "--port", "0"], r"http://([^/]+)(/\S*)")
        logs = [recip, "-f", copy, "log", "USA", "CUB", "protest", "--on", "2024-01-01"]
        try:
            one_by_one(server, f"/pair/{a}/{b}")
            one_by_one(server, f"/unanswered/{a}/{b}")
            under_load(server, f"/pair/{a}/{b}", lambda: subprocess.run(logs, capture_output=True))
            print(f"memory: {server.peak()} MB")
        finally:
            server.end()
        if shutil.which("datasette"):
            server = Server(["datasette", copy, "--port", "8718", "--setting", "sql_time_limit_ms", "60000"], r"http://([^/]+?)(/?)(?: |$)")
            try:
                one_by_one(server, f"/copy/unanswered?_where=actor+in+('{a}','{b}')+and+target+in+('{a}','{b}')&_nocount=1&_nofacet=1&_nosuggest=1")
            finally:
                server.end()


main()
