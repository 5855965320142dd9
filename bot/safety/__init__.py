"""Danger, before anything else: who is in it gets the right number at once, whatever the message asks besides."""
