"""The state of the HS256-and-RS256 panel: what has leaked, what was repaired, and what all parties' attempts gave."""

from __future__ import annotations

import re
from typing import Any, Final

from traitlets import Bool, Dict, Enum, HasTraits, Instance, Unicode, observe

from authkit.ground.errors import AuthKitError
from authkit.tenant import Tenant
from authkit.widgets.states import signing_code as code
from authkit.widgets.states.fields import Problem
from authkit.widgets.states.news import listen
from authkit.widgets.states.signing_parties import Algorithm, Column, column

MOST_DEPLOYMENTS: Final = 1000
_WRONG_NUMBER: Final = Problem(
    "deployments.out_of_range",
    f"The number of deployments is a whole number from 1 to {MOST_DEPLOYMENTS}.",
    "Type one like 3: every server, region and batch job that runs the API.",
)
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


class SigningState(HasTraits):
    """What the panel holds. All of it happens on training copies; the learner's tenant lends issuer and time.

    Args:
        tenant: Whose issuer and time the copies have.

    Attributes:
        tried: Whether the parties have been let try.
        hs_leak: `nothing` or `secret`.
        rs_leak: `nothing`, `public` or `private`.
        deployments: How many deployments the API has, exactly as typed.
        hs_repaired, rs_repaired: Whether the leak was repaired.
        shown: The problem of `deployments`, if there is one.
        hs, rs: What came of it with each algorithm; None only if `failure` is set.
        failure: Why the copies could not be made, or None.
        python, http: The last click as code.
    """

    tried = Bool(False)
    hs_leak = Enum(("nothing", "secret"), default_value="nothing")
    rs_leak = Enum(("nothing", "public", "private"), default_value="nothing")
    deployments = Unicode("3")
    hs_repaired = Bool(False)
    rs_repaired = Bool(False)

    shown: Dict[str, Problem] = Dict()
    hs = Instance(Column, allow_none=True)
    rs = Instance(Column, allow_none=True)
    failure = Instance(AuthKitError, allow_none=True)
    python = Unicode()
    http = Unicode()

    def __init__(self, tenant: Tenant[Any]) -> None:
        super().__init__()
        self.tenant = tenant
        self._known: dict[Algorithm, tuple[object, Column]] = {}
        self._clicked: code.Clicked = "try"
        self._resetting = False
        self.refresh()
        listen(tenant, self)

    def try_all(self) -> None:
        """Let every party sign and verify, with what it holds."""
        self._clicked = "try"
        self.tried = True
        self.refresh()

    def repair_hs(self) -> None:
        """Give the HS256 API another secret."""
        if not self.shown:
            self._clicked = "repair_hs"
            self.hs_repaired = True
            self.refresh()

    def repair_rs(self) -> None:
        """Rotate the signing keys and revoke the one before."""
        if not self.shown:
            self._clicked = "repair_rs"
            self.rs_repaired = True
            self.refresh()

    def reset(self) -> None:
        """The panel as it was at first."""
        self._resetting = True
        try:
            for name in ("tried", "hs_leak", "rs_leak", "deployments", "hs_repaired", "rs_repaired"):
                setattr(self, name, self.trait_defaults(name))
        finally:
            self._resetting = False
        self._clicked = "try"
        self.refresh()

    @observe("hs_leak", "rs_leak", "deployments")
    def _chosen(self, change: Any) -> None:
        if self._resetting:
            return
        if change["name"] == "hs_leak":
            self.hs_repaired, self._clicked = False, "leak_hs"
        elif change["name"] == "rs_leak":
            self.rs_repaired, self._clicked = False, "leak_rs"
        if change["new"] == "nothing":
            self._clicked = "try"
        self.refresh()

    def refresh(self) -> None:
        """Derive everything anew: with the tenant's time of now, every party tries again."""
        number = self._number()
        self.shown = {} if number else {"deployments": _WRONG_NUMBER}
        try:
            hs = self._column("HS256", self.hs_leak, number if self.hs_repaired else 0)
            rs = self._column("RS256", self.rs_leak, number if self.rs_repaired else 0)
        except AuthKitError as error:
            self.hs, self.rs, self.failure = None, None, error
            return
        self.failure = None
        self.hs, self.rs = hs, rs
        issuer, now = self.tenant.issuer, int(self.tenant.clock.now())
        self.python = code.python(self._clicked, issuer, now, self.rs_leak)
        self.http = code.http(self._clicked, issuer, hs, rs)

    def _number(self) -> int:
        """How many deployments there are; 0 for anything that is no such number."""
        typed = self.deployments.strip()
        number = int(typed) if _NUMBER.fullmatch(typed) and typed.isascii() else 0
        return number if number <= MOST_DEPLOYMENTS else 0

    def _column(self, algorithm: Algorithm, leak: Any, repaired_in: int) -> Column:
        # Any panel's change comes by here: what depends on nothing that changed is not tried again.
        asked = (self.tenant.issuer, int(self.tenant.clock.now()), leak, repaired_in)
        known = self._known.get(algorithm)
        if known is None or known[0] != asked:
            issuer, now, *_ = asked
            known = self._known[algorithm] = (asked, column(issuer, now, algorithm, leak, repaired_in))
        return known[1]
