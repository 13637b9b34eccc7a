"""The full-text index itself, which no model describes: each database has its own."""

from django.db import migrations


def make_index(apps, schema_editor):
    """Make where the tokens lie: each database has its own full-text index (cms/search/index.py)."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE cms_searchindex USING fts5("
            "title, body, tokenize='unicode61 remove_diacritics 0')"
        )
    else:
        schema_editor.execute("ALTER TABLE cms_searchentry ADD COLUMN vector tsvector")
        schema_editor.execute(
            "CREATE INDEX search_entry_vector ON cms_searchentry USING gin (vector)"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE cms_searchindex")
    else:
        schema_editor.execute("DROP INDEX search_entry_vector")
        schema_editor.execute("ALTER TABLE cms_searchentry DROP COLUMN vector")


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
