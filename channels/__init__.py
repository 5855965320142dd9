"""How messages come in and go out: each channel in its own file."""
