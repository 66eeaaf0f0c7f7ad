"""Webhooks and their mappings."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "hooks",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("secret", sa.Text, nullable=False, unique=True),
        sa.Column("sample", sa.JSON),
        sa.Column("last", sa.BigInteger),
        sa.Column("saved", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("hooks")
