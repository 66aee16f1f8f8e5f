"""Which check refuses which edited token."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from authkit.attacks import edit_payload
from authkit.course.answer import Answer, TryAgain, shown
from authkit.course.exercise import Exercise
from authkit.issuance import ClientCredentials
from authkit.jose.checks import CHECKS
from authkit.tenant import training_tenant

CHECK_NAMES: Final = tuple(check.name for check in CHECKS)
EDITS: Final = ("genuine", "a dot lost", "a strange letter", "payload edited", "for another API")


@cache
def _verdicts() -> Mapping[str, str]:
    """What a strict verifier really says of such tokens: the check that refuses, or `accepted`."""
    with training_tenant() as tenant:
        orders = tenant.apis.create(identifier="https://orders.example/")
        billing = tenant.apis.create(identifier="https://billing.example/")
        app = tenant.applications.create(name="Check", app_type="non_interactive")
        tokens = []
        for api in (orders, billing):
            tenant.client_grants.create(app, api)
            tokens.append(tenant.request_token(ClientCredentials(app, audience=api.identifier)).access_token)
        genuine, other = tokens
        edits = (
            genuine,
            genuine.replace(".", "", 1),
            f"{genuine[:20]}!{genuine[21:]}",
            edit_payload(genuine, sub="the-boss"),
            other,
        )
        verifier = tenant.verifier(orders)
        decisive = [verifier.explain(edit).decisive for edit in edits]
        names = ["accepted" if one is None else one.name for one in decisive]
        return dict(zip(EDITS, names, strict=True))


_WHY: Final = {
    "genuine": "Nobody touched it, it is for this API, and its time is not up. What would refuse it?",
    "a dot lost": "It has two parts now. Which check counts them, before anything is decoded?",
    "a strange letter": "Three parts are there, and one holds '!'. Which check looks at letters?",
    "payload edited": "Its base64url and JSON are sound, its aud and exp untouched. What covers the old one?",
    "for another API": "The same tenant signed it, and nobody changed it. Which claim tells whom it is for?",
}


def _predicts(answer: Answer) -> None:
    given = answer.value
    if not isinstance(given, Mapping):
        raise TryAgain(
            f"The check was given {shown(given)}. Hand in a dict: the name of each edit, and what you predict. "
            "Which names has edits?"
        )
    missing = [name for name in EDITS if name not in given]
    if missing:
        raise TryAgain(f"There is no prediction for {missing[0]!r} yet. What will the verifier say of it?")
    # A refusal's code begins with its check: form.segments is as good as form.
    said = {name: str(given[name]).strip().lower().split(".")[0] for name in EDITS}
    strange = next((one for one in said.values() if one not in (*CHECK_NAMES, "accepted")), None)
    if strange is not None:
        raise TryAgain(f"No check is called {shown(strange)}. Which of the names in the text do you mean?")
    if said["payload edited"] == "accepted":
        raise TryAgain(
            "By your prediction the edited payload gets in. It decodes without complaint, and so would anyone's JSON. "
            "Which part could the editor not make anew?",
            "decoded is verified",
        )
    if said["for another API"] == "accepted":
        raise TryAgain(
            "By your prediction a token for billing opens orders. Its signature is good. What else does a verifier "
            "compare?",
            "a good signature is enough",
        )
    for name, verdict in _verdicts().items():
        if said[name] != verdict:
            raise TryAgain(f"{name!r}: you say {said[name][:20]!r}. {_WHY[name]}")


PREDICT: Final = Exercise(
    id="q3",
    title="Predict for each of the five edits which check refuses it, or that it is accepted",
    check=_predicts,
    hints=(
        "The verifier asks in a fixed order: form, base64url, json, …, signature, iss, aud, exp. The first no decides.",
        "Go through the edits: can the token still be cut in three, decoded, read as JSON? Only then the signature "
        "counts, and only after it the claims.",
        "Two fail before any key is used, one at the signature, one at a claim, and one not at all.",
    ),
    solution=(
        "my_predictions = {\n"
        '    "genuine": "accepted",\n'
        '    "a dot lost": "form",\n'
        '    "a strange letter": "base64url",\n'
        '    "payload edited": "signature",\n'
        '    "for another API": "aud",\n'
        "}"
    ),
    done="A verifier asks in order, and the first no decides. Whatever follows a bad signature is not trusted.",
    start="my_predictions = authkit.course.TODO",
)
