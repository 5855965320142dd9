"""Job tables (procrastinate)"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parent.parent / "sql/procrastinate_3.10.0.sql"


def upgrade() -> None:
    # Straight to the driver: the file holds many statements and «%» signs.
    op.get_bind().connection.driver_connection.execute(SCHEMA.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs CASCADE")
    op.execute("DROP TABLE procrastinate_workers CASCADE")
