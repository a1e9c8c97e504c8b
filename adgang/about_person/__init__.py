"""Everything that the portal holds about one person, as a file for that person (GDPR, article 15)."""
