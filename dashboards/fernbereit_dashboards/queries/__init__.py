"""PromQL only, as named functions of the catalogue's names; `panels/` decides what a result looks like."""
