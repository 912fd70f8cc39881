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

# Names that people use and the CLDR does not have: full, former and short ones.
OTHER_NAMES = {
    "ARE": "ОАЕ|EAU|VAE",
    "BLR": "Белоруссия|Республика Беларусь|Weißrussland|Weissrussland",
    "CHN": "КНР|Китайская Народная Республика|Volksrepublik China|République populaire de Chine|República Popular China|República Popular de China|RPC",
    "CSK": "Чехословакия|Tschechoslowakei|Tchécoslovaquie|Checoslovaquia",
    "CZE": "Tschechei",
    "DDR": "ГДР|RDA|Deutsche Demokratische Republik|République démocratique allemande|República Democrática Alemana|Германская Демократическая Республика",
    "DEU": "ФРГ|RFA|Bundesrepublik Deutschland|République fédérale d'Allemagne|República Federal de Alemania|Федеративная Республика Германия",
    "EU": "ЕС|Евросоюз|UE|Communauté européenne|Comunidad Europea",
    "FRA": "République française|Французская Республика|Französische Republik",
    "GBR": "Großbritannien|Grossbritannien|Grande-Bretagne|Gran Bretaña|England|Angleterre|Inglaterra|Англия|Соединённое Королевство",
    "KOR": "Южная Корея|Republik Korea|République de Corée|República de Corea",
    "MDA": "Молдавия|Moldawien|Moldau",
    "MMR": "Birmanie|Birmania|Бирма|Birma",
    "NATO": "НАТО",
    "NLD": "Голландия|Hollande|Holanda",
    "PRK": "Корейская Народно-Демократическая Республика|Северная Корея|RPDC",
    "RUS": "Российская Федерация|РФ|Russische Föderation|Fédération de Russie|Federación de Rusia|Federación Rusa",
    "SUN": "СССР|Советский Союз|URSS|UdSSR|Sowjetunion|Union soviétique|Unión Soviética",
    "TKM": "Туркмения",
    "TUR": "République de Turquie|República de Turquía|Турецкая Республика",
    "UN": "UNSC|Совет Безопасности|Совет Безопасности ООН|Conseil de sécurité|Consejo de Seguridad|Sicherheitsrat|UN-Sicherheitsrat",
    "USA": "Vereinigte Staaten von Amerika|États-Unis d'Amérique|Estados Unidos de América|Соединённые Штаты Америки",
    "YUG": "Югославия|Jugoslawien|Yougoslavie",
    "ZAF": "ЮАР",
}


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
        if row["type"] == "state" and row["iso2"] and not row["until"]:
            by_territory.update((iso2, row["code"]) for iso2 in row["iso2"].split())
    for language in LANGUAGES:
        file = Path(package, "main", language, "territories.json")
        territories = json.load(open(file, encoding="utf-8"))["main"][language]["localeDisplayNames"]["territories"]
        for territory, name in territories.items():
            code, folded = by_territory.get(territory.split("-")[0]), fold(name)
            # Two Latin letters are a code.
            if code and folded not in known and not (folded.isascii() and len(folded) < 3):
                for party in {code, ALSO_USED_OF.get(folded, code)}:
                    names.setdefault(party, {}).setdefault(folded, name)
    for code, others in OTHER_NAMES.items():
        for name in others.split("|"):
            names.setdefault(code, {}).setdefault(fold(name), name)
    with open(here / "party_name.csv", "w", encoding="utf-8") as file:
        file.write("code,names\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((code, "|".join(names[code].values())) for code in sorted(names))


main(sys.argv[1])
