"""The part of the settings that is about signing in at identity providers; docs/sign-in.md explains it."""

import environ

env = environ.FileAwareEnv()

# --- OpenID Connect ----------------------------------------------------------------------------------------------
ADGANG_OIDC_ISSUER = env.str("ADGANG_OIDC_ISSUER", default="")
ADGANG_OIDC_CLIENT_ID = env.str("ADGANG_OIDC_CLIENT_ID", default="")
ADGANG_OIDC_CLIENT_SECRET = env.str("ADGANG_OIDC_CLIENT_SECRET", default="").strip()  # files end in a newline
ADGANG_OIDC_NAME = env.str("ADGANG_OIDC_NAME", default="")
ADGANG_OIDC_SCOPES = env.str("ADGANG_OIDC_SCOPES", default="openid")
ADGANG_OIDC_SUBJECT_CLAIM = env.str("ADGANG_OIDC_SUBJECT_CLAIM", default="sub")
ADGANG_OIDC_CVR_CLAIM = env.str("ADGANG_OIDC_CVR_CLAIM", default="cvr")  # "": logins there belong to no organisation
ADGANG_OIDC_LEVEL_CLAIM = env.str("ADGANG_OIDC_LEVEL_CLAIM", default="")
ADGANG_OIDC_LEVELS = env.list("ADGANG_OIDC_LEVELS", default=[])
ADGANG_OIDC_ALGORITHMS = env.list("ADGANG_OIDC_ALGORITHMS", default=["RS256", "PS256", "ES256"])

# --- SAML --------------------------------------------------------------------------------------------------------
ADGANG_SAML_IDP_METADATA = env.str("ADGANG_SAML_IDP_METADATA", default="")
ADGANG_SAML_CERTIFICATE = env.str("ADGANG_SAML_CERTIFICATE", default="")
ADGANG_SAML_KEY = env.str("ADGANG_SAML_KEY", default="")
ADGANG_SAML_OTHER_CERTIFICATE = env.str("ADGANG_SAML_OTHER_CERTIFICATE", default="")  # while the pair is changed
ADGANG_SAML_OTHER_KEY = env.str("ADGANG_SAML_OTHER_KEY", default="")
ADGANG_SAML_ENTITY_ID = env.str("ADGANG_SAML_ENTITY_ID", default="")
ADGANG_SAML_NAME = env.str("ADGANG_SAML_NAME", default="")
ADGANG_SAML_LEVEL = env.str("ADGANG_SAML_LEVEL", default="Substantial")  # of NSIS, the lowest that suffices
