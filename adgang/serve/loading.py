"""What a web process loads before it lets anybody in, and keeps until it ends."""

import gc

from django.urls import get_resolver


def load_for_good() -> None:
    """Import every view, which the first visitor of each process would wait for, and keep it all out of the collector.

    It went through all that is loaded again and again while somebody waited for their page.
    """
    get_resolver().url_patterns  # noqa: B018 – asking for them imports the views
    gc.collect()
    gc.freeze()
