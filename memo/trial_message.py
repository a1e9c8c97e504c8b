"""The message with which a connection check tries a delivery: a letter in order, for nobody."""

import datetime as dt
import io
import uuid

from memo import building
from memo.elements import Version
from memo.messages import File, MainDocument, Message, MessageBody, MessageHeader
from memo.parties import Recipient, Sender
from memo.skeletons import NOBODY
from organisations.models import Organisation

LABEL = "Testbesked fra Adgang – må slettes"
LETTER = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def trial_message(organisation: Organisation, id_: uuid.UUID, at: dt.datetime) -> bytes:
    """Return a MeMo 1.1 from the organisation to a number that belongs to nobody, with `id_` as its messageUUID."""
    sender = Sender(sender_id=organisation.cvr_number, id_type="CVR", label=organisation.name[:256])
    header = MessageHeader(
        message_type="DIGITALPOST",
        message_uuid=id_,
        label=LABEL,
        mandatory=False,
        legal_notification=False,
        sender=sender,
        recipient=Recipient(recipient_id=NOBODY, id_type="CPR", label="Ingen Ingensen"),
    )
    file = File(encoding_format="application/pdf", filename="testbesked.pdf", language="da", content=LETTER)
    body = MessageBody(created_date_time=at, main_document=MainDocument(label=LABEL, file=(file,)))
    out = io.BytesIO()
    building.write(Message(version=Version.V1_1, message_header=header, message_body=body), out)
    return out.getvalue()
