"""The guided self-assessment: Tool 2 as a conversation, pure but for its service."""
