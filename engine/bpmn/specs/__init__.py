"""Task specs: what a token does at each kind of element."""
