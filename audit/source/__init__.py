"""The HTML page a text came from: what it shows, which of it is in the text, and what that proves."""
