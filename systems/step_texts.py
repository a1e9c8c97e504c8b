"""The one table of what a connection check can find: how bad it is, what was found, who must do what about it.

A code is stable: scripts match on it. To add one, add a row here and its Danish, and raise it in the step.
"""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop as _

from adgang.lib.dates import moment
from adgang.lib.findings import Finding, FindingText, Severity, finding
from systems import probe_texts


def _error(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.ERROR, message, remedy)


def _warning(message: str, remedy: str) -> FindingText:
    return FindingText(Severity.WARNING, message, remedy)


def _info(message: str) -> FindingText:
    return FindingText(Severity.INFO, message, "")


_FIREWALL = _(
    "Ask whoever runs your firewall to open for the addresses that checks come from; they stand on this page. If only "
    "Digital Post may be let in, a named person can confirm the connection on the system's page instead."
)
_MAIL_OPERATOR = _("Ask whoever runs the mail server; the server's own words are quoted here.")
_CERTIFICATE_OPERATOR = _("Ask whoever runs the server to install a new certificate.")

ADDRESS = {
    "endpoint.not_mail": _error(
        _("“%(endpoint)s” is not an e-mail address we can ask for."),
        _("Correct the address on the system: name@domain."),
    ),
    "endpoint.not_https": _error(
        _("“%(endpoint)s” is not an https address we can call."),
        _("Correct the address on the system: https://server/path, without user name and password."),
    ),
    "host.malformed": _error(
        _("“%(host)s” is not a host name."),
        _("Correct the name on the system, for example post.authority.dk."),
    ),
    "host.notation": _error(
        _("“%(host)s” is an address written in a way that we refuse."),
        _("Write a host name, an IPv4 address with four plain numbers, or an IPv6 address."),
    ),
    "dns.nxdomain": _error(
        _("The name %(host)s does not exist in the DNS."),
        _("Check the spelling. If it is right, whoever runs your DNS must create the name."),
    ),
    "dns.no_address": _error(
        _("The name %(host)s exists, but has no address."),
        _("Whoever runs your DNS must give the name an A or AAAA record."),
    ),
    "dns.timeout": _error(
        _("The name servers of %(host)s did not answer in time."),
        _("Try again in a few minutes. If it stays so, whoever runs your DNS must look into it."),
    ),
    "dns.failed": _error(
        _("The name servers of %(host)s answered with a fault."),
        _("Whoever runs your DNS must look into it; often a DNSSEC signature has expired."),
    ),
    "mx.null": _error(
        _("The domain %(domain)s says that it receives no mail (a “null MX”)."),
        _("Use a mail address of a domain that receives mail, or change the domain's MX record."),
    ),
    "mx.missing": _error(
        _("The domain %(domain)s has neither a mail server (MX) nor an address."),
        _("Check the spelling. If it is right, whoever runs your DNS must create an MX record."),
    ),
    "mx.implicit": _warning(
        _("The domain %(domain)s has no MX record; we used the domain's own address."),
        _("Create an MX record: not every sender falls back to the address."),
    ),
    "mx.unresolved": _warning(
        _("The mail server %(host)s stands in the MX record, but has no usable address."),
        _("Whoever runs your DNS must give it an address or remove it from the MX record."),
    ),
    "mx.found": _info(_("Mail for %(domain)s goes to %(hosts)s.")),
    "resolve.ipv6_only": _warning(
        _("%(host)s has IPv6 addresses only. We do not know whether Digital Post can call them."),
        _("Give the name an IPv4 address (an A record) as well."),
    ),
    "resolve.literal": _info(_("The address is written out, so there is no name to look up.")),
    "resolve.found": _info(_("%(host)s has the address %(addresses)s.")),
}

