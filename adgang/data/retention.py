"""How long each kind of row is kept: the one table, and the tidying of what no room tidies itself.

A model that is neither in `RULES` nor in `KEPT` fails a test. docs/retention.md shows both.
"""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, ForeignObjectRel, OuterRef, Q, QuerySet

from adgang.about_person import exporting
from adgang.lib.batches import remove
from contacts.models import UploadedFile
from contacts.uploaded_files import KEPT as UPLOAD_KEPT
from organisations.models import AccessRequest, Blob, Invitation, Reminder
from organisations.processes import FORGOTTEN
from systems.models import CheckBatch, ExpiryDigest, ExpiryNotice, SystemDraft

# Told on the pages where drafts are written.
DRAFT_DAYS = 365
INVITATION_DAYS = 365
TOLD_DAYS = 730
BATCH_DAYS = 365
# A file is written in the transaction of what it belongs to; a day is more than any transaction lasts.
LOOSE = dt.timedelta(days=1)

RULES: dict[str, str] = {
    "organisations.Mail": "`ADGANG_KEEP_MAILS_DAYS` after it was made, once it was sent or given up",
    "organisations.Session": "`ADGANG_KEEP_SESSIONS_DAYS` after it ended",
    "organisations.SecretLink": "`ADGANG_KEEP_SESSIONS_DAYS` after it ended or was used",
    "organisations.SignIn": "`ADGANG_KEEP_SIGN_INS_DAYS`",
    "organisations.EventDigest": "`ADGANG_KEEP_MAILS_DAYS`",
    "organisations.Throttle": "until its window is over",
    "organisations.Registration": "`ADGANG_KEEP_SESSIONS_DAYS` after its link ended",
    "organisations.EmailChange": "`ADGANG_KEEP_SESSIONS_DAYS` unless confirmed; confirmed: with the person",
    "organisations.KeptAnswer": "1 day",
    "organisations.AccessToken": "30 days after it ended",
    "organisations.Job": "30 days after it ended; its file 24 hours (about a person), 7 days (the event log)",
    "organisations.Blob": "with what it belongs to",
    "organisations.WebhookDelivery": "30 days, once delivered or given up",
    "organisations.Event": "`ADGANG_KEEP_EVENTS_DAYS`, behind a signed stump; 0: for good",
    "organisations.EventDetail": "with its event, or until the person is erased",
    "organisations.Invitation": f"{INVITATION_DAYS} days after it ended, unless accepted",
    "organisations.AccessRequest": f"drafts never sent in: {DRAFT_DAYS} days after the last change, as the "
    "page says; others for good, as the ground of rights",
    "organisations.Documentation": "with its request",
    "organisations.RunningProcess": f"{round(FORGOTTEN.total_seconds() / 60)} minutes after it was last seen",
    "organisations.Dismissal": "with the announcement and the person",
    "organisations.Reminder": f"{TOLD_DAYS} days",
    "systems.SystemDraft": f"{DRAFT_DAYS} days after the last change, as the page says",
    "systems.CheckRun": "`ADGANG_KEEP_CHECKS_DAYS`",
    "systems.ProbeMessage": "with its check",
    "systems.CheckBatch": f"{BATCH_DAYS} days after it ended",
    "systems.HealthChange": "`ADGANG_KEEP_HEALTH_DAYS`; the latest of a system for good",
    "systems.HealthDigest": "`ADGANG_KEEP_CHECKS_DAYS`",
    "systems.HealthNotice": "with its mail",
    "systems.MaintenanceWindow": "`ADGANG_KEEP_HEALTH_DAYS` after its end",
    "systems.Outage": "`ADGANG_KEEP_HEALTH_DAYS` after its end",
    "systems.ExpiryNotice": f"{TOLD_DAYS} days",
    "systems.ExpiryDigest": f"{TOLD_DAYS} days",
    "contacts.UploadedFile": f"{UPLOAD_KEPT.days} days",
    "contacts.Undo": "the latest 50 of an authority",
}
_AUTHORITY = "what the authority has registered; people delete it"
_PERSON = "part of an account; goes when the person is erased or takes it away"
_ONE_EACH = "one row for each of what it belongs to, and goes with it"
_PROOF = "proof of what was decided"
KEPT: dict[str, str] = {
    **dict.fromkeys(
        ("organisations.Organisation", "organisations.UserGroup", "organisations.Privilege", "organisations.Webhook",
         "organisations.ReadinessLine", "organisations.Deadline", "systems.System", "systems.AllowedIp",
         "systems.Monitoring", "systems.HealthRules", "systems.SystemTemplate", "systems.SenderSubscription",
         "systems.AllowedProbe", "certificates.Certificate", "certificates.SshKey", "contacts.ContactGroup",
         "contacts.ContactPoint", "contacts.Placement", "contacts.ContactPointCode", "contacts.SearchTerm",
         "contacts.RecommendedAttribute", "contacts.Translation", "contacts.Draft", "contacts.DraftChange",
         "contacts.DraftComment", "memo.LetterType", "organisations.GroupMember"),
        _AUTHORITY,
    ),
    **dict.fromkeys(
        ("organisations.User", "organisations.SignInIdentity", "organisations.Totp", "organisations.Passkey",
         "organisations.RecoveryCode", "organisations.MailPreference", "organisations.EventSubscription"),
        _PERSON,
    ),
    **dict.fromkeys(
        ("organisations.EventHead", "organisations.EventCursor", "organisations.EventStump", "organisations.EventSeal",
         "organisations.Heartbeat", "organisations.LogLevel", "systems.ApiToken", "systems.DeliveryTally",
         "systems.SystemHealth", "systems.RevokedUse", "systems.TemplateUse", "systems.CheckKey",
         "certificates.Standing", "certificates.KeyStanding", "certificates.RevocationList"),
        _ONE_EACH,
    ),
    **dict.fromkeys(
        ("organisations.TermsAcceptance", "organisations.Employment", "organisations.HelpSession",
         "organisations.RightsReview", "systems.CertificateSwapRequest", "systems.TemplateEdition",
         "contacts.Publication", "memo.Evidence", "organisations.Maintenance", "organisations.Announcement"),
        _PROOF,
    ),
    **dict.fromkeys(
        ("organisations.Terms", "organisations.Material", "certificates.TrustAnchor", "contacts.ListedCode"),
        "what the operator has put there",
    ),
    "contacts.SearchWord": "the search's vocabulary; `rebuild_search` makes it anew",
    **dict.fromkeys(
        ("auth.Permission", "auth.Group", "auth.Group_permissions", "contenttypes.ContentType"),
        "Django's own; made by migrations",
    ),
}  # fmt: skip


