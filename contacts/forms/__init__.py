"""The forms of the contact structure. A form yields values (`contacts.values`); the rules judge them."""
