"""The command line: `lotmark`.

Results go to stdout, as tables for people or with `--format json` for programs; progress and messages go to stderr. The
exit codes are in `api.cli.exits`.
"""