CONNECTION = {
    "dial.blocked": _error(
        _("%(host)s leads to %(address)s, which is not a public address (%(detail)s). We do not call such addresses."),
        _("Use the server's public address. Digital Post cannot reach a private one either."),
    ),
    "dial.port": _error(
        _("Port %(port)s is not one of the protocol's ports, so we do not call it."),
        _("Use a usual port: SMTP 25, 465, 587 or 2525; SFTP 22 or 1024 and up; https 443 or 1024 and up."),
    ),
    "dial.refused": _error(
        _("%(address)s refused the connection on port %(port)s: nothing listens there, or a firewall says no."),
        _("Check address and port, and that the server program runs."),
    ),
    "dial.unreachable": _error(
        _("There is no way from here to %(address)s."),
        _("Check the address. If it is IPv6 only, give the server an IPv4 address as well."),
    ),
    "dial.no_ipv6": _error(
        _("%(host)s has IPv6 addresses only, and from here there is no way to them."),
        _("Give the name an IPv4 address (an A record) as well: not every sender can use IPv6."),
    ),
    "dial.timeout": _error(_("%(address)s did not answer on port %(port)s. Firewalls often drop silently."), _FIREWALL),
    "dial.connected": _info(_("Connected to %(address)s on port %(port)s.")),
    "dial.other_address": _warning(
        _("The address %(address)s of the same name did not answer, another did."),
        _("Make every address of the name work, or take it out of the DNS: a sender may try it first."),
    ),
    "peer.silent": _error(
        _("The server fell silent: no answer within %(seconds)s seconds."),
        _("Try again. If it stays so, look in the server's log at the time of this check."),
    ),
    "peer.closed": _error(
        _("The server closed the connection in the middle of the step."),
        _("Look in the server's log at the time of this check; it says why."),
    ),
    "peer.other_protocol": _error(
        _("What answers speaks %(spoken)s, which is another protocol than the system's."),
        _("Check host and port: another service listens there."),
    ),
    "run.out_of_time": _error(
        _("The check used up its %(seconds)s seconds."),
        _("The server answers too slowly for a delivery. Look in its log at the time of this check."),
    ),
}

SMTP = {
    "smtp.silent": _error(
        _("The connection was opened, but the server did not greet within %(seconds)s seconds."),
        _("Look at the mail server or the filter before it. Some hold unknown senders back on purpose."),
    ),
    "smtp.not_smtp": _error(
        _("What answers is not a mail server."),
        _("Check host and port. Perhaps another service listens there, or encryption starts at once (port 465)."),
    ),
    "smtp.turned_away": _error(_("The mail server turned us away: %(reply)s"), _MAIL_OPERATOR),
    "smtp.unavailable": _error(
        _("The mail server does not take mail just now: %(reply)s"), _("Try again in a few minutes.")
    ),
    "smtp.greeted": _info(_("The mail server greeted: %(banner)s")),
    "smtp.ehlo_refused": _error(_("The mail server did not accept our name %(name)s: %(reply)s"), _MAIL_OPERATOR),
    "smtp.ehlo_accepted": _info(_("The mail server accepted our name %(name)s.")),
    "smtp.no_starttls": _error(
        _("%(host)s does not offer encryption (STARTTLS). Digital Post must not be delivered in the clear."),
        _("Whoever runs the mail server must install a certificate and switch STARTTLS on."),
    ),
    "smtp.starttls_refused": _error(
        _("The mail server offered encryption, but would not begin: %(reply)s"), _MAIL_OPERATOR
    ),
    "smtp.starttls_offered": _info(_("The mail server offers encryption.")),
    "smtp.extra_input": _error(
        _("The server sent commands in the clear behind its answer to STARTTLS. We trust nothing after that."),
        _("Update the mail server or the proxy before it: this is a known vulnerability."),
    ),
    "smtp.client_certificate": _error(
        _("The mail server demands a certificate from whoever delivers."),
        _("Switch the demand off for mail from outside; Digital Post does not promise to show one."),
    ),
    "smtp.sender_deferred": _warning(
        _("The mail server asked us to come back later: %(reply)s"), _("Try again in some minutes.")
    ),
    "smtp.sender_refused": _error(_("The mail server does not accept mail from our sender: %(reply)s"), _MAIL_OPERATOR),
    "recipient.accepted": _info(_("The mailbox %(mailbox)s is accepted: %(reply)s")),
    "recipient.not_verified": _warning(
        _("The mail server does not say whether %(mailbox)s exists: %(reply)s"),
        _("Send a message to the mailbox yourself and see that it arrives."),
    ),
    "recipient.full": _error(
        _("The mailbox %(mailbox)s is full: %(reply)s"), _("Make room in the mailbox, or give it more.")
    ),
    "recipient.deferred": _warning(
        _("The mail server asked us to come back later (greylisting): %(reply)s"),
        _("Try again in five minutes. If the answer is the same then, let Digital Post through without delay."),
    ),
    "recipient.refused": _error(
        _("The mail server does not know or does not want %(mailbox)s: %(reply)s"),
        _("Check the address on the system, or create the mailbox."),
    ),
    "recipient.policy": _error(
        _("The mail server refused because of who asks, so we do not know whether %(mailbox)s exists: %(reply)s"),
        _FIREWALL,
    ),
    "smtp.hung_up": _info(_("The mail server hung up without a goodbye. That does no harm.")),
    "smtp.said_goodbye": _info(_("The conversation ended properly.")),
}

