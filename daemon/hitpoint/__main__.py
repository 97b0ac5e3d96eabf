"""`python -m hitpoint`: the command, for who has no folder of scripts on the path."""

import sys

from hitpoint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
