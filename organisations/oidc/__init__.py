"""Signing in at an OpenID Connect provider: authorization code with PKCE, its tokens checked in full."""
