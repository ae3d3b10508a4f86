"""What the whole house is tested with: servers of its own, architecture, journeys."""
