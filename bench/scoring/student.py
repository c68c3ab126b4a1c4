"""Student's t, for the intervals of means of few values."""
import math
import statistics

# 97.5 %, for 1 to 10 degrees of freedom; beyond, by the series in 1 / df.
T975 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]


def t975(df):
    z = 1.95996
    if df <= len(T975):
        return T975[df - 1]
    return z + (z**3 + z) / (4 * df) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * df**2)


def half_width(values):
    """Of the 95 % interval of their mean; None for fewer than two values."""
    n = len(values)
    return t975(n - 1) * statistics.stdev(values) / math.sqrt(n) if n > 1 else None
