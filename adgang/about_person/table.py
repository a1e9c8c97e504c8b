"""The one table of where people stand in the database: as themselves, as who did something, or by their address.

A field that points to a person and is not here fails a test, so that a new one is thought of.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Rows that are the person's own: shown with every field but secrets and other people.
OWN: dict[str, str | Promise] = {
    "organisations.SignInIdentity.user": _("Ways to log in"),
    "organisations.Passkey.user": _("Passkeys"),
    "organisations.Totp.user": _("One-time codes"),
    "organisations.RecoveryCode.user": _("Recovery codes"),
    "organisations.EmailChange.user": _("Changes of e-mail"),
    "organisations.SignIn.user": _("Attempts to log in"),
    "organisations.Session.user": _("Sessions"),
    "organisations.SecretLink.user": _("Secret links"),
    "organisations.Employment.user": _("Employments"),
    "organisations.Privilege.user": _("Roles"),
    "organisations.GroupMember.user": _("Memberships of user groups"),
    "organisations.HelpSession.user": _("Help given for the operator"),
    "organisations.AccessToken.user": _("Access tokens"),
    "organisations.MailPreference.user": _("Choice of mails"),
    "organisations.Dismissal.user": _("Announcements put out of sight"),
    "organisations.EventSubscription.user": _("Subscriptions to the event log"),
    "organisations.AccessRequest.requester": _("Access requests"),
    "certificates.Certificate.user": _("Employee certificates (MOCES)"),
    "systems.SystemDraft.begun_by": _("Drafts of systems"),
}
# What the person did to things of an organisation: told is which thing, when, and how they stand there.
DID = frozenset(
    {
        "contacts.Draft.begun_by",
        "contacts.Draft.planned_by",
        "contacts.DraftChange.changed_by",
        "contacts.DraftComment.author",
        "contacts.Publication.made_by",
        "contacts.ContactGroup.responsible",
        "contacts.ContactPoint.reviewed_by",
        "contacts.UploadedFile.uploaded_by",
        "memo.Evidence.kept_by",
        "systems.CheckBatch.requested_by",
        "systems.CheckRun.requested_by",
        "systems.SystemHealth.confirmed_by",
        "systems.Outage.ended_by",
        "systems.MaintenanceWindow.made_by",
        "systems.AllowedProbe.allowed_by",
        "systems.ProbeMessage.answered_by",
        "systems.CertificateSwapRequest.asker",
        "systems.CertificateSwapRequest.answerer",
        "certificates.Certificate.uploaded_by_id",
        "certificates.SshKey.uploaded_by_id",
        "organisations.TermsAcceptance.accepted_by",
        "organisations.AccessToken.made_by",
        "organisations.RightsReview.finished_by",
        "organisations.Reminder.sender",
        "organisations.Job.requested_by",
        "organisations.ReadinessLine.confirmed_by",
        "organisations.AccessRequest.activated_by_id",
        "organisations.AccessRequest.decided_by_id",
        "organisations.AccessRequest.revoked_by_id",
        "organisations.UserGroup.issuer_id",
        "organisations.GroupMember.issuer_id",
        "organisations.Invitation.invited_by_id",
        "organisations.Privilege.issuer_id",
        "organisations.Privilege.reviewed_by_id",
    }
)
# Where a person stands by their address, without an account being needed.
ADDRESSED: dict[str, str | Promise] = {
    "organisations.Mail.to": _("Mails to you"),
    "organisations.Invitation.email": _("Invitations"),
    "organisations.Registration.email": _("Registrations"),
    "organisations.AccessRequest.target_email": _("Requests in which you are appointed"),
    "organisations.ReadinessLine.responsible_email": _("Lines of the overview that you are responsible for"),
    "organisations.Organisation.legal_contact_email": _("Authorities whose legal contact you are"),
    "memo.LetterType.responsible_email": _("Letter types that you are responsible for"),
    "systems.System.technical_contact_email": _("Systems whose technical contact you are"),
    "systems.System.business_contact_email": _("Systems whose business contact you are"),
}
# What stands elsewhere in the file.
ELSEWHERE: dict[str, str] = {
    "organisations.User.email": "the account itself",
    "organisations.EmailChange.old": "EmailChange.user",
    "organisations.EmailChange.new": "EmailChange.user",
    "organisations.Event.actor_id": "the event log has a section of its own",
}
# Of rows that are the person's own or bear their address: what tells of others, or is another's working paper.
LEFT_OUT: dict[str, frozenset[str]] = {
    "organisations.AccessRequest": frozenset({"processor_note", "granted"}),
    "organisations.Session": frozenset({"session_key", "session_data"}),
    "organisations.Passkey": frozenset({"credential_id"}),
}
# An appointed person is another than the requester; each gets their own half.
OF_REQUESTER = frozenset({"requester", "requester_position", "requester_phone"})
OF_TARGET = frozenset({"target_name", "target_email", "target_position"})
# Of things of an organisation that name the person by their address, only what says so.
BRIEF = frozenset({"Organisation", "System", "LetterType", "ReadinessLine"})
