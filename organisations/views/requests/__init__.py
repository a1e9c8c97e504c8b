"""Pages of requests for access: for whoever asks, and for whoever decides."""
