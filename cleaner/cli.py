"""The command line. Exit codes: 0 well; 1 `--check` or `--diff` found something; 2 usage, configuration or I/O; 3 finished,
but some documents failed; 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading

from cleaner.clean_command import INTERRUPTED, OK, USAGE, add_clean, add_reading, job_of
from cleaner.messages import complain
from cleaner.version import __version__

SHELLS = ("bash", "zsh", "fish")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    if sys.stdout is None:  # closed by the caller: what would be written there must not vanish in silence
        complain("standard output: is closed; send it to /dev/null if it is not wanted")
        return USAGE
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:  # the shell asks what could stand at the cursor
        from argcomplete import autocomplete

        autocomplete(parser)
    arguments = parser.parse_args(argv)
    arguments.given = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # text is UTF-8 whatever the locale; odd file names go through as they are
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    try:
        code: int = arguments.command(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone: what it did not read is not wanted. Keep Python from complaining as it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (ValueError, OSError) as error:
        complain(_told(error))
        return USAGE
    return code


def _told(error: ValueError | OSError) -> str:
    """An error as one line that names what it is about; the only files that we write without naming them are our streams."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'standard output'}: {error.strerror}"
    return f"{error.path}: {error}" if hasattr(error, "path") else str(error)


def build_parser() -> argparse.ArgumentParser:
    """The parser of the command line; nothing heavy is imported before a command runs."""
    parser = argparse.ArgumentParser(prog="cleaner", description="Remove boilerplate from scraped articles, and show what was removed.")
    parser.add_argument("--version", action="version", version=f"cleaner {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_clean(commands)
    explain = commands.add_parser("explain", help="say of each line of a file whether it is kept, by which rule it goes, and why")
    explain.add_argument("file", metavar="FILE", help="a file, or - for standard input")
    add_reading(explain)
    explain.set_defaults(command=_explain)
    rules = commands.add_parser("rules", help="list the rules, or print the page of one")
    rules.add_argument("name", nargs="?", metavar="NAME", help="the rule whose page to print")
    rules.set_defaults(command=_rules)
    completion = commands.add_parser("completion", help="print what makes a shell complete our options")
    completion.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    completion.set_defaults(command=_completion)
    return parser


def _explain(arguments: argparse.Namespace) -> int:
    from cleaner.clean_command import clean_here, is_alone, read_one
    from cleaner.explain import explanation
    from cleaner.io.options import ReadOptions

    otherwise = f"explain takes one document, and {arguments.file!r} stands for more or none"
    job = job_of(arguments)
    place, records = read_one([arguments.file], ReadOptions(kind=arguments.kind), otherwise)
    record = next(records, None)
    if record is None or not is_alone(record, place):
        raise ValueError(otherwise)
    for line in explanation(clean_here(job, job.cleaner(), record)):
        print(line)
    return OK


def _completion(arguments: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode

    print(shellcode(["cleaner"], shell=arguments.shell))
    return OK


def _rules(arguments: argparse.Namespace) -> int:
    import difflib
    import inspect

    from cleaner.rules import DEFAULT_RULES

    pages = {rule.name: inspect.getdoc(type(rule)) or "" for rule in DEFAULT_RULES}
    if arguments.name is None:
        print("\n".join(f"{name:<20} {page.splitlines()[0]}" for name, page in pages.items()))
        return OK
    if arguments.name not in pages:
        close = difflib.get_close_matches(arguments.name, pages, 1)
        raise ValueError(f"no rule {arguments.name!r}" + (f": did you mean {close[0]!r}?" if close else "; cleaner rules lists them"))
    print(f"{arguments.name}\n\n{pages[arguments.name]}")
    return OK


def entry() -> None:
    """The command as a process of its own."""
    code = main()
    if any(thread.daemon for thread in threading.enumerate()):
        # One that reads is blocked in a read, and Python would end in a fatal error over the lock that it holds.
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    entry()