def tidy(*, at: dt.datetime) -> int:
    """Remove what has been kept long enough and no room removes itself; returns how many rows went."""
    return exporting.expire(at=at) + sum(remove(rows) for rows in _old(at)) + remove(loose_files(at=at))


def _old(at: dt.datetime) -> Iterator[QuerySet]:  # type: ignore[type-arg]
    drafts, told = at - dt.timedelta(days=DRAFT_DAYS), at - dt.timedelta(days=TOLD_DAYS)
    invited = at - dt.timedelta(days=INVITATION_DAYS)
    yield AccessRequest.objects.filter(state="DRAFT", submitted=None, updated__lt=drafts)
    yield SystemDraft.objects.filter(updated__lt=drafts)
    yield Invitation.objects.filter(accepted=None).filter(Q(expires__lt=invited) | Q(withdrawn__lt=invited))
    yield Reminder.objects.filter(sent__lt=told)
    yield ExpiryNotice.objects.filter(day__lt=told.date())
    yield ExpiryDigest.objects.filter(day__lt=told.date())
    yield CheckBatch.objects.filter(finished__lt=at - dt.timedelta(days=BATCH_DAYS))
    yield UploadedFile.objects.filter(created__lt=at - UPLOAD_KEPT)


def loose_files(*, at: dt.datetime) -> QuerySet[Blob]:
    """Return kept files that nothing leads to any more: of work, uploads and requests that are gone."""
    rows = Blob.objects.filter(created__lt=at - LOOSE)
    for led in Blob._meta.get_fields(include_hidden=True):
        if isinstance(led, ForeignObjectRel):
            rows = rows.exclude(Exists(led.related_model._base_manager.filter(**{led.field.name: OuterRef("pk")})))
    return rows


def document() -> str:
    """Return docs/retention.md."""
    lines = ["# What is kept how long", "", "Written from `adgang/data/retention.py`; a test compares.", ""]
    lines += ["| kind of row | kept |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in RULES.items())]
    lines += ["", "## Kept for good", "", "| kind of row | because it is |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {text} |" for name, text in KEPT.items())]) + "\n"
