"""Alembic's table notes the schema's version; the one from before goes."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drop the old note, where there is one."""
    op.execute("DROP TABLE IF EXISTS assessment_schema")
