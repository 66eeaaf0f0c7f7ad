"""Settings, presets of files, segments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table("settings", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.JSON))
    op.create_table(
        "presets",
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("used", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "segments",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("saved", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("segments", "presets", "settings"):
        op.drop_table(table)
