"""The overview: the process guide made alive, with what is done, what is missing, who can do it and by when."""
