"""The commands and their options. What a command does is in the file of its name, imported when it runs."""

# Named app, not main: a submodule `main` would replace the function `authkit.cli.main` once it is imported.

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from authkit import AUTH0_ACCESS_TOKEN, RFC9068, __version__
from authkit.cli.printing import ReaderGone
from authkit.jose.algorithms import ALGORITHMS

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
        if type(sys.stdout).__name__ == "PacifyFlushWrapper":  # how click leaves stdout once nobody reads it
            raise ReaderGone from None
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
    tls: Annotated[
        bool,
        typer.Option("--tls", help="Serve over https, with a certificate made on the spot; the line says where it is."),
    ] = False,
    issuer: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The issuer of a new tenant, by default the address it is served at. A tenant keeps its issuer.",
        ),
    ] = None,
) -> None:
    """Serve a tenant over HTTP on this machine.

    Prints one line of JSON with its addresses when it is ready; Ctrl-C stops it.
    """
    from authkit.cli.serve import serve_tenant

    raise typer.Exit(serve_tenant(port=port, training=training, store=store, tls=tls, issuer=issuer))


_Store = Annotated[Path, typer.Option(metavar="FILE", help="The tenant's file.")]


@_app.command(
    short_help="Write a tenant's configuration as JSON.", epilog="""Exit code: 0 it was written, 2 it was not."""
)
def export(
    store: _Store,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="With client secrets and signing secrets, in clear.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there, readable by you alone; by default to stdout.")
    ] = None,
) -> None:
    """Write a tenant's configuration as JSON, as its Management API would.

    Signing keys, passwords, tokens and the log stay where they are, and so does what is granted for the Management API.
    """
    from authkit.cli.export import export_store

    raise typer.Exit(export_store(store, secrets=with_secrets, out=out))


@_app.command(
    "import",
    short_help="Take a configuration into a tenant's file.",
    epilog="""Exit code: 0 all of it came in, 2 nothing did.""",
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What authkit export wrote; - reads stdin.")],
    store: _Store,
    issuer: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The issuer of a new tenant, by default http://127.0.0.1:8400/ for authkit serve."
        ),
    ] = None,
) -> None:
    """Take a configuration into a tenant's file, of this package or of a real tenant: all of it, or nothing.

    Says what came in, what has no meaning here, and what is risky. The file is made if it is not there.
    """
    from authkit.cli.import_ import import_file

    raise typer.Exit(import_file(file, store, issuer=issuer))


@_app.command()
def dashboard(
    store: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The tenant's file; without one each page has a training tenant of its own."),
    ] = None,
    port: Annotated[int, typer.Option(help="The port on this machine.")] = 8500,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Every panel on one tenant, in a page of its own.

    Ctrl-C stops it.
    """
    from authkit.cli.dashboard import open_dashboard

    raise typer.Exit(open_dashboard(store=store, port=port, browser=not no_browser))


@_app.command()
def tour() -> None:
    """The first lesson in this terminal, a page to read."""
    from authkit.cli.tour import tell

    tell()


@_app.command()
def progress(
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as JSON, for another machine; no answers are in it.")
    ] = None,
    import_: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="Take in what --export wrote; nothing is doubled.")
    ] = None,
) -> None:
    """How far you are with the exercises of each lesson."""
    from authkit.cli.progress import show_progress

    raise typer.Exit(show_progress(export=export, import_=import_))


@_app.command()
def reset(
    number: Annotated[str | None, typer.Argument(metavar="LESSON", help="Its number, as in 05.")] = None,
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="NAME", help="Only this one, as in q2: the rest stays yours.")
    ] = None,
    all_lessons: Annotated[bool, typer.Option("--all", help="Every lesson that you have a copy of.")] = False,
    folder: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where your lessons are kept, as for authkit lab.")
    ] = None,
) -> None:
    """Bring a lesson, or one exercise of it, back as it was at first.

    What is there is kept beside it, under a name that is printed.
    """
    from authkit.cli.reset import reset

    raise typer.Exit(reset(number, exercise=exercise, all_lessons=all_lessons, folder=folder))


@_app.command(short_help="For who teaches: what a lesson needs.")
def notes(
    number: Annotated[str, typer.Argument(metavar="LESSON", help="Its number, as in 05.")],
) -> None:
    """For who teaches: a lesson's minutes, where to cut, questions to ask, likely wrong answers, a demo."""
    from authkit.cli.notes import show_notes

    raise typer.Exit(show_notes(number))


