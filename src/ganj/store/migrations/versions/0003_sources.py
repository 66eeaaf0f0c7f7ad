"""Other sources: what is pulled, from where, how far it came; secrets sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of sources."""
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("secrets", sa.LargeBinary),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
    )
    op.create_table(
        "source_runs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("source_runs", "sources"):
        op.drop_table(table)
