"""From passages to an answer whose every sentence carries its quotation, or to an honest refusal."""
