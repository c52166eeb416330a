"""Input formats, one file each: a function decorated with `audit.registry.reader` is found by itself."""
