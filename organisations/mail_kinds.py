"""The kinds of mail that this room sends, each with what makes its text's names."""

from typing import Any

from organisations import inviting, passwords
from organisations.mail import Builder, about
from organisations.models import Mail, Privilege


def role_ends_soon(mail: Mail) -> dict[str, Any] | None:
    """Return the role; None when it was taken away meanwhile."""
    found = Privilege.objects.filter(pk=about(mail)).select_related("user", "scope").first()
    return {"privilege": found} if found else None


KINDS: dict[str, Builder] = {
    "invitation": inviting.mail_context,
    "password_reset": passwords.mail_context,
    "password_first": passwords.first_mail_context,
    "role_ends_soon": role_ends_soon,
}
