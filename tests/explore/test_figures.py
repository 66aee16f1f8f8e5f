"""`Picture`: pixels for who looks, words for who cannot, and for nbval; nothing left behind in matplotlib."""

import base64
import html.parser
import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import IPython
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from PIL import Image

from authkit import Api, Application, ConfigurationError, SteerableClock, Tenant
from authkit.attacks import edit_payload
from authkit.explore import (
    Picture,
    crack_times,
    rotation_timeline,
    signing_comparison,
    token_anatomy,
    validity_timeline,
)

ROOT = Path(__file__).resolve().parents[2]
Training = Tenant[SteerableClock]


def pictures(tenant: Training, token: str) -> Iterator[Picture]:
    """One of each kind."""
    yield token_anatomy(token)
    yield validity_timeline({"good": token, "edited": edit_payload(token, exp=1)}, tenant.clock)
    yield rotation_timeline(tenant.keys, tenant.clock)
    yield signing_comparison()
    yield crack_times()


class Images(html.parser.HTMLParser):
    """The attributes of every `<img>`."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))


@pytest.fixture
def page(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes the cell look as if JupyterLab had sent it: with its name."""

    def named() -> None:
        monkeypatch.setattr(shell, "get_parent", lambda: {"metadata": {"cellId": "a"}}, raising=False)
        monkeypatch.setattr(IPython, "get_ipython", lambda: shell)

    return named


def formatted(shell: InteractiveShell, picture: Picture) -> tuple[dict[str, Any], dict[str, Any]]:
    """What IPython would send for a cell that ends in this picture: data and metadata."""
    assert shell.display_formatter is not None
    data, metadata = shell.display_formatter.format(picture)
    return data, metadata