_Token = Annotated[
    str | None,
    typer.Argument(metavar="TOKEN", help="Left out or -: read from stdin, which keeps it out of the shell's history."),
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]


@_app.command(
    epilog="""Examples:

\b
  authkit decode eyJhbGciOi...
  authkit decode --json < token.txt

Exit code: 0 it can be read, 1 it is malformed, 2 there is no token."""
)
def decode(token: _Token = None, as_json: _AsJson = False) -> None:
    """Read a token, without verifying it.

    Anyone could have written what this prints. Nothing is fetched or sent.
    """
    from authkit.cli.decode import decode_token

    raise typer.Exit(decode_token(token, as_json=as_json))


@_app.command(
    epilog="""Examples:

\b
  authkit verify --jwks http://127.0.0.1:8400/.well-known/jwks.json \\
    --issuer http://127.0.0.1:8400/ --audience https://orders.example/ < token.txt
  authkit verify --secret secret.txt --issuer ... --audience ... eyJhbGciOi...

Exit code: 0 accepted, 1 refused, 2 it cannot be decided: an option is at fault or the keys are out of reach."""
)
def verify(
    token: _Token = None,
    issuer: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Required. The one issuer you trust, letter by letter.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Required. The identifier of your API, letter by letter.")
    ] = None,
    jwks: Annotated[
        str | None,
        typer.Option(
            metavar="URL|FILE", help="The issuer's JWK Set: https (on this machine also http), or a JSON file."
        ),
    ] = None,
    ca_file: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="A certificate in PEM to trust for that URL, as authkit serve --tls names one."
        ),
    ] = None,
    key: Annotated[str | None, typer.Option(metavar="FILE", help="A public key or certificate in PEM.")] = None,
    secret: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A shared secret: the bytes of the file are the key. One newline at its end is left out.",
        ),
    ] = None,
    secret_base64url: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A shared secret, spelt in base64url. One newline at its end is left out."),
    ] = None,
    algorithms: Annotated[
        list[str] | None,
        typer.Option(
            "--alg",
            metavar="NAME",
            help=f"What the API records: {', '.join(map(str, ALGORITHMS.values()))}. May be repeated. "
            "By default RS256, with a shared secret HS256.",
        ),
    ] = None,
    policy: Annotated[
        str,
        typer.Option(metavar="NAME", help=f"The kind of access token: {AUTH0_ACCESS_TOKEN.name} or {RFC9068.name}."),
    ] = AUTH0_ACCESS_TOKEN.name,
    at: Annotated[
        str | None,
        typer.Option(metavar="MOMENT", help="Judge as of then, as in 2026-01-05T09:00:00Z; by default now."),
    ] = None,
    as_json: _AsJson = False,
) -> None:
    """Verify a token, and say which check decided.

    Exactly one of --jwks, --key, --secret and --secret-base64url says what the key is; it is never guessed.
    """
    from authkit.cli.verify import Asked, verify_token

    raise typer.Exit(
        verify_token(
            Asked(
                token=token,
                issuer=issuer,
                audience=audience,
                jwks=jwks,
                ca_file=ca_file,
                key=key,
                secret=secret,
                secret_base64url=secret_base64url,
                algorithms=algorithms or (),
                policy=policy,
                at=at,
                as_json=as_json,
            )
        )
    )


@_app.command()
def doctor(
    offline: Annotated[
        bool,
        typer.Option(
            "--offline",
            help="For the day before a training: also run the first lesson with every other machine out of reach.",
        ),
    ] = False,
) -> None:
    """Check this machine; for each fault, the repair."""
    from authkit.cli.doctor import examine

    raise typer.Exit(examine(offline=offline))
