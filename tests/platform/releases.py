"""The released versions, and the last migration of each room in them. Every tag has its row; a release adds one.

The table stands here because `git tag` may be absent where the suite runs; it is compared with the tags there are.
"""

RELEASES: dict[str, dict[str, str]] = {
    "0.1.0": {
        "organisations": "0001_initial",
        "certificates": "0001_initial",
        "systems": "0002_check_run",
        "contacts": "0001_initial",
    },
}
# Tables and columns of a release that hold something else now, or were taken away, and why nobody misses it.
DROPPED = {
    "contacts_importdraft": "files between dry run and import, kept a week at most; they are uploaded again",
    "contacts_contactgroup.search_text": "made from the name and the description, and made anew as search reads it now",
    "contacts_contactpoint.search_text": "the same",
}
# The first release that is upgraded from while people work: migrations after it keep the rules of `zero_downtime.py`.
ZERO_DOWNTIME_SINCE = "0.2.0"
ROOMS = ("organisations", "certificates", "systems", "contacts", "memo")
