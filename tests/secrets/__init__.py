"""What is secret leaves no trace for whoever does not keep it."""
