"""Pages: sources, looks, assessments and versions of one database; the yearly inventory; systems; upgrade items."""
