"""The stepper: choices and steps at the left, the actors and the one message in sight at the right."""

from __future__ import annotations

from typing import Any, Final

import ipywidgets
from traitlets import dlink, link

from authkit.ground import display
from authkit.issuance.trace import Trace
from authkit.tenant import Tenant
from authkit.widgets.panels import actors as actor_strip
from authkit.widgets.panels import family_tree
from authkit.widgets.panels.api_parts import only_while
from authkit.widgets.parts import (
    Fold,
    Panel,
    button,
    choice,
    columns,
    failed,
    folds,
    live_code,
    live_html,
    row,
    text,
)
from authkit.widgets.states.flow_steps import ACTORS, THIEF, Step
from authkit.widgets.states.flows import PLOTS, FlowsState

CODE: Final = {
    "python": "Python, the whole run",
    "http": "HTTP, its requests: what is in CAPITALS is yours to fill in",
}
_TONES: Final = {"passed": "accepted", "refused": "refused", "not reached": "skipped"}
_TITLES: Final = {"accepted": "Answered", "refused": "REFUSED", "undecided": "Not noticed"}
CSS: Final = (
    actor_strip.CSS
    + family_tree.CSS
    + """
.authkit-panel.authkit-flows { --authkit-label: 72px; }
.authkit-panel.authkit-flows .authkit-columns { gap: 10px 16px; }
.authkit-panel.authkit-flows .authkit-left { flex: 1 0 236px; gap: 4px; }
.authkit-panel.authkit-flows .authkit-right { flex: 100 1 430px; gap: 3px; }
.authkit-panel.authkit-flows .authkit-below { flex-flow: column; height: auto; } /* long names need the width */
.authkit-panel.authkit-flows .authkit-below > .widget-label { align-self: flex-start; width: auto; }
.authkit-panel.authkit-flows .authkit-below > select { width: 100%; flex: none; height: 28px; }
.authkit-panel.authkit-flows { container-type: inline-size; }
@container (max-width: 640px) { /* the message comes next to the buttons; its title says which step it is */
  .authkit-panel.authkit-flows .authkit-steps { display: none; } }
.authkit-panel.authkit-flows .authkit-steps ol { margin: 2px 0 0; padding: 0; list-style: none; font-size: 12.5px; }
.authkit-panel.authkit-flows .authkit-steps li { padding: 0 4px; line-height: 18px; }
.authkit-panel.authkit-flows .authkit-steps li[aria-current] { font-weight: 600; background: rgba(33, 118, 210, .14); }
.authkit-panel.authkit-flows .authkit-message table { width: 100%; margin: 0 !important; font-size: 12px !important; }
.authkit-panel.authkit-flows .authkit-message td, .authkit-panel.authkit-flows .authkit-message th {
  padding: 1px 10px 1px 0 !important; }
.authkit-panel.authkit-flows .authkit-message tr > *:nth-child(3) { width: 44%; padding-right: 0 !important; }
.authkit-panel.authkit-flows .authkit-line { font-family: var(--jp-code-font-family, monospace); font-size: 12.5px;
  font-weight: 600; padding: 3px 8px; margin: 2px 0; border-radius: 3px; border-left: 3px solid #2176d2;
  background: rgba(33, 118, 210, .08); }
"""
)


