"""Why something about people, rights or the organisation is refused: the one table of codes and texts."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import Finding, FindingText, Severity
from organisations.models.access_request import RequestState
from organisations.rights import PrivilegeType, roles


def _row(message: str, remedy: str = "") -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


TABLE: dict[str, FindingText] = {
    "terms.missing": _row(
        _("%(organisation)s has not accepted the terms of connection, so the role %(role)s cannot be given yet."),
        _("Accept the terms first. Until then only user administrators and readers can be appointed."),
    ),
    "webhook.too_many": _row(
        _("The organisation has %(most)s webhooks already, which is the most there can be."),
        _("Delete one that is not needed any more, or let one receive for several."),
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
    "privilege.not_delegable": _row(
        _("The role %(role)s cannot be given to another organisation."),
        _("Give it to one of your own people; who gives roles stays your own."),
    ),
    "privilege.not_onward": _row(
        _("A role from another organisation can only be passed on to your own people and groups."),
        _("Ask the organisation itself to give the role to somebody else."),
    ),
    "privilege.chain_ended": _row(
        _("The role was taken back meanwhile, so it cannot be passed on."), _("Ask the organisation for it anew.")
    ),
    "privilege.beyond_parent": _row(
        _("This is more than was given: another role, another system, or for longer."),
        _("Pass on no more than the organisation gave you."),
    ),
    "privilege.not_a_colleague": _row(
        _("The person or group does not belong to the organisation that gives the role."),
        _("Invite the person first, or give the role to their organisation."),
    ),
    "privilege.too_many": _row(
        _("More than %(limit)s roles at once."), _("Give or take at most %(limit)s, and the others afterwards.")
    ),
    "privilege.not_yours": _row(
        _("The role %(role)s is not yours to take away."), _("Ask somebody who gives roles there to do it.")
    ),
    "bulk.act": _row(
        _("“%(value)s” is neither giving nor taking."), _("Begin the line with giv or fjern (give or remove).")
    ),
    "bulk.who": _row(
        _("Nobody here is “%(value)s”."),
        _("Write the e-mail address of somebody who works here, the name of a group, or a CVR number."),
    ),
    "bulk.role": _row(_("There is no role “%(value)s”."), _("Write the role as it is called on the roles' page.")),
    "bulk.system": _row(_("There is no system “%(value)s”."), _("Write the system's name, or leave the cell empty.")),
    "bulk.day": _row(_("“%(value)s” is no date."), _("Write the last day as dd-mm-yyyy, or leave the cell empty.")),
    "bulk.not_held": _row(_("Nobody of that name holds this role."), _("Leave the line out.")),
    "help.open": _row(_("You help %(organisation)s already."), _("End that help first.")),
    "review.left": _row(
        _("%(count)s roles have not been looked at."), _("Keep or end each of them before you finish the review.")
    ),
    "reminder.recently": _row(
        _("%(organisation)s was reminded less than a day ago."), _("Wait until tomorrow, or call them.")
    ),
    "reminder.nobody": _row(
        _("%(organisation)s has nobody to remind: no user administrator and no legal contact."),
        _("Ask the operator to appoint a user administrator."),
    ),
    "group.name_taken": _row(_("There is a user group named %(name)s already."), _("Choose another name.")),
    "group.member": _row(_("%(person)s is a member already.")),
    "privilege.ended": _row(_("The role would end before it begins."), _("Choose a date in the future.")),
    "privilege.last_user_administrator": _row(
        _("%(organisation)s would be without a lasting user administrator."),
        _("Make another person user administrator without an end date first."),
    ),
    "token.no_roles": _row(_("The token may do nothing."), _("Choose at least one role.")),
    "token.expires": _row(
        _("The token must end between now and %(days)s days from now."), _("Choose a date within a year.")
    ),
    "token.many": _row(_("There are %(most)s tokens already."), _("Revoke those that nobody uses.")),
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
    "request.is_authority": _row(
        _("CVR %(cvr)s is registered as an authority already."),
        _("Go on with the acceptance of the terms and the appointment."),
    ),
    "request.no_authority": _row(
        _("CVR %(cvr)s is not registered as an authority."), _("Ask for the connection to Digital Post first.")
    ),
    "request.unknown": _row(
        _("No organisation with CVR %(cvr)s is registered here."),
        _("Check the number, or ask for the connection to Digital Post first."),
    ),
    "request.connected": _row(
        _("%(organisation)s has accepted the terms and has a user administrator."),
        _("Ask for roles instead, or for a new user administrator if the present one is gone."),
    ),
    "request.not_administrator": _row(
        _("You are not user administrator at %(organisation)s."), _("Ask a user administrator there to do it.")
    ),
    "request.no_vendor": _row(
        _("You are not user administrator of another organisation."),
        _("Ask the user administrator of the organisation that is to act for the authority."),
    ),
    "request.itself": _row(_("An organisation cannot delegate to itself."), _("Write another CVR number.")),
    "request.too_many": _row(
        _("You have begun %(count)s requests today."), _("Go on with one of them, or wait a day.")
    ),
    "request.incomplete": _row(
        _("Something is not filled in yet."), _("Go through the steps that are not marked as done.")
    ),
    "request.not_draft": _row(
        _("The request has been sent in, so it cannot be changed."),
        _("Withdraw it first if something must be changed."),
    ),
    "request.over": _row(
        _("The request has been dealt with meanwhile: it is now %(state)s."), _("Look at it as it stands.")
    ),
    "request.own": _row(
        _("You cannot decide what you ask for yourself, or what appoints you."), _("Ask a colleague to do it.")
    ),
    "request.not_yours": _row(_("The request is not yours to decide."), _("Leave it to those whom it was sent to.")),
    "request.needs_administrator": _row(
        _("It asks for roles that give further roles, or for a delegation."), _("A user administrator must decide it.")
    ),
    "request.activated": _row(_("The appointed person has used the code already.")),
    "code.wrong": _row(
        _("The code does not work for you."),
        _("Copy it from the newest mail, and log in as the person it was sent to. After five tries it is locked."),
    ),
    "code.locked": _row(
        _("The code is locked after five wrong tries."), _("Ask whoever handled the request to send a new one.")
    ),
    "code.expired": _row(
        _("The code has expired after 14 days."), _("Ask whoever handled the request to send a new one.")
    ),
    "code.throttled": _row(_("Too many tries."), _("Wait an hour and try again.")),
    "document.empty": _row(_("The file is empty."), _("Choose the file again.")),
    "document.too_large": _row(
        _("The file is larger than 10 MiB."), _("Scan it with fewer dots per inch, or divide it into several files.")
    ),
    "document.wrong_type": _row(
        _("The file is neither PDF, PNG nor JPEG. What counts is its content, not its name."),
        _("Save it as PDF and upload that."),
    ),
    "document.broken": _row(_("The file cannot be read to its end."), _("Save it anew and upload that.")),
    "document.more_than_one": _row(
        _("Something else follows after the document in the same file."), _("Save the document anew and upload that.")
    ),
    "document.too_many_pixels": _row(
        _("The picture has more than %(millions)s million dots."),
        _("Make it smaller, or save it as PDF, and upload that."),
    ),
    "document.locked": _row(
        _("The PDF is encrypted, so nobody could check what is in it."),
        _("Save it without a password and upload that."),
    ),
    "document.active": _row(
        _("The PDF holds something that runs, such as a script or a form that sends data."),
        _("Print it to a new PDF and upload that."),
    ),
    "document.not_readable": _row(
        _("The PDF is built in a way that cannot be checked."), _("Print it to a new PDF and upload that.")
    ),
    "document.too_many_today": _row(
        _("You have uploaded %(count)s documents today."), _("Remove those that are not needed, and wait a day.")
    ),
    "document.too_many": _row(_("A request can carry %(count)s documents."), _("Remove one that is not needed.")),
    "sign_in.failed": _row(
        _("E-mail or password is wrong, or the account is locked."),
        _("Try again. After five failed attempts the account is locked for 15 minutes."),
    ),
    "sign_in.throttled": _row(_("Too many attempts from your address."), _("Wait 15 minutes and try again.")),
    "identity.unbound": _row(
        _("Nobody here has connected this login with their account."),
        _("Log in the way you usually do, and connect it on your own page. Your account must be open."),
    ),
    "identity.taken": _row(
        _("This login is connected with another account."), _("Remove it there first, or use another one.")
    ),
    "identity.other": _row(_("This is the login of somebody else."), _("Use one that is connected with your account.")),
    "identity.unreachable": _row(
        _("%(name)s does not answer in a way that can be used."),
        _("Try again in a little while, or log in with your password."),
    ),
    "identity.broken_off": _row(
        _("The login at %(name)s was broken off."), _("Begin again from the login page, or log in another way.")
    ),
    "identity.provider_refused": _row(
        _("%(name)s refused the login (%(code)s)."),
        _("Begin again. If it happens again, give the code in the brackets to whoever runs the portal."),
    ),
    "identity.untrusted": _row(
        _("The answer from %(name)s could not be trusted, so nobody was let in."),
        _("Begin again from the login page. If it happens again, tell whoever runs the portal when it was."),
    ),
    "identity.no_cvr": _row(
        _("%(name)s did not say for which organisation you logged in."),
        _("Begin again, and choose the login that your organisation gave you, not your private one."),
    ),
    "identity.level": _row(
        _("The login at %(name)s was not secure enough for this portal."),
        _("Begin again with a stronger login. Your organisation can tell you which one you have."),
    ),
    "identity.stale": _row(
        _("%(name)s did not ask you anew who you are."), _("Confirm with your password, or log out and in again.")
    ),
    "identity.lost_way": _row(
        _("The login was not begun in this browser, or too long ago."), _("Begin again from the login page.")
    ),
    "factor.wrong_code": _row(
        _("The code is not right, or was used already."),
        _("Wait until the app shows the next one. After five failed attempts the account is locked for 15 minutes."),
    ),
    "factor.locked": _row(_("Too many attempts: the account is locked."), _("Wait 15 minutes and begin again.")),
    "factor.required": _row(
        _("A second factor is required of you, and this is the last that you have."),
        _("Add another passkey or one-time codes first; then you can remove it."),
    ),
    "recovery.nobody": _row(_("Nobody has this address."), _("Ask which address the person logs in with.")),
    "recovery.self": _row(
        _("This is your own account."), _("Use your own page, or ask another who runs the portal to help you.")
    ),
    "recovery.no_factor": _row(
        _("The person has no second factor."),
        _("They log in by their password alone, and can choose a new one by mail."),
    ),
    "email.same": _row(_("This is your e-mail already."), _("Write the new one.")),
    "email.throttled": _row(
        _("The e-mail was asked to be changed too often today."), _("Open the newest link, or try again tomorrow.")
    ),
    "email.old_taken": _row(
        _("The earlier address belongs to another account by now."),
        _("Write at once to whoever runs the portal; they can close the account to others."),
    ),
    "factor.lost_way": _row(
        _("Without it you could not log in any more: it is your only way in."),
        _("Choose a password first by “Forgot your password?”, or add another passkey."),
    ),
    "passkey.over": _row(
        _("The passkey was asked for too long ago, or in another window."), _("Press the button once more.")
    ),
    "passkey.refused": _row(
        _("The passkey was not accepted."), _("Use one that you added to your account here, or log in another way.")
    ),
    "passkey.unverified": _row(
        _("Your passkey did not ask for a PIN, a fingerprint or your face, so it is not enough alone."),
        _("Use your password together with it, or set a PIN on your security key."),
    ),
    "passkey.stopped": _row(
        _("This passkey has been stopped, for it seems to have been copied."),
        _("Log in another way, remove it on your own page, and add a new one."),
    ),
    "passkey.taken": _row(_("This passkey is in use already."), _("Use another machine or security key.")),
    "passkey.many": _row(_("You have %(most)s passkeys already."), _("Remove one that you do not use.")),
    "proof.wrong": _row(
        _("That is not right."), _("Try again. After five failed attempts the account is locked for 15 minutes.")
    ),
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


def _state_label(value: object) -> str:
    return str(RequestState(str(value)).label).lower()


FORMATS = {"role": _role_label, "state": _state_label}


def text(refusal: Finding) -> str:
    """Return the refusal as one text: what is wrong and what to do."""
    return f"{refusal.message} {refusal.remedy}".strip()
