"""Files that people hand in or the product makes: content under its digest in `files/`, one row of facts each."""
