"""Real counterparts for tests: name servers, mail servers, SSH servers, TLS servers and silence."""
