"""Pages: which rule held when, for everybody; parameters and the working calendar, on the desk."""
