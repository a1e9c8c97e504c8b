"""What is found about groups and points, whoever writes them: a form, a file or the registry's answers."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity


def _refusal(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.WARNING, message, remedy)


CODES = {
    "code.type": _refusal(
        _("“%(code)s” does not say which classification it comes from."),
        _("Write the classification first, for example KLE:32.24.04. The classifications are %(types)s."),
    ),
    "code.missing": _refusal(_("There is no code after %(type)s."), _("Write for example KLE:32.24.04.")),
    "code.long": _refusal(
        _("A %(type)s code is longer than %(longest)s characters."), _("Write the code alone, without its text.")
    ),
    "code.label": _refusal(
        _("The code of your own “%(code)s” has no label."),
        _("Write CUSTOM:code:version:name:label, for example CUSTOM:B12:::Department."),
    ),
    "code.form": _refusal(
        _("“%(code)s” is no %(type)s code; it has the form %(form)s."), _("Correct the code, or leave it out.")
    ),
    "code.gln": _refusal(
        _("The check digit of the GLN %(code)s does not fit."), _("Copy the 13 digits once more; one of them is wrong.")
    ),
    "code.unlisted": _refusal(
        _("%(code)s is not in the list of %(type)s codes."), _("Find the code by its name, or leave it out.")
    ),
    "codes.columns": _refusal(
        _("The list has no column “%(column)s”."),
        _("The first row must name the columns; docs/code-lists.md lists them."),
    ),
    "codes.form": _refusal(
        _("Row %(row)s: “%(code)s” is no %(type)s code."), _("Write the code as text, as its publisher writes it.")
    ),
    "codes.name": _refusal(
        _("Row %(row)s: the name of %(code)s is missing or longer than %(longest)s characters."),
        _("Write what the code stands for."),
    ),
    "codes.twice": _refusal(_("Row %(row)s: %(code)s stands in the list already."), _("Keep one of the rows.")),
    "codes.date": _refusal(
        _("Row %(row)s: a date of %(code)s cannot be read."), _("Write dates as 2026-11-23, or leave them empty.")
    ),
    "excel.scientific": _refusal(
        _("Excel has made “%(code)s” of a long number, and digits are lost."),
        _("Format the column as text in Excel, and write the code once more."),
    ),
    "excel.zeros": _refusal(
        _("“%(code)s” lacks leading zeros; Excel may have removed them. %(type)s has the form %(form)s."),
        _("Format the column as text in Excel, and write the code once more."),
    ),
    "excel.date": _refusal(
        _("“%(code)s” looks like a date that Excel has made of a code."),
        _("Format the column as text in Excel, and write the code once more."),
    ),
    "excel.error": _refusal(
        _("“%(value)s” is an error message from Excel."), _("Correct the formula in Excel, or write the value itself.")
    ),
}

VALUES = {
    "value.missing": _refusal(_("A value is missing."), _("Write the value.")),
    "value.long": _refusal(
        _("The text has %(length)s characters; at most %(longest)s are allowed."), _("Make the text shorter.")
    ),
    "value.twice": _refusal(_("“%(value)s” stands there twice."), _("Remove one of them.")),
    "value.many": _refusal(
        _("There are %(count)s entries; at most %(most)s are allowed."), _("Remove those that help nobody.")
    ),
    "value.yes_no": _refusal(_("“%(value)s” is neither yes nor no."), _("Write ja or nej.")),
    "value.number": _refusal(
        _("“%(value)s” is no whole number between 0 and %(largest)s."), _("Write a whole number, or nothing.")
    ),
    "value.size": _refusal(
        _("“%(value)s” is no size in MB."), _("Write a number of MB greater than 0, for example 25 or 0,5, or nothing.")
    ),
    "value.mailbox": _refusal(
        _("“%(value)s” is no former mailbox."), _("Write two whole numbers with a colon between, for example 1234:56.")
    ),
    "value.uuid": _refusal(
        _("“%(value)s” is no ID."), _("Copy the ID once more; it has 36 characters, of which four are hyphens.")
    ),
    "value.url": _refusal(_("“%(value)s” is no link."), _("Write the whole address, beginning with https://.")),
    "value.audience": _refusal(
        _("“%(value)s” is no target audience."), _("Write borger, virksomhed or myndighed, with | between several.")
    ),
    "value.control": _refusal(
        _("The text holds characters that cannot be read."), _("Type the text once more in a plain editor.")
    ),
    "system.unknown": _refusal(
        _("You have no system called “%(value)s”."),
        _("Write the name or ID of one of your recipient systems, or create the system first."),
    ),
    "system.not_recipient": _refusal(
        _("%(value)s does not receive messages."),
        _("Choose a recipient system, or let this one receive messages too."),
    ),
    "system.missing": _refusal(
        _("The contact point has no recipient system."),
        _("Write the name of the system that is to receive its messages."),
    ),
    "successor.unknown": _refusal(
        _("You have no contact point with the ID or name “%(value)s”."),
        _("Copy the ID from the page of the contact point that takes over."),
    ),
    "successor.several": _refusal(
        _("Several contact points are called “%(value)s”."),
        _("Copy the ID from the page of the one that takes over."),
    ),
    "successor.itself": _refusal(
        _("A contact point cannot be replaced by itself."), _("Choose another contact point, or none.")
    ),
    "successor.circle": _refusal(
        _("The contact points replace each other in a circle: %(chain)s."),
        _("Empty the column in the row of the one that really takes over; the others may name it."),
    ),
}

FILE = {
    "file.empty": _refusal(
        _("The file holds no rows."), _("Write the names of the columns in the first row, and one row for each object.")
    ),
    "file.large": _refusal(
        _("The file is larger than %(limit)s MB."), _("Split it, and import the parts one after the other.")
    ),
    "file.rows": _refusal(
        _("The file has more than %(limit)s rows."), _("Split it, and import the parts one after the other.")
    ),
    "file.groups": _refusal(
        _("The file makes more than %(limit)s groups."), _("Split it, and import the parts one after the other.")
    ),
    "file.not_text": _refusal(
        _("The file is neither Excel, CSV nor JSON."),
        _("In Excel, choose “Save as” and “Excel workbook (.xlsx)” or “CSV UTF-8 (semicolon delimited)”."),
    ),
    "file.old_excel": _refusal(
        _("The file is in Excel's old format (.xls), or it is protected with a password."),
        _("Open it in Excel, remove the password, and choose “Save as” and “Excel workbook (.xlsx)”."),
    ),
    "file.ods": _refusal(
        _("The file is an OpenDocument spreadsheet (.ods)."),
        _("Save it as Excel (.xlsx) or as CSV, and choose it again."),
    ),
    "file.not_sheet": _refusal(
        _("The file is an archive or document, not a workbook."), _("Choose the Excel, CSV or JSON file itself.")
    ),
    "file.damaged": _refusal(
        _("The Excel file cannot be read; it is damaged or incomplete."),
        _("Open it in Excel, save it again, and choose it again."),
    ),
    "file.locked": _refusal(
        _("The Excel file is protected with a password."), _("Save it without a password, and choose it again.")
    ),
    "file.bomb": _refusal(
        _(
            "The Excel file is much larger unpacked than such a file needs to be: more than %(entries)s parts, "
            "%(megabytes)s MB or a hundred times its size."
        ),
        _("Copy the cells into a new workbook, save it, and choose that."),
    ),
    "file.hostile": _refusal(
        _("The Excel file holds instructions (DTD) that no workbook needs. It was not opened."),
        _("Copy the cells into a new workbook, save it, and choose that."),
    ),
    "file.wide": _refusal(_("The row has more than %(limit)s cells."), _("Keep only the columns that are known.")),
    "file.sheets": FindingText(
        Severity.INFO,
        _("The workbook has several sheets; only “%(sheet)s” was read. Others with something in them: %(others)s."),
        "",
    ),
    "file.not_json": _refusal(
        _("The JSON cannot be read: line %(line)s, character %(character)s."),
        _("Correct it there, or export it once more."),
    ),
    "file.json_form": _refusal(
        _("The JSON is not a list of groups and contact points."),
        _("Export the structure as JSON to see the form, and use the same."),
    ),
    "row.json_value": _refusal(
        _("In JSON, “%(column)s” cannot hold a value of this kind."),
        _("Write a text, a number, true, false, null, or a list of texts."),
    ),
    "file.quotes": _refusal(
        _("A quotation mark is opened and never closed."),
        _("Look for a lone quotation mark in or before this row; inside a quoted cell it is written twice."),
    ),
    "column.unknown": _refusal(
        _("There is no column called “%(column)s”."), _("Remove the column, or correct its name to: %(names)s.")
    ),
    "column.twice": _refusal(_("The column stands in the file twice."), _("Remove one of them.")),
    "column.missing": _refusal(_("The file has no column for the name."), _("Add the column “navn”.")),
    "row.cells": _refusal(
        _("The row has %(cells)s cells, but the file has %(columns)s columns."),
        _("A cell that holds the separator must stand in quotation marks."),
    ),
}

EXCEL = {
    "excel.date_cell": _refusal(
        _("Excel has turned the cell into a date or a time: %(value)s."),
        _("Format the column as text, and write the cell once more."),
    ),
    "excel.formula": _refusal(
        _("The cell holds a formula without a result: %(value)s."),
        _("Open the file in Excel and save it, or write the value itself."),
    ),
    "excel.precision": _refusal(
        _("Excel keeps 15 digits of a number only; what stands there, %(value)s, is no longer what was typed."),
        _("Format the column as text, and write the cell once more."),
    ),
}

ROWS = {
    "row.type": _refusal(
        _("“%(value)s” is neither gruppe nor punkt."), _("Write gruppe or punkt, or nothing for a point.")
    ),
    "row.id_unknown": _refusal(
        _("You have no group or contact point with this ID."),
        _("Leave the ID empty to create a new one, or copy the ID once more."),
    ),
    "row.id_other_kind": _refusal(
        _("The ID belongs to a group, not to a contact point, or the other way round."),
        _("Correct the type, or the ID."),
    ),
    "row.id_twice": _refusal(_("The same ID stands in row %(other)s."), _("Keep only one of the rows.")),
    "row.registry_id_taken": _refusal(
        _("“%(name)s” has this ID in Digital Post already."), _("Correct one of them; an ID belongs to one object.")
    ),
    "row.twice": _refusal(
        _("Row %(other)s makes something of the same name in the same place."),
        _("Keep only one of the rows, or give one of them another name."),
    ),
    "row.exists": _refusal(
        _("“%(name)s” exists in the same place already, and the row has no ID."),
        _("Write its ID to change it, or choose to create one more of the same name."),
    ),
    "row.not_for_groups": _refusal(
        _("The column is for contact points; this row is a group."), _("Leave the cell empty.")
    ),
    "row.not_for_points": _refusal(
        _("The column is for groups; this row is a contact point."), _("Leave the cell empty.")
    ),
    "path.empty_name": _refusal(
        _("The path has an empty name in it."), _("Write the names with / between, for example Borger / Ydelser.")
    ),
    "path.several": _refusal(
        _("Several groups have the path “%(path)s”."), _("Write the ID of the group instead of the path.")
    ),
    "path.deep": _refusal(
        _("The path has %(levels)s levels; at most %(most)s can be written."),
        _("Write the ID of the group instead of the path."),
    ),
    "path.one": _refusal(_("A group stands in one place only."), _("Write one path.")),
    "path.twice": _refusal(_("The path “%(path)s” stands there twice."), _("Remove one of them.")),
    "path.no_group": _refusal(_("There is no group with the ID %(value)s."), _("Write the path of the group instead.")),
    "path.cycle": _refusal(_("The group would stand below itself."), _("Choose another place for it.")),
    "path.deleted": _refusal(
        _("The file deletes the group “%(path)s”."), _("Choose another place, or keep the group.")
    ),
    "path.similar": _warning(
        _("“%(path)s” is new, but resembles “%(similar)s”, which you have."),
        _("Correct the name if you mean the one that you have."),
    ),
    "handling.unknown": _refusal(
        _("“%(value)s” is no handling."), _("Write skjul, kun retursvar or slet, or leave the cell empty.")
    ),
    "handling.new": _refusal(
        _("The row has no ID, so there is nothing to hide or delete."), _("Write the ID, or leave the cell empty.")
    ),
    "handling.group": _refusal(
        _("A group can only be deleted; it is hidden when all its contact points are."),
        _("Write slet, or leave the cell empty."),
    ),
    "handling.not_empty": _refusal(
        _("Something still stands in the group, so it cannot be deleted."),
        _("Move or delete what stands in it, in the same file or on the page of the group."),
    ),
    "row.no_audience": _warning(
        _("New contact points without a target audience: %(count)s. Nobody will find them."),
        _("Write their target audiences in the column “målgrupper”, with | between: borger, virksomhed, myndighed."),
    ),
    "system.default_used": FindingText(
        Severity.INFO,
        _("New contact points for which no recipient system is stated: %(count)s. They get the default, %(system)s."),
        "",
    ),
}

REGISTRY = {
    "registry.not_json": _refusal(
        _("The file is not an answer of the registry."),
        _("Save the whole answer (JSON) of systems/, contact-groups/ or contact-points/."),
    ),
    "registry.not_object": _refusal(_("An entry is not an object."), _("Save the answer once more.")),
    "registry.no_id": _refusal(_("An object has no id that can be read."), _("Save the answer once more.")),
    "registry.twice": _refusal(
        _("The object stands in several of the files, and they differ."), _("Save all the answers at the same time.")
    ),
    "registry.parent_missing": _refusal(
        _("It stands in the group %(value)s, which is in none of the files and not registered here."),
        _("Save the answer of contact-groups/ too, all pages of it."),
    ),
    "registry.cycle": _refusal(_("The group stands below itself in the answer."), _("Save the answers once more.")),
    "registry.system_missing": _refusal(
        _("The contact point belongs to the system %(value)s, which is in none of the files and not registered here."),
        _("Save the answer of systems/ too, all pages of it."),
    ),
    "registry.kept_as_is": _warning(
        _("It is taken as it stands in Digital Post, though something is wrong with it: %(why)s"),
        _("Correct it there, and here."),
    ),
    "registry.linked": FindingText(
        Severity.INFO,
        _("It stood here already, of the same name and in the same place, but without its ID in Digital Post."),
        "",
    ),
    "registry.pages_missing": _warning(
        _("The answers hold %(count)s of %(total)s objects of this kind."), _("Save the remaining pages too.")
    ),
}

DRAFTS = {
    "draft.group_gone": _refusal(
        _("%(name)s would stand in a group that is no longer there."),
        _("Move it in the draft to where it is to stand."),
    ),
    "draft.below_itself": _refusal(
        _("The group %(name)s would stand below itself: others moved a group meanwhile."),
        _("Move it in the draft to where it is to stand."),
    ),
    "draft.system_gone": _refusal(
        _("The recipient system of %(name)s is no longer there."), _("Choose another recipient system in the draft.")
    ),
    "draft.registry_id_taken": _refusal(
        _("%(name)s and %(other)s would have the same ID in Digital Post."),
        _("Correct the ID of one of them in the draft."),
    ),
    "draft.successors": _refusal(
        _("%(name)s would be replaced by one that it is itself to replace."),
        _("Choose another successor in the draft."),
    ),
    "draft.value": _refusal(_("%(name)s: %(why)s"), _("Correct it in the draft.")),
    "draft.conflicts": _refusal(
        _("Others have changed the same things meanwhile: %(count)s conflicts must be decided first."),
        _("Open the draft, decide each conflict, and publish again."),
    ),
    "draft.obstacles": _refusal(
        _("%(count)s things in the draft cannot be published as they are."),
        _("Open the draft, mend what is named, and publish again."),
    ),
    "draft.no_right": _refusal(
        _("%(name)s, who planned the publication, may no longer change the contact structure."),
        _("Somebody who may must publish the draft."),
    ),
    "draft.fault": _refusal(
        _("A fault in the portal kept the draft from being published at its time."),
        _("Publish it now; if that fails too, tell those who run the portal."),
    ),
    "draft.empty": _refusal(_("The draft changes nothing any more."), _("Discard it, or change something in it.")),
}

TABLE = CODES | VALUES | FILE | EXCEL | ROWS | REGISTRY | DRAFTS
