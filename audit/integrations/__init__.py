"""crawlaudit inside other libraries, one file each; none is imported unless it is used."""
