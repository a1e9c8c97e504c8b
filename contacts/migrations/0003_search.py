"""The vocabulary of the search, and every search text anew, in folded words."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models

from contacts import search_words

BATCH = 1000


def write_texts(apps, schema_editor):
    """Write the search texts in their new form."""
    groups = apps.get_model("contacts", "ContactGroup").objects.all()
    points = apps.get_model("contacts", "ContactPoint").objects.prefetch_related("search_terms", "codes")
    for rows, lines in ((groups, _lines_of_group), (points, _lines_of_point)):
        batch = []
        for row in rows.iterator(chunk_size=BATCH):
            row.search_text = search_words.document(row.name, lines(row), row.description)
            batch.append(row)
            if len(batch) == BATCH:
                rows.model.objects.bulk_update(batch, ["search_text"])
                batch = []
        rows.model.objects.bulk_update(batch, ["search_text"])


def _lines_of_group(group):
    return map(str, group.postkasse_ids or ())


def _lines_of_point(point):
    terms = [term.term for term in point.search_terms.all()]
    return [*terms, *(text for code in point.codes.all() for text in (code.code, code.name, code.type_name))]


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_import_job")]

    operations = [
        # Trusted since PostgreSQL 13: who may create in the database may add them. Nothing on SQLite.
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.TextField()),
            ],
        ),
        migrations.AddIndex(
            model_name="translation",
            index=models.Index(fields=["postkasse_id", "postkasse_emne_id"], name="translation_by_mailbox"),
        ),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(fields=["word"], name="search_word_itself"),
        ),
        migrations.RunPython(write_texts, migrations.RunPython.noop),
    ]
