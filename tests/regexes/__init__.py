"""Every regular expression of the package, attacked, and its steps counted."""
