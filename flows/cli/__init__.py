"""The command line: one file a command, named as the command; `app` builds the Typer app.

A command parses its options, calls one function of `pipeline` or `flows`, and prints. It imports them inside its
function, so that `triage --help` stays fast; what two commands need is in `options`.
"""
