"""Writes party_name.csv, the names of parties in the languages of diplomacy, from the Unicode CLDR.

    npm pack cldr-localenames-full && tar xzf cldr-localenames-full-*.tgz
    python3 src/data/party_name.py package

The licence of the CLDR is in CLDR-LICENSE.txt.
"""

import csv
import json
import sys
import unicodedata
from pathlib import Path

LANGUAGES = "en fr de es pt pt-PT it nl pl uk ru tr ar fa he hi zh zh-Hant ja ko sv fi cs".split()
ORGANISATIONS = {"EU": "EU", "UN": "UN"}
# Names that the CLDR gives to one state and people use of two.
ALSO_USED_OF = {"congo": "COD", "kongo": "COD"}


def fold(name):
    """The form in which names are compared: close enough to `fold` in src/model/name.rs to tell repeated names."""
    letters = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in letters if c.isalnum() or c >= "\u0900" and unicodedata.category(c) in ("Mc", "Mn"))


def main(package):
    here = Path(__file__).parent
    known, names, by_territory = {}, {}, dict(ORGANISATIONS)
    for row in csv.DictReader(open(here / "party.csv", encoding="utf-8")):
        aliases = [alias for alias in row["aliases"].split("|") if alias]
        known.update((fold(name), row["code"]) for name in [row["code"], row["name"], *aliases])
        if row["type"] == "state" and not row["until"] and aliases and len(aliases[0]) == 2:
            by_territory[aliases[0]] = row["code"]
    for language in LANGUAGES:
        file = Path(package, "main", language, "territories.json")
        territories = json.load(open(file, encoding="utf-8"))["main"][language]["localeDisplayNames"]["territories"]
        for territory, name in territories.items():
            code, folded = by_territory.get(territory.split("-")[0]), fold(name)
            # Two Latin letters are a code.
            if code and folded not in known and not (folded.isascii() and len(folded) < 3):
                for party in {code, ALSO_USED_OF.get(folded, code)}:
                    names.setdefault(party, {}).setdefault(folded, name)
    with open(here / "party_name.csv", "w", encoding="utf-8") as file:
        file.write("code,names\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((code, "|".join(names[code].values())) for code in sorted(names))


main(sys.argv[1])
