"""Reading an SSH public key as people upload it: exactly one, in one canonical way; all else is named.

cryptography's own reader takes the first of two keys, and takes SSH certificates and security keys for plain ones;
so the text is judged here before any library sees it.
"""

import re
from binascii import a2b_base64

from cryptography.hazmat.primitives.asymmetric.dsa import DSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from adgang.lib.findings import Finding, finding
from certificates import ssh_wire
from certificates.details import UnreadableCertificate, read_details
from certificates.private_keys import PrivateKeyForm, find_private_key

LIMIT_KIB = 16
COMMENT_LENGTH = 200
SHORTEST_WIDTH = 32  # to which programs wrap base64
Read = tuple[ssh_wire.WireKey, str, str]  # key, comment, form it was converted from or ""

_TYPE = (
    r"(?:ssh-(?:rsa|dss|ed25519|ed448|xmss@openssh\.com)|rsa-sha2-(?:256|512)|ecdsa-sha2-[a-z0-9.-]+|x509v3-[a-z0-9-]+"
    r"|(?:webauthn-)?sk-[a-z0-9-]+@openssh\.com|(?:ssh|ecdsa|sk|rsa)-[a-z0-9-]+-cert-v\d\d@openssh\.com)"
)
_KEY_TYPE = re.compile(_TYPE)
_DER = re.compile(
    rb"\x30(?:\x82|\x81|[\x2a-\x7f]\x30[\x05-\x20]\x06)"
)  # an object that holds another: no text begins so
_TYPE_AND_BLOB = re.compile(rf"(?<![^\s\"])({_TYPE})\s+AAAA")
_BLOB_ALONE = re.compile(r"(?<!\S)AAAA[A-Za-z0-9+/]{20,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_FINGERPRINT = re.compile(
    r"(?:^|\s)(?:SHA256:[A-Za-z0-9+/]{43}|(?:(?:MD5|SHA1):)?[0-9a-f]{2}(?::[0-9a-f]{2}){15,19})=?(?:\s|$)|\bIN SSHFP\b",
    re.IGNORECASE,
)
_KEY_IN_COMMENT = re.compile(rf"{_TYPE}\s+AAAA")
_OPTION = re.compile(
    r"(?:no-)?(?:agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding|touch-required)(?=[,\s])"
    r"|(?:cert-authority|restrict|verify-required)(?=[,\s])"
    r"|(?:command|environment|expiry-time|from|permitlisten|permitopen|principals|tunnel)="
    r"|[a-z0-9-]+=(?=\")",
    re.IGNORECASE,
)
_HOSTS = re.compile(r"(?:@(?:cert-authority|revoked)\s+)?[^\s@,]+(?:,[^\s,]+)*(?<!:)")
_RFC4716 = re.compile(
    r"-{4,5} ?BEGIN SSH2 PUBLIC KEY ?-{4,5}(.*?)(?:-{4,5} ?END SSH2 PUBLIC KEY ?-{4,5}|\Z)", re.DOTALL
)
_LAST_BASE64 = re.compile(r"(?<!\S)(?=AAAA[A-Za-z0-9+/=\s]+\Z)")
_PEM = re.compile(r"-----BEGIN (?:RSA |EC )?PUBLIC KEY-----(.*?)(?:-----END|\Z)", re.DOTALL)
_SSH1 = re.compile(r"[0-9]{3,5}\s+[0-9]{1,10}\s+[0-9]{100}")
_OTHER_PEM = re.compile(r"-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE|(?:NEW )?CERTIFICATE REQUEST)-----")


def read_ssh_key(data: bytes) -> Read | Finding:
    """Return the one key in an upload, or what it is instead. Raises nothing."""
    if len(data) > LIMIT_KIB * 1024:
        return finding("ssh.too_large", limit=LIMIT_KIB)
    if form := find_private_key(data):
        return finding("ssh.private_key_putty" if form is PrivateKeyForm.PUTTY else "ssh.private_key")
    return _read(data)


def looks_like_ssh_key(data: bytes) -> bool:
    """Say whether an upload is meant as an SSH key rather than a certificate."""
    text = _text(data)
    return bool(_TYPE_AND_BLOB.search(text) or "BEGIN SSH2 PUBLIC KEY" in text)


