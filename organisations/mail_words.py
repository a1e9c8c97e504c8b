"""The one table of what each kind of mail is called, for people. It is data and may name what upper rooms send."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "activation_code": _("Activation code"),
    "announcement": _("Announcement"),
    "certificate_revoked": _("Revoked certificate of a system"),
    "certificate_swap_answered": _("Answer to a request to change a certificate"),
    "certificate_swap_asked": _("Request to change a certificate"),
    "certificates_expire": _("Certificates that expire"),
    "credentials_refused": _("Credentials that are refused"),
    "delegation_ended": _("Delegation that ended"),
    "delegation_given": _("Delegation that was given"),
    "delivery_warning": _("Recipient system that cannot be delivered to"),
    "draft_published": _("Publication of a draft"),
    "email_change_asked": _("Change of e-mail: notice to the old one"),
    "email_change_confirm": _("Change of e-mail: confirmation"),
    "email_change_taken": _("Change of e-mail: the new one is in use"),
    "email_changed": _("Change of e-mail: receipt"),
    "event_digest": _("Subscription to events"),
    "factor_added": _("Second factor added"),
    "factor_removed": _("Second factor removed"),
    "factor_reset": _("Second factor removed by the operators"),
    "help_begun": _("Help that has begun"),
    "identity_bound": _("Way of signing in added"),
    "identity_removed": _("Way of signing in removed"),
    "invitation": _("Invitation"),
    "locked_out": _("Account locked after wrong passwords"),
    "outage_presumed": _("Many checks that fail at once"),
    "own_certificate_refused": _("Own certificate that is refused"),
    "own_certificate_revoked": _("Own certificate that is revoked"),
    "passkey_added": _("Passkey added"),
    "passkey_removed": _("Passkey removed"),
    "passkey_stopped": _("Passkey stopped"),
    "password_changed": _("Password changed"),
    "password_first": _("First password"),
    "password_reset": _("New password"),
    "readiness_line": _("Line of the overview"),
    "recovery_codes_made": _("New recovery codes"),
    "registration": _("Registration"),
    "registration_known": _("Registration of an e-mail that has an account"),
    "reminder": _("Reminder to an authority"),
    "request_activated": _("Access request: activated"),
    "request_approved": _("Access request: approved"),
    "request_received": _("Access request: received"),
    "request_rejected": _("Access request: rejected"),
    "request_returned": _("Access request: sent back"),
    "request_revoked": _("Access request: approval taken back"),
    "request_submitted": _("Access request: to be decided"),
    "rights_review_due": _("Review of rights that is due"),
    "role_ends_soon": _("Role that ends soon"),
    "second_factor_required": _("Second factor that is required"),
    "system_health": _("Systems that fail, or work again"),
    "webhook_off": _("Webhook that was switched off"),
}


def kind_words(kind: str) -> str:
    """Return what a kind of mail is called; a kind that is no longer sent is called by its code."""
    return str(WORDS.get(kind, kind))
