"""Automations as Home Assistant's users write them: each loads, or is refused by a sentence that
names what the hub does not have."""

from pathlib import Path

import pytest
import yaml

from hub.automations.loading import Configuration, read_configuration
from hub.triggers.time import TimeTrigger

DATA = Path(__file__).parents[1] / "data" / "home_assistant"
SETTINGS = """
folders: {allow: [out]}
location: {latitude: 52.5, longitude: 13.4}
notify: {phone: 'json://example.org'}
"""
HOOK = "some-hook-id-that-is-long-enough-to-be-secret"
TRIGGERS = {
    "{trigger: state, entity_id: light.kitchen, to: 'on'}": "trigger 'state' is not here",
    "{platform: numeric_state, entity_id: sensor.t, above: 20}": "'numeric_state' is not here",
    "{trigger: event, event_type: my_event}": "let it post to a `webhook` trigger",
    "{trigger: mqtt, topic: living_room/switch}": "'mqtt' is not here",
    "{trigger: template, value_template: '{{ true }}'}": "'template' is not here",
    "{trigger: zone, entity_id: person.p, zone: zone.home, event: enter}": "'zone' is not here",
    "{trigger: calendar, event: start, entity_id: calendar.c}": "'calendar' is not here",
    "{trigger: conversation, command: hello}": "'conversation' is not here",
    "{trigger: device, device_id: x, domain: light, type: turned_on}": "'device' is not here",
    "{trigger: light.turned_on, target: {area_id: x}}": "trigger 'light.turned_on' is not here",
    "{trigger: tag, tag_id: A7-6B}": "'tag' is not here",
    "{trigger: time, at: input_datetime.wake}": "'input_datetime.wake' is neither a time of day",
    "{trigger: time, at: '07:00', for: '00:05:00'}": "unknown key 'for'",
    "{trigger: sunn, event: sunset}": "not 'sunn' (did you mean 'sun'?)",
    f"{{trigger: webhook, webhook_id: {HOOK}, allowed_methods: [HEAD]}}": "not 'HEAD'",
    "{trigger: webhook, webhook_id: kitchen}": "at least 8 letters",
    "{trigger: homeassistant, event: restart}": "takes `event: start` or `event: shutdown`",
}
CONDITIONS = {
    "{condition: sun, after: sunset}": "Home Assistant's condition 'sun' is not here; a `sun`",
    "{condition: light.is_on, target: {area_id: x}}": "condition 'light.is_on' is not here",
    "{condition: numeric_state, entity_id: sensor.t, below: 25}": "'numeric_state' is not here",
    "{condition: state, entity_id: light.x, state: 'on'}": "the hub knows only `automation.`",
    "{condition: zone, entity_id: person.p, zone: zone.home}": "'zone' is not here",
    "{condition: time, after: input_datetime.a}": "must be a time of day such as 07:30:00",
    "{condition: time, weekday: monday}": "did you mean 'mon'?",
    "{condition: tmie, after: '07:00'}": "did you mean 'time'?",
}
ACTIONS = {
    "{action: light.turn_on, target: {entity_id: light.k}}": "action 'light.turn_on' is not here",
    "{service: script.turn_on, target: {entity_id: script.x}}": "give an automation a `manual`",
    "{service: light.turn_on, target: {entity_id: light.x}}": "`webhook.post` can call it",
    "{action: notify.mobile_app_me, data: {message: x}}": "hub.yaml has no 'mobile_app_me'",
    "{action: workfow.run, data: {workflow: card}}": "did you mean 'workflow.run'?",
    "{event: my_event, event_data: {a: 1}}": "action 'event' is not here",
    "{scene: scene.romantic}": "action 'scene' is not here",
    "{device_id: x, domain: light, type: turn_on}": "action 'device_id' is not here",
    "{set_conversation_response: Hello}": "'set_conversation_response' is not here",
    "{service_template: '{{ x }}'}": "'service_template' is not here",
    "{action: script.make, data: {x: 1}}": "fire it by `automation.trigger`",
    "{action: persistent_notification.create, data: {message: x}}": "`notify` tells people",
    "{action: automation.turn_on, entity_id: automation.a}": "unknown key 'entity_id'",
    "{action: automation.turn_on, target: {area_id: kitchen}}": "unknown key 'area_id'",
    "{repeat: {sequence: [{delay: 1}]}}": "one of `count`, `for_each`, `while` and `until`",
    "{enabled: '{{ 3 }}', delay: 1}": "'enabled' must be true or false, not '3'",
    "{enabled: '{{ now().hour > 3 }}', delay: 1}": "it may call no functions",
    "{enabled: '{{ trigger.id == 1 }}', delay: 1}": "'trigger' is not defined",
    "{delay: {hours: -1}}": "not '-1 hours'",
}
OPTIONS = {
    "id: 1602939-AB": "did you mean '1602939_ab'?",
    "trace: {stored_traces: 20}": "all firings are kept as long as `retention` says",
    "trigger_variables: {a: '{{ b }}'}": "and knows no events: The template '{{ b }}' failed",
    "trigger_variables: {a: '{{ b'}": "cannot be read",
    "hide_entity: true": "unknown key 'hide_entity'",
    "mode: queue": "did you mean 'queued'?",
    "{mode: single, max: 3}": "`max` goes with `mode: queued` or `parallel`",
    "variables: {me: '{{ this.entity_id }}'}": "'this' is not here; `trigger` and `context`",
    "actions: [{wait_for_trigger: {trigger: state}}]": "trigger 'state' is not here",
    "use_blueprint: {path: homeassistant/motion_light.yaml}": "there is no blueprint",
    "conditions: \"{{ is_state('light.x', 'on') }}\"": "'is_state' is not here; a `state`",
    "conditions: \"{{ states('sensor.t') | float > 3 }}\"": "Home Assistant's 'states' is not here",
}


