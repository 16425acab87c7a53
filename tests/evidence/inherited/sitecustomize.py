"""Python reads this at its start where the folder is on its path: programs that a test starts are measured as well."""

import coverage

coverage.process_startup()
