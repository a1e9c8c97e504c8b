"""Texts in the one form in which they are kept."""

from contacts.texts import one_line, paragraphs

UNSEEN = "Bør\0n og\x7f fami\ud800lie"


def test_what_nobody_sees_and_no_database_takes_is_left_out():
    assert one_line(UNSEEN) == "Børn og familie"
    assert paragraphs(f"{UNSEEN}\r\nog unge") == "Børn og familie\nog unge"