def _read(data: bytes) -> Read | Finding:
    if _DER.match(data):
        return _read_der(data)
    text = _without_wrapping(_text(data))
    if not text:
        return finding("ssh.empty")
    if other := _OTHER_PEM.search(text):
        return finding("ssh.x509", form="csr" if "REQUEST" in other[1] else "certificate")
    count = len(_TYPE_AND_BLOB.findall(text)) + len(_RFC4716.findall(text)) + len(_PEM.findall(text))
    if count > 1:
        return finding("ssh.several_keys", count=count)
    if framed := _RFC4716.search(text):
        return _read_rfc4716(framed[1])
    if framed := _PEM.search(text):
        return _read_pem(framed[1])
    return _read_line(text)


_TAG = re.compile(r"<[^<>]{0,300}>")
_QUOTED = re.compile(r"^\s*(?:>\s?)+")  # as mail programs quote
_ASIDE = re.compile(r"\s*(?:#|```)")  # comments, and the fences of Markdown
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # pages and word processors leave them


def _without_wrapping(text: str) -> str:
    """Take away what editors, mails and pages put around a key: comment lines, quotation marks, tags."""
    text = text.translate(_INVISIBLE)
    if text.lstrip().startswith("<"):  # a page; elsewhere an address in the comment may stand so
        text = _TAG.sub("\n", text)
    lines = (_QUOTED.sub("", line) for line in text.splitlines())
    kept = (line for line in lines if line.strip() and not _ASIDE.match(line))
    return "\n".join(kept).strip("\0 \t\n\"'“”„»«`")


