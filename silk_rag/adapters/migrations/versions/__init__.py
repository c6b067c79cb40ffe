"""One migration a file; Alembic finds them by their revision."""
