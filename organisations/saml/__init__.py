"""Signing in at a SAML identity provider such as NemLog-in, by the profile OIOSAML 3, as service provider."""