class FlowsPanel(Panel):
    """A flow, one message a step; each of them has really been sent to the tenant.

    Attributes:
        state: What the panel holds.
    """

    def __init__(self, tenant: Tenant[Any]) -> None:
        state = self.state = FlowsState(tenant)
        flow = ipywidgets.Dropdown(description="Flow", options=[(plot.words, name) for name, plot in PLOTS.items()])
        flow.add_class("authkit-below")
        link((state, "flow"), (flow, "value"))
        scope = text("Scopes", "the flow’s own")
        link((state, "scope"), (scope, "value"))
        user = only_while(state, ["flow"], lambda: state.plot.has_user, choice(state, "user_id", "users", "User"))
        left = [
            flow,
            choice(state, "client_id", "applications", "Application").add_class("authkit-below"),
            choice(state, "audience", "apis", "API"),
            user,
            scope,
            row(
                _while(state, "can_back", button("Back", state.back)),
                _while(state, "can_next", button("Next", state.next, primary=True)),
                button("Restart", state.restart),
            ),
            live_html(state, ["steps", "at", "flow", "ended"], self._steps, "authkit-steps"),
        ]
        consent = row(button("Accept", state.accept), button("Decline", state.decline))
        create = row(button("Create what is lacking", state.create))
        right = [
            live_html(state, ["step", "flow"], self._actors),
            live_html(state, ["lacking", "done", "failure"], self._need),
            only_while(state, ["lacking"], lambda: bool(state.lacking), create),
            live_html(state, ["step", "lacking", "flow"], self._message, "authkit-message"),
            only_while(state, ["asking"], lambda: state.asking, consent),
            live_html(state, ["step"], self._family),
        ]
        rules = Fold("the rules behind it", [live_html(state, ["step"], lambda: _rules(state.step))])
        super().__init__(
            "Flows", tenant.issuer, "authkit-flows",
            [columns(left, right), folds(rules, Fold("the code", live_code(state, CODE)))], css=CSS,
        )  # fmt: skip

    def _steps(self) -> display.Html:
        """All messages of the flow: those that happened, the one in sight, those to come."""
        state = self.state
        happened = {step.place: (number, step) for number, step in enumerate(state.steps)}
        lines = []
        for place, title in enumerate(state.plot.titles):
            number, step = happened.get(place, (-2, None))
            sign = "·" if step is None else "✘" if step.outcome == "refused" else "✔"
            current = {"aria_current": "step"} if number == state.at else {}
            lines.append(display.tag("li", f"{sign} {place + 1}. {title}", **current))
        return display.tag("ol", display.join(lines))

    def _actors(self) -> display.Html:
        step, present = self.state.step, self.state.plot.actors
        names = [name for name in ACTORS if name in present or name != THIEF]
        absent = [name for name in names if name not in present]
        return actor_strip.actors(names, absent, step.sender if step else "", step.receiver if step else "")

    def _need(self) -> display.Html:
        state = self.state
        if state.failure is not None:
            return failed("THE FLOW CANNOT GO ON", state.failure, tone="undecided")
        if state.lacking:
            return display.block(
                "Something is lacking", f"The tenant has not yet {', '.join(state.lacking)}. The button creates it."
            )
        return display.badge("accepted", state.done) if state.done else display.Html()

    def _message(self) -> display.Html:
        state = self.state
        if state.step is None:
            if state.lacking:
                return display.Html()
            return display.block("Not begun", "Press Next: the first message is sent, and shown here.")
        return _message(state.step, state.plot.titles[state.step.place])

    def _family(self) -> display.Html:
        step = self.state.step
        return display.Html() if step is None or step.family is None else family_tree.family_tree(step.family)


def _message(step: Step, title: str) -> display.Html:
    way = f"{step.sender} → {step.receiver}" if step.sender != step.receiver else step.sender
    end = ", refused" if step.outcome == "refused" else ""
    head = display.tag("div", f"{step.place + 1}. {title}{end}: {way}", class_="authkit-caption")
    line = display.tag("div", step.line, class_="authkit-line")
    table = display.table(("name", "value", "where it came from"), step.values) if step.values else display.Html()
    if step.outcome in ("refused", "undecided"):
        said = display.block(_TITLES[step.outcome], step.note, tone=step.outcome, note=step.remedy)
    else:
        said = display.tag("div", step.note)
    setting: object = ""
    if step.setting:
        setting = display.tag("div", display.join(["Decided by the setting ", display.name(step.setting)]))
    return display.join([head, said, setting, line, table])


def _rules(step: Step | None) -> display.Html:
    trace: Trace | None = None if step is None else step.trace
    if trace is None:
        return display.text("No rule decides this message. Answers of the tenant have rules.")
    lines = (
        display.join([
            f"{number}. ", display.badge(_TONES[rule.outcome], rule.outcome), " ", display.name(rule.name), " ",
            rule.question, " ", rule.note,
        ])
        for number, rule in enumerate(trace.rules, start=1)
    )  # fmt: skip
    return display.join(display.tag("div", line) for line in lines)


def _while(state: FlowsState, trait: str, control: Any) -> Any:
    """A button that can be pressed only while this holds."""
    dlink((state, trait), (control, "disabled"), lambda holds: not holds)
    return control
