"""From a broken rule to one clear error: which field, which rule, what was given, how to repair it."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from pydantic import ValidationError

from authkit.ground.display import kind_of, printable, shorten
from authkit.ground.errors import RegistrationError
from authkit.ground.secret import Secret
from authkit.registry.models import Model, Rule

M = TypeVar("M", bound=Model)

MAX_FIELD: Final = 100


class _Unshown:
    """Stands for a value of which nobody knows what it is."""

    def __repr__(self) -> str:
        return "a value that is not shown"


_UNSHOWN: Final = _Unshown()

_LISTS: Final = {
    "scopes": '{"read:orders": "Read orders"}',
    "scope": '["read:orders"]',
    "callbacks": '["https://shop.example/callback"]',
    "grant_types": '["client_credentials"]',
}
"""How the lists of these fields are written."""

_EXAMPLES: Final = {
    "identifier": "a name of its own, usually a URL, like https://orders.example/",
    "name": "a name, like Orders",
    "scopes.value": "a value, like read:orders",
}


def build(model: type[M], values: dict[str, Any]) -> M:
    """A model from its values.

    Raises:
        RegistrationError: The first rule that is broken.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise first_problem(model, error, values) from None


def problems(model: type[Model], values: dict[str, Any]) -> dict[str, RegistrationError]:
    """Every field at fault with its error, the first one of each; empty if the values are good."""
    found: dict[str, RegistrationError] = {}
    try:
        model.model_validate(values)
    except ValidationError as error:
        for detail in _details(error):
            problem = _problem(model, detail, values)
            found.setdefault(problem.field.partition(".")[0], problem)
    return found


def first_problem(model: type[Model], error: ValidationError, values: dict[str, Any]) -> RegistrationError:
    """The first of pydantic's errors, as ours."""
    return _problem(model, _details(error)[0], values)


def registration_error(
    noun: str, field: str, rule: str, sentence: str, remedy: str, value: object
) -> RegistrationError:
    """An error in the one form they all have.

    Args:
        noun: What was being registered, as in `API`.
        field: The field at fault.
        rule: Stable name of the rule; with the field it makes the code.
        sentence: The rule in words, as in "must be unique".
        remedy: How to keep it.
        value: What was given; a secret shows its length only.
    """
    given = _given(field, value)
    field = printable(field if len(field) <= MAX_FIELD else f"{field[:MAX_FIELD]}…")  # an unknown one is anybody's text
    return RegistrationError(
        f"{field.partition('.')[0]}.{rule}",
        f"{noun}: {field} {sentence}; given was {given}. Nothing was stored.",
        remedy,
        field=field,
        rule=sentence,
        value=given,
    )


def _details(error: ValidationError) -> list[dict[str, Any]]:
    found = error.errors(include_url=False, include_context=True)
    # A misspelt field first: it is why another one seems to be missing.
    return [dict(detail) for detail in sorted(found, key=lambda detail: detail["type"] != "extra_forbidden")]


def _given(field: str, value: object) -> str:
    if any(word in field.lower() for word in ("secret", "password")) or isinstance(value, Secret):
        return f"a secret of {len(value)} characters" if isinstance(value, str | bytes | Secret) else kind_of(value)
    return shorten(value)


def _problem(model: type[Model], detail: dict[str, Any], values: dict[str, Any]) -> RegistrationError:
    field = ".".join(step for step in detail["loc"] if isinstance(step, str)) or "values"
    context = detail.get("ctx", {})
    rule, sentence, remedy = _RULES.get(detail["type"], _unknown)(context, model, field)
    value = values.get(str(detail["loc"][0])) if len(detail["loc"]) == 1 else detail.get("input")
    if detail["type"] == "extra_forbidden":  # a misspelt field of a secret or password holds one too
        value = _UNSHOWN
    return registration_error(model.noun, field, rule, sentence, remedy, value)


def _bound(at_least: bool) -> Any:
    def rule(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
        limit = context["ge" if at_least else "le"]
        sentence = f"must be at {'least' if at_least else 'most'} {limit}"
        timed = "lifetime" in field or "leeway" in field
        unit = " seconds (30 days)" if limit == 2592000 else " seconds" if timed else ""
        return "too_small" if at_least else "too_large", sentence + unit, "Give a whole number within the bounds."

    return rule


def _length(too: str, of: str = "characters") -> Any:
    def rule(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
        if too == "short":
            return "empty", "must not be empty", f"Write {_EXAMPLES.get(field, 'at least one character')}."
        return "too_long", f"may have at most {context['max_length']} {of}", "Make it shorter."

    return rule


def _no_list(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    return "not_a_list", "must be a list", f"Put it in a list, as in {_LISTS.get(field, '[...]')}."


def _missing(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    return "missing", "must be given", f"Give {_EXAMPLES.get(field, 'it')}."


def _inside(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    if field == "scopes":
        remedy = 'Give {"value": "read:orders", "description": "Read orders"}.'
        return "not_a_scope", "must hold scopes, each with a value", remedy
    return "not_settings", "must hold settings by their names", 'Give {"rotation_type": "rotating", "leeway": 5}.'


def _said(rule: str, sentence: str, remedy: str) -> Any:
    return lambda context, model, field: (rule, sentence, remedy)


def _own_rule(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    error = context.get("error")
    if isinstance(error, Rule):
        return error.rule, str(error), error.remedy
    return "wrong_type", str(error), "Give text."


def _choice(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    expected = str(context["expected"])
    return "unknown", f"must be {expected}", f"Choose {expected}."


def _extra(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    known = ", ".join(model.model_fields)
    return "unknown_field", f"is no field of this {model.noun}", f"Known are: {known}."


def _unknown(context: dict[str, Any], model: type[Model], field: str) -> tuple[str, str, str]:
    return "invalid", "is not what this field takes", f"See help(authkit.{model.__name__})."


_RULES: Final[dict[str, Any]] = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "literal_error": _choice,
    "string_too_short": _length("short"),
    "string_too_long": _length("long"),
    "too_long": _length("long", of="entries"),
    "greater_than_equal": _bound(True),
    "less_than_equal": _bound(False),
    "int_type": _said("not_a_whole_number", "must be a whole number", "Give digits alone, like 86400 for a day."),
    "int_from_float": _said("not_a_whole_number", "must be a whole number", "Give digits alone, like 86400 for a day."),
    "string_type": _said("not_text", "must be text", "Put it in quotes."),
    "string_unicode": _said("not_text", "must be text", "Take out the half surrogate pair: it is no character."),
    "bool_type": _said("not_yes_or_no", "must be True or False", "Give True or False without quotes."),
    "tuple_type": _no_list,
    "model_type": _inside,
    "value_error": _own_rule,
}
