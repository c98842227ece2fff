"""Where what a finding speaks of is written: file, line and column."""
