"""Where the content of a file begins, in the bytes of a message that comes in pieces."""

import re

TAG = re.compile(rb"<(?:[\w.-]{1,20}:)?content>")
LONGEST_TAG = len("<:content>") + 20


def next_tag(before: bytes, chunk: bytes, start: int) -> tuple[int, int]:
    """Return where the next tag of a content ends in `chunk`, from `start` on, and its length.

    `before` is the end of the piece before, where the tag may have begun; one that lies there as a whole was seen
    already. The end of the chunk and 0 when there is none.
    """
    for tag in TAG.finditer(before + chunk if before else chunk, start):
        if tag.end() > len(before):
            return tag.end() - len(before), len(tag.group())
    return len(chunk), 0


def line_ends(letters: bytes, *, after_cr: bool) -> int:
    """Return how many lines end in a piece: at LF, at CR, or at both as one, even where the one before ended in CR."""
    # Looking whether there is one is many times as fast as counting, and most contents have none.
    ends = letters.count(b"\n") if b"\n" in letters else 0
    if b"\r" in letters:
        ends += letters.count(b"\r") - letters.count(b"\r\n")
    return ends - (after_cr and letters.startswith(b"\n"))
