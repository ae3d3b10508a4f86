"""Settings: `product` is what runs, `testing` is the same with a database of its own. Every key is described in the docs."""
