"""The command line. Exit codes: 0 well; 1 `--check` or `--diff` found something; 2 usage, configuration or I/O; 3 finished,
but some documents failed; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.version import __version__

if TYPE_CHECKING:
    from cleaner.document import Result
    from cleaner.io.readers import InputFile
    from cleaner.run import Job

OK, FOUND, USAGE, QUARANTINED, INTERRUPTED = 0, 1, 2, 3, 130


def main(argv: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    if sys.stdout is None:  # closed by the caller: what would be written there must not vanish in silence
        _complain("standard output: is closed; send it to /dev/null if it is not wanted")
        return USAGE
    arguments = build_parser().parse_args(argv)
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
        _complain(_told(error))
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
    _add_clean(commands)
    explain = commands.add_parser("explain", help="say of each line of a file whether it is kept, by which rule it goes, and why")
    explain.add_argument("file", metavar="FILE", help="a file, or - for standard input")
    _add_reading(explain)
    explain.set_defaults(command=_explain)
    rules = commands.add_parser("rules", help="list the rules, or print the page of one")
    rules.add_argument("name", nargs="?", metavar="NAME", help="the rule whose page to print")
    rules.set_defaults(command=_rules)
    return parser


def _add_clean(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    clean = commands.add_parser("clean", help="clean files, folders or standard input")
    clean.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, globs, or - for standard input")
    where = clean.add_mutually_exclusive_group()
    where.add_argument("-o", "--out", metavar="OUT", help="write the results into this folder, as a mirrored tree")
    where.add_argument("--in-place", action="store_true", help="overwrite the inputs")
    where.add_argument("--check", action="store_true", help="write nothing; name the files that would change, exit with 1 if any")
    where.add_argument("--diff", action="store_true", help="write nothing; show what would change, exit with 1 if anything")
    clean.add_argument("--header", choices=["yaml", "json", "none"], help="how to write the header (default: yaml)")
    clean.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="values", help="metadata for the header; may be repeated"
    )
    _add_reading(clean)
    clean.set_defaults(command=_clean)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=["auto", "text", "html"], default="auto", help="what the input is (default: told by its content)")
    parser.add_argument("--url", help="where the document came from")
    parser.add_argument("--quotes", choices=["straight", "keep"], help="straighten curly quotes or keep them (default: straight)")
    parser.add_argument("--config", metavar="FILE", help="a cleaner.toml (default: the nearest one, or [tool.cleaner] in pyproject.toml)")


def _job(arguments: argparse.Namespace) -> Job:
    """The job that the arguments and the nearest configuration describe."""
    from dataclasses import replace

    from cleaner.run import Job
    from cleaner.settings import find_settings, load_settings

    if arguments.config:
        settings, where = load_settings(Path(arguments.config)), arguments.config
    else:
        settings, where = find_settings(Path.cwd())
    if arguments.quotes:
        settings = replace(settings, quotes=arguments.quotes)
    header = getattr(arguments, "header", None) or settings.header
    return Job(settings.cleaner(where), header, arguments.kind, _values(getattr(arguments, "values", [])), arguments.url)


def _values(pairs: list[str]) -> dict[str, str | list[str]]:
    """`--set` arguments by key; a list field that is set again gathers its values."""
    from cleaner.document import LIST_FIELDS, METADATA_FIELDS
    from cleaner.header import field_name

    values: dict[str, str | list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.isidentifier():
            raise ValueError(f"--set takes KEY=VALUE, not {pair!r}")
        key = field_name(key) if field_name(key) in METADATA_FIELDS else key
        if key in LIST_FIELDS:
            values[key] = [*values.get(key, []), value]
        else:
            values[key] = value
    return values


def _clean(arguments: argparse.Namespace) -> int:
    from cleaner.run import clean_in_place, clean_to_folder

    if arguments.out == "":
        raise ValueError("-o takes a folder, and got an empty name: is a variable of the shell unset?")
    job = _job(arguments)
    if arguments.check or arguments.diff:
        return _compare(job, arguments)
    if arguments.in_place:
        tally = clean_in_place(job, arguments.paths, _report_failure)
    elif arguments.out:
        tally = clean_to_folder(job, arguments.paths, Path(arguments.out), _report_failure)
    else:
        return _clean_to_stdout(job, arguments.paths)
    print(tally.summary(), file=sys.stderr)
    for path in tally.review:
        _complain(f"{path}: look at this one: cleaner explain tells why")
    return QUARANTINED if tally.failures else OK


def _clean_to_stdout(job: Job, paths: list[str]) -> int:
    advice = "several files or a folder need -o OUT (or --in-place, --check, --diff)"
    sys.stdout.write(job.clean(_only(paths, advice)).render(job.header))
    return OK


def _only(paths: list[str], otherwise: str) -> InputFile:
    """The one document that paths stand for. Raises ValueError saying `otherwise`."""
    from cleaner.io.readers import InputError, find_documents

    documents = list(find_documents(paths))
    if len(documents) != 1 or Path(paths[0]).is_dir():
        raise ValueError(otherwise)
    if isinstance(documents[0], InputError):
        raise documents[0]
    return documents[0]


def _compare(job: Job, arguments: argparse.Namespace) -> int:
    from cleaner.explain import diff
    from cleaner.io.readers import find_documents
    from cleaner.run import run_files

    def show(document: InputFile, result: Result) -> bool:
        body = max((edit.end for edit in result.edits if edit.rule == "header"), default=0)
        changed = result.text != result.source[body:].removesuffix("\n")
        if changed and arguments.check:
            print(document.path)
        elif changed:
            print("\n".join(diff(result, str(document.path))))
        return changed

    tally = run_files(job, list(find_documents(arguments.paths)), show, _report_failure)
    return QUARANTINED if tally.failures else FOUND if tally.changed else OK


def _explain(arguments: argparse.Namespace) -> int:
    from cleaner.explain import explanation

    document = _only([arguments.file], f"explain takes one file, and {arguments.file!r} stands for more or none")
    for line in explanation(_job(arguments).clean(document)):
        print(line)
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


def _report_failure(path: str, reason: str) -> None:
    _complain(f"{path}: {reason}")


def _complain(message: str) -> None:
    """One line on standard error, whatever a file's name holds."""
    safe = "".join(char if char.isprintable() else repr(char)[1:-1] for char in message)
    print(f"cleaner: {safe}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
