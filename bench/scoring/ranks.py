"""Average ranks and means over the data sets that all columns have."""
import statistics

# Means that are quoted beside published rows: sets with a clean number in every published column.
SMALLEST_16 = ("BirdChicken MoteStrain ECGFiveDays TwoLeadECG Coffee Beef CBF OliveOil ArrowHead ToeSegmentation1 "
               "ToeSegmentation2 GunPoint Wine Meat ItalyPowerDemand ECG200").split()
CLEAN_22 = [*SMALLEST_16, "Plane", "OSULeaf", "SyntheticControl", "MedicalImages", "Adiac", "SwedishLeaf"]
MEANS = {"mean, 16 smallest clean UCR sets": SMALLEST_16, "mean, 22 clean UCR sets": CLEAN_22}


def ranks(values):
    """Of each value, the largest first; equal ones share their mean."""
    return [sum(v > value for v in values) + (1 + sum(v == value for v in values)) / 2 for value in values]


def common(columns, names):
    """The sets on which every column has a value."""
    return [name for name in names if all(column.get(name) is not None for column in columns.values())]


def average_ranks(columns, names):
    """column -> average rank over the common sets; `columns` is column -> {set: value}."""
    shared = common(columns, names)
    if not shared:
        return {}
    by_set = [ranks([column[name] for column in columns.values()]) for name in shared]
    return {column: statistics.fmean(r[i] for r in by_set) for i, column in enumerate(columns)}


def mean(column, names):
    """None unless the column has all of these sets."""
    values = [column.get(name) for name in names]
    return statistics.fmean(values) if values and None not in values else None


def widespread(columns, names):
    """Columns with a value on at least half of the sets: those that can be ranked without losing most sets."""
    return {column: values for column, values in columns.items()
            if 2 * sum(values.get(name) is not None for name in names) >= len(names) > 0}
