"""A real web server (nginx) over TLS: asking for client certificates or not, with an address for every answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.servers.certificates import Issued
from tests.servers.programs import free_port, program, workplace

SETTINGS = """
daemon off;
master_process off;
pid {directory}/pid;
error_log {directory}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {chain};
    ssl_certificate_key {key};
    ssl_protocols {version};
    {client}
    location = /memo {{ return 204; }}
    location = /flyttet {{ return 301 https://169.254.169.254/; }}
    location = /lukket {{ return 403; }}
    location = /travl {{ return 503; }}
    location = /fejl {{ proxy_pass http://127.0.0.1:{closed}; }}
    location = /lille {{ client_max_body_size 1; proxy_pass http://127.0.0.1:{closed}; }}
    location = /form {{ return 415; }}
    location = /nej {{ return 422; }}
    location = /fil {{ root {directory}; }}
  }}
}}
"""


@contextmanager
def web_server(
    require_service: Callable[..., str],
    issued: Issued,
    *,
    version: str = "TLSv1.2 TLSv1.3",
    client_authority: Issued | None = None,
    verify: str = "on",
) -> Iterator[int]:
    """Run nginx for the block and give its port; `verify` is its `ssl_verify_client` where there is an authority."""
    nginx = require_service("nginx")
    with workplace() as directory:
        port = free_port()
        chain, key = issued.write(directory)
        client = ""
        if client_authority:
            (directory / "clients.crt").write_bytes(client_authority.pem)
            client = f"ssl_client_certificate {directory}/clients.crt; ssl_verify_client {verify};"
        (directory / "fil").write_text("x")
        settings = directory / "nginx.conf"
        settings.write_text(
            SETTINGS.format(
                directory=directory,
                port=port,
                closed=free_port(),
                chain=chain,
                key=key,
                version=version,
                client=client,
            )
        )
        with program([nginx, "-p", str(directory), "-c", str(settings)], port, directory / "log"):
            yield port
