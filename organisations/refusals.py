"""Why something about people, rights or the organisation is refused: the one table of codes and texts."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import Finding, FindingText, Severity
from organisations.rights import PrivilegeType, roles


def _row(message: str, remedy: str = "") -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


TABLE: dict[str, FindingText] = {
    "terms.missing": _row(
        _("%(organisation)s has not accepted the terms of connection, so the role %(role)s cannot be given yet."),
        _("Accept the terms first. Until then only user administrators and readers can be appointed."),
    ),
    "terms.none": _row(_("No terms have been published."), _("Ask the operator to publish the terms.")),
    "terms.outdated": _row(
        _("A newer version of the terms was published while you were reading."),
        _("Read the newest version, then accept it."),
    ),
    "terms.accepted": _row(_("This version of the terms is accepted already.")),
    "terms.label_taken": _row(_("There are terms of that version already."), _("Give the new version another name.")),
    "privilege.not_grantable": _row(
        _("You cannot give the role %(role)s."), _("Ask somebody who may give that role to do it.")
    ),
    "privilege.held": _row(_("The person has the role %(role)s already."), _("Remove the role first to change it.")),
    "privilege.not_per_system": _row(
        _("The role %(role)s cannot be limited to one system."), _("Give it for the whole organisation.")
    ),
    "privilege.unknown_system": _row(_("The system does not exist any more."), _("Choose another system.")),
    "privilege.ended": _row(_("The role would end before it begins."), _("Choose a date in the future.")),
    "privilege.last_user_administrator": _row(
        _("%(organisation)s would be without a lasting user administrator."),
        _("Make another person user administrator without an end date first."),
    ),
    "invitation.exists": _row(
        _("%(email)s is invited already."), _("Send that invitation again, or withdraw it and invite anew.")
    ),
    "invitation.works_here": _row(_("%(email)s has access already."), _("Give further roles on the person's page.")),
    "invitation.no_roles": _row(_("The invitation gives no role."), _("Choose at least one role.")),
    "invitation.used": _row(_("The invitation has been accepted."), _("Log in to use your roles.")),
    "invitation.withdrawn": _row(_("The invitation was withdrawn."), _("Ask for a new one if you still need access.")),
    "invitation.expired": _row(_("The invitation has expired."), _("Ask for it to be sent again.")),
    "invitation.needs_account": _row(
        _("There is an account with this e-mail address already."), _("Log in with it to accept the invitation.")
    ),
    "sign_in.failed": _row(
        _("E-mail or password is wrong, or the account is locked."),
        _("Try again. After five failed attempts the account is locked for 15 minutes."),
    ),
    "sign_in.throttled": _row(_("Too many attempts from your address."), _("Wait 15 minutes and try again.")),
    "link.over": _row(_("The link has been used or has expired."), _("Ask for a new one.")),
    "logo.not_png": _row(_("The logo is not a PNG picture."), _("Save the picture as PNG and upload it again.")),
    "logo.too_large": _row(
        _("The file is %(size)s, which is more than 512 KiB."), _("Make the picture smaller and upload it again.")
    ),
    "logo.too_wide": _row(
        _("The picture is %(width)s × %(height)s pixels; at most 1000 × 1000 are allowed."),
        _("Make the picture smaller and upload it again."),
    ),
    "logo.broken": _row(_("The picture is damaged."), _("Save it anew and upload it again.")),
    "organisation.cvr_taken": _row(
        _("An organisation with CVR %(cvr)s exists already."), _("Find it in the list of organisations.")
    ),
    "cvr.not_eight_digits": _row(_("“%(value)s” is not a CVR number."), _("Write the CVR number with 8 digits.")),
    "cvr.check_failed": _row(
        _("%(cvr)s does not pass the check of CVR numbers (modulus 11)."), _("Check the number for typing errors.")
    ),
    "email.invalid": _row(_("“%(value)s” is not an e-mail address."), _("Write an address such as navn@eksempel.dk.")),
    "import.missing": _row(_("Nothing stands in this column."), _("Fill in the cell.")),
    "import.unknown_column": _row(_("The column “%(column)s” is unknown."), _("Use only these columns: %(columns)s.")),
    "import.missing_column": _row(_("The column “%(column)s” is missing."), _("Add the column.")),
    "import.no_choice": _row(_("“%(value)s” is not allowed here."), _("Use one of: %(choices)s.")),
    "import.company_kind": _row(_("A company has no kind of authority."), _("Leave the cell empty.")),
    "import.twice": _row(_("%(cvr)s stands in the file twice."), _("Remove one of the rows.")),
    "import.too_long": _row(_("The text has more than %(limit)s characters."), _("Shorten it.")),
    "import.not_text": _row(_("The file is not UTF-8 text."), _("Save it as CSV UTF-8.")),
    "job.fault": _row(
        _("The portal made an error, and the work was not done. Nothing was changed."),
        _("Try again. If it happens again, tell whoever runs the portal when it was."),
    ),
    "job.not_started": _row(
        _("No background process took the work. Nothing was changed."),
        _("Tell whoever runs the portal that its workers are not running, and try again."),
    ),
    "job.interrupted": _row(
        _("The work was broken off several times before it was done. Nothing was changed."),
        _("Try again. If it happens again, tell whoever runs the portal when it was."),
    ),
    "import.empty": _row(_("The file holds no rows."), _("Add a row for each organisation below the header.")),
}


def _role_label(value: object) -> str:
    return roles()[PrivilegeType(str(value))].label


FORMATS = {"role": _role_label}


def text(refusal: Finding) -> str:
    """Return the refusal as one text: what is wrong and what to do."""
    return f"{refusal.message} {refusal.remedy}".strip()
