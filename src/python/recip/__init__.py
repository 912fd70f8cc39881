"""Read and write a ledger of diplomatic tit-for-tat with the program 'recip', which comes with this package.

>>> import recip
>>> ledger = recip.Ledger("l.db")
>>> ledger.report("unanswered", "USA", "RUS", as_of="2017-07-13")[0]["open"]
35

Every report, list and command of the program can be used: an option is an argument with underscores (``as_of`` for ``--as-of``), a list
gives an option several times, and True gives one without a value. Dates may be texts or ``datetime.date``.
"""

import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sysconfig

__all__ = ["Ledger", "Error", "UsageError", "DataError", "BusyError", "FileError"]


class Error(Exception):
    """A command failed. The message says why, and what to do. ``code`` is the exit code of the program."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


class UsageError(Error):
    """An argument is wrong, or a name is unknown."""


class DataError(Error):
    """The ledger or a file has refused what it was to take."""


class BusyError(Error):
    """Another program has been writing to the ledger all the time."""


class FileError(Error):
    """A file could not be read or written."""


_ERRORS = {2: UsageError, 3: DataError, 4: BusyError, 5: FileError}


def _program():
    """The program: the one in the environment variable RECIP, the one of this package, or the one in the search path."""
    installed = os.path.join(sysconfig.get_path("scripts"), "recip" + (sysconfig.get_config_var("EXE") or ""))
    found = os.environ.get("RECIP") or (installed if os.path.exists(installed) else shutil.which("recip"))
    if not found:
        raise FileError("the program recip is not installed; help: pip install recip", 5)
    return found


def _arguments(options):
    """The options as the command line writes them."""
    for name, value in options.items():
        if value is None or value is False:
            continue
        flag = "--" + name.rstrip("_").replace("_", "-")
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is True:
                yield flag
            else:
                # A text after '=' is never taken for another option.
                yield f"{flag}={each.isoformat() if isinstance(each, datetime.date) else each}"


class Ledger:
    """A ledger: a file of recip, or a CSV or JSON Lines file that is read as one.

    ``as_of``, ``as_known`` and any other option can be given to each method.
    """

    def __init__(self, path):
        self.path = os.fspath(path)

    def run(self, command, *words, input=None, **options):
        """Run a command of the program, such as ``"log"`` or ``"report brief"``, and return what it prints."""
        # What follows '--' is never taken for an option.
        words = ["--", *map(str, words)] if words else []
        call = [_program(), f"--file={self.path}", *command.split(), *_arguments(options), *words]
        done = subprocess.run(call, input=input, capture_output=True, encoding="utf-8")
        # The code 1 says that there are findings.
        if done.returncode not in (0, 1):
            message = done.stderr.strip()
            message = message[len("error: ") :] if message.startswith("error: ") else message
            raise _ERRORS.get(done.returncode, Error)(message, done.returncode)
        return done.stdout

    def rows(self, command, *words, **options):
        """The rows that a report or a list prints, each as a dictionary."""
        return [json.loads(line) for line in self.run(command, *words, format="jsonl", **options).splitlines()]

    def report(self, name, *parties, **options):
        """The rows of a report: unanswered, balance, matrix, pending, timeline, reciprocity, panel, survival."""
        return self.rows(f"report {name}", *parties, **options)

    def list(self, *parties, **options):
        """The actions of a selection."""
        return self.rows("list", *parties, **options)

    def frame(self, name, *parties, **options):
        """The rows of a report as a data frame of pandas or, without pandas, of polars. Both have to be installed by you."""
        rows = self.report(name, *parties, **options)
        try:
            import pandas
        except ImportError:
            import polars

            return polars.DataFrame(rows, infer_schema_length=None)
        return pandas.DataFrame(rows)

    def log(self, actor, target, kind, count=None, **options):
        """Log an action and return what the program says about it."""
        return self.run("log", actor, target, kind, *([] if count is None else [count]), **options).strip()

    def sql(self, *parties, **options):
        """A connection of ``sqlite3`` that can only read, whose views show the selection on any day: ``sql(as_of="2017-07-13")``."""
        lens = self.run("sql", *parties, lens=True, **options)
        path = os.path.abspath(self.path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.executescript(lens)
        connection.execute("PRAGMA query_only = ON")
        return connection
