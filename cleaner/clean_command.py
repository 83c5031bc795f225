"""`cleaner clean`: its options, and what they make it do."""

from __future__ import annotations

import argparse
import itertools
import math
import os
import re
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.io.options import FORMATS
from cleaner.messages import Teller, colours, complain

if TYPE_CHECKING:
    from cleaner.api import Cleaner
    from cleaner.clean_record import Job
    from cleaner.document import Result
    from cleaner.io.files import InputError
    from cleaner.io.options import ReadOptions
    from cleaner.io.records import Record
    from cleaner.run import Ending, RunOptions

OK, FOUND, USAGE, QUARANTINED, INTERRUPTED = 0, 1, 2, 3, 130
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)i?b?", re.I)


def add_clean(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    clean = commands.add_parser("clean", help="clean files, folders, rows or standard input")
    clean.add_argument("paths", nargs="+", metavar="PATH", help="files, folders, globs, or - for standard input")
    where = clean.add_mutually_exclusive_group()
    where.add_argument("-o", "--out", metavar="OUT", help="a folder for a mirrored tree, or a .jsonl[.gz|.zst] or .parquet file")
    where.add_argument("--in-place", action="store_true", help="overwrite the inputs")
    where.add_argument("--check", action="store_true", help="write nothing; name the documents that would change, exit with 1 if any")
    where.add_argument("--diff", action="store_true", help="write nothing; show what would change, exit with 1 if anything")
    clean.add_argument("--header", choices=["yaml", "json", "none"], help="how to write the header (default: yaml)")
    clean.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", dest="values", help="metadata for the header; may be repeated"
    )
    add_reading(clean)
    _add_formats(clean)
    _add_running(clean)
    clean.set_defaults(command=clean_command)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Options of all commands that read documents."""
    parser.add_argument("--kind", choices=["auto", "text", "html"], default="auto", help="what the input is (default: told by its content)")
    parser.add_argument("--url", help="where the document came from")
    parser.add_argument("--quotes", choices=["straight", "keep"], help="straighten curly quotes or keep them (default: straight)")
    parser.add_argument("--config", metavar="FILE", help="a cleaner.toml (default: the nearest one, or [tool.cleaner] in pyproject.toml)")


def _add_formats(clean: argparse.ArgumentParser) -> None:
    rows = clean.add_argument_group("formats and rows")
    rows.add_argument("--format", choices=FORMATS, default="auto", help="what inputs are where neither content nor name tells")
    for name, what in (("text", "text"), ("html", "HTML"), ("url", "address"), ("id", "name")):
        rows.add_argument(f"--{name}-field", metavar="FIELD", help=f"the field that holds a document's {what}")
    rows.add_argument("--delimiter", metavar="CHAR", help="what parts the fields of CSV (default: told by its first line)")
    rows.add_argument("--encoding", default="utf-8", help="what CSV is written in (default: utf-8)")
    rows.add_argument("--shard-size", type=_count, metavar="N", help="begin a new output file after so many documents")


def _add_running(clean: argparse.ArgumentParser) -> None:
    running = clean.add_argument_group("long runs")
    jobs = "workers (default: one a processor; 0: clean in this process, without limits)"
    running.add_argument("-j", "--jobs", type=_count_or_none, metavar="N", help=jobs)
    running.add_argument("--resume", action="store_true", help="go on with a run that did not end; redo only what is missing or changed")
    running.add_argument("--timeout", type=_seconds, default=30.0, metavar="S", help="seconds for one document (default: 30; 0: no limit)")
    running.add_argument("--memory", type=_bytes, default=1 << 30, metavar="SIZE", help="memory of one worker (default: 1G; 0: no limit)")
    running.add_argument("--max-size", type=_bytes, default=16 << 20, metavar="SIZE", help="size of one document (default: 16M)")
    running.add_argument("--report", metavar="FILE", help="write what was done to this file, as JSON")
    running.add_argument("--ledger", metavar="FILE", help="write every change to this file, as JSON Lines")
    running.add_argument("--dry-run", action="store_true", help="clean, count and report, but write no result")
    running.add_argument("-q", "--quiet", action="store_true", help="no progress, no summary; failures only")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"takes a number from 1 on, not {text!r}")
    return int(text)


def _count_or_none(text: str) -> int:
    return 0 if text == "0" else _count(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"takes seconds, not {text!r}")
    return seconds


def _bytes(text: str) -> int:
    """A size as people write it.

    >>> _bytes("512M"), _bytes("1.5 GiB"), _bytes("100")
    (536870912, 1610612736, 100)
    """
    match = _SIZE.fullmatch(text)
    if not match:
        raise argparse.ArgumentTypeError(f"takes a size such as 512M or 2G, not {text!r}")
    return int(float(match[1]) * 1024 ** " kmgt".index(match[2].lower() or " "))


def job_of(arguments: argparse.Namespace) -> Job:
    """The job that the arguments and the nearest configuration describe."""
    from dataclasses import replace

    from cleaner.clean_record import Job
    from cleaner.settings import find_settings, load_settings

    if arguments.config:
        settings, where = load_settings(Path(arguments.config)), arguments.config
    else:
        settings, where = find_settings(Path.cwd())
    if arguments.quotes:
        settings = replace(settings, quotes=arguments.quotes)
    header = getattr(arguments, "header", None) or settings.header
    values = _values(getattr(arguments, "values", []))
    return Job(settings, where, header, arguments.kind, values, arguments.url, bool(getattr(arguments, "ledger", None)))


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


def _options(arguments: argparse.Namespace) -> RunOptions:
    from cleaner.io.options import WriteOptions
    from cleaner.run import RunOptions
    from cleaner.workers import Limits

    write = WriteOptions(shard_size=arguments.shard_size, ledger=arguments.ledger)
    limits = Limits(arguments.timeout or None, arguments.memory or None)
    jobs = _processors() if arguments.jobs is None else arguments.jobs
    return RunOptions(jobs, limits, _read_options(arguments), write, arguments.report, arguments.resume, arguments.dry_run)


def _read_options(arguments: argparse.Namespace) -> ReadOptions:
    from dataclasses import fields

    from cleaner.io.options import ReadOptions

    given = vars(arguments)
    return ReadOptions(**{field.name: given[field.name] for field in fields(ReadOptions) if field.name in given})


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def clean_command(arguments: argparse.Namespace) -> int:
    if arguments.out == "":
        raise ValueError("-o takes a folder, and got an empty name: is a variable of the shell unset?")
    if arguments.resume and not arguments.out:
        raise ValueError("--resume goes on with what stands in OUT: it needs -o OUT")
    if arguments.report and not Path(arguments.report).parent.is_dir():
        raise ValueError(f"--report {arguments.report}: there is no folder {Path(arguments.report).parent} to write it into")
    if arguments.ledger and (arguments.check or arguments.diff):
        raise ValueError("--ledger tells what was changed, and --check and --diff change nothing")
    job = job_of(arguments)
    cleaner = job.cleaner()  # a mistake in the configuration shows here, before anything is read or started
    if arguments.check or arguments.diff:
        return _compare(job, cleaner, arguments)
    if not arguments.out and not arguments.in_place:
        return _clean_to_stdout(job, cleaner, arguments)
    return _run(job, arguments, None)


def _run(job: Job, arguments: argparse.Namespace, records: Iterator[Record | InputError] | None) -> int:
    """Run over a corpus: into OUT, in place, or records at hand to standard output."""
    from cleaner.run import clean_corpus, clean_in_place, clean_records

    options = _options(arguments)
    teller = Teller(arguments.paths, arguments.quiet or (records is not None and sys.stdout.isatty()))
    start = time.monotonic()

    def finish(ending: Ending) -> None:
        teller.close()
        if arguments.report:
            from cleaner.report import write_report

            write_report(Path(arguments.report), ending, time.monotonic() - start, options.jobs)

    try:
        if records is not None:
            ending = clean_records(job, records, options, teller, finish)
        elif arguments.in_place:
            ending = clean_in_place(job, arguments.paths, options, teller, finish)
        else:
            ending = clean_corpus(job, arguments.paths, arguments.out, options, teller, finish)
    finally:
        teller.close()
    return _ended(ending, arguments)


def _ended(ending: Ending, arguments: argparse.Namespace) -> int:
    tally = ending.tally
    if not arguments.quiet:
        print(tally.summary(), file=sys.stderr)
        for place, _ in tally.reviewed:
            complain(f"{place}: look at this one: cleaner explain tells why")
        if tally.review > len(tally.reviewed):
            complain(f"and {tally.review - len(tally.reviewed)} more to look at: their headers say why")
    if ending.interrupted:
        complain(f"interrupted: {tally.done} documents are done{_how_to_go_on(arguments)}")
        return INTERRUPTED
    return QUARANTINED if tally.failed else OK


def _how_to_go_on(arguments: argparse.Namespace) -> str:
    if not arguments.out or arguments.dry_run:
        return ""
    given = list(arguments.given)
    return f"; go on with: cleaner {shlex.join(given if arguments.resume else [*given, '--resume'])}"


def _clean_to_stdout(job: Job, cleaner: Cleaner, arguments: argparse.Namespace) -> int:
    """One document as it is; rows as rows."""
    place, records = read_one(arguments.paths, _read_options(arguments), SEVERAL)
    first = next(records, None)
    if first is None:
        return OK
    if not is_alone(first, place):
        return _run(job, arguments, itertools.chain([first], records))
    if arguments.ledger:
        raise ValueError("--ledger goes with -o OUT, --in-place or rows; cleaner explain tells of one document")
    sys.stdout.write(clean_here(job, cleaner, first).render(job.header))
    return OK


SEVERAL = "several files or a folder need -o OUT (or --in-place, --check, --diff)"


def read_one(paths: list[str], options: ReadOptions, otherwise: str) -> tuple[str, Iterator[Record | InputError]]:
    """The place of the one file that paths stand for, and what it holds. Raises ValueError, saying `otherwise`, where they are more."""
    from cleaner.io.files import InputError, find_documents
    from cleaner.io.readers import read_records
    from cleaner.io.remote import is_remote

    if is_remote(paths[0]) and len(paths) == 1:
        return paths[0], read_records(paths, options)
    found = list(itertools.islice(find_documents(path for path in paths if not is_remote(path)), 2))
    if len(found) != 1 or any(map(is_remote, paths)) or Path(paths[0]).is_dir():
        raise ValueError(otherwise)
    if isinstance(found[0], InputError):
        raise found[0]
    return str(found[0].path), read_records(paths, options)


def is_alone(found: Record | InputError, place: str) -> bool:
    """Whether the first document of a file is the file itself, not a row or a member of it."""
    from cleaner.io.files import InputError
    from cleaner.io.remote import is_remote

    if is_remote(place):  # stores tell of one place in several ways
        return "/" not in getattr(found, "name", "")
    return (found.path if isinstance(found, InputError) else found.place) == place


def clean_here(job: Job, cleaner: Cleaner, found: Record | InputError) -> Result:
    """Clean one record in this process. Raises InputError."""
    from cleaner.clean_record import clean_record
    from cleaner.decode import DecodeError
    from cleaner.io.files import InputError

    if isinstance(found, InputError):
        raise found
    try:
        return clean_record(job, cleaner, found)
    except DecodeError as error:
        raise InputError(found.place, str(error)) from None


def _compare(job: Job, cleaner: Cleaner, arguments: argparse.Namespace) -> int:
    from cleaner.clean_record import is_changed
    from cleaner.io.files import InputError
    from cleaner.io.readers import read_records
    from cleaner.overwriting import check_paths

    check_paths(arguments.paths)
    changed = failed = 0
    for found in read_records(arguments.paths, _read_options(arguments)):
        try:
            result = clean_here(job, cleaner, found)
        except InputError as error:
            failed += 1
            complain(f"{error.path}: {error}")
        else:
            if is_changed(result):
                changed += 1
                _show(result, found.place, arguments.diff)  # type: ignore[union-attr]
    return QUARANTINED if failed else FOUND if changed else OK


def _show(result: Result, place: str, differences: bool) -> None:
    from cleaner.explain import diff

    if not differences:
        print(place)
        return
    coloured = colours(sys.stdout)
    for line in diff(result, place):
        colour = {"+": 32, "-": 31, "@": 36}.get(line[:1]) if coloured else None
        print(f"\x1b[{colour}m{line}\x1b[0m" if colour else line)
