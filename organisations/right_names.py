"""What the rights of the role table are called by people. Data; may name upper rooms."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.rights import Right

NAMES: dict[Right, str | Promise] = {
    Right.OVERVIEW_VIEW: _("See the overview"),
    Right.READINESS_CHANGE: _("Keep the overview's lines and deadlines"),
    Right.ORGANISATION_VIEW: _("See the organisation"),
    Right.ORGANISATION_CHANGE: _("Change the organisation"),
    Right.TERMS_ACCEPT: _("Accept the terms"),
    Right.PEOPLE_VIEW: _("See people and their roles"),
    Right.PEOPLE_CHANGE: _("Invite people, give and take roles"),
    Right.REQUESTS_PROCESS: _("Decide requests for access"),
    Right.SYSTEMS_VIEW: _("See systems"),
    Right.SYSTEMS_CHANGE: _("Set up systems, certificates and keys"),
    Right.SYSTEMS_CHECK: _("Check connections"),
    Right.CONTACTS_VIEW: _("See the contact structure"),
    Right.CONTACTS_CHANGE: _("Change the contact structure"),
    Right.MEMOS_CHECK: _("Check and build MeMo messages"),
    Right.LETTERS_VIEW: _("See letter types and evidence"),
    Right.LETTERS_CHANGE: _("Mark letters and keep evidence"),
    Right.SETUP_VIEW: _("Take out the set-up as a file"),
    Right.SETUP_CHANGE: _("Carry out a set-up file"),
    Right.WEBHOOKS_CHANGE: _("Set up webhooks"),
    Right.EVENTS_VIEW: _("Open the event log"),
    Right.EVENTS_ACTIONS: _("Read actions in the log"),
    Right.EVENTS_LOOKUPS: _("Read look-ups in the log"),
    Right.EVENTS_MESSAGES: _("Read messages in the log"),
    Right.STATISTICS_VIEW: _("Read the statistics"),
    Right.OPERATIONS_VIEW: _("See the operation of the installation"),
    Right.OPERATIONS_CHANGE: _("Operate the installation"),
}
