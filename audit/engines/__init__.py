"""Where the work runs: one file an engine, each with the method of `audit.run.Engine`."""
