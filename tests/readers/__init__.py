"""One test file an input format; all read through `audit.inputs`, as the program does."""
