"""The door for programs: `/api/v1/` with its OpenAPI document, put together from each app's own `api.py`."""
