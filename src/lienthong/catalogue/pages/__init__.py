"""Pages: databases and their catalogue; national dossiers and the list of national databases."""
