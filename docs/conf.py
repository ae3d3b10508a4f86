"""How the documentation is built."""

project = "Liên Thông"
author = "The Liên Thông developers"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = "Liên Thông"
language = "en"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
