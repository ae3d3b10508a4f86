"""Pages: which rule held when, for everybody; legal texts, parameters and the working calendar, on the desk."""
