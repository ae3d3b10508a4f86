"""Pages: the public tree and directory, the inbox, the file of an agency, its focal officer, own posts."""
