"""Other libraries on the same questions: each one's default pipeline, run in a virtual environment of its own."""
