"""The lock of a contact structure."""

from organisations.models import Organisation


def lock(organisation: Organisation) -> None:
    """Let nobody else change the organisation's contact structure before this transaction ends.

    To be taken first by every change, before anything is read that it depends on: two opposite moves make a cycle
    otherwise, two insertions the same position, and an import would overwrite what somebody saves meanwhile. The
    weaker lock leaves rows that merely refer to the organisation free.
    """
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=organisation.pk)
