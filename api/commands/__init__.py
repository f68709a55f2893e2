"""What the commands of the command line do; `api/cli.py` says how they are called.

Imported when a command runs and not before, so that `--help` answers at once.
"""
