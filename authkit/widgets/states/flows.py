"""The stepper: which flow runs, who plays in it, the messages so far, and which of them is in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from traitlets import Bool, Enum, HasTraits, Instance, Int, Tuple, Unicode, observe

from authkit.ground.display import printable
from authkit.ground.errors import AuthKitError
from authkit.tenant import Tenant
from authkit.widgets.states import flow_client_credentials, flow_code, flow_needs, flow_refresh, flow_snippets
from authkit.widgets.states.api_code import Code
from authkit.widgets.states.flow_steps import Cast, Run, Step
from authkit.widgets.states.news import listen, tell

_LABEL: Final = 80
_NONE: Final = " none"  # begins with a space, as no identifier does


class Plot(NamedTuple):
    """One flow.

    Attributes:
        words: What it is called.
        titles: Its messages.
        actors: Who sends and receives them, from left to right; the others are absent.
        run: The flow itself.
        has_user: Whether a user takes part.
    """

    words: str
    titles: tuple[str, ...]
    actors: tuple[str, ...]
    run: Callable[[Cast], Run]
    has_user: bool


PLOTS: Final[Mapping[str, Plot]] = MappingProxyType(
    {
        "client_credentials": Plot(
            "Client credentials",
            flow_client_credentials.TITLES, flow_client_credentials.ACTORS, flow_client_credentials.run, False,
        ),
        "code": Plot("Authorization code with PKCE", flow_code.TITLES, flow_code.ACTORS, flow_code.run, True),
        "refresh": Plot("Refresh, and a thief", flow_refresh.TITLES, flow_refresh.ACTORS, flow_refresh.run, True),
    }
)  # fmt: skip
CHOSEN: Final = ("flow", "client_id", "audience", "user_id", "scope")


class FlowsState(HasTraits):
    """What the stepper holds; never raises for what was typed or clicked.

    A step that has happened stays as it was: going back shows it again, and undoes nothing.

    Args:
        tenant: On which the flows run, for real.

    Attributes:
        flow: Which flow, one of `PLOTS`.
        client_id, audience, user_id: Who plays in it; the audience is empty where no API is asked for.
        scope: The scopes to ask for, as typed; empty leaves them to the flow.
        applications, apis, users: A label and the value of every choice.
        lacking: What the flow needs and the tenant has not, in words.
        steps: The messages so far.
        at: Which of them is in sight, from 0; -1 before the first.
        step: The message in sight, or None.
        can_next, can_back: Whether there is another message; whether there is one before.
        asking: Whether the user has to accept or decline now.
        ended: Whether the flow has come to its end.
        done: What was created, in a sentence.
        failure: Why the flow cannot go on although no rule refused, or None.
        python, http: The whole run as code; after a creation what was created.
    """

    flow = Enum(tuple(PLOTS), default_value="client_credentials")
    client_id = Unicode()
    audience = Unicode()
    user_id = Unicode()
    scope = Unicode()

    applications = Tuple()
    apis = Tuple()
    users = Tuple()
    lacking = Tuple()
    steps = Tuple()
    at = Int(-1)
    step = Instance(Step, allow_none=True)
    can_next = Bool(False)
    can_back = Bool(False)
    asking = Bool(False)
    ended = Bool(False)
    done = Unicode()
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self._own = False
        self._run: Run | None = None
        self._refused: AuthKitError | None = None
        self._did: Code | None = None
        self._consented = True
        self.refresh()
        listen(tenant, self)

    @property
    def plot(self) -> Plot:
        """The flow that is chosen."""
        return PLOTS[self.flow]

    def next(self) -> None:
        """Show the next message; where it has not happened yet, let it happen."""
        if self.at < len(self.steps) - 1:
            self._show(self.at + 1)
        elif not self.ended and not self.asking:
            self._advance(None)

    def back(self) -> None:
        """Show the message before; what happened stays."""
        if self.at > 0:
            self._show(self.at - 1)

    def accept(self) -> None:
        """The user agrees on the consent page."""
        self._answer(True)

    def decline(self) -> None:
        """The user does not agree."""
        self._answer(False)

    def restart(self) -> None:
        """Begin a new run; what the one before brought stays."""
        self._begin()
        self.refresh()

    def create(self) -> None:
        """Create what the flow needs and the tenant has not."""
        self._begin()
        try:
            chosen = self.tenant.apis.find(self.audience)
            own = chosen if chosen is not None and not chosen.is_system else None
            said, code = flow_needs.create(self.flow, self.tenant, own)
        except AuthKitError as error:
            self._refused = error
            self.refresh()
            return
        self._set(audience="", client_id="")  # whatever was there did not fit
        self.refresh()
        self.done, self._did = said, code
        tell(self.tenant)

    def refresh(self) -> None:
        """Look again, at the tenant as it is now; a run that is under way goes on."""
        self.failure = self._refused
        try:
            self._look()
            self.python, self.http = self._did or self._code()
        except AuthKitError as error:
            self.failure = error
        self._stand()

    @observe(*CHOSEN)
    def _chose(self, change: Any) -> None:
        if not self._own:
            if change["name"] == "flow":
                self._set(client_id="", audience="", scope="")
            self._begin()
            self.refresh()

    def _look(self) -> None:
        flow, plot = self.flow, self.plot
        apis = sorted(self.tenant.apis, key=lambda api: (api.is_system, flow == "refresh" and
                                                         not api.allow_offline_access))  # fmt: skip
        labels = [(f"{printable((api.name or api.identifier)[:_LABEL])}{' (system)' if api.is_system else ''}",
                   api.identifier) for api in apis]  # fmt: skip
        self.apis = tuple([*labels, ("none: an opaque token", _NONE)] if flow == "code" else labels)
        if self.audience not in [audience for _, audience in self.apis]:
            self._set(audience=apis[0].identifier)
        audience = self._audience
        some = sorted(self.tenant.applications, key=lambda one: -flow_needs.fits(flow, self.tenant, one, audience))
        self.applications = tuple((f"{printable(one.name[:_LABEL])} ({one.app_type})", one.client_id) for one in some)
        if self.client_id not in [client_id for _, client_id in self.applications]:
            self._set(client_id=some[0].client_id if some else "")
        people = list(self.tenant.users) if plot.has_user else []
        self.users = tuple((printable(one.email), one.user_id) for one in people)
        if plot.has_user and self.user_id not in [user_id for _, user_id in self.users]:
            self._set(user_id=people[0].user_id if people else "")
        self.lacking = flow_needs.lacking(flow, self.tenant)

    @property
    def _audience(self) -> str | None:
        return None if self.audience == _NONE else self.audience

    @property
    def _cast(self) -> Cast:
        return Cast(
            tenant=self.tenant,
            client_id=self.client_id,
            audience=self._audience,
            user_id=self.user_id if self.plot.has_user else "",
            scope=" ".join(self.scope.split()),
        )

    def _code(self) -> Code:
        if not self.client_id or (self.plot.has_user and not self.user_id):
            nothing = "Nobody to run the flow with yet."
            return f"# {nothing}", nothing
        if self.flow == "client_credentials":
            return flow_snippets.client_credentials(self._cast)
        if self.flow == "code":
            return flow_snippets.code(self._cast, self._consented)
        return flow_snippets.refresh(self._cast)

    def _answer(self, consented: bool) -> None:
        if self.asking:
            self._consented = consented
            self._advance(consented)

    def _advance(self, answer: bool | None) -> None:
        """Let the next message happen."""
        if not self.client_id or (self.plot.has_user and not self.user_id):
            return
        self.done, self._did = "", None
        try:
            if self._run is None:
                self._run = self.plot.run(self._cast)
                step = next(self._run)
            else:
                step = self._run.send(answer)
        except StopIteration:
            self.ended = True
        except AuthKitError as error:  # what played in the run is gone, or the store is
            self._refused, self.ended = error, True
        else:
            self.steps = (*self.steps, step)
            self.ended = step.last
            self._show(len(self.steps) - 1)
        self.refresh()
        tell(self.tenant)

    def _show(self, at: int) -> None:
        self.at = at
        self._stand()

    def _stand(self) -> None:
        """Where the reader stands among the messages."""
        newest = self.at == len(self.steps) - 1
        self.step = self.steps[self.at] if 0 <= self.at < len(self.steps) else None
        self.asking = newest and not self.ended and self.step is not None and self.step.asks_consent
        playing = bool(self.client_id) and (bool(self.user_id) or not self.plot.has_user)
        self.can_next = not newest or (playing and not self.ended and not self.asking)
        self.can_back = self.at > 0

    def _begin(self) -> None:
        self._run = self._refused = self._did = None
        self._consented, self.ended, self.done = True, False, ""
        self.steps, self.at = (), -1
        self._stand()

    def _set(self, **chosen: str) -> None:
        """Choose something without taking that for the reader's choice."""
        self._own = True
        try:
            for name, value in chosen.items():
                setattr(self, name, value)
        finally:
            self._own = False
