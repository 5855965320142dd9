"""`make bench`: search beside off-the-shelf methods, Rasa cross-validated, turns beside bare Rasa."""

import sys

from tests.bench import nlu, search, turns

if __name__ == "__main__":
    wanted = sys.argv[1:] or ["search", "nlu", "turns"]
    if "search" in wanted:
        search.main()
    if "nlu" in wanted:
        nlu.main()
    if "turns" in wanted:
        turns.main()
