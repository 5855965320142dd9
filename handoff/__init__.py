"""Getting a person: for now requests to be called back, with a folio."""
