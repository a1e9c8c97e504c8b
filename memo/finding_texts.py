"""What can be found about a MeMo message: codes, texts, cures, and the service's own codes where they are known."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity


def _error(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.WARNING, message, remedy)


def _info(message: str, remedy: str = "") -> FindingText:
    return FindingText(Severity.INFO, message, remedy)


FILE = {
    "memo.file.empty": _error(_("The file is empty."), _("Choose the file that the sending system has made.")),
    "memo.file.not_xml": _error(
        _("The file is not XML: %(what)s."), _("Choose the message itself, an XML file whose root is memo:Message.")
    ),
    "memo.file.large": _error(
        _("The file is larger than %(limit)s MB; it was not read any further."), _("Send fewer or smaller documents.")
    ),
    "memo.xml.syntax": _error(
        _("This is not well-formed XML: %(why)s."),
        _("Correct it at this place. XML that is made by a library and not by hand is well-formed."),
    ),
    "memo.xml.mismatch": _error(
        _("An element ends here that is not the one that is open."),
        _("Close elements in the order in which they open."),
    ),
    "memo.xml.letter": _error(
        _("A character stands here that XML does not allow, such as a lone < or & or a control character."),
        _("Write < as &lt; and & as &amp;, and leave control characters out."),
    ),
    "memo.xml.attribute_twice": _error(_("An attribute stands there twice."), _("Remove one of them.")),
    "memo.xml.after_end": _error(
        _("Something follows the end of the message."), _("End the file with the message: one message, one file.")
    ),
    "memo.xml.unbound": _error(
        _("A prefix is used that no xmlns declares."), _('Declare it at the root, such as xmlns:memo="…".')
    ),
    "memo.xml.reference": _error(
        _("A character reference (&#…;) stands for a character that XML does not allow."), _("Leave it out.")
    ),
    "memo.xml.declaration": _error(
        _("The line <?xml …?> stands in the wrong place or is incomplete."),
        _("Let the file begin with it, without any blank or text before."),
    ),
    "memo.xml.truncated": _error(
        _("The file ends before the message does."), _("Transfer or write the file once more; its end is missing.")
    ),
    "memo.xml.encoding": _error(
        _("The bytes are not text in the encoding that the file claims (%(encoding)s)."),
        _("Write the file as UTF-8, and say so in its first line."),
    ),
    "memo.xml.doctype": _error(
        _("The file has a document type (DOCTYPE)."), _("Leave it out: MeMo knows none, and receivers refuse it.")
    ),
    "memo.xml.entity": _error(_("The file uses an entity of its own."), _("Write the text itself.")),
    "memo.xml.deep": _error(
        _("Elements stand in each other more than %(most)s deep."), _("Write the elements as the format has them.")
    ),
    "memo.xml.token": _error(
        _("A single tag, attribute or comment has more than %(most)s bytes."),
        _("Leave it out; MeMo needs none so long."),
    ),
    "memo.xml.prefix": _info(
        _("The namespace has the prefix “%(prefix)s”, not “%(usual)s”."),
        _("Some receivers know the usual prefix only; write “%(usual)s”."),
    ),
    "memo.xml.no_prefix": _info(
        _("The namespace has no prefix."), _("Some receivers know the usual prefix only; write “%(usual)s”.")
    ),
    "memo.xml.other_encoding": _info(
        _("The file is written as %(encoding)s."), _("Write UTF-8, which every receiver reads.")
    ),
    "memo.xml.no_schema_location": _info(
        _("The root names no schema location (xsi:schemaLocation)."), _("Nothing has to be done; some tools expect it.")
    ),
    "memo.xml.instruction": _info(_("The file holds a processing instruction, which receivers pass over.")),
    "memo.wrapped": _info(
        _("The message stands in a “kombi_request”; what stands in it was checked."),
        _("Nothing has to be done where the receiver expects it."),
    ),
    "memo.wrapped.several": _error(
        _("More than one message stands in the “kombi_request”."), _("Send each message by itself.")
    ),
    "memo.findings.more": _info(_("There is more than is listed here: %(count)s further findings.")),
}

VERSIONS = {
    "memo.version.old": _error(
        _("The message is MeMo %(value)s, which is no longer in use."), _("Write MeMo 1.1 or 1.2.")
    ),
    "memo.version.unknown": _error(
        _("“%(value)s” is no version of MeMo that is in use."), _('Write memoVersion="1.1" or memoVersion="1.2".')
    ),
    "memo.version.schema": _warning(
        _("memoSchVersion is “%(value)s”; the schema of 1.1 is “%(usual)s”."), _('Write memoSchVersion="%(usual)s".')
    ),
    "memo.version.unofficial": _info(
        _("No official schema of MeMo 1.2 is public; these rules are what is known of it."),
        _("Try the message in Digital Post's test environment as well."),
    ),
}

STRUCTURE = {
    "memo.root.unknown": _error(
        _("The root is “%(name)s”, not memo:Message in the namespace of MeMo."),
        _('Begin the message with <memo:Message xmlns:memo="%(namespace)s" …>.'),
    ),
    "memo.attribute.missing": _error(_("The attribute %(name)s is missing."), _('Write %(name)s="%(example)s".')),
    "memo.attribute.unknown": _error(_("There is no attribute “%(name)s” here."), _("Remove it.")),
    "memo.attribute.removed": _error(
        _("The attribute %(name)s is no longer there in MeMo %(version)s."), _("Remove it.")
    ),
    "memo.element.unknown": _error(_("There is no element “%(name)s” in MeMo."), _("Remove it.")),
    "memo.element.misspelt": _error(
        _("“%(name)s” is no element; “%(meant)s” is probably meant."), _("Write %(meant)s; capitals count.")
    ),
    "memo.element.namespace": _error(
        _("“%(name)s” stands in another namespace than %(meant)s."), _("Write it in the namespace %(namespace)s.")
    ),
    "memo.element.misplaced": _error(
        _("%(name)s does not stand in %(parent)s."), _("Move it; it belongs in %(parents)s.")
    ),
    "memo.element.other_version": _error(
        _("%(name)s is not there in MeMo %(version)s."), _("Remove it, or write MeMo %(other)s.")
    ),
    "memo.element.order": _error(
        _("%(name)s stands in the wrong place; the order matters."), _("Put the elements in this order: %(order)s.")
    ),
    "memo.element.missing": _error(_("%(name)s is missing in %(parent)s."), _("Write it; the order is: %(order)s.")),
    "memo.element.many": _error(
        _("%(name)s stands there %(count)s times; at most %(most)s are allowed."), _("Remove the ones too many.")
    ),
    "memo.element.choice": _error(
        _("Both %(one)s and %(other)s stand there; only one of them may."), _("Remove one of them.")
    ),
    "memo.element.in_text": _error(
        _("%(name)s stands in %(parent)s, which holds text only."),
        _("Write the text alone, with < and & as &lt; and &amp;."),
    ),
    "memo.text.unexpected": _error(
        _("The text “%(value)s” stands between elements."), _("Remove it, or put it into the element where it belongs.")
    ),
}

VALUES = {
    "memo.value.long": _error(
        _("The text has %(length)s characters; at most %(longest)s are allowed."), _("Shorten it.")
    ),
    "memo.value.uuid": _error(
        _("“%(value)s” is not a UUID of version 4."),
        _("Let the system make one, such as 8f1c0f2e-3c5b-4f6a-9d7e-1a2b3c4d5e6f; the third group begins with 4."),
    ),
    "memo.value.time": _error(_("“%(value)s” is not a point in time."), _("Write it as 2026-11-23T13:05:00Z, in UTC.")),
    "memo.value.time_zone": _error(
        _("The point in time “%(value)s” is not given in UTC."), _("Convert it to UTC, and end it with Z.")
    ),
    "memo.value.date": _error(_("“%(value)s” is not a date."), _("Write it as 2026-11-23.")),
    "memo.value.boolean": _error(_("“%(value)s” is neither true nor false."), _("Write true or false.")),
    "memo.value.language": _error(
        _("“%(value)s” is not a language code of two letters."), _("Write da, en, kl or another code of ISO 639-1.")
    ),
    "memo.value.unknown_language": _warning(
        _("“%(value)s” is not a language of ISO 639-1."), _("Write da, en, kl or another code of ISO 639-1.")
    ),
    "memo.value.number": _error(
        _("“%(value)s” is not a whole number of at most %(largest)s."), _("Write digits only.")
    ),
    "memo.value.uri": _error(_("“%(value)s” is not an address."), _("Write it as https://www.eksempel.dk/side.")),
    "memo.value.choice": _error(_("“%(value)s” is not allowed here."), _("Write one of: %(choices)s.")),
    "memo.value.empty": _warning(_("The element is empty."), _("Write a text, or leave the element out.")),
    "memo.value.blanks": _info(_("Blanks stand before or after the text."), _("Write the text without them.")),
    "memo.value.form": _warning(
        _("“%(value)s” is not a number of the kind that belongs here (%(kind)s)."), _("Correct the number.")
    ),
    "memo.value.notification_long": _warning(
        _("The notification has %(length)s characters; what is over 150 may be cut."), _("Shorten it to 150.")
    ),
}

CONTENT = {
    "memo.content.letter": _error(
        _("The content is not base64: “%(value)s” does not occur in it."), _("Encode the file as base64 once more.")
    ),
    "memo.content.incomplete": _error(
        _("The base64 of the content breaks off: its last group has %(value)s letters instead of 4."),
        _("Encode the file once more; part of it may be missing."),
    ),
    "memo.content.padding": _error(
        _("The base64 of the content ends in the wrong padding (=)."), _("Encode the file once more.")
    ),
    "memo.content.after_padding": _error(
        _("Something follows the end (=) of the base64 of the content."),
        _("Encode the file as a whole, not in parts that are put together."),
    ),
    "memo.content.bits": _error(
        _("The last letter of the base64 holds bits that belong to nothing."), _("Encode the file once more.")
    ),
    "memo.content.empty": _error(_("The file has no content."), _("Put the file in, or leave the document out.")),
}

RULES = {
    "memo.filename.letters": _error(
        _("The file name holds characters that are not allowed: %(letters)s."),
        _("Use letters, digits, hyphens, dots and ordinary blanks."),
    ),
    "memo.filename.extension": _error(
        _("Files of the kind “%(extension)s” are not allowed."), _("Use one of: %(allowed)s.")
    ),
    "memo.filename.no_extension": _error(
        _("The file name has no extension, so its kind is not allowed."), _("End the name in one of: %(allowed)s.")
    ),
    "memo.file.format": _warning(
        _("The file is called “%(extension)s”, but encodingFormat says “%(format)s”."), _("Write %(expected)s.")
    ),
    "memo.file.content": _warning(
        _("The file is called “%(extension)s”, but its content is %(sniffed)s."),
        _("Correct the name, or put in the file that is meant."),
    ),
    "memo.url.https": _error(
        _("The address “%(value)s” does not begin with https://."),
        _("Write the whole address, beginning with https://."),
    ),
    "memo.notification.missing": _error(
        _("A NemSMS needs a notification: it is all that the recipient gets."),
        _("Write the text in memo:notification."),
    ),
    "memo.body.in_sms": _error(
        _("A NemSMS has no documents, but a MessageBody stands in it."),
        _("Remove MessageBody, or write DIGITALPOST as messageType."),
    ),
    "memo.body.missing": _error(
        _("A message of Digital Post has documents, but MessageBody is missing."),
        _("Put the documents in, or write NEMSMS as messageType."),
    ),
    "memo.delivery.past": _error(
        _("doNotDeliverUntilDate, %(date)s, has passed."), _("Leave it out, or write a later date.")
    ),
    "memo.delivery.far": _warning(
        _("doNotDeliverUntilDate, %(date)s, is more than %(days)s days away."), _("Check the year.")
    ),
    "memo.point.not_uuid": _error(
        _("The contact point's ID “%(value)s” is not a UUID."),
        _("Copy the ID of the contact point from the contact structure."),
    ),
    "memo.action.unknown": _warning(_("“%(value)s” is no known actionCode."), _("Write one of: %(choices)s.")),
    "memo.action.reservation": _warning(
        _("An action of the kind AFTALE has no Reservation."), _("Write the appointment in memo:Reservation.")
    ),
    "memo.action.entry_point": _warning(
        _("An action of the kind %(value)s has no EntryPoint."), _("Write the address in memo:EntryPoint.")
    ),
    "memo.id.type": _error(_("“%(value)s” is no idType."), _("Write CPR or CVR.")),
    "memo.id.other": _warning(
        _("idType “%(value)s” is not there in MeMo 1.2, and few receivers take it."), _("Write CPR or CVR.")
    ),
    "memo.id.cpr": _error(
        _("A CPR number has 10 digits, without a hyphen; this one has another form."),
        _("Write 10 digits, with a zero in front where there is one."),
    ),
    "memo.id.cpr_date": _warning(_("The CPR number begins with a date that does not exist."), _("Check the number.")),
    "memo.id.cvr": _error(_("“%(value)s” is not a CVR number of 8 digits."), _("Write 8 digits.")),
    "memo.id.cvr_check": _warning(
        _("The CVR number %(value)s does not pass the check (modulus 11)."), _("Check the number for typing errors.")
    ),
    "memo.size": _error(
        _("The message has %(megabytes)s MB; at most %(limit)s MB are allowed."), _("Send fewer or smaller documents.")
    ),
    "memo.documents.many": _error(
        _("The message has %(count)s additional documents; at most %(most)s are allowed."),
        _("Send the others in a message of their own, or join them."),
    ),
    "memo.times.order": _warning(_("It ends, %(end)s, before it begins, %(start)s."), _("Correct one of the two.")),
    "memo.times.future": _warning(
        _("originalMessageDateTime, %(time)s, lies in the future."), _("Write when the original was sent.")
    ),
    "memo.address.both": _warning(
        _("Both Address and UnstructuredAddress are given."), _("Give one of them, so that they cannot differ.")
    ),
}

CONTAINER = {
    "memo.container.format": _error(
        _("The container is not a tar archive in LZMA's older form, but %(format)s."),
        _("Make it with “tar --lzma” or “xz --format=lzma”, and end its name in .tar.lzma."),
    ),
    "memo.container.no_tar": _error(
        _("What is packed in the container is no tar archive, or is damaged."), _("Make the container once more.")
    ),
    "memo.container.damaged": _error(_("The container is damaged."), _("Transfer or make it once more.")),
    "memo.container.truncated": _error(
        _("The container ends too early."), _("Transfer it once more; its end is missing.")
    ),
    "memo.container.dictionary": _error(
        _("Unpacking the container takes more memory than %(most)s MB."),
        _("Make it with a dictionary of 16 MB (preset 3)."),
    ),
    "memo.container.large": _error(
        _("The container holds more than %(megabytes)s MB."), _("Divide the messages among several containers.")
    ),
    "memo.container.many": _error(
        _("The container holds more than %(most)s messages."), _("Divide the messages among several containers.")
    ),
    "memo.container.dense": _error(
        _("The container is more than %(ratio)s times as large unpacked as packed; it was not read any further."),
        _("Look whether it holds messages at all. The command check_memo reads such containers to their end."),
    ),
    "memo.container.empty": _error(_("The container holds no message."), _("Put the messages in.")),
    "memo.container.twice": _error(
        _("Another message of the container, %(other)s, has the same messageUUID, %(value)s."),
        _("Give each message a UUID of its own."),
    ),
    "memo.container.name": _warning(
        _("The message is called “%(name)s” in the container; its UUID makes it %(expected)s."), _("Rename it.")
    ),
}

RECEIPTS = {
    "receipt.large": _error(_("The receipt is larger than 1 MB."), _("Choose the receipt itself, a small JSON file.")),
    "receipt.not_json": _error(
        _("The receipt is not JSON: look at line %(line)s."), _("Send the receipt as JSON in UTF-8.")
    ),
    "receipt.not_object": _error(
        _("The receipt is not a JSON object."), _("Send one object with the receipt's fields.")
    ),
    "receipt.missing": _error(_("%(field)s is missing."), _("Write it into every receipt.")),
    "receipt.unknown": _warning(_("There is no field “%(field)s” in a receipt."), _("Use only: %(known)s.")),
    "receipt.status": _error(_("“%(value)s” is no receiptStatus."), _("Write one of: %(choices)s.")),
    "receipt.uuid": _error(_("messageUUID, “%(value)s”, is not a UUID."), _("Copy it from the message.")),
    "receipt.time": _error(
        _("timeStamp, “%(value)s”, is not a point in time with a time zone."), _("Write it as 2026-11-23T13:05:00Z.")
    ),
    "receipt.zero": _error(
        _(
            "errorCode is “%(value)s”. For Digital Post that is an error: it will send the message again, and warn of "
            "deactivation in the end."
        ),
        _("Let errorCode be null in a positive receipt."),
    ),
    "receipt.contradiction": _error(
        _("The receipt has an errorCode, “%(code)s”, although its status is %(status)s."),
        _("Let errorCode be null, or write INVALID or NOT_ALLOWED as receiptStatus."),
    ),
    "receipt.no_reason": _error(
        _("The status is %(status)s, but no errorCode says why."),
        _("Write the reason into errorCode and errorMessage."),
    ),
    "receipt.negative": _info(
        _("Digital Post takes it as a negative receipt: the message was not received."),
    ),
    "receipt.technical": _info(
        _("Digital Post takes it as a technical receipt: the message has arrived. A business receipt must follow.")
    ),
    "receipt.positive": _info(_("Digital Post takes it as a positive receipt: the message was received.")),
}

TABLE = FILE | VERSIONS | STRUCTURE | VALUES | CONTENT | RULES | CONTAINER | RECEIPTS

# The codes with which Digital Post itself refuses, where they are known.
SERVICE_CODES = {
    "memo.notification.missing": "empty.notification.not.allowed",
    "memo.delivery.past": "do.not.deliver.until.date.too.early",
    "memo.delivery.far": "do.not.deliver.until.date.too.late",
    "memo.content.empty": "file.empty.not.allowed",
    "memo.filename.extension": "file.extension.not.allowed",
    "memo.filename.no_extension": "file.extension.not.allowed",
    "memo.point.not_uuid": "contact.point.id.format.not.allowed",
}
