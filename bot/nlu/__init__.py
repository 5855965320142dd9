"""What Rasa runs of ours, in its own Python (3.10): the intent classifier. Nothing here may need the application."""
