"""The public door: home, search, and public pages that several floors compose (an agency with its data, services and rules)."""
