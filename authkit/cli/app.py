"""The commands and their options. What a command does is in the file of its name, imported when it runs."""

# Named app, not main: a submodule `main` would replace the function `authkit.cli.main` once it is imported.

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from authkit import __version__

_app = typer.Typer(
    name="authkit",
    help="Learn API authorisation by doing it: offline, in a notebook. New here? Start with: authkit lab",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: without boxes, and without <bool> and <list[str]> beside every option
    add_completion=False,
    pretty_exceptions_enable=False,  # faults are told in a sentence; a real bug keeps its plain traceback
)


def run(arguments: Sequence[str]) -> int:
    """Run one command with its arguments; the exit code."""
    try:
        code = _app(list(arguments), prog_name="authkit", standalone_mode=True)
    except SystemExit as stop:
        code = stop.code
    return code if isinstance(code, int) else 0


def _show_version(asked: bool) -> None:
    if asked:
        print(f"authkit {__version__}")
        raise typer.Exit


@_app.callback()
def _authkit(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    pass


@_app.command()
def lab(
    jupyter_options: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- JUPYTER_OPTIONS", help="What follows -- goes to JupyterLab, as in: -- --port 9000"),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where your lessons are kept, one folder a version; by default ~/authkit-lessons.",
        ),
    ] = None,
    with_outputs: Annotated[
        bool, typer.Option("--with-outputs", help="Keep the results in the lessons, in a folder of its own.")
    ] = False,
    projector: Annotated[
        bool, typer.Option("--projector", help="For a room: larger type, side bars hidden (Ctrl-B shows the left one).")
    ] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="For authors: open the notebooks of this checkout, not copies.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; the address is printed instead.")
    ] = False,
) -> None:
    """Open the lessons in JupyterLab.

    They are your own copies, to change as you like. Ctrl-C stops it.
    """
    from authkit.cli.lab import open_lab

    raise typer.Exit(
        open_lab(
            folder=folder,
            with_outputs=with_outputs,
            projector=projector,
            in_place=in_place,
            browser=not no_browser,
            arguments=jupyter_options or (),
        )
    )


@_app.command()
def serve(
    port: Annotated[int, typer.Option(help="The port on this machine; 0 takes any free one.")] = 8400,
    training: Annotated[
        bool,
        typer.Option("--training", help="Serve a training tenant with an API, an application and a grant in place."),
    ] = False,
    store: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the tenant in this file. Without it, nothing outlives the command."),
    ] = None,
) -> None:
    """Serve a tenant over HTTP on this machine.

    Prints one line of JSON with its addresses when it is ready; Ctrl-C stops it.
    """
    from authkit.cli.serve import serve_tenant

    raise typer.Exit(serve_tenant(port=port, training=training, store=store))


@_app.command()
def tour() -> None:
    """The first lesson in this terminal, a page to read."""
    from authkit.cli.tour import tell

    tell()


@_app.command()
def doctor() -> None:
    """Check this machine; for each fault, the repair."""
    from authkit.cli.doctor import examine

    raise typer.Exit(examine())
