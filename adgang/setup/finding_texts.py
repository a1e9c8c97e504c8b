"""What can be found about a set-up file: the texts, by code."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

TABLE: dict[str, FindingText] = {
    "setup.yaml": FindingText(
        ERROR,
        _("The file is not YAML: %(problem)s."),
        _("Look at the line and the one before it: indentation, colons, quotes. Then choose the file again."),
    ),
    "setup.encoding": FindingText(
        ERROR, _("The file is not text in UTF-8, or holds characters that no text has."), _("Save it as UTF-8.")
    ),
    "setup.empty": FindingText(ERROR, _("There is nothing in the file."), _("Choose a file that was exported here.")),
    "setup.large": FindingText(
        ERROR, _("The file is larger than any set-up."), _("Choose a file that was exported here.")
    ),
    "setup.deep": FindingText(
        ERROR, _("Lists and groups stand too deep in each other."), _("Use at most 100 levels of groups.")
    ),
    "setup.documents": FindingText(
        ERROR, _("The file holds several documents."), _("Keep one set-up in one file, and remove the line ---.")
    ),
    "setup.reference": FindingText(
        ERROR,
        _("The file uses anchors (&), references (*) or tags (!)."),
        _("Write the value itself; put a text that begins with one of these signs in quotes."),
    ),
    "setup.key_form": FindingText(
        ERROR, _("A list or map stands where a key is expected."), _("Write the key as a word.")
    ),
    "setup.key_twice": FindingText(
        ERROR, _("The key “%(key)s” stands here a second time; first in line %(first)s."), _("Remove one of the two.")
    ),
    "setup.no_setup": FindingText(
        ERROR,
        _("The file is no set-up: it does not begin with the key “adgang”."),
        _("Choose a file that was exported here, or by export_setup."),
    ),
    "setup.format": FindingText(
        ERROR,
        _("The file has the format %(value)s, which this version does not know; it knows format 1."),
        _("Export the set-up anew, or use a newer version of the portal."),
    ),
    "setup.other_organisation": FindingText(
        ERROR,
        _("The file is the set-up of the CVR number %(value)s, not of %(cvr)s."),
        _("Choose the right file. To carry a set-up to another organisation, export it with rules for carrying."),
    ),
    "setup.other_environment": FindingText(
        ERROR,
        _("The file comes from the environment “%(value)s”; this is “%(environment)s”."),
        _("Export it with rules for carrying, and look through the rules: addresses and certificates differ."),
    ),
    "setup.key_unknown": FindingText(ERROR, _("The key “%(key)s” is unknown here."), _("Use one of: %(choices)s.")),
    "setup.text_wanted": FindingText(ERROR, _("A text is expected here."), _("Write one value behind the key.")),
    "setup.list_wanted": FindingText(
        ERROR, _("A list is expected here."), _("Write each entry on a line of its own that begins with a hyphen.")
    ),
    "setup.map_wanted": FindingText(
        ERROR, _("Keys with values are expected here."), _("Write each key on a line of its own, further in.")
    ),
    "setup.switch": FindingText(ERROR, _("“%(value)s” is neither true nor false."), _("Write true or false.")),
    "setup.choice": FindingText(ERROR, _("“%(value)s” is not possible here."), _("Write one of: %(choices)s.")),
    "setup.time": FindingText(
        ERROR, _("“%(value)s” is no time."), _("Write it like 2026-11-23T13:05:00Z, with the time zone.")
    ),
    "setup.address": FindingText(ERROR, "%(why)s", _("Correct the address.")),
    "setup.what": FindingText(
        ERROR,
        _("It cannot be told what this is."),
        _("Begin each entry of the contact structure with one of the keys group, point and also."),
    ),
    "setup.system_what": FindingText(
        ERROR, _("It cannot be told what this is."), _("Begin each system with the key system and its name.")
    ),
    "setup.letter_what": FindingText(
        ERROR, _("It cannot be told what this is."), _("Begin each letter type with the key letter and its name.")
    ),
    "setup.role_what": FindingText(
        ERROR,
        _("It cannot be told whose roles these are."),
        _("Begin each entry with one of the keys userGroup (a name), person (a mail address) and organisation."),
    ),
    "setup.role_form": FindingText(
        ERROR,
        _("A role is expected here."),
        _("Write the role alone, or the keys role, system and activeToDateTime, each on a line of its own."),
    ),
    "setup.role_twice": FindingText(ERROR, _("The role %(role)s stands here twice."), _("Keep one of them.")),
    "setup.person_twice": FindingText(
        ERROR, _("%(email)s stands here a second time; first in line %(first)s."), _("Gather the roles in one entry.")
    ),
    "setup.person_name": FindingText(
        ERROR,
        _("Nobody here has the mail address %(email)s, and an invitation needs a name."),
        _("Write the person's name with the key name, or correct the address."),
    ),
    "setup.member_unknown": FindingText(
        ERROR,
        _("Nobody here has the mail address %(email)s."),
        _("Correct the address, or add the person with the keys person and name; then they are invited."),
    ),
    "setup.group_twice": FindingText(
        ERROR,
        _("Two user groups are called “%(name)s”; the first in line %(first)s."),
        _("Give one of them another name."),
    ),
    "setup.group_passed_on": FindingText(
        ERROR,
        _("The user group “%(name)s” would be gone, but it has roles at another organisation, too."),
        _("Keep it in the file, or delete it on its own page."),
    ),
    "setup.delegations_left": FindingText(
        WARNING,
        _("What the file says of the roles of other organisations (CVR %(organisations)s) is not as it is here."),
        _("A file leaves them as they are. Give and take such roles on the page Vendors and authorities."),
    ),
    "setup.id_twice": FindingText(
        ERROR, _("The ID %(value)s stands here a second time; first in line %(first)s."), _("Remove it here.")
    ),
    "setup.id_taken": FindingText(
        ERROR,
        _("The ID %(value)s belongs to something else."),
        _("Remove the ID: what is new is given one. A file from elsewhere is exported with rules for carrying."),
    ),
    "setup.system_missing": FindingText(
        ERROR, _("The contact point “%(name)s” has no recipient system."), _("Name a system with the key system.")
    ),
    "setup.system_unknown": FindingText(
        ERROR,
        _("There will be no system called “%(value)s”."),
        _("Correct the name, or add the system to the section systems."),
    ),
    "setup.system_twice": FindingText(
        ERROR, _("Two systems are called “%(name)s”; the first in line %(first)s."), _("Give one of them another name.")
    ),
    "setup.default_twice": FindingText(
        ERROR,
        _("There is more than one default recipient system; “%(name)s” is the first."),
        _("Leave RECIPIENT_DEFAULT at one, and write RECIPIENT at the others."),
    ),
    "setup.system_value": FindingText(ERROR, _("System “%(name)s”: %(why)s"), _("Correct the value.")),
    "setup.ends_before": FindingText(
        ERROR,
        _("System “%(name)s” goes out of service before it goes into service."),
        _("Let activeTo be later than activeFrom."),
    ),
    "setup.credential_unknown": FindingText(
        WARNING,
        _("The certificate or key %(value)s of “%(name)s” is not registered here; the system keeps what it has."),
        _("Upload it on the system's page."),
    ),
    "setup.also_unknown": FindingText(
        ERROR,
        _("There is no contact point with the ID %(value)s in the file."),
        _("Write the whole contact point where it comes first, and its ID at its other places."),
    ),
    "setup.also_twice": FindingText(
        ERROR, _("The contact point “%(name)s” stands twice in this group."), _("Remove one of the two.")
    ),
    "setup.system_used": FindingText(
        ERROR,
        _("%(count)s contact points still use the system “%(name)s”, which would be gone or receive no more."),
        _("Give them another system in the file, or keep this one."),
    ),
    "setup.point_used": FindingText(
        ERROR,
        _("Replies to the letter type “%(letter)s” go to the contact point “%(name)s”, which would be deleted."),
        _("Let the letter type reply to another contact point, or keep this one, closed to new letters."),
    ),
    "setup.point_gone": FindingText(
        WARNING,
        _("The contact point that replies to the letter type “%(name)s” go to is not there."),
        _("Choose another contact point for the letter type."),
    ),
    "setup.not_in_service": FindingText(
        WARNING,
        _("“%(name)s” is made, but does not go into service: %(why)s"),
        _("Mend it on the system's page, and take the system into service there."),
    ),
    "setup.not_yours": FindingText(
        ERROR,
        _("Your roles do not let you change the section “%(section)s”."),
        _("Leave the section out of the file, or ask somebody who has the role."),
    ),
    "setup.template_what": FindingText(
        ERROR,
        _("It cannot be told what this is."),
        _("Begin each standard system with the key standardSystem and its name."),
    ),
    "setup.template_protocol": FindingText(
        ERROR, _("It is not said how post travels."), _("Write it with the key serviceProtocol.")
    ),
    "setup.template_value": FindingText(ERROR, _("Standard system “%(name)s”: %(why)s"), _("Correct the value.")),
    "setup.template_twice": FindingText(
        ERROR,
        _("Two standard systems are called “%(name)s”; the first in line %(first)s."),
        _("Give one of them another name."),
    ),
    "setup.edition_what": FindingText(
        ERROR,
        _("It cannot be told which edition this is."),
        _("Begin each edition with the key edition and its number."),
    ),
    "setup.edition_fixed": FindingText(
        ERROR,
        _("Edition %(number)s is published and says something else here."),
        _("Leave it as it is, and add the next edition behind it."),
    ),
    "setup.editions_in_order": FindingText(
        ERROR,
        _("The editions of “%(name)s” are not numbered from 1 without a gap, or one that is published is not there."),
        _("Let every published edition stand, and give a new one the next number."),
    ),
    "setup.template_unknown": FindingText(
        WARNING,
        _("Edition %(edition)s of the standard system “%(name)s” is not offered here."),
        _("The system stays as it is; choose the standard system on its page, or leave it."),
    ),
    "setup.not_seen": FindingText(
        WARNING,
        _("Your roles do not let you see what the section “%(section)s” is about; it is left as it is."),
        _("Ask somebody who has the role to take the file in."),
    ),
    "setup.hosts_kept": FindingText(
        INFO,
        _("These hosts and mail domains are the same as where the file comes from: %(hosts)s."),
        _("Change them under carry, hosts, if they are others here."),
    ),
}

# What libyaml says of the faults that people make, for people.
PROBLEMS = {
    "did not find expected node content": _("a value is missing, or a bracket is not closed"),
    "did not find expected key": _("a key is expected here; perhaps a line is indented wrongly or a quote is missing"),
    "did not find expected '-' indicator": _("a hyphen is expected here; perhaps a line is indented wrongly"),
    "did not find expected ',' or ']'": _("a list in brackets is not closed"),
    "did not find expected ',' or '}'": _("a map in braces is not closed"),
    "mapping values are not allowed in this context": _("there is a colon too many, or a line is indented wrongly"),
    "could not find expected ':'": _("a colon is missing behind the key"),
    "block sequence entries are not allowed in this context": _("a list cannot begin here, but on a line of its own"),
    "found character that cannot start any token": _("a sign stands here that no value begins with, such as a tab"),
    "found unexpected end of stream": _("the file ends in the middle; perhaps a quote is missing"),
    "did not find expected <document start>": _("a line does not belong to anything"),
}


def problem_text(said: object) -> str:
    """Return what is wrong with a file that is not YAML, in the reader's language."""
    return gettext(PROBLEMS.get(str(said), _("it does not follow its rules")))


FORMATS = {"problem": problem_text}
