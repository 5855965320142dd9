"""Tickets of complaints and returnees, with what they told"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("tickets", "phone", existing_type=sa.Text(), nullable=True)
    op.add_column(
        "tickets",
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="{}"),
    )
    op.alter_column("tickets", "details", server_default=None)
    op.create_check_constraint(op.f("ck_tickets_kind"), "tickets", "kind IN ('callback', 'complaint', 'migrant')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_tickets_kind"), "tickets", type_="check")
    op.drop_column("tickets", "details")
    op.execute("DELETE FROM tickets WHERE phone IS NULL")
    op.alter_column("tickets", "phone", existing_type=sa.Text(), nullable=False)
