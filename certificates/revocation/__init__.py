"""Whether certificates have been revoked: the lists of the authorities, OCSP, and judging again every night."""
