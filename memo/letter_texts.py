"""What may be found of letter types, and of a message held against what its sender knows: codes and words."""

from functools import partial

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

_error = partial(FindingText, Severity.ERROR)
_warning = partial(FindingText, Severity.WARNING)
_info = partial(FindingText, Severity.INFO)

LETTERS = {
    "letter.point.none": _warning(
        _("No contact point for replies is chosen."),
        _("Choose the contact point that replies go to, or say that the recipient cannot reply."),
    ),
    "letter.point.deleted": _error(
        _("The contact point “%(name)s” is deleted."),
        _("Choose the contact point that takes the replies now."),
    ),
    "letter.point.to_come": _warning(
        _("The contact point “%(name)s” exists only in a draft of the contact structure."),
        _("Publish the draft. Until then no letter can carry its ID."),
    ),
    "letter.point.provisional": _warning(
        _("The contact point “%(name)s” has no ID in Digital Post yet."),
        _("Write its ID on the page of the contact point once it is registered there. Do not use ours in letters."),
    ),
    "letter.point.replaced": _warning(
        _("Another contact point has taken over from “%(name)s”."),
        _("Let the letter type follow to the successor, and tell the vendor of the letter-producing system."),
    ),
    "letter.point.inactive": _error(
        _("The contact point “%(name)s” is closed: a reply cannot be sent."),
        _("Open the contact point, at least for replies, or choose another."),
    ),
    "letter.point.hidden": _info(
        _("The contact point “%(name)s” is for replies only."),
        _("That is right for letters already sent. Choose an open contact point if new letters are to carry it."),
    ),
    "letter.point.renamed": _info(
        _("The contact point is called “%(name)s” now; the letter type says “%(old)s”."),
        _("The ID is the same. Edit the letter type and choose the name anew if letters are to carry it."),
    ),
    "letter.point.moved": _info(
        _("The contact point “%(name)s” was moved in the contact structure on %(date)s."),
        _("The ID is the same, so letters need no change. Look whether it is still the right place for replies."),
    ),
    "letter.action.code": _error(
        _("“%(value)s” is not an action that a letter type can have."),
        _("Write one of %(choices)s. An appointment has a time and is set in each letter."),
    ),
    "letter.action.form": _error(
        _("The action “%(value)s” cannot be read."),
        _("Write code, words and address with | between: SELVBETJENING | Ansøg nu | https://…"),
    ),
    "letter.code.type": _error(
        _("“%(value)s” is not a code that a letter carries."),
        _("Write KLE or FORM, a colon and the code, for example KLE:32.24.04."),
    ),
    "letter.point.unknown": _error(
        _("There is no contact point “%(value)s”."),
        _("Write the name as it stands in the contact structure, or copy the ID from the contact point's page."),
    ),
    "letter.point.several": _error(
        _("Several contact points are called “%(value)s”."),
        _("Write the ID of the one you mean; it stands on the contact point's page."),
    ),
}

FILES = {
    "letter.file.large": _error(
        _("The file is larger than %(limit)s kB."),
        _("Split it, and import the parts one after the other."),
    ),
    "letter.file.not_csv": _error(
        _("The file is a workbook. Letter types are imported from CSV."),
        _("In Excel, choose “Save as” and “CSV UTF-8 (semicolon delimited)”."),
    ),
    "letter.id_unknown": _error(
        _("You have no letter type with this ID."),
        _("Leave the ID empty to create a new one, or copy the ID once more."),
    ),
    "letter.twice": _error(
        _("Row %(other)s is about the same letter type."),
        _("Keep only one of the rows."),
    ),
    "letter.name_taken": _error(
        _("Two letter types would be called “%(value)s”."),
        _("Give one of them another name, or delete one."),
    ),
    "letter.email": _error(
        _("“%(value)s” is no e-mail address."),
        _("Write it as name@example.dk, or leave the cell empty."),
    ),
    "letter.system.unknown": _error(
        _("You have no sender system called “%(value)s”."),
        _("Write the name or ID of one of your sender systems, or create the system first."),
    ),
    "letter.not_allowed": _error(
        _("The authority has no permission for it."),
        _("Write nej, or ask for the permission."),
    ),
    "letter.handling": _error(
        _("“%(value)s” cannot be done with this row."),
        _("Write slet to delete a letter type that exists, or leave the cell empty."),
    ),
}

