"""Routine or reciprocity? Each side's hostility in a period, explained by its own and by the other side's in the period before.

J. S. Goldstein and J. R. Freeman, U.S.-Soviet-Chinese Relations: Routine, Reciprocity, or Rational Expectations?, American Political Science
Review 85(1), 1991, 17-35, estimate such equations for each pair:

    A(t) = a + b A(t-1) + g B(t-1) + e

b is routine and g reciprocity. The F test compares the equation with the one without B: does B help to predict A (Granger 1969)?

    recip -f LEDGER report panel PARTY PARTY --by week --format csv | python3 regression.py
"""

import sys

import numpy
import pandas

panel = pandas.read_csv(sys.stdin)
series = panel.pivot(index="first_day", columns="actor", values="hostile_weight").fillna(0).abs()


def fit(y, columns):
    """Ordinary least squares: the coefficients, their standard errors and the sum of the squared residuals."""
    x = numpy.column_stack([numpy.ones(len(y)), *columns])
    coefficients = numpy.linalg.solve(x.T @ x, x.T @ y)
    residuals = y - x @ coefficients
    squares = float(residuals @ residuals)
    variance = squares / (len(y) - x.shape[1]) * numpy.linalg.inv(x.T @ x)
    return coefficients, numpy.sqrt(numpy.diag(variance)), squares


for party, other in [list(series.columns), list(series.columns)[::-1]]:
    now, routine, reciprocity = (s.to_numpy() for s in [series[party][1:], series[party][:-1], series[other][:-1]])
    coefficients, errors, squares = fit(now, [routine, reciprocity])
    without = fit(now, [routine])[2]
    f = (without - squares) / (squares / (len(now) - 3))
    print(f"{party}: {len(now)} periods, {int((now > 0).sum())} with hostile acts")
    for name, b, error in zip(["constant", f"{party} before", f"{other} before"], coefficients, errors):
        print(f"  {name:<12} {b:8.3f}  (standard error {error:.3f})")
    print(f"  F(1, {len(now) - 3}) without {other}: {f:.2f}")
