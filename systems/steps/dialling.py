"""The steps RESOLVE and DIAL, the same for every protocol that is dialled."""

import re
import socket
from dataclasses import dataclass

from adgang.lib.deadlines import Deadline
from adgang.lib.dial import Attempt, DialFailed, Dialled, Ports, Target, dial, resolve
from adgang.lib.failures import Failure
from adgang.lib.hosts import parse_host
from adgang.lib.resolving import DNS_SECONDS, mail_exchangers
from systems.step_codes import StepCode
from systems.steps.recording import Recorder, Step

TCP_SECONDS = 10
LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}", re.ASCII)


@dataclass(kw_only=True)
class Reached:
    """An open connection, and the name of the host it goes to; `connection` is the encrypted one once it is."""

    connection: socket.socket
    host: str
    address: str


def mail_address(endpoint: str) -> tuple[str, str]:
    """Return local part and ASCII domain of a mail address. Raises Failure `endpoint.not_mail`."""
    local, _, domain = endpoint.rpartition("@")
    host = parse_host(domain) if LOCAL_PART.fullmatch(local) else ""
    if not isinstance(host, str) or not host:
        raise Failure("endpoint.not_mail", endpoint=endpoint)
    return local, host


def resolve_host(recorder: Recorder, place: str, host: str) -> list[Target]:
    """Take the step RESOLVE for one named host."""
    with recorder.step(StepCode.RESOLVE, place=place, seconds=DNS_SECONDS) as step:
        target = resolve(host, deadline=step.deadline)
        step.found = {"hosts": [shown(target)]}
        addresses = ", ".join(map(str, target.addresses))
        step.report("resolve.literal" if addresses == target.host else "resolve.found", host=host, addresses=addresses)
        _tell_ipv6_only(step, host, [target])
    return [target]


def resolve_mail(recorder: Recorder, place: str) -> list[Target]:
    """Take the step RESOLVE for a mail address: the domain's exchangers, or the domain itself when it has none."""
    targets: list[Target] = []
    with recorder.step(StepCode.RESOLVE, place=place, seconds=2 * DNS_SECONDS) as step:
        _, domain = mail_address(place)
        hosts = _exchangers(step, domain)
        lost: list[Failure] = []
        for host in hosts:
            try:
                # With its final dot a name of digits is no address: an MX record must not hold one.
                targets.append(resolve(f"{host}.", deadline=step.deadline))
            except Failure as failure:
                lost.append(failure)
        _report_exchangers(step, domain, targets, lost)
    return targets


def _exchangers(step: Step, domain: str) -> list[str]:
    exchangers = mail_exchangers(domain, deadline=step.deadline)
    if exchangers.null:
        raise Failure("mx.null", domain=domain)
    step.found["exchangers"] = exchangers.hosts
    return exchangers.hosts or [domain]


def _report_exchangers(step: Step, domain: str, targets: list[Target], lost: list[Failure]) -> None:
    implicit = not step.found["exchangers"]
    if not targets:
        raise Failure("mx.missing", domain=domain) if implicit else lost[0]
    step.found["hosts"] = [shown(target) for target in targets]
    if implicit:
        step.report("mx.implicit", domain=domain)
    for failure in lost:
        step.report("mx.unresolved", host=failure.params["host"])
    step.report("mx.found", domain=domain, hosts=", ".join(target.host for target in targets))
    _tell_ipv6_only(step, targets[0].host, targets)


def _tell_ipv6_only(step: Step, host: str, targets: list[Target]) -> None:
    if only_ipv6(targets):
        step.report("resolve.ipv6_only", host=host)


def only_ipv6(targets: list[Target]) -> bool:
    """Say whether none of the hosts has an IPv4 address; an address that is written out was chosen on purpose."""
    addresses = [address for target in targets for address in target.addresses if str(address) != target.host]
    return bool(addresses) and all(address.version == 6 for address in addresses)


def shown(target: Target) -> dict[str, str | list[str]]:
    """Return a host and its addresses as a run keeps them."""
    return {"host": target.host, "addresses": [str(address) for address in target.addresses]}


def connect(recorder: Recorder, place: str, targets: list[Target], port: int, ports: Ports) -> Reached:
    """Take the step DIAL: each host, each address, until one answers. The caller closes the connection."""
    with recorder.step(StepCode.DIAL, place=place, seconds=TCP_SECONDS) as step:
        dialled, host = _first_answer(step, targets, port, ports)
        address = str(dialled.address)
        step.found |= {"host": host, "address": address, "port": port, "family": f"IPv{dialled.address.version}"}
        step.report("dial.connected", address=address, port=port)
        for attempt in _worth_telling(step):
            step.report("dial.other_address", address=attempt["address"])
    return Reached(connection=dialled.socket, host=host, address=address)


def _first_answer(step: Step, targets: list[Target], port: int, ports: Ports) -> tuple[Dialled, str]:
    failed: list[DialFailed] = []
    step.found["attempts"] = []
    for tried, target in enumerate(targets):
        share = Deadline(step.deadline.remaining() / (len(targets) - tried))
        try:
            dialled = dial(target, port, ports=ports, deadline=share)
        except DialFailed as failure:
            failed.append(failure)
            step.found["attempts"] += [_tried(attempt) for attempt in failure.attempts]
        else:
            step.found["attempts"] += [_tried(attempt) for attempt in dialled.attempts]
            return dialled, target.host
    if failed[0].code == "dial.unreachable" and only_ipv6(targets):
        raise Failure("dial.no_ipv6", host=targets[0].host)
    raise failed[0]


def _tried(attempt: Attempt) -> dict[str, str | int]:
    return {"address": str(attempt.address), "outcome": attempt.outcome, "ms": attempt.ms}


def _worth_telling(step: Step) -> list[dict[str, str]]:
    """Return the addresses that did not answer, though we can reach addresses of their family."""
    attempts = step.found["attempts"]
    return [attempt for attempt in attempts if attempt["outcome"] in ("dial.timeout", "dial.refused", "dial.blocked")]
