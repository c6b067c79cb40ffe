"""The chat in the browser: questions to the papers, the guided self-assessment, and what it all is."""
