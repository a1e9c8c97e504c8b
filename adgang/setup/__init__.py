"""The set-up of an authority as a file: given out, compared with what is registered, and carried out."""
