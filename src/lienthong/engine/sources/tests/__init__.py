"""Sources are tried on real files and on real servers, the hostile ones too."""
