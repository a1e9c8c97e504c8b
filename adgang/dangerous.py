"""Settings that can be read and are dangerous all the same: too wide, too narrow, or at odds with each other."""

from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error

# Setting → the least and the most that makes sense.
RANGES: dict[str, tuple[int, int]] = {
    "PORT": (1, 65535),
    "ADGANG_SESSION_HOURS": (1, 24),
    "ADGANG_KEEP_CHECKS_DAYS": (1, 3650),
    "ADGANG_KEEP_HEALTH_DAYS": (7, 3650),
    "ADGANG_KEEP_MAILS_DAYS": (1, 3650),
    "ADGANG_KEEP_SIGN_INS_DAYS": (1, 3650),
    "ADGANG_KEEP_SESSIONS_DAYS": (1, 3650),
    "ADGANG_API_PER_MINUTE": (1, 100_000),
    "ADGANG_MEMO_MAX_DOCUMENTS": (0, 1_000),
    "ADGANG_MEMO_FAR_DAYS": (1, 36_500),
}
LONGEST_SESSION = 24 * 60  # minutes without a click
LEAST_PREFIX = {4: 8, 6: 7}  # of a network that can still be one's own


def numbers_are_sound() -> Iterator[Error]:
    """Yield the numbers that make no sense; with some of them nothing would work, with others nothing be kept."""
    for name, (least, most) in RANGES.items():
        if not least <= getattr(settings, name) <= most:
            yield _number(name, getattr(settings, name), least, most)
    minutes = settings.SESSION_COOKIE_AGE // 60
    if not 1 <= minutes <= LONGEST_SESSION:
        yield _number("ADGANG_SESSION_MINUTES", minutes, 1, LONGEST_SESSION)


def _number(name: str, value: int, least: int, most: int) -> Error:
    return Error(f"{name} is {value}.", hint=f"It lies between {least} and {most}.", id="adgang.E080")


def doors_are_narrow() -> Iterator[Error]:
    """Yield what lets in, or believes, more than an installation beyond one's own machine should."""
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS answers to every name, so addresses in mails could be anybody's.",
            hint="Name the host of ADGANG_BASE_URL, and that of ADGANG_MOCES_URL.",
            id="adgang.E081",
        )
    elif (urlsplit(settings.ADGANG_BASE_URL).hostname or "") not in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS lacks the host of ADGANG_BASE_URL: every page would be refused.",
            hint="Name the host there.",
            id="adgang.E081",
        )
    for name in ("ADGANG_TRUSTED_PROXIES", "ADGANG_CHECK_ALLOWED_NETWORKS"):
        for entry in getattr(settings, name):
            if _is_wide(entry):
                yield Error(
                    f"{name}: {entry} is half the Internet.",
                    hint="Name the addresses or the network of your own machines.",
                    id="adgang.E082",
                )
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://") or "*" in origin:
            yield Error(
                f"CSRF_TRUSTED_ORIGINS: {origin} could be anybody's.",
                hint="Name whole https addresses, or leave the setting out.",
                id="adgang.E083",
            )
    if set(settings.ADGANG_EVENT_OLD_KEYS) & set(settings.ADGANG_EVENT_KEY.split(",")):
        yield Error(
            "A key stands in ADGANG_EVENT_KEY and in ADGANG_EVENT_OLD_KEYS: new entries may still bear it.",
            hint="Take it out of ADGANG_EVENT_KEY once manage.py seal_events has run.",
            id="adgang.E084",
        )


def _is_wide(entry: str) -> bool:
    text = entry.partition("]")[0].strip("[") if entry.startswith("[") else entry
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return False  # told of elsewhere
    return network.prefixlen < LEAST_PREFIX[network.version]
