"""Finding standards, providers, courses and answers in the words people use."""
