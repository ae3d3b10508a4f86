"""An app for tests only, whose jobs behave in every way a job can."""
