"""Getting a person: tickets with a folio, and how to reach who asked."""
