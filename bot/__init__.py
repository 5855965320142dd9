"""The assistant: a turn of a conversation, Rasa's client, and the actions Rasa calls."""
