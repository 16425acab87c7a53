"""Courses, their records and the register's own row; what is recorded stays, and the database itself sees to it."""  # noqa: INP001 - its folder is no package

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEPT = ("records", "courses", "register")  # no row is ever removed


def upgrade() -> None:
    """Make the tables."""
    register = op.create_table(
        "register",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )
    op.create_table(
        "courses",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("due", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("changed", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
    )
    op.create_index("ix_courses_status", "courses", ["status", "number"])
    op.create_index("ix_courses_key", "courses", ["key"])
    op.create_index("ix_courses_due", "courses", ["due", "number"])
    op.create_table(
        "records",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("course", sa.String(32), sa.ForeignKey("courses.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("recorded", sa.String(40), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("whole", sa.String(64), nullable=False),
        sa.UniqueConstraint("course", "place", name="uq_records_course"),
    )
    op.bulk_insert(register, [{"id": 1, "identity": uuid.uuid4().hex, "count": 0, "head": ""}])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'what is in the register stays'); END"
        )
    op.execute(
        "CREATE TRIGGER records_unchanged BEFORE UPDATE ON records "
        "BEGIN SELECT RAISE(ABORT, 'what is in the register stays'); END"
    )
    # INSERT OR REPLACE removes a row without asking the trigger above
    op.execute(
        "CREATE TRIGGER records_new BEFORE INSERT ON records WHEN EXISTS (SELECT 1 FROM records "
        "WHERE number = NEW.number OR (course = NEW.course AND place = NEW.place)) "
        "BEGIN SELECT RAISE(ABORT, 'what is in the register stays'); END"
    )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'what is in the register stays'; END $$"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION stays()"
        )
    op.execute("CREATE TRIGGER records_unchanged BEFORE UPDATE ON records FOR EACH STATEMENT EXECUTE FUNCTION stays()")
