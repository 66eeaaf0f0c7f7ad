"""People who live together, as the search for duplicates found them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of members; each is named by an identifier, which outlives a customer's number."""
    op.create_table(
        "households",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column("household", sa.Integer, nullable=False),
        sa.Column("found", sa.BigInteger, nullable=False),
    )
    op.create_index("households_by_number", "households", ["household"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("households")
