"""What judging an SSH key can find."""

from django.utils.translation import gettext_noop as _

from adgang.lib.findings import FindingText, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

SSH = {
    "ssh.empty": FindingText(
        ERROR,
        _("There is no key: the file or the text is empty."),
        _("Paste the whole line of the public key, or choose the file whose name ends in .pub."),
    ),
    "ssh.too_large": FindingText(
        ERROR,
        _("The file is larger than %(limit)s KiB. A public key is less than 2 KiB."),
        _("Upload the file whose name ends in .pub."),
    ),
    "ssh.private_key": FindingText(
        ERROR,
        _("This is a private key. We have refused it unread and kept nothing of it. The public key is wanted."),
        _(
            "If the private key has been sent to anyone, make a new pair. The public key is in the file that ends in "
            ".pub, or is shown by: ssh-keygen -y -f FILE"
        ),
    ),
    "ssh.private_key_putty": FindingText(
        ERROR,
        _("This is PuTTY's file (.ppk) with the private key. We have refused it unread and kept nothing of it."),
        _(
            "If the file has been sent to anyone, make a new pair. Open the file in PuTTYgen and copy the text under "
            "“Public key for pasting into OpenSSH authorized_keys file”."
        ),
    ),
    "ssh.several_keys": FindingText(
        ERROR,
        _("There are %(count)s keys in what you uploaded. A system has exactly one."),
        _("Upload the one key that the system uses."),
    ),
    "ssh.options": FindingText(
        ERROR,
        _("Options stand before the key (%(options)s), as in an authorized_keys file."),
        _("Remove what stands before %(type)s and upload the rest."),
    ),
    "ssh.known_hosts": FindingText(
        ERROR,
        _("This is a line from a known_hosts file: it shows a server's key, not your system's."),
        _("Upload your system's own public key, from the file that ends in .pub."),
    ),
    "ssh.text_before": FindingText(
        ERROR,
        _("Other text stands before the key."),
        _("Upload the key alone, from %(type)s on."),
    ),
    "ssh.text_after": FindingText(
        ERROR,
        _("Other text stands after the key."),
        _("Upload the key alone: one line with type, key and perhaps a comment."),
    ),
    "ssh.certificate": FindingText(
        ERROR,
        _("This is an SSH certificate (%(type)s), not a plain public key."),
        _("Upload the public key that the certificate was issued for."),
    ),
    "ssh.security_key": FindingText(
        ERROR,
        _("This key lives on a security key (%(type)s) and needs a person's touch. A system has no finger."),
        _("Make an ordinary key for the system: ssh-keygen -t ed25519"),
    ),
    "ssh.fingerprint": FindingText(
        ERROR,
        _("This is the fingerprint of a key, not the key itself."),
        _("Upload the public key, from the file that ends in .pub."),
    ),
    "ssh.truncated": FindingText(
        ERROR,
        _("The key is cut off: the end is missing."),
        _("Copy the whole key again, or upload the file that ends in .pub."),
    ),
    "ssh.no_type": FindingText(
        ERROR,
        _("The type of the key is missing before the key itself."),
        _("Write %(type)s and a space before the key."),
    ),
    "ssh.type_mismatch": FindingText(
        ERROR,
        _("The text says that the key is of the type %(written)s, but the key itself is %(found)s."),
        _("Copy the key again from where it was made."),
    ),
    "ssh.unsupported": FindingText(
        ERROR,
        _("Keys of the type %(type)s are not supported."),
        _("Make a key of a common type: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.dsa": FindingText(
        ERROR,
        _("This is a DSA key. DSA is no longer safe and is refused by servers."),
        _("Make a new key: ssh-keygen -t ed25519"),
    ),
    "ssh.x509": FindingText(
        ERROR,
        _("This is %(form)s, not an SSH key."),
        _("Systems on SFTP use an SSH key: upload the public key, from the file that ends in .pub."),
    ),
    "ssh.malformed": FindingText(
        ERROR,
        _("The text looks like an SSH key, but cannot be read as one."),
        _("Copy the whole key again, or upload the file that ends in .pub."),
    ),
    "ssh.unrecognised": FindingText(
        ERROR,
        _("There is no SSH key in what you uploaded."),
        _("Paste the line that begins with ssh-ed25519, ecdsa-sha2-… or ssh-rsa, from the file that ends in .pub."),
    ),
    "ssh.rsa_too_short": FindingText(
        ERROR,
        _("The RSA key is %(bits)s bits. At least 2048 are required, and 3072 recommended."),
        _("Make a new key: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.rsa_short": FindingText(
        WARNING,
        _("The RSA key is %(bits)s bits. 3072 or more are recommended."),
        _("Make a longer key at the next change: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.rsa_short_refused": FindingText(
        ERROR,
        _("The RSA key is %(bits)s bits. At least 3072 are required here."),
        _("Make a new key: ssh-keygen -t ed25519, or ssh-keygen -t rsa -b 4096"),
    ),
    "ssh.exponent": FindingText(
        ERROR,
        _("The key's public exponent is %(exponent)s. It must be odd and at least 65537."),
        _("Make a new key with an ordinary tool: ssh-keygen -t ed25519"),
    ),
    "ssh.weak": FindingText(
        ERROR,
        _("The key can be broken: %(weakness)s."),
        _("Make a new key with an up-to-date tool, ssh-keygen -t ed25519, and stop using this one everywhere."),
    ),
    "ssh.converted": FindingText(
        INFO,
        _("The key was written in another form (%(form)s). We have converted it to OpenSSH's."),
        "",
    ),
    "ssh.used_before": FindingText(
        WARNING,
        _("Your organisation already registered this very key here on %(uploaded)s."),
        _("Give each system a key of its own, so that one can be replaced without the others."),
    ),
    "ssh.used_by_other": FindingText(
        WARNING,
        _("The very same key is registered for another organisation too."),
        _("That can be right for a vendor serving several authorities; otherwise find out who else has the key."),
    ),
}
