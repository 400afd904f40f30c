"""What every client of the collector logs: `{kind}_web` and `{kind}_mail`, 120 lines each."""

COUNT = 120  # lines of a category
BATCHES = [1, 3, 16, 100]  # messages; their sum is that of a category, twice


def categories(kind):
    return [f"{kind}_web", f"{kind}_mail"]


def line(category, number):
    return f"{category} {number} {'x' * (number % 7)}\n"


def batches(kind):
    """Lists of (category, line), both categories mixed; each line in its category's order."""
    mixed = [(category, line(category, number)) for number in range(COUNT) for category in categories(kind)]
    start = 0
    while start < len(mixed):
        for size in BATCHES:
            yield mixed[start : start + size]
            start += size


def due(kind):
    """What each category's file has at the end."""
    return {category: "".join(line(category, number) for number in range(COUNT)) for category in categories(kind)}