def read(folder: Path, text: str) -> Configuration:
    (folder / "workflows").mkdir()
    (folder / "workflows/card.json").write_text(
        '{"1": {"class_type": "EmptyImage", "inputs": {"color": 0}}}'
    )
    (folder / "workflows/card.yaml").write_text(
        "parameters: {color: {node: '1', input: color, type: integer, default: 0}}"
    )
    (folder / "hub.yaml").write_text(SETTINGS)
    (folder / "automations.yaml").write_text(text)
    return read_configuration(folder)


def written(**changed: object) -> str:
    """An automation in YAML."""
    plain = {"id": "a", "triggers": [{"trigger": "manual"}], "actions": [{"delay": 1}]}
    return str(yaml.safe_dump([{**plain, **changed}], sort_keys=False))


def told(folder: Path, **changed: object) -> str:
    """What is said of it; it is not at work."""
    configuration = read(folder, written(**changed))
    assert configuration.automations == []
    return "\n".join(map(str, configuration.problems))


def test_what_the_hub_has_too_loads_as_it_is(tmp_path: Path) -> None:
    text = (DATA / "loads.yaml").read_text()
    configuration = read(tmp_path, text)
    assert list(map(str, configuration.problems)) == []
    assert len(configuration.automations) == len(yaml.safe_load(text)) >= 40


@pytest.mark.parametrize(("trigger", "sentence"), TRIGGERS.items())
def test_a_trigger_that_is_not_here_is_named(tmp_path: Path, trigger: str, sentence: str) -> None:
    assert sentence in told(tmp_path, triggers=[yaml.safe_load(trigger)])


@pytest.mark.parametrize(("condition", "sentence"), CONDITIONS.items())
def test_a_condition_that_is_not_here_is_named(
    tmp_path: Path, condition: str, sentence: str
) -> None:
    assert sentence in told(tmp_path, conditions=[yaml.safe_load(condition)])


@pytest.mark.parametrize(("action", "sentence"), ACTIONS.items())
def test_an_action_that_is_not_here_is_named(tmp_path: Path, action: str, sentence: str) -> None:
    assert sentence in told(tmp_path, actions=[yaml.safe_load(action)])


@pytest.mark.parametrize(("option", "sentence"), OPTIONS.items())
def test_an_option_that_is_not_here_is_named(tmp_path: Path, option: str, sentence: str) -> None:
    assert sentence in told(tmp_path, **yaml.safe_load(option))


def test_who_relies_on_another_default_mode_is_warned(tmp_path: Path) -> None:
    text = "- {id: a, trigger: {platform: time, at: '07:00'}, action: [{delay: 1}]}"
    configuration = read(tmp_path, text)
    (problem,) = configuration.problems
    assert problem.warning
    assert "(`queued`), where Home Assistant drops them (`single`)" in problem.message
    assert len(configuration.automations) == 1


def test_trigger_variables_are_known_to_triggers_and_templates(tmp_path: Path) -> None:
    text = """
- id: a
  trigger_variables: {hour: 6, at: "{{ hour + 1 }}:30", days: [mon, tue]}
  triggers:
    - {trigger: time, at: "0{{ at }}", weekday: "{{ days }}", variables: {n: "{{ trigger.now }}"}}
    - {trigger: manual, enabled: "{{ hour > 7 }}"}
  actions: [{variables: {x: "{{ at }} {{ hour * 2 }}"}}]
"""
    configuration = read(tmp_path, text)
    assert list(map(str, configuration.problems)) == []
    (automation,) = configuration.automations
    first, second = automation.triggers
    assert isinstance(first, TimeTrigger)
    assert (first.at, first.weekday) == (["07:30"], ["mon", "tue"])
    assert first.variables == {"n": "{{ trigger.now }}"}
    assert (first.enabled, second.enabled) == (True, False)
    assert automation.trigger_variables == {"hour": 6, "at": "7:30", "days": ["mon", "tue"]}


@pytest.mark.parametrize(("template", "enabled"), [("{{ 1 > 2 }}", False), ("{{ true }}", True)])
def test_enabled_may_be_a_template(tmp_path: Path, template: str, enabled: bool) -> None:
    part = {"enabled": template}
    condition = {"condition": "template", "value_template": "{{ true }}", **part}
    triggers, actions = [{"trigger": "manual", **part}], [{"delay": 1, **part}]
    text = written(triggers=triggers, conditions=[condition], actions=actions)
    (automation,) = read(tmp_path, text).automations
    parts = [automation.triggers[0], automation.conditions[0], automation.actions[0]]
    assert [part.enabled for part in parts] == [enabled] * 3
