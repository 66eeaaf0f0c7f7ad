"""The tracking plan."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "tracking_plan",
        sa.Column("event", sa.Text, primary_key=True),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("saved", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("tracking_plan")
