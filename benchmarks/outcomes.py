"""What can come of asking the tests about a mutant; apart, since asking loads mutmut's settings."""

from typing import Final

KILLED: Final = "killed"
SURVIVED: Final = "survived"
TIMEOUT: Final = "timeout"
UNREACHED: Final = "no test"
UNASKED: Final = "unasked"
