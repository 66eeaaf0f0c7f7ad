"""Pairs of customers who may be one person, and what was said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table of pairs; both sides are named by identifiers, which outlive a customer's number."""
    op.create_table(
        "duplicates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("pair", sa.Text, nullable=False, unique=True),
        sa.Column("left", sa.JSON, nullable=False),
        sa.Column("right", sa.JSON, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("contributions", sa.JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("found", sa.BigInteger, nullable=False),
        sa.Column("decided", sa.BigInteger),
        sa.Column("decision", sa.JSON),
    )
    op.create_index("duplicates_by_status", "duplicates", ["status", "probability"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("duplicates")
