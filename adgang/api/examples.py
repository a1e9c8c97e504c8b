"""Bodies to begin with, one for each command; obviously invented."""

import json
from typing import Any

SYSTEM = "6b1f6f0e-6d0a-4f0e-9a55-0d1f6a2b7c11"
GROUP = "0f8fad5b-d9cb-469f-a165-70867728950e"
EXAMPLES: dict[str, Any] = {
    "OrganisationCommand": {
        "name": "Prøvekøbing Kommune",
        "authorityType": "MUNICIPALITY",
        "legalContact": {"name": "Kim Prøvesen", "email": "kim@proevekoebing.example", "phoneNumber": "12345678"},
    },
    "MailSystemCommand": {
        "name": "Postsystem",
        "serviceProtocol": "SMTP",
        "systemTypes": ["RECIPIENT"],
        "endpoint": "post@proevekoebing.example",
        "technicalContact": {"name": "Kim Prøvesen", "email": "kim@proevekoebing.example"},
        "allowedIps": [{"ip": "192.0.2.0/28"}],
    },
    "AccessRequest": {
        "requestType": "PRIVILEGE_REQUEST",
        "requestState": "SUBMITTED",
        "accessTo": {"externalId": "90000001", "externalIdType": "CVR"},
        "privileges": ["CONTACT_ADMINISTRATOR"],
        "justification": "Jeg skal passe kontaktstrukturen.",
    },
    "TargetActivation": {"code": SYSTEM},
    "CheckBatchCommand": {"includeDrafts": True},
    "DraftCommand": {"name": "Ny organisation 1. januar", "note": "Teknik og Miljø deles i to"},
    "DraftChangeCommand": {"act": "CREATE", "kind": "GROUP", "contactGroup": {"name": "Miljø"}},
    "ConflictDecision": {"objectId": GROUP, "field": "name", "keep": "DRAFT", "seen": "0" * 64},
    "PublishCommand": {"digest": "0" * 64},
    "LetterTypeCommand": {
        "name": "Afgørelse om boligstøtte",
        "responsible": {"name": "Kim Prøvesen", "email": "kim@proevekoebing.example"},
        "replyAllowed": True,
        "replyPointId": GROUP,
        "codes": ["KLE:32.24.04"],
        "actions": ["SELVBETJENING | Ansøg nu | https://boligstoette.example/ansoeg"],
    },
    "ContactGroupCommand": {"name": "Borgerservice", "description": "Pas, kørekort og flytning"},
    "ContactPointCommand": {
        "name": "Pas og kørekort",
        "description": "Skriv til os om pas og kørekort.",
        "targets": ["CITIZEN"],
        "active": True,
        "visible": True,
        "systemId": SYSTEM,
        "contactGroups": [{"id": GROUP}],
        "searchTerms": [{"term": "pas"}],
        "contactPointCodes": [{"type": "KLE", "code": "23.05.00"}],
    },
}


def example_of(schema: str) -> str:
    """Return an example of a command as JSON text; "" when there is none."""
    return json.dumps(EXAMPLES[schema], ensure_ascii=False, indent=2) if schema in EXAMPLES else ""