def _text(data: bytes) -> str:
    """Decode what editors write: UTF-8, UTF-16 with or without its mark, or Windows' code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        order = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(order, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read_line(text: str) -> Read | Finding:
    found = _TYPE_AND_BLOB.search(text)
    if found is None:
        return _name(text)
    if found.start() > 0:
        return _name_prefix(text[: found.start()].strip(), found[1])
    return _name_type(found[1]) or _read_blob(found[1], text[found.end(1) :].strip().split("\n"))


def _read_blob(written: str, lines: list[str]) -> Read | Finding:
    """Take lines of base64 until the key is whole. Never words of one line: a cut-off key would swallow its comment."""
    digits = ""
    lines = [_rejoined(lines[0]), *lines[1:]]
    for number, line in enumerate(lines, start=1):
        word, comment = [*line.split(maxsplit=1), "", ""][:2]
        if not _BASE64.fullmatch(word):
            return finding("ssh.truncated" if number > 1 else "ssh.malformed")
        digits += word
        key = _try(digits)
        if isinstance(key, Finding):
            return key
        if key is not None:
            return _whole(written, key, comment.strip(), lines[number:])
        if comment:
            break
    return finding("ssh.truncated")


def _try(digits: str) -> ssh_wire.WireKey | Finding | None:
    """Return the key, None while more base64 may follow, or what is wrong."""
    usable = digits[: len(digits) // 4 * 4]
    if "=" in usable.rstrip("="):
        return finding("ssh.malformed")
    blob = a2b_base64(usable)
    found = ssh_wire.type_of(blob)
    if found and (refusal := _name_type(found)):
        return refusal
    try:
        key = ssh_wire.read_blob(blob)
    except ssh_wire.Incomplete:
        return None
    except KeyError:
        return finding("ssh.unsupported", type=found)
    except ssh_wire.Malformed:
        return finding("ssh.malformed")
    return key if key.base64 == digits else finding("ssh.malformed")


def _rejoined(line: str) -> str:
    """Put together what was wrapped at a fixed width before its line ends became blanks; a comment is never taken."""
    words = line.split()
    width = len(words[0]) if words else 0
    full = next((n for n, word in enumerate(words) if len(word) != width or not _BASE64.fullmatch(word)), len(words))
    if width < SHORTEST_WIDTH or full < 2 or full == len(words):
        return line
    return " ".join(["".join(words[: full + 1]), *words[full + 1 :]])


def _whole(written: str, key: ssh_wire.WireKey, comment: str, further: list[str]) -> Read | Finding:
    if written != key.type:
        return finding("ssh.type_mismatch", written=written, found=key.type)
    if not comment and len(further) == 1:  # the comment was wrapped to a line of its own
        comment, further = further[0], []
    if _KEY_IN_COMMENT.search(comment):  # a file without a line end, and another after it
        return finding("ssh.several_keys", count=2)
    return finding("ssh.text_after") if further else (key, _clean(comment), "")


def _clean(comment: str) -> str:
    return "".join(letter for letter in comment.strip() if letter.isprintable())[:COMMENT_LENGTH]


def _name_type(name: str) -> Finding | None:
    """Refuse by their names the types that no system may use."""
    if "-cert-v" in name:
        return finding("ssh.certificate", type=name)
    if name.startswith(("sk-", "webauthn-")):
        return finding("ssh.security_key", type=name)
    known = (ssh_wire.RSA, ssh_wire.DSA, ssh_wire.ED25519, *ssh_wire.CURVES)
    if name in known or name.startswith("rsa-sha2-"):
        return None
    return finding("ssh.unsupported", type=name)


def _name_prefix(prefix: str, type_: str) -> Finding:
    """Say what stands before the key: options, the hosts of a known_hosts line, or plain text."""
    if option := _OPTION.match(f"{prefix} "):
        return finding("ssh.options", options=option[0].rstrip("="), type=type_)
    if _HOSTS.fullmatch(prefix):
        return finding("ssh.known_hosts")
    return finding("ssh.text_before", type=type_)


def _name(content: str) -> Finding:
    """Say what a text without a type and key is."""
    if alone := _BLOB_ALONE.search(content):
        digits = alone[0][: len(alone[0]) // 4 * 4]
        if found := ssh_wire.type_of(a2b_base64(digits)):
            return _name_type(found) or finding("ssh.no_type", type=found)
    if _FINGERPRINT.search(content):
        return finding("ssh.fingerprint")
    if _SSH1.match(content):
        return finding("ssh.unsupported", type="SSH-1")
    if found_type := _KEY_TYPE.match(content):
        return _name_type(found_type[0]) or finding("ssh.truncated")
    return finding("ssh.unrecognised")


def _read_rfc4716(body: str) -> Read | Finding:
    """Read what stands between RFC 4716's frame lines: headers, then base64."""
    lines = body.replace("\\\r\n", "").replace("\\\n", "").split("\n")
    if len(lines) == 1:  # the line ends were lost
        lines = [*_LAST_BASE64.split(lines[0], maxsplit=1)]
    headers = dict(line.split(":", 1) for line in lines if ":" in line)
    digits = "".join("".join(line.split()) for line in lines if ":" not in line)
    if not _BASE64.fullmatch(digits):
        return finding("ssh.malformed" if digits else "ssh.truncated")
    key = _try(digits)
    if not isinstance(key, ssh_wire.WireKey):
        return key or finding("ssh.truncated")
    comment = next((value for name, value in headers.items() if name.strip().lower() == "comment"), "")
    return key, _clean(comment.strip().strip('"')), "rfc4716"


def _read_pem(body: str) -> Read | Finding:
    try:
        return _read_der(a2b_base64("".join(body.split())), form="pem")
    except ValueError:  # no base64
        return finding("ssh.malformed")


def _read_der(data: bytes, *, form: str = "der") -> Read | Finding:
    """Read a public key as other programs than SSH's write it (RFC 5280 §4.1, RFC 8017 A.1.1)."""
    try:
        key = load_der_public_key(data)
        if isinstance(key, DSAPublicKey):
            return finding("ssh.dsa")
        blob = ssh_wire.write_blob(key)
        if blob is None:
            return finding("ssh.unsupported", type=type(key).__name__.removesuffix("PublicKey"))
        return ssh_wire.read_blob(blob), "", form
    except Exception:  # a parser of hostile input: whatever it raises means that it is no key
        is_certificate = form == "der" and _is_certificate(data)
        return finding("ssh.x509", form="certificate") if is_certificate else finding("ssh.malformed")


def _is_certificate(der: bytes) -> bool:
    try:
        read_details(der)
    except UnreadableCertificate:
        return False
    return True
