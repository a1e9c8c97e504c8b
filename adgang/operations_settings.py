"""The part of the settings that is about whoever runs the installation."""

import environ

env = environ.FileAwareEnv()

# Who may read /metrics: addresses and networks.
ADGANG_METRICS_NETWORKS = env.list("ADGANG_METRICS_NETWORKS", default=["127.0.0.0/8", "::1"])
