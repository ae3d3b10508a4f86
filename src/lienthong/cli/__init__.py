"""The command line `lienthong`: `start`, `look`, `doctor`, `user`, each loaded only when it is asked for."""
