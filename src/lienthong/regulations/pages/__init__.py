"""Pages: regulations on portal and desk, their drafting and steps, the go-live gate of a database."""