def test_the_png_decodes_and_has_the_size_that_it_is_shown_in(tenant: Training, token: str) -> None:
    """Twice as many pixels as CSS gives it, all of them opaque: a card that reads in both themes."""
    for picture in pictures(tenant, token):
        image = Image.open(io.BytesIO(picture.png()))
        image.load()
        ((attributes,), size) = Images(picture.html()).found, image.size
        assert size[0] == 1760 and [str(side // 2) for side in size] == [attributes["width"], attributes["height"]]
        assert image.convert("RGBA").getchannel("A").getextrema() == (255, 255)


def test_the_words_are_the_repr_and_the_alternative_text(tenant: Training, token: str) -> None:
    """One line of sentences, the same in all three places."""
    for picture in pictures(tenant, token):
        (attributes,) = Images(picture.html()).found
        assert repr(picture) == picture.words == attributes["alt"]
        assert picture.words.isprintable() and picture.words.endswith(".") and len(picture.words) < 1000


def test_an_alternative_text_is_no_markup(tenant: Training, token: str) -> None:
    """Claims are anybody's."""
    picture = token_anatomy(edit_payload(token, **{'"><script>alert(1)</script>': 1, "$x$": "$y$"}))
    assert "<script>" not in picture.html() and '"><script>' in picture.words
    assert len(Images(picture.html()).found) == 1


def test_what_is_saved_is_an_image_apart_from_its_words(shell: InteractiveShell, token: str) -> None:
    """nbval leaves `image/png` alone and compares the words; HTML with the pixels in it would be compared too."""
    picture = token_anatomy(token)
    data, metadata = formatted(shell, picture)
    assert set(data) == {"text/plain", "image/png"} and data["text/plain"] == picture.words
    assert base64.b64decode(data["image/png"]) == picture.png()
    assert metadata["image/png"]["alt"] == picture.words and metadata["image/png"]["width"] == 880


def test_a_page_gets_an_image_with_an_alternative_text(
    shell: InteractiveShell, page: Callable[[], None], token: str
) -> None:
    """JupyterLab shows `image/png` without one."""
    page()
    data, _ = formatted(shell, token_anatomy(token))
    assert set(data) == {"text/plain", "text/html"} and Images(data["text/html"]).found[0]["alt"] == data["text/plain"]


def test_voila_gets_one_too(shell: InteractiveShell, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says who it is in the kernel's environment."""
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    assert "text/html" in formatted(shell, token_anatomy(token))[0]


def test_without_a_notebook_a_picture_is_its_words(tenant: Training, token: str) -> None:
    """In a terminal, where IPython may not even be there."""
    program = (
        "import sys; from authkit.explore import crack_times; picture = crack_times()\n"
        "assert 'IPython' not in sys.modules and 'image/png' in picture._repr_mimebundle_()[0]; print(picture)"
    )
    assert ran(program).strip() == crack_times().words


def ran(program: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_picture_touches_pyplot_or_the_settings() -> None:
    """Neither a backend nor a figure is left behind, and nothing is imported before a figure is made."""
    program = (
        "import sys; from authkit import explore\n"
        "assert 'matplotlib' not in sys.modules and 'pandas' not in sys.modules\n"
        "import matplotlib\n"
        "def settings():\n"
        "    return {name: matplotlib.rcParams[name] for name in matplotlib.rcParams if name != 'backend'}\n"
        "before = settings(); explore.crack_times().png()\n"
        "print('matplotlib.pyplot' in sys.modules, before == settings(), 'pandas' in sys.modules)"
    )
    assert ran(program).split() == ["False", "True", "False"]


def test_the_learners_own_settings_change_nothing() -> None:
    """A dark style, another font, a tight box: the same bytes."""
    program = (
        "from authkit.explore import rotation_timeline, crack_times; import matplotlib; one = crack_times().png()\n"
        "matplotlib.rcParams.update({'font.family': 'serif', 'font.size': 30, 'savefig.bbox': 'tight', "
        "'figure.dpi': 50,"
        "'axes.facecolor': 'black', 'figure.facecolor': 'black', 'lines.marker': 'o', 'lines.linewidth': 9,"
        "'text.color': 'white', 'patch.linewidth': 7})\n"
        "print(one == crack_times().png())"
    )
    assert ran(program).split() == ["True"]


@pytest.mark.parametrize(
    ("blocked", "touch"), [("matplotlib", "explore.crack_times()"), ("pandas", "explore.crack_times().table")]
)
def test_a_missing_extra_is_one_clear_error(blocked: str, touch: str) -> None:
    """It says which to install; a picture needs no pandas until its table is asked for."""
    program = (
        f"import sys; sys.modules[{blocked!r}] = None\nimport authkit; from authkit import explore\n"
        f"try:\n    {touch}\nexcept authkit.ConfigurationError as error:\n"
        f"    print(error.code, {blocked!r} in error.message, 'authkit[lab]' in error.remedy)"
    )
    assert ran(program) == "extra.missing True True\n"


def test_the_table_is_the_readers_own(token: str) -> None:
    """Whoever edits it does not edit the next one."""
    picture = token_anatomy(token)
    table = picture.table
    table.loc[0, "part"] = "mine"
    assert picture.table["part"][0] == "header" and picture.measured.empty


def test_whoever_wants_matplotlib_has_the_figure(token: str, tmp_path: Path) -> None:
    """And can save it as anything."""
    token_anatomy(token).figure.savefig(tmp_path / "anatomy.svg")
    assert "<svg" in (tmp_path / "anatomy.svg").read_text(encoding="utf-8")


def test_no_secret_and_no_whole_token_is_in_words_tables_or_svg(
    tenant: Training, hs_api: Api, hs_token: str, app: Application, token: str
) -> None:
    """Searched as text: SVG keeps the letters that are drawn, if it is told to."""
    import matplotlib as mpl

    assert hs_api.signing_secret is not None and app.client_secret is not None
    needles = [hs_api.signing_secret.reveal(), app.client_secret.reveal(), token, hs_token]
    needles += [token.split(".")[2][:24], hs_token.split(".")[2][:16]]
    needles += [entry.key.private_pem().reveal().splitlines()[5] for entry in tenant.keys.ring.keys]
    for one in (token, hs_token):
        for picture in pictures(tenant, one):
            with io.StringIO() as file, mpl.rc_context({"svg.fonttype": "none"}):
                picture.figure.savefig(file, format="svg")
                written = f"{picture.words}{picture.table.to_csv()}{picture.measured.to_csv()}{file.getvalue()}"
            assert "<text" in written and not [needle for needle in needles if needle in written]


def test_every_text_is_large_enough_and_on_the_card(tenant: Training, token: str) -> None:
    """At least 9 points at 880 pixels, nothing beyond the edge, no text on another."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    crowded = edit_payload(token, **{"a-claim-with-a-very-long-name" * 3: "x" * 900, "😀漢字": "w", "exp": 9e12})
    for number in range(3):
        tenant.clock.advance(days=number)
        tenant.keys.rotate()
    tenant.keys.revoke(rotation_timeline(tenant.keys).table["kid"][2])
    for picture in (*pictures(tenant, token), token_anatomy(crowded), validity_timeline(crowded, tenant.clock)):
        canvas = FigureCanvasAgg(picture.figure)
        canvas.draw()
        boxes = []
        for text in picture.figure.axes[0].texts:
            extent = text.get_window_extent(canvas.get_renderer())
            assert float(text.get_fontsize()) >= 9
            assert extent.x0 >= 0 and extent.x1 <= 1760 and extent.y0 >= 0 and extent.y1 <= picture.figure.bbox.height
            boxes.append((text.get_text(), extent.shrunk(0.94, 0.94)))
        apart = [(a, b) for i, (a, one) in enumerate(boxes) for b, two in boxes[:i] if a and b and one.overlaps(two)]
        assert not apart, f"{picture.words[:30]}: {apart}"


CELLS = (
    "import authkit\nfrom authkit import explore\ntenant = authkit.training_tenant()",
    'api = tenant.apis.create(name="Orders", identifier="https://orders.example/")\n'
    'app = tenant.applications.create(name="Nightly report")\ngrant = tenant.client_grants.create(app, api)',
    "token = tenant.request_token(authkit.ClientCredentials(app, audience=api.identifier)).access_token",
    "explore.token_anatomy(token)",
    "explore.validity_timeline(token, tenant.clock)",
    "tenant.clock.advance(days=30)\ntenant.keys.rotate()\nexplore.rotation_timeline(tenant.keys, tenant.clock)",
    "comparison = explore.signing_comparison()\ncomparison",
    "comparison.table",
    "explore.crack_times()",
)


@pytest.mark.slow
def test_a_notebook_with_every_picture_passes_nbval_twice(tmp_path: Path) -> None:
    """Strictly, measured pictures included; and an edited word is noticed."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    path = tmp_path / "pictures.ipynb"
    nbformat.write(notebook, path)
    shown = [output for cell in notebook.cells for output in cell.outputs if "image/png" in output.get("data", {})]
    assert len(shown) == 5 and not any("text/html" in output["data"] for output in shown)
    text = path.read_text(encoding="utf-8")
    assert text.count("Anatomy of a token") == 2  # the output's words, and its metadata, which nbval skips
    (tmp_path / "again.ipynb").write_text(text, encoding="utf-8")
    edited = text.replace("Anatomy of a token", "Anatomy of a letter")
    (tmp_path / "edited.ipynb").write_text(edited, encoding="utf-8")
    own = ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-m", "pytest", *own, "pictures.ipynb", "again.ipynb", "edited.ipynb"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert f"1 failed, {3 * len(CELLS) - 1} passed" in result.stdout, result.stdout
    assert "explore.token_anatomy(token)" in result.stdout  # the cell that failed


@pytest.mark.slow
def test_a_kernel_knows_a_front_end_that_names_its_cell(tmp_path: Path) -> None:
    """As JupyterLab does with every cell, in the request's metadata; nbval and nbclient do not."""
    manager = KernelManager(kernel_name="python3", transport_encryption="auto")
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        seen = []
        for metadata in ({"cellId": "a-cell"}, {}):
            content = {"code": "from authkit import explore\nexplore.crack_times()", "silent": False}
            client.shell_channel.send(client.session.msg("execute_request", content, metadata=metadata))
            while (message := client.get_iopub_msg(timeout=60))["msg_type"] != "execute_result":
                pass
            seen.append(set(message["content"]["data"]))
        assert seen == [{"text/plain", "text/html"}, {"text/plain", "image/png"}]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("keys", [None, 3, "keys", {"keys": []}], ids=repr)
def test_what_are_no_keys_is_named(keys: Any) -> None:
    """With what to pass."""
    with pytest.raises(ConfigurationError) as caught:
        rotation_timeline(keys)
    assert caught.value.code == "picture.keys" and "tenant.keys" in caught.value.remedy


def test_a_tenant_stands_for_its_keys(tenant: Training) -> None:
    """Which one is likely to pass."""
    assert rotation_timeline(tenant).words == rotation_timeline(tenant.keys).words


@pytest.mark.parametrize("clock", [3, "now"], ids=repr)
def test_what_is_no_clock_is_named(tenant: Training, token: str, clock: Any) -> None:
    """Here and there."""
    for draw in (lambda: rotation_timeline(tenant.keys, clock), lambda: validity_timeline(token, clock)):
        with pytest.raises(ConfigurationError) as caught:
            draw()
        assert caught.value.code == "picture.clock" and "tenant.clock" in caught.value.remedy
