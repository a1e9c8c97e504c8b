"""The overview as documents: the readiness report, and the process guide to adapt to one's own house."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from adgang.lib import dates
from adgang.lib.cvr import spaced
from adgang.lib.documents import Block, Bullets, Document, Heading, Paragraph, Table
from adgang.overview import page, progress
from adgang.overview.board import Board
from adgang.overview.lines import KIND_LABELS, LINES
from adgang.overview.problems import Found
from adgang.overview.progress import StepProgress
from adgang.overview.readiness import Status
from adgang.overview.showing import signature
from adgang.overview.steps import GUIDES, PACKAGES
from organisations.rights import roles

LINE_WIDTHS = (13, 29, 29, 14, 15)
GUIDE_WIDTHS = (15, 36, 20, 14, 15)


def report(board: Board, problems: list[Found]) -> Document:
    """Return the readiness report as it stands: dates, problems, expected outputs, every line with its evidence."""
    owner = board.organisation
    steps = progress.steps(board.statuses)
    return Document(
        title=_("Readiness report: %(organisation)s") % {"organisation": owner.name},
        language=get_language() or "da",
        foot=_foot(board),
        blocks=[
            Paragraph(
                _("CVR %(cvr)s, as of %(when)s.")
                % {"cvr": spaced(owner.cvr_number), "when": dates.moment(board.facts.at)}
            ),
            Paragraph(_("In all: %(state)s.") % {"state": progress.tally(board.statuses).words}),
            Heading(_("Deadlines")),
            _dates(board),
            Heading(_("Open problems")),
            *_problems(problems),
            Heading(_("Expected outputs")),
            Bullets([f"{one.title}: {one.tally.words}" for one in progress.outputs(board.statuses)]),
            *(block for step in steps for block in _reported(step)),
        ],
    )


def _foot(board: Board) -> str:
    return f"{board.organisation.name} · {dates.day(board.today)}"


def _dates(board: Board) -> Table:
    rows = [
        [
            str(one.label).capitalize(),
            dates.day(one.deadline.date) if one.deadline else _("not set"),
            one.distance,
            one.deadline.source if one.deadline else "",
        ]
        for one in page.dates(board)
    ]
    return Table([_("What"), _("Date"), _("Distance"), _("Source")], rows, (36, 24, 24, 16))


def _problems(problems: list[Found]) -> Iterator[Block]:
    if not problems:
        yield Paragraph(_("None that the portal can see."))
        return
    rows = [[str(one.weight_label), str(one.problem.text), str(one.problem.cure)] for one in problems]
    yield Table([_("How bad"), _("What is wrong"), _("What to do")], rows, (14, 46, 40))


def _reported(step: StepProgress) -> Iterator[Block]:
    yield Heading(f"{step.heading}: {step.guide.title}")
    yield Paragraph(_("State: %(state)s.") % {"state": step.tally.words})
    rows = [_line(status) for status in step.statuses]
    yield Table([_("State"), _("Line"), _("Evidence"), _("Responsible"), _("Due")], rows, LINE_WIDTHS)


def _line(status: Status) -> list[str]:
    said = [str(one.text) for one in status.found] + [str(status.irrelevant), status.row.evidence, signature(status)]
    return [
        progress.word(status),
        str(status.line.title),
        "; ".join(dict.fromkeys(text for text in said if text)),
        status.row.responsible_name,
        dates.day(status.due) if status.due else "",
    ]


def guide(board: Board) -> Document:
    """Return the process guide: what is to be done, in which order, by whom; with room for one's own words."""
    return Document(
        title=_("Process guide: setting up and connecting to Digital Post"),
        language=get_language() or "da",
        foot=_foot(board),
        blocks=[
            Paragraph(
                _(
                    "For %(organisation)s. The guide follows work package 7 of the Agency for Digital Government. "
                    "Adapt it to your house: write who does what, and by when."
                )
                % {"organisation": board.organisation.name}
            ),
            Heading(_("Deadlines")),
            _dates(board),
            *(block for step in progress.steps(board.statuses) for block in _guided(step)),
            Heading(_("Expected outputs")),
            Bullets([str(one.title) for one in progress.outputs(board.statuses)]),
            Heading(_("People to involve")),
            Bullets([f"{role.label}: {role.help}" for role in roles().values() if role.wire and not role.installation]),
        ],
    )


def _guided(step: StepProgress) -> Iterator[Block]:
    yield Heading(f"{step.heading}: {step.guide.title}")
    yield Paragraph(step.guide.intro)
    package = _("Work package %(number)s")
    depends = [f"{package % {'number': one}} ({PACKAGES[one]})" for one in step.guide.packages]
    depends += [str(GUIDES[one].title) for one in step.guide.after]
    yield Paragraph(_("Depends on: %(things)s.") % {"things": ", ".join(depends)}, quiet=True)
    rows = [_task(status) for status in step.statuses]
    yield Table(
        [_("Kind of line"), _("What must be done"), _("Who can"), _("Responsible"), _("Due")], rows, GUIDE_WIDTHS
    )


def _task(status: Status) -> list[str]:
    line = status.line
    after = ", ".join(str(LINES[key].title) for key in line.after if key in LINES)
    texts = [str(line.title), str(line.why), _("After: %(lines)s.") % {"lines": after} if after else ""]
    return [
        str(KIND_LABELS[line.kind]),
        "\n".join(text for text in texts if text),
        ", ".join(roles()[role].label for role in line.roles),
        status.row.responsible_name,
        dates.day(status.due) if status.due else "",
    ]
