"""Finding the secret of a link in a mail."""

import re


def token_in(body: str, path: str) -> str:
    """Return the token that follows `path` in the text of a mail."""
    found = re.search(rf"{re.escape(path)}([A-Za-z0-9_-]{{43}})/", body)
    assert found, body
    return found[1]
