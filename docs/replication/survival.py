"""The Kaplan-Meier curve of the time to the first answer, from the rows of 'report survival'.

A date that is a month or a year gives a shortest and a longest time, and so two curves, between which the true one lies.

    recip -f LEDGER report survival PARTY PARTY --format csv | python3 survival.py
"""

import sys

import pandas

claims = pandas.read_csv(sys.stdin)


def curve(times, answered):
    """The product-limit estimate: the number at risk, the number of answers and the share unanswered after each time with an answer."""
    share, steps = 1.0, []
    for time in sorted(set(times[answered])):
        at_risk = int((times >= time).sum())
        events = int((times[answered] == time).sum())
        share *= 1 - events / at_risk
        steps.append((time, at_risk, events, share))
    return steps


for responder, received in claims.groupby("target"):
    answered = received["answered"] == 1
    print(f"{responder}: {len(received)} claims, {int(answered.sum())} answered")
    for bound in ["days_min", "days_max"]:
        steps = curve(received[bound], answered)
        median = next((time for time, *_, share in steps if share <= 0.5), None)
        print(f"  {bound}: " + ", ".join(f"{share:.2f} after {time} d" for time, *_, share in steps))
        print(f"  median: {'none' if median is None else f'{median} d'}")
