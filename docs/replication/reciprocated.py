"""The share of disputes in which the target of the first hostile act answered with a hostile act of its own.

This is the rate of reciprocation of militarized disputes, as in D. M. Gibler, S. V. Miller and E. K. Little, An Analysis of the Militarized
Interstate Dispute (MID) Dataset, 1816-2001, International Studies Quarterly 60(4), 2016, 719-730, for the disputes of a ledger.

    recip -f LEDGER list --format csv | python3 reciprocated.py
"""

import math
import sys

import pandas

# The signs of the kinds are in the ledger: recip kind list --format csv.
kinds = pandas.read_csv(sys.argv[1]).set_index("name")["sign"]
acts = pandas.read_csv(sys.stdin)
acts = acts[acts["dispute"].notna() & (acts["stage"] != "threatened") & (acts["kind"].map(kinds) == "hostile")]
acts = acts.sort_values(["date", "ref"])

reciprocated = {}
for dispute, of_dispute in acts.groupby("dispute"):
    first = of_dispute.iloc[0]
    answers = of_dispute[(of_dispute["actor"] == first["target"]) & (of_dispute["target"] == first["actor"])]
    reciprocated[dispute] = not answers.empty

n, of = sum(reciprocated.values()), len(reciprocated)
for dispute, is_reciprocated in reciprocated.items():
    print(f"{dispute}: {'reciprocated' if is_reciprocated else 'not reciprocated'}")

# The interval of Wilson (1927).
z = 1.959963984540054
share, spread = n / of, z * z / of
middle = (share + spread / 2) / (1 + spread)
half = z * math.sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
print(f"{n} of {of} = {share:.1%}, 95 % interval {middle - half:.1%} to {min(1, middle + half):.1%}")
