"""Conversations and their messages: what arrived, what was answered, what is still owed."""