TLS = {
    "tls.not_tls": _error(
        _("The server does not answer with TLS on this port."),
        _("Check the port, and that the server is set up for encryption there."),
    ),
    "tls.no_common_version": _error(
        _("The server offers no version of TLS that is still in use."), _("Switch TLS 1.2 and 1.3 on.")
    ),
    "tls.no_common_cipher": _error(
        _("The server accepted none of the usual ciphers."),
        _("Set the server up with today's ciphers, for example Mozilla's “intermediate” list."),
    ),
    "tls.closed": _error(
        _("The server closed the connection instead of encrypting it."),
        _("Look in the server's log at the time of this check; often its certificate or key cannot be read."),
    ),
    "tls.failed": _error(
        _("The encryption could not be set up: %(reason)s"), _("Look in the server's log at the time of this check.")
    ),
    "tls.no_certificate": _error(_("The server showed no certificate."), _CERTIFICATE_OPERATOR),
    "tls.unreadable_certificate": _error(_("The server's certificate cannot be read."), _CERTIFICATE_OPERATOR),
    "tls.old_version": _error(
        _("The server speaks %(version)s, which is no longer safe."), _("Switch TLS 1.2 and 1.3 on, older ones off.")
    ),
    "tls.expired": _error(_("The server's certificate expired on %(server_until)s."), _CERTIFICATE_OPERATOR),
    "tls.not_yet_valid": _error(
        _("The server's certificate is not valid before %(server_from)s."),
        _("Check the server's clock, or wait with the new certificate."),
    ),
    "tls.expiring": _warning(
        _("The server's certificate expires in %(days)s days, on %(server_until)s."),
        _("Order the new one now and install it before that date."),
    ),
    "tls.wrong_name": _error(
        _("The server's certificate is not for %(host)s, but for: %(names)s"),
        _("Install a certificate that names the host, or correct the address on the system."),
    ),
    "tls.self_signed": _error(
        _("The server's certificate is signed by the server itself."),
        _("Install a certificate from a public certificate authority."),
    ),
    "tls.incomplete_chain": _error(
        _("The server sends its own certificate only, not the one of its issuer %(issuer)s, so it cannot be trusted."),
        _("Install the chain: the server's certificate followed by the intermediate certificates."),
    ),
    "tls.untrusted_issuer": _error(
        _("The server's certificate was issued by %(issuer)s, which is not a public certificate authority we know."),
        _("Install a certificate from a public certificate authority."),
    ),
    "tls.wrong_purpose": _error(
        _("The certificate is not meant for servers (it lacks “server authentication”)."), _CERTIFICATE_OPERATOR
    ),
    "tls.weak_key": _error(_("The server's key is too short: %(key)s."), _CERTIFICATE_OPERATOR),
    "tls.weak_signature": _error(
        _("The server's certificate is signed with %(algorithm)s, which can be forged."), _CERTIFICATE_OPERATOR
    ),
    "tls.certificate_changed": _info(_("The server has another certificate than at the last check.")),
    "tls.connected": _info(_("Encrypted with %(version)s. The server's certificate is valid for %(days)s more days.")),
}

