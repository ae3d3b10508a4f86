"""Pages: the cases, one case with its card, each act on it, the search of one database, the public map."""
