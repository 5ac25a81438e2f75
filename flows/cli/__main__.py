"""`python -m flows.cli`: the same as `triage`."""

from flows.cli.app import main

main()
