"""Thin HTTP clients, one a vendor: the dialect, paging and errors of each; no business rule."""
