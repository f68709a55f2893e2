"""The HTTP interface for systems, one file per subject; everything stands under /v1."""
