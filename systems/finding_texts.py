"""What is found about a system's registration: what it lacks, what stands in the way, what deserves attention."""

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop as _

from adgang.lib.cvr import spaced
from adgang.lib.dates import moment
from adgang.lib.findings import FindingText, Severity


def _refusal(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.WARNING, message, remedy)


def _notice(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.INFO, message, remedy)


LACKING = {
    "system.endpoint_missing": _refusal(
        _("It is not stated where messages are delivered."), _("Write the address that messages are delivered to.")
    ),
    "system.receipt_endpoint_missing": _refusal(
        _("It is not stated where receipts are delivered."), _("Write the address that receipts are delivered to.")
    ),
    "system.certificate_missing": _refusal(
        _("The system has no certificate."), _("Upload a system or organisation certificate (FOCES or VOCES).")
    ),
    "system.ssh_username_missing": _refusal(_("The system has no SSH user name."), _("Write the user name.")),
    "system.ssh_key_missing": _refusal(_("The system has no SSH key."), _("Upload the public key.")),
    "system.token_missing": _refusal(_("The system has no API token."), _("Make an API token.")),
}

STANDARD = {
    "template.protocol_fixed": _refusal(
        _("%(name)s is published, and systems have been made from it, so its protocol stays."),
        _("Make another standard system for another protocol."),
    ),
    "template.nothing_new": _refusal(
        _("%(name)s says the same as edition %(edition)s."), _("Change something first; then publish it.")
    ),
    "template.is_retired": _refusal(_("%(name)s is retired."), _("Make a new standard system instead.")),
    "template.changed_meanwhile": _refusal(
        _("Somebody else changed the standard system meanwhile, so nothing was done."),
        _("Look at it as it is now, and repeat it."),
    ),
    "template.published_already": _refusal(
        _("%(name)s is published, so it cannot be deleted."), _("Retire it instead: nobody can use it any more then.")
    ),
}

CALLS = {
    "call.token_accepted": _notice(_("The token is accepted."), ""),
    "call.token_wrong": _refusal(
        _("Somebody called from %(address)s with the system's id and a token that is not the system's."),
        _("Give the system the token in force, or make a new one."),
    ),
    "call.key_accepted": _notice(_("The key %(fingerprint)s is accepted."), ""),
    "call.key_next": _notice(_("The next key %(fingerprint)s is accepted."), ""),
    "call.certificate_accepted": _notice(_("The certificate %(sha256)s is accepted."), ""),
    "call.certificate_next": _notice(_("The certificate %(sha256)s, which is to follow, is accepted."), ""),
    "call.certificate_missing": _refusal(
        _("The connection showed no certificate."),
        _("Let the system show its certificate when it connects; with curl: --cert and --key."),
    ),
    "call.certificate_not_registered": _refusal(
        _("No certificate is registered for the system."), _("Upload the system's certificate.")
    ),
    "call.certificate_other": _refusal(
        _("The connection showed the certificate %(sha256)s; registered is %(expected)s."),
        _("Let the system use the registered certificate, or upload the one it uses."),
    ),
    "call.address_any": _notice(_("No allowed addresses are listed, so %(address)s is accepted as any other."), ""),
    "call.address_accepted": _notice(_("%(address)s is one of the allowed addresses."), ""),
    "call.address_refused": _refusal(
        _("%(address)s is not among the allowed addresses."),
        _("Add the address to the system, or let the system call from one that is listed."),
    ),
    "call.address_unknown": _refusal(
        _("It is not known from which address the call came."), _("Tell whoever runs this portal.")
    ),
}

REFUSALS = {
    "system.default_must_receive": _refusal(
        _("%(name)s does not receive messages, so it cannot be the default recipient system."),
        _("Let the system receive messages first."),
    ),
    "system.is_default": _refusal(
        _("%(name)s is the default recipient system, so it must go on receiving messages."),
        _("Make another system the default first."),
    ),
    "system.has_dependants": _refusal(
        _("%(count)s things depend on %(name)s."), _("Let another system take over from it first.")
    ),
    "system.not_in_service": _refusal(
        _("%(name)s is neither in service nor planned."), _("There is nothing to take out of service.")
    ),
    "system.in_service_already": _refusal(
        _("%(name)s is in service already."), _("Take it out of service first, if it is to begin again later.")
    ),
    "system.plan_in_the_past": _refusal(
        _("%(time)s has passed."), _("Choose a later time, or take the system into service now.")
    ),
    "system.end_before_beginning": _refusal(
        _("The system goes into service on %(time)s, and cannot go out of service before that."),
        _("Choose a later time, or cancel the plan."),
    ),
    "maintenance.over": _refusal(_("That time has passed."), _("Choose an end that is still to come.")),
    "maintenance.ends_before_it_begins": _refusal(
        _("The maintenance ends before it begins."), _("Choose an end after the beginning.")
    ),
    "maintenance.too_long": _refusal(
        _("Maintenance may last %(days)s days at most."), _("Announce less, or take the system out of service.")
    ),
    "maintenance.too_many": _refusal(
        _("At most %(most)s windows may be announced at a time."), _("Call one of them off first.")
    ),
    "system.end_in_the_past": _refusal(
        _("%(time)s has passed."), _("Choose a later time, or take the system out of service now.")
    ),
    "system.reason_missing": _refusal(
        _("The connection has not been checked with success."), _("Check it, or write why that can be done without.")
    ),
    "system.protocol_in_service": _refusal(
        _("%(name)s is in service or planned, so its protocol cannot be changed."),
        _("Take it out of service first, or copy it and choose another protocol for the copy."),
    ),
    "system.no_removed_certificate": _refusal(
        _("There is no certificate to put back."), _("Upload the certificate instead.")
    ),
    "system.not_confirmed": _refusal(_("Nobody has confirmed the connection."), _("There is nothing to withdraw.")),
    "system.confirmed_by_person": _refusal(
        _("Only a person can confirm a connection."), _("Log in and confirm it on the system's page.")
    ),
}