SSH = {
    "sftp.silent": _error(
        _("The connection was opened, but the server did not introduce itself."),
        _("Look at the SSH server: it may be overloaded or hold unknown senders back."),
    ),
    "sftp.not_ssh": _error(
        _("What answers is not an SSH server."),
        _("Check host and port. SFTP runs over SSH; FTP and FTPS are other protocols."),
    ),
    "sftp.greeted": _info(_("The server is %(banner)s.")),
    "sftp.no_common_algorithm": _error(
        _("The server offers only algorithms that are out of use: %(offered)s"),
        _("Update the SSH server, or allow curve25519-sha256, rsa-sha2-256 or ssh-ed25519 and aes128-ctr."),
    ),
    "sftp.key_exchange_failed": _error(
        _("The server broke off while keys were exchanged."),
        _("Look in the server's log at the time of this check; it says why."),
    ),
    "sftp.weak_algorithms": _warning(
        _("The server still allows weak algorithms: %(weak)s"),
        _("Remove them from KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs in the server's settings."),
    ),
    "sftp.key_exchanged": _info(_("Encrypted with %(cipher)s.")),
    "sftp.host_key_not_pinned": _warning(
        _("The server showed the key %(fingerprint)s. Nobody has confirmed yet that it is the right one."),
        _("Compare it with the fingerprint that whoever runs the server gives you, and confirm it on this page."),
    ),
    "sftp.host_key_differs": _warning(
        _("The server has another key than at the last check: %(fingerprint)s, before %(earlier)s."),
        _("Ask whoever runs the server whether the key was changed on purpose."),
    ),
    "sftp.host_key_changed": _error(
        _("The server showed the key %(fingerprint)s. The confirmed one is %(pinned)s. We stopped here."),
        _(
            "Ask whoever runs the server. If the key was changed on purpose, confirm the new one on this page. "
            "If not, somebody may be standing in between."
        ),
    ),
    "sftp.no_host_key_shown": _error(
        _("The check showed no key of the server that the system has now."),
        _("Test the connection again, and confirm the key that it shows then."),
    ),
    "sftp.host_key_replaced": _info(
        _("The server has another key than at the last check (%(earlier)s); it is the one that you have confirmed."),
    ),
    "sftp.host_key_known": _info(_("The server showed the confirmed key %(fingerprint)s.")),
    "sftp.nothing_to_ask": _error(
        _("User name or SSH key is missing on the system, so there is nothing to ask the server."),
        _("Enter both on the system."),
    ),
    "sftp.key_accepted": _info(_("The server would let %(username)s in with the key %(fingerprint)s.")),
    "sftp.next_key_accepted": _info(_("The server would accept the next key %(fingerprint)s too.")),
    "sftp.next_key_not_accepted": _warning(
        _("The server does not accept the next key %(fingerprint)s yet."),
        _("Add it to the user's authorized_keys before the present key is retired."),
    ),
    "sftp.only_next_key_accepted": _warning(
        _("The server accepts the next key %(fingerprint)s, but not the present one any more."),
        _("Retire the present key on the system's page."),
    ),
    "sftp.sha1_signature": _warning(
        _("The server accepts the key only with SHA-1 signatures (ssh-rsa), which are out of use."),
        _("Update the SSH server, or use an Ed25519 key."),
    ),
    "sftp.key_not_accepted": _error(
        _("The server does not know the user %(username)s, or does not accept the key %(fingerprint)s."),
        _(
            "Check the user name, and that the public key stands in the user's authorized_keys. "
            "A server does not tell strangers which of the two is wrong."
        ),
    ),
    "sftp.no_public_keys": _error(
        _("The server does not let anybody in with a key. It offers: %(methods)s"),
        _("Switch public-key authentication on (PubkeyAuthentication yes)."),
    ),
    "sftp.digital_post_is_server": _info(
        _("Digital Post is the server. We have checked the key, not the connection."),
    ),
}

