"""Training of the shipped encoder and of the confidence in what is found: ``make encoder``."""
