"""`make bench`: search beside off-the-shelf methods, turns beside bare Rasa. Figures are printed, not asserted."""

import sys

from tests.bench import search, turns

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["search", "turns"]
    if "search" in wanted:
        search.main()
    if "turns" in wanted:
        turns.main()