PLACE = {
    "memo.place.sender": _error(
        _("The sender is %(value)s, but here it is checked for %(name)s, %(cvr)s."),
        _("Write the authority's CVR number in senderID, or check the file for the authority that sends it."),
    ),
    "memo.place.mandatory": _error(
        _("The letter is mandatory post, which %(name)s may not send."),
        _("Set mandatory to false, or ask for the permission."),
    ),
    "memo.place.legal": _error(
        _("The letter is a legal notification, which %(name)s may not send."),
        _("Set legalNotification to false, or ask for the permission."),
    ),
    "memo.place.point_unknown": _warning(
        _("The contact point %(value)s is not in the contact structure of %(name)s."),
        _("Copy the ID from the contact point's page. If the point was made in Digital Post, import it here."),
    ),
    "memo.place.point_provisional": _error(
        _("The ID %(value)s is ours alone; “%(point)s” has no ID in Digital Post yet."),
        _("Register the contact point in Digital Post, and use the ID that it gets there."),
    ),
    "memo.place.point_own_id": _error(
        _("The ID %(value)s is ours alone; in Digital Post “%(point)s” has the ID %(registry_id)s."),
        _("Use the ID in Digital Post."),
    ),
    "memo.place.point_inactive": _warning(
        _("The contact point “%(point)s” is closed: the recipient cannot reply to it."),
        _("Open the contact point, at least for replies, or use another."),
    ),
    "memo.place.point_citizens": _warning(
        _("The contact point “%(point)s” is not for citizens, to whom the letter goes."),
        _("Add the audience to the contact point, or use another."),
    ),
    "memo.place.point_companies": _warning(
        _("The contact point “%(point)s” is for neither companies nor authorities, to whom the letter goes."),
        _("Add the audience to the contact point, or use another."),
    ),
    "memo.place.no_point": _warning(
        _("The recipient can reply, but the letter carries no contact point: the reply goes to the default recipient."),
        _("Let the sender carry the contact point for replies."),
    ),
    "memo.place.system": _info(
        _("The generating system “%(value)s” is not among the sender systems registered here."),
        _("Look whether it is the system that you expected."),
    ),
    "memo.letter.point": _error(
        _("The letter replies to %(value)s; its letter type “%(name)s” says %(expected)s."),
        _("Mark the letter with the contact point of its type, or change the letter type."),
    ),
    "memo.letter.reply": _error(
        _("The letter says reply %(value)s; its letter type “%(name)s” says %(expected)s."),
        _("Let the letter and its type say the same."),
    ),
    "memo.letter.flag": _error(
        _("The letter says %(field)s %(value)s; its letter type “%(name)s” says %(expected)s."),
        _("Let the letter and its type say the same."),
    ),
    "memo.letter.deadline": _warning(
        _("The letter has no reply deadline; its letter type “%(name)s” gives %(days)s days."),
        _("Write replyByDateTime."),
    ),
    "memo.letter.post_type": _warning(
        _("The post type is “%(value)s”; the letter type “%(name)s” says “%(expected)s”."),
        _("Let the letter and its type say the same."),
    ),
    "memo.letter.code": _warning(
        _("The letter does not carry %(type)s %(expected)s, as its letter type “%(name)s” says."),
        _("Write the code under ContentData."),
    ),
    "memo.letter.action": _warning(
        _("The letter has no action %(expected)s, as its letter type “%(name)s” says."),
        _("Add the action to the main document."),
    ),
    "memo.letter.contact_info": _warning(
        _("The contact point does not ask for “%(expected)s”, as the letter type “%(name)s” says."),
        _("Add it as ContactInfo of the contact point."),
    ),
    "memo.letter.provisional": _warning(
        _("The mark of the letter type “%(name)s” is not final, so the contact point could not be compared."),
        _("Complete the letter type before letters of it are sent."),
    ),
}

TABLE = LETTERS | FILES | PLACE
