"""The kinds of mail that this room sends, each with what makes its text's names."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from organisations import (
    announcements,
    delegation_mail,
    email_changes,
    event_subscriptions,
    helping,
    inviting,
    passwords,
    reminding,
    reviewing,
    second_factor_policies,
)
from organisations.access_requests import activation, registration, telling
from organisations.grants import related
from organisations.mail import Builder, about
from organisations.models import Mail, User, Webhook
from organisations.webhook_sending import OFF_MAIL


def role_ends_soon(mail: Mail) -> dict[str, Any] | None:
    """Return the role and who is told; None when it was taken away meanwhile."""
    found = related().filter(pk=about(mail)).first()
    person = User.objects.filter(email=mail.to).first()
    return {"privilege": found, "name": person.name if person else mail.to} if found else None


def webhook_off(mail: Mail) -> dict[str, Any] | None:
    """Return the webhook that was switched off; None when it is on again, or gone."""
    found = Webhook.objects.select_related("organisation").filter(pk=about(mail), active=False).first()
    if found is None:
        return None
    path = reverse("webhook", args=[found.organisation.cvr_number, found.pk])
    return {"webhook": found, "url": f"{settings.ADGANG_BASE_URL}{path}"}


def about_person(mail: Mail) -> dict[str, Any] | None:
    """Return the person whose account the mail is about; None when it is gone."""
    found = User.objects.filter(pk=about(mail), is_active=True).first()
    return {"user": found} if found else None


KINDS: dict[str, Builder] = {
    announcements.KIND: announcements.mail_context,
    event_subscriptions.KIND: event_subscriptions.mail_context,
    "invitation": inviting.mail_context,
    "password_reset": passwords.mail_context,
    "password_first": passwords.first_mail_context,
    "password_changed": about_person,
    "recovery_codes_made": about_person,
    "locked_out": about_person,
    "factor_added": about_person,
    "factor_removed": about_person,
    "factor_reset": about_person,
    "email_change_confirm": email_changes.mail_context,
    "email_change_taken": email_changes.mail_context,
    "email_change_asked": email_changes.mail_context,
    "email_changed": email_changes.mail_context,
    "second_factor_required": second_factor_policies.required_mail,
    "passkey_added": about_person,
    "passkey_removed": about_person,
    "passkey_stopped": about_person,
    "identity_bound": about_person,
    "identity_removed": about_person,
    "role_ends_soon": role_ends_soon,
    delegation_mail.GIVEN: delegation_mail.given_context,
    delegation_mail.ENDED: delegation_mail.ended_context,
    OFF_MAIL: webhook_off,
    helping.BEGUN: helping.begun_mail,
    reviewing.DUE: reviewing.due_mail,
    reminding.REMINDER: reminding.reminder_mail,
    "registration": registration.mail_context,
    "registration_known": registration.known_mail_context,
    "request_received": telling.submitted_context,
    "request_submitted": telling.submitted_context,
    "request_returned": telling.returned_context,
    "request_approved": telling.approved_context,
    "request_rejected": telling.rejected_context,
    "request_revoked": telling.revoked_context,
    "request_activated": telling.activated_context,
    "activation_code": activation.mail_context,
}
