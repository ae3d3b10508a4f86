"""How fast the lists, the search and the files of databases answer in a country of databases."""
