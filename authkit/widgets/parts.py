"""What panels are made of: the panel itself, labelled controls, lines under them, folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import ipywidgets
from traitlets import HasTraits, dlink, link

from authkit.ground import display
from authkit.ground.errors import AuthKitError
from authkit.widgets.look import CSS
from authkit.widgets.one_cell import close_all, ends_with_its_cell
from authkit.widgets.one_queue import in_order
from authkit.widgets.states.fields import Problem


class Panel(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets publishes no types
    """A panel: its title, the tenant it works on, and its rows.

    Args:
        title: What it is for, as a heading.
        tenant: What the tenant is called.
        kind: Its own CSS class, by which a test finds it.
        rows: What it holds, top to bottom.
        beside: What stands beside the title.
        css: Rules of its own, every one below its class.
    """

    def __init__(
        self, title: str, tenant: str, kind: str, rows: Sequence[Any], beside: Sequence[Any] = (), css: str = ""
    ) -> None:
        self._text = f"{title} panel of the tenant {tenant}"
        heading = ipywidgets.HTML(f"<style>{CSS}{css}</style>{display.tag('div', title, class_='authkit-title')}")
        super().__init__([row(heading, ipywidgets.HTML(display.text(f"tenant {tenant}")), *beside), *rows])
        in_order(self.add_class("authkit-panel").add_class(kind))
        ends_with_its_cell(self)

    def close(self) -> None:
        """End the panel and all that it holds; it no longer follows the tenant."""
        close_all(self)

    def __repr__(self) -> str:
        # It lands in saved notebooks as text: the same on every machine, and no addresses.
        return self._text


class Fold:
    """Content hidden until its button is pressed.

    A `<details>` would close again whenever its content is replaced, which here happens at every keystroke.

    Args:
        name: What is hidden, as in `the code`.
        content: The widgets to hide.

    Attributes:
        button: What opens and closes it.
        content: What it hides.
    """

    def __init__(self, name: str, content: Sequence[Any]) -> None:
        self._name = name
        self.button = ipywidgets.Button().add_class("authkit-fold")
        self.content = ipywidgets.VBox(content).add_class("authkit-folded")
        self.button.on_click(lambda _: self.show(self.content.layout.display == "none"))
        self.show(False)

    def show(self, opened: bool) -> None:
        """Open or close it."""
        self.content.layout.display = None if opened else "none"
        self.button.description = f"▾ Hide {self._name}" if opened else f"▸ Show {self._name}"


def folds(*some: Fold) -> Any:
    """Folds side by side, what they hide below them."""
    return ipywidgets.VBox([row(*(one.button for one in some)), *(one.content for one in some)])


def live_html(state: HasTraits, traits: Sequence[str], render: Callable[[], display.Html], kind: str = "") -> Any:
    """HTML that is rendered again whenever one of these traits changes; it takes no room while empty."""
    shown = ipywidgets.HTML()
    if kind:
        shown.add_class(kind)

    def fill(change: object = None) -> None:
        value = sendable(render())
        shown.layout.display = "" if value else "none"
        shown.value = value

    state.observe(fill, list(traits))
    fill()
    return shown


def live_code(state: HasTraits, traits: dict[str, str]) -> list[Any]:
    """A captioned block of code for each of these traits of the state, ready to copy."""

    def block(trait: str, caption: str) -> Any:
        def render() -> display.Html:
            return display.join([display.tag("div", caption), display.code(getattr(state, trait))])

        return live_html(state, [trait], render, "authkit-code")

    return [block(trait, caption) for trait, caption in traits.items()]


# Sent key by key, text is held back in the browser while the kernel is busy, and a button's click overtakes it: an
# API was created from half a name. A field that is sent whole when it is left goes out before the click.
_WHOLE: Final = {"continuous_update": False}


def text(label: str, placeholder: str = "") -> Any:
    """A line to type into, sent when it is left: for whatever a button then acts on."""
    return ipywidgets.Text(description=label, placeholder=placeholder, **_WHOLE)


def lines(label: str, placeholder: str = "", rows: int = 2) -> Any:
    """The same with several lines."""
    return ipywidgets.Textarea(description=label, placeholder=placeholder, rows=rows, **_WHOLE)


def entry(state: HasTraits, trait: str, control: Any, *below: Any) -> Any:
    """A control linked to a trait of the state, with what stands below it, or what `state.shown` says is wrong.

    What is wrong takes the place of the rest, so that little on the page moves.
    """
    link((state, trait), (control, "value"))

    def make_room(change: object = None) -> None:
        for one in below:
            one.layout.display = "none" if trait in state.shown else None  # type: ignore[attr-defined]

    state.observe(make_room, "shown")
    make_room()
    said = live_html(state, ["shown"], lambda: problem(state.shown.get(trait)), "authkit-problem")  # type: ignore[attr-defined]
    return field(control, *below, said)


def choice(state: HasTraits, trait: str, choices: str, label: str, kind: Any = ipywidgets.Dropdown) -> Any:
    """A dropdown on a trait of the state.

    Args:
        state: The state.
        trait: What is chosen.
        choices: The trait that holds the options, pairs of words and value.
        label: What the control is called.
        kind: What to choose from, if that is no dropdown: `ipywidgets.RadioButtons` is a list.
    """
    control = kind(description=label)
    filling = False

    def fill(change: object = None) -> None:
        # New options make a Dropdown fall back to its first; the state's choice is put back before it is heard of.
        nonlocal filling
        filling = True
        try:
            options = getattr(state, choices)
            chosen = getattr(state, trait)
            control.options = options
            control.value = chosen if chosen in [value for _, value in options] else None
        finally:
            filling = False

    def chosen(change: Any) -> None:
        if not filling:
            setattr(state, trait, change["new"])

    fill()
    state.observe(fill, [choices, trait])
    control.observe(chosen, "value")
    return control


def tabs(views: Mapping[str, Sequence[Any]]) -> Any:
    """Views of one thing, one of them in sight; chosen by mouse, or by arrow keys and Enter."""
    boxes = [ipywidgets.VBox(view).add_class("authkit-view") for view in views.values()]
    return ipywidgets.Tab(boxes, titles=tuple(views)).add_class("authkit-tabs")


def field(control: Any, *below: Any) -> Any:
    """A control with what stands under it: a hint, a problem."""
    return ipywidgets.VBox([control, *below]).add_class("authkit-field")


def hint(words: str) -> Any:
    """A line under a control that says what it is for."""
    return ipywidgets.HTML(display.tag("span", words)).add_class("authkit-hint")


def live_hint(state: HasTraits, trait: str, words: Callable[[Any], str]) -> Any:
    """A line under a control that follows the state."""
    shown = hint("")
    dlink((state, trait), (shown, "value"), lambda value: sendable(display.tag("span", words(value))))
    return shown


def problem(found: Problem | None) -> display.Html:
    """A problem as a line under its field: a sign and the rule, coloured besides, then the repair."""
    return display.join([display.badge("refused", found.rule), found.remedy], " ") if found else display.Html()


def failed(title: str, error: AuthKitError, tone: str = "refused") -> display.Html:
    """An error as a framed statement."""
    return display.block(title, error.message, tone=tone, note=error.remedy, code=error.code)


def columns(left: Sequence[Any], right: Sequence[Any]) -> Any:
    """Two columns that become one where the panel is narrow."""
    boxes = [
        ipywidgets.VBox(left).add_class("authkit-left"),
        ipywidgets.VBox(right).add_class("authkit-right"),
    ]
    return ipywidgets.HBox(boxes).add_class("authkit-columns")


def row(*widgets: Any) -> Any:
    """Widgets side by side, wrapping where the panel is narrow."""
    return ipywidgets.HBox(widgets).add_class("authkit-row")


def button(words: str, action: Callable[[], None], *, primary: bool = False) -> Any:
    """A button that makes one call into the state."""
    made = ipywidgets.Button(description=words, button_style="primary" if primary else "")
    made.on_click(lambda _: action())
    return made


def sendable(html: str) -> str:
    """HTML that can be sent to the browser: half a surrogate pair, which a browser can send us, cannot go back."""
    return html.encode("utf-8", "backslashreplace").decode()
