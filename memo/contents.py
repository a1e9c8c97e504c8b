"""The content of a file as it flows by: strict base64, size, SHA-256, first bytes; never held as a whole."""

import hashlib
import re

import pybase64

FIRST = 4096  # bytes that tell what a file is
BLANKS = b" \t\r\n"
FOREIGN = re.compile(r"[^A-Za-z0-9+/=\s]")
# The last letter before the padding, of whose bits the padding leaves some unused: they must be zero (RFC 4648, 3.5).
BEFORE_ONE, BEFORE_TWO = frozenset(b"AEIMQUYcgkosw048"), frozenset(b"AQgw")


class Content:
    """Takes base64 text in pieces of any length.

    `fault` is the code of the first thing that is wrong with it ("" for nothing) and `fault_value` what it is about;
    from then on the rest is passed over. `keep`: up to so many bytes are kept in `data`.
    """

    __slots__ = ("_carry", "_hash", "_keep", "_kept", "fault", "fault_value", "first", "size")

    def __init__(self, keep: int) -> None:
        self.size = 0
        self.first = b""
        self.fault = self.fault_value = ""
        self._keep = keep
        self._kept: list[bytes] | None = []
        self._hash = hashlib.sha256()
        self._carry = b""

    def feed(self, letters: bytes) -> None:
        """Take a piece, in UTF-8."""
        if self.fault:
            return
        if b"\n" in letters or b" " in letters or b"\t" in letters or b"\r" in letters:
            letters = letters.translate(None, BLANKS)
        if self._carry:
            letters = self._carry + letters
        start = letters.find(b"=")
        whole = (len(letters) if start < 0 else start) & ~3
        self._decode(letters[:whole] if whole < len(letters) else letters)
        self._carry = letters[whole:]
        # Four letters with padding in them are the last; they are looked at when nothing follows.
        if len(self._carry) > 4:
            self._judge_padding()

    def close(self) -> None:
        """Say that nothing follows."""
        if self._carry and not self.fault:
            self._judge_padding()
            if not self.fault:
                self._decode(self._carry)

    def _judge_padding(self) -> None:
        """Refuse the last letters unless they are four that end in one or two signs of padding."""
        letters, padding = self._carry, self._carry[self._carry.find(b"=") :]
        if b"=" not in letters:
            self._refuse("memo.content.incomplete", str(len(letters)))
        elif padding.strip(b"="):
            self._refuse("memo.content.after_padding")
        elif len(letters) != 4 or len(padding) > 2:
            self._refuse("memo.content.padding")
        elif letters[3 - len(padding)] not in (BEFORE_ONE if len(padding) == 1 else BEFORE_TWO):
            before = chr(letters[3 - len(padding)])
            self._refuse("memo.content.letter" if FOREIGN.match(before) else "memo.content.bits", before)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the content in hex; "" when it could not be read."""
        return "" if self.fault else self._hash.hexdigest()

    @property
    def data(self) -> bytes | None:
        """The content, when it is not larger than what is kept."""
        return None if self.fault or self._kept is None else b"".join(self._kept)

    def _decode(self, letters: bytes) -> None:
        if not letters:
            return
        try:
            data = pybase64.b64decode(letters, validate=True)
        except ValueError:
            foreign = FOREIGN.search(letters.decode(errors="replace"))
            self._refuse("memo.content.letter", foreign.group() if foreign else "=")
            return
        self._hash.update(data)
        self.size += len(data)
        if len(self.first) < FIRST:
            self.first += data[: FIRST - len(self.first)]
        if self._kept is not None:
            self._kept.append(data)
            if self.size > self._keep:
                self._kept = None

    def _refuse(self, code: str, value: str = "") -> None:
        self.fault, self.fault_value = code, value
        self._kept, self._carry = None, b""
