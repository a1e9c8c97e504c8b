"""Places for what a file or the registry brings into a draft: neither says where among its siblings it stands."""

from contacts.loading import Structure
from contacts.writing import Counters, parents_first


def put_last(before: Structure, after: Structure) -> None:
    """Let what is new or moved in `after` stand last in its group, in the order in which it came."""
    groups = Counters((node.parent_id, node.position) for node in before.groups.values())
    for group in parents_first(after):
        old = before.groups.get(group.id)
        if old is None or old.parent_id != group.parent_id:
            group.position = groups.next(group.parent_id)
    places = Counters((group_id, position) for (_point, group_id), position in before.place.items())
    for point in after.points.values():
        former = before.points.get(point.id)
        for group_id in point.group_ids:
            if former is None or group_id not in former.group_ids:
                after.place[point.id, group_id] = places.next(group_id)
