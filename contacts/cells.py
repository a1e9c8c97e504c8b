r"""Lists and paths in one cell: entries joined by a separator, which inside an entry is written after a backslash.

`Borger / Ydelser | Erhverv` are two paths; a group named "Ind/ud" is written `Ind\/ud`, a backslash `\\`. What is
written by `join` is read back by `split` exactly, whatever the texts hold.
"""

from collections.abc import Iterable, Iterator

LIST = "|"
PATH = "/"


def escape(text: str, *separators: str) -> str:
    """Return `text` with a backslash before each separator and before each backslash."""
    for special in ("\\", *separators):
        text = text.replace(special, f"\\{special}")
    return text


def split(cell: str, separator: str) -> list[str]:
    """Return the entries of a cell, blanks around them removed and their backslashes resolved."""
    return [unescape(part, separator).strip() for part in _parts(cell, separator)]


def _parts(cell: str, separator: str) -> Iterator[str]:
    """Yield the raw parts between the separators that no backslash protects."""
    if "\\" not in cell:  # nearly always, and much faster
        yield from cell.split(separator)
        return
    start = position = 0
    while position < len(cell):
        if cell[position] == "\\":
            position += 2
            continue
        if cell[position] == separator:
            yield cell[start:position]
            start = position + 1
        position += 1
    yield cell[start:]


def unescape(text: str, *separators: str) -> str:
    """Return a part as it was before `escape`; a backslash before anything else stands for itself."""
    if "\\" not in text:
        return text
    result, position = [], 0
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in ("\\", *separators):
            position += 1
        result.append(text[position])
        position += 1
    return "".join(result)


def split_list(cell: str) -> list[str]:
    """Return the entries of a list without the empty ones."""
    return [entry for entry in split(cell, LIST) if entry]


def join_list(entries: Iterable[str]) -> str:
    """Return the cell that `split_list` reads as `entries`."""
    return LIST.join(escape(entry, LIST) for entry in entries)


def split_paths(cell: str) -> list[tuple[str, ...]]:
    """Return the paths of a cell, each a row of names from the top; an empty cell, and an empty entry, is the top."""
    return [path_of(part) for part in _parts(cell, LIST)]


def path_of(text: str) -> tuple[str, ...]:
    """Return the names of one path; () for the top level."""
    names = tuple(unescape(part, PATH, LIST).strip() for part in _parts(text, PATH))
    return () if names == ("",) else names


def path_text(names: Iterable[str]) -> str:
    """Return the path that `path_of` reads as `names`, with blanks for the eye."""
    return " / ".join(escape(name, PATH, LIST) for name in names)


def path_below(path: str | None, name: str) -> str:
    """Return the path of `name` below one made by `path_text`; None is the top level."""
    own = escape(name, PATH, LIST)
    return own if path is None else f"{path} / {own}"


def join_paths(paths: Iterable[str]) -> str:
    """Return the cell of several paths made by `path_text`."""
    return f" {LIST} ".join(paths)
