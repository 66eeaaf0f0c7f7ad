"""Surveys that customers are asked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "surveys",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("saved", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("surveys")
