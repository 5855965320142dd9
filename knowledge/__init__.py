"""What may be answered: the registry (standards, providers, courses) and the reviewed answers."""