ATTENTION = {
    "system.not_checked": _warning(
        _("The connection has not been checked since its settings were last changed."),
        _("Check the connection. If that is impossible, you can write why and go on."),
    ),
    "system.check_failed": _warning(
        _("The last check of the connection failed."),
        _("Look at the check and mend what it names. If that is impossible, you can write why and go on."),
    ),
    "system.addresses_overlap": _warning(
        _("%(network)s lies within %(within)s."), _("Remove one of the two: the wider one covers both.")
    ),
    "system.address_special": _warning(
        _("%(network)s is no public address: %(range)s."),
        _("Write the address that Digital Post sees, usually that of your firewall."),
    ),
    "system.delegated_cvr_check": _warning(
        _("The vendor's CVR number %(cvr)s does not pass the check of CVR numbers (modulus 11)."),
        _("Check the number for typing errors. Invented numbers are accepted in the test environment only."),
    ),
    "system.legacy_receipts": _warning(
        _("Receipts come as %(format)s, a format that Digital Post closed on 5 December 2023."),
        _("Change the format of receipts to MeMo."),
    ),
    "system.no_technical_contact": _notice(
        _("The system has no technical contact."), _("Write whom to turn to when the connection fails.")
    ),
    "system.many_senders": _notice(
        _("%(count)s sender systems integrate directly with Digital Post; authorities were advised to have at most 5."),
        _("Consider letting several systems send through a common one."),
    ),
    "system.not_guided": _notice(
        _("%(protocol)s is registered and kept, but not guided: the portal checks its certificate and TLS only."), ""
    ),
    "system.next_certificate_unusable": _warning(
        _("The next certificate could not come into force on %(time)s: nothing would accept it."),
        _("Upload another certificate."),
    ),
    "system.certificate_cvr_changed": _refusal(
        _("The certificate was issued to CVR %(cvr)s, which is neither the authority's nor the vendor's."),
        _("Upload another certificate, or correct the vendor's CVR number."),
    ),
}

IMPORT = {
    "system.import_no_id": _refusal(
        _("The answer has no ID, so it cannot be known again."), _("Save the whole answer of the registry.")
    ),
    "system.import_protocol": _refusal(
        _("“%(value)s” is no protocol of Digital Post."), _("Save the whole answer of the registry.")
    ),
    "system.import_receipt_format": _refusal(
        _("“%(value)s” is no format of receipts."), _("Save the whole answer of the registry.")
    ),
    "system.import_dates": _refusal(
        _("The system would go out of service before it goes into service."), _("Correct the dates in Digital Post.")
    ),
    "system.import_time": _refusal(
        _("%(field)s is “%(value)s”, which is no time."), _("Save the whole answer of the registry.")
    ),
    "system.import_field": _refusal(
        _("%(field)s: %(why)s"), _("Correct it in Digital Post, and save the answer anew.")
    ),
    "system.import_left_out": _warning(
        _("%(field)s was left out: %(why)s"), _("Write it on the system's page, or correct it in Digital Post.")
    ),
    "system.import_ssh_key": _warning(
        _("The SSH key was left out: %(why)s"), _("Upload the key on the system's page.")
    ),
    "system.import_certificate": _notice(
        _("The system has a certificate in Digital Post, but the answer does not hold it."),
        _("Upload the certificate on the system's page."),
    ),
    "system.import_linked": _notice(
        _("The system that was set up here under the same name is now linked with the one in Digital Post."), ""
    ),
}

SWAPPING = {
    "swap.same": _refusal(
        _("This is the very certificate that is to be replaced."),
        _("Order a renewed certificate in MitID Erhverv and upload that one."),
    ),
    "swap.answered": _refusal(
        _("The request was answered or withdrawn meanwhile."), _("Look at it as it is now; nothing was done.")
    ),
    "swap.no_system": _refusal(
        _("No system was chosen that still uses the old certificate."), _("Choose at least one system.")
    ),
}

PRECHECK = {
    "precheck.needs_certificate": _refusal(
        _("%(system)s connects by %(protocol)s, which wants a certificate; this is an SSH key."),
        _("Check a system or organisation certificate (FOCES or VOCES) instead."),
    ),
    "precheck.needs_key": _refusal(
        _("%(system)s connects by %(protocol)s, which wants an SSH key; this is a certificate."),
        _("Check the system's SSH public key instead."),
    ),
    "precheck.in_use": _notice(_("It is in use already, by %(systems)s."), ""),
    "precheck.renews": _notice(
        _("It is issued to the same holder as the certificate of %(systems)s, and would renew it."),
        _("Upload it on the page of the old certificate to put it into all of them."),
    ),
}

ROTATION = {
    "rotation.same_key": _refusal(
        _("This is the key that the system has already."),
        _("Make a new key in the system, and upload its public half."),
    ),
    "rotation.no_next_key": _refusal(
        _("No next key is registered, so the system would be without any."), _("Upload the next key first.")
    ),
}

TABLE = LACKING | STANDARD | CALLS | REFUSALS | ATTENTION | IMPORT | SWAPPING | ROTATION | PRECHECK


def _time(value: object) -> str:
    return moment(parse_datetime(str(value)))


def _cvr(value: object) -> str:
    return spaced(value)


FORMATS = {"time": _time, "cvr": _cvr}
