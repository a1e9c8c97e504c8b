"""The file that a person gets: a ZIP with the same as JSON for programs and as a page for people, and documents."""

import json
import zipfile
from io import BytesIO

from django.template.loader import render_to_string
from django.utils.translation import override

from adgang.about_person import words
from adgang.about_person.gathering import Gathered
from adgang.lib.secrets import UnreadableSecret
from organisations.models import User

MEDIA_TYPE = "application/zip"


def pack(gathered: Gathered, user: User) -> bytes:
    """Return the archive, its page in the person's language."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(gathered.as_json(), ensure_ascii=False, indent=1)
        archive.writestr("data.json", text)
        with override(user.language):
            page = render_to_string("about_person/page.html", {"person": user, **words.page(gathered)})
        archive.writestr("data.html", page)
        for name, document in gathered.documents.items():
            try:
                archive.writestr(name, document.blob.content() if document.blob else b"")
            except UnreadableSecret:
                archive.writestr(f"{name}.txt", "The file cannot be read: the keys of the installation are gone.")
    return file.getvalue()
