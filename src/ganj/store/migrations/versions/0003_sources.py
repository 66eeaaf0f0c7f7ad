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
    )
    op.create_table(
        "source_runs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON),
    )
    op.create_table(
        "source_records",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("batch", sa.Integer, primary_key=True),
        sa.Column("version", sa.LargeBinary, nullable=False),
        sa.Column("net", sa.Float),
        sa.Column("counted", sa.Boolean),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove them."""
    for table in ("source_records", "source_runs", "sources"):
        op.drop_table(table)