HTTP = {
    "http.not_http": _error(
        _("What answers behind the encryption is not a web server."),
        _("Check the port of the address."),
    ),
    "client_certificate.not_asked": _warning(
        _("The server does not ask for a certificate, so it cannot tell Digital Post from others by one."),
        _("Switch client certificates on, or make sure that only Digital Post's addresses are let in."),
    ),
    "client_certificate.asked": _info(_("The server asks for a certificate, but lets others in as well.")),
    "client_certificate.required": _info(
        _("The server asks for a certificate and refuses us without one. So it should be: only Digital Post has it.")
    ),
}

RUN = {
    "run.not_started": _error(
        _("The check was never begun: no background process took it."),
        _("Tell whoever runs this portal. Nothing is wrong with your system."),
    ),
    "run.interrupted": _error(
        _("The check was interrupted three times, because the background process went down."),
        _("Tell whoever runs this portal. Nothing is wrong with your system."),
    ),
    "run.ended_by_operator": _error(
        _("Whoever operates the portal ended the check, because it did not come to an end by itself."),
        _("Test the connection again."),
    ),
    "run.fault": _error(
        _("The check stopped because of a fault in this portal."),
        _("Tell whoever runs this portal. Nothing is wrong with your system."),
    ),
    "limit.checks": _error(
        _("You have asked for %(most)s checks within a minute."), _("Try again in %(seconds)s seconds.")
    ),
    "limit.host": _error(
        _("%(host)s has been checked %(most)s times within a minute. We do not want to strain it."),
        _("Try again in %(seconds)s seconds."),
    ),
    "limit.batches": _error(
        _("All systems have been tested %(most)s times within an hour."), _("Try again in %(minutes)s minutes.")
    ),
    "batch.out_of_service": _info(_("The system is out of service.")),
    "batch.not_in_service": _info(_("The system is not in service yet.")),
}

CALLING_IN = {
    "credential.in_force": _info(_("What is registered is valid today.")),
    "token.old": _warning(
        _("The API token is %(days)s days old."), _("Renew it, and put the new one into the system at once.")
    ),
    "token.present": _info(_("The API token is %(days)s days old.")),
    "addresses.none": _warning(
        _("The system may call from any address."), _("Enter the addresses it calls from, so that nobody else can.")
    ),
    "addresses.private": _warning(
        _("Private addresses never reach Digital Post: %(networks)s"),
        _("Enter the public address that your network shows to the outside."),
    ),
    "addresses.listed": _info(_("Allowed addresses: %(count)s.")),
    "seen.never": _warning(
        _("The system has never called."),
        _("Let it call whoami: it is told whether token, certificate and address are accepted."),
    ),
    "seen.long_ago": _warning(
        _("The system last called on %(last_call)s, more than seven days ago."), _("Check that it runs.")
    ),
    "seen.recently": _info(_("The system last called on %(last_call)s.")),
}

TABLE: dict[str, FindingText] = ADDRESS | CONNECTION | SMTP | TLS | SSH | HTTP | RUN | CALLING_IN | probe_texts.TABLE

# Mail servers live with certificates that name nobody in particular; whether Digital Post refuses them is not known.
SEVERITIES: dict[str, dict[str, Severity]] = {
    "SMTP": dict.fromkeys(
        ("tls.wrong_name", "tls.self_signed", "tls.incomplete_chain", "tls.untrusted_issuer", "tls.wrong_purpose"),
        Severity.WARNING,
    ),
}


def _moment(value: Any) -> str:
    parsed = parse_datetime(str(value))
    return moment(parsed) if parsed else str(value)


FORMATS = {"server_until": _moment, "server_from": _moment, "last_call": _moment}


def step_finding(code: str, protocol: str, /, **params: Any) -> Finding:
    """Return a finding of the severity that `code` has for `protocol`. Raises KeyError for an unknown code."""
    made = finding(code, **params)
    return Finding(code, SEVERITIES.get(protocol, {}).get(code, made.severity), made.params)
