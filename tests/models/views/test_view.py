"""A view says what it is made of, for each database in its own words."""

from sqlalchemy import select

from models.views.view import Column, View, columns

VIEW = View(
    "v1_things",
    "Things.",
    (
        *columns("t", ("thing_id", "a number"), ("change", "a word")),
        Column("age", "{seconds}", "s"),
    ),
    "from things t",
)


def test_a_reserved_word_is_quoted_as_each_database_does() -> None:
    assert VIEW.create("sqlite").startswith(
        'create view v1_things as\nselect\n  t.thing_id as thing_id,\n  t."change" as "change",'
    )
    assert "t.`change` as `change`" in VIEW.create("mysql")
    assert VIEW.create("postgresql").endswith("from things t")


def test_what_databases_say_otherwise_is_filled_in() -> None:
    statements = {VIEW.create(dialect) for dialect in ("sqlite", "postgresql", "mysql")}
    assert len(statements) == 3
    assert not any("{" in statement for statement in statements)


def test_a_view_is_selected_from_by_its_columns() -> None:
    table = VIEW.table()
    assert str(select(table.c.age)) == "SELECT v1_things.age \nFROM v1_things"
    assert list(table.c.keys()) == ["thing_id", "change", "age"]
