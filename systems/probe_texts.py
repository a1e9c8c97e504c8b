"""What the tests can find that a system's owner has allowed: sign-in, folder, test message. Rows as in `step_texts`."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity


def _error(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.WARNING, message, remedy)


def _info(message: str) -> FindingText:
    return FindingText(Severity.INFO, message, "")


_RIGHTS = _("Give the user the right to it on the server; the server's own words are quoted here.")
_SERVER_LOG = _("Look in the server's log at the time of this check for the ID of the test message.")

LOGIN = {
    "login.done": _info(_("The check signed in as %(username)s.")),
    "login.not_tried": _info(_("The server did not accept the system's own key, so the check did not try its own.")),
    "login.key_refused": _warning(
        _("The server did not let the check sign in as %(username)s, so the folder was not looked at."),
        _("Add the check's own key to the user's authorized_keys; it stands on the system's page."),
    ),
    "login.more_wanted": _warning(
        _("The server accepted the check's key, but wants more than a key: %(methods)s"),
        _("Let the key alone be enough for this user: Digital Post signs in with a key."),
    ),
    "login.no_session": _error(
        _("The server let the user in, but its file service (SFTP) ended at once."),
        _(
            "Often the user's folder is set up wrong: ChrootDirectory must exist, belong to root, "
            "and be writable by root alone."
        ),
    ),
    "login.no_sftp": _error(
        _("The server let the user in, but offers no file service (SFTP)."),
        _("Switch it on in the server's settings: Subsystem sftp internal-sftp."),
    ),
    "sftp.garbled": _error(
        _("The server answered with what cannot be read."),
        _("Update the SSH server, or the product that plays its part."),
    ),
}

FOLDER = {
    "folder.not_looked_at": _info(_("Without a sign-in there is no folder to look at.")),
    "folder.seen": _info(_("The folder %(folder)s is there and can be read.")),
    "folder.written": _info(_("A file in %(folder)s could be written, renamed and deleted.")),
    "folder.missing": _error(
        _("There is no folder %(folder)s: %(said)s"),
        _("Create it, or correct the folder on the system. It counts from where the user stands after the sign-in."),
    ),
    "folder.not_a_folder": _error(_("%(folder)s is no folder, but a file."), _("Correct the folder on the system.")),
    "folder.not_listed": _error(_("The folder %(folder)s cannot be read: %(said)s"), _RIGHTS),
    "folder.not_writable": _error(_("No file can be written in %(folder)s: %(said)s"), _RIGHTS),
    "folder.not_renamed": _error(_("A file in %(folder)s cannot be renamed: %(said)s"), _RIGHTS),
    "folder.not_deleted": _error(_("The test file %(file)s cannot be deleted: %(said)s"), _RIGHTS),
}

MESSAGE = {
    "message.delivered": _info(_("The server received the test message %(message)s and answered %(answer)s.")),
    "message.handed_over": _info(_("The test message for %(mailbox)s was handed over: %(reply)s")),
    "message.too_soon": _info(_("No test message was sent, for the last one is less than an hour old.")),
    "message.no_certificate": _info(
        _("No test message was sent, for the system has no certificate in force to encrypt it to.")
    ),
    "message.not_for_this_key": _info(
        _("No test message was sent: the portal can encrypt to certificates with an RSA key only.")
    ),
    "message.no_mailbox": _info(_("No test message was sent, for the mailbox was not accepted.")),
    "message.not_trusted": _info(_("No test message was sent, for the server's certificate does not hold.")),
    "message.not_trusted_now": _warning(
        _(
            "At the second connection the server showed another certificate, which does not hold. "
            "Nothing was delivered."
        ),
        _("Look at every server behind the address: they should all show the same certificate."),
    ),
    "message.certificate_wanted": _info(
        _("No test message was delivered: the server lets in only those who show a certificate. So it should be.")
    ),
    "message.certificate_wanted_now": _info(
        _("No test message was delivered: the second time, the server demanded a certificate of us.")
    ),
    "message.not_let_in": _warning(
        _("The server did not let the test message in: %(answer)s"),
        _("That is right if only Digital Post's certificate is let in. If not, give the address the rights it needs."),
    ),
    "message.no_such_path": _error(
        _("The server knows no such address: %(answer)s"), _("Correct the path in the address on the system.")
    ),
    "message.no_post": _error(
        _("The address takes no messages (POST): %(answer)s"), _("Correct the path in the address on the system.")
    ),
    "message.redirected": _error(
        _("The server sent us to another address: %(answer)s. Digital Post does not follow."),
        _("Enter the final address on the system."),
    ),
    "message.too_large": _error(
        _("The server found a message of a few kilobytes too large: %(answer)s"),
        _("Allow messages of 99.5 MB in the web server and the application."),
    ),
    "message.wrong_form": _error(
        _("The server does not take messages as a form with a part called “file”: %(answer)s"),
        _("Let the application read multipart/form-data."),
    ),
    "message.rejected": _warning(_("The server did not accept the test message %(message)s: %(answer)s"), _SERVER_LOG),
    "message.busy": _warning(_("The server asked us to come back later: %(answer)s"), _("Try again in some minutes.")),
    "message.server_fault": _error(_("The server failed at the test message %(message)s: %(answer)s"), _SERVER_LOG),
    "message.put_off": _warning(_("The mail server put the test message off: %(reply)s"), _("Try again in an hour.")),
    "message.refused": _error(
        _("The mail server accepted the mailbox, but refused the test message: %(reply)s"),
        _("Let encrypted attachments (S/MIME) through the mail filter; the server's own words are quoted here."),
    ),
    "message.none_sent": _error(
        _("This check sent no test message by mail."), _("Test the connection again, and answer on the new page.")
    ),
    "message.opened": _info(_("You could open the test message: the system holds the right private key.")),
    "message.not_opened": _warning(
        _("You could not open the test message."),
        _("Find the private key that belongs to the certificate, or register the certificate whose key you have."),
    ),
}

PROBE = {
    "probe.no_place": _error(
        _("The system's settings give this test no place."), _("Look at the system as it is now.")
    ),
    "probe.login_first": _error(_("Nothing can be written without a sign-in."), _("Allow the sign-in first.")),
}

TABLE: dict[str, FindingText] = LOGIN | FOLDER | MESSAGE | PROBE
