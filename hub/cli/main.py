"""The command `hub`."""

import gc
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.console import out, run_command
from hub.cli.groups import (
    automations,
    deliveries,
    models,
    runs,
    schedule,
    token,
    user,
    webhook,
    workflows,
)
from hub.cli.log import LogLevel, log_to_terminal
from hub.cli.options import HERE, Config

app = typer.Typer(
    help="Turns events into pictures: folders, schedules and webhooks drive image workflows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

for group in (
    automations,
    deliveries,
    models,
    runs,
    schedule,
    token,
    user,
    webhook,
    workflows,
):
    app.add_typer(group.app, name=group.__name__.rpartition(".")[2])


def _tell_version(asked: bool) -> None:
    if asked:
        out.print(f"hub {version('workflow-hub')}", highlight=False, soft_wrap=True)
        raise typer.Exit


@app.callback()
def start(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Tell the version, and end."
        ),
    ] = False,
) -> None:
    # A command's imports make many objects and drop none. Looking for dropped ones meanwhile would
    # take a tenth of the start; `run_command` has it done again.
    gc.disable()


@app.command()
def serve(
    config: Config = HERE,
    port: Annotated[int | None, typer.Option(help="Instead of the configured port.")] = None,
    log_level: Annotated[LogLevel, typer.Option(help="How much is told.")] = LogLevel.INFO,
    safe: Annotated[bool, typer.Option("--safe", help="With every automation off.")] = False,
) -> None:
    """Run the hub until Ctrl-C."""
    from hub.cli.serve import serve_hub

    log_to_terminal(log_level)
    run_command(serve_hub(config, port, safe=safe))


@app.command()
def reload(config: Config = HERE) -> None:
    """Have the running hub read its configuration again."""
    from hub.cli.automations import reload

    run_command(reload(config))


@app.command()
def pause(config: Config = HERE) -> None:
    """Let nothing begin any more; events wait on the disk."""
    from hub.cli.automations import pause

    run_command(pause(config, paused=True))


@app.command()
def resume(config: Config = HERE) -> None:
    """Let automations go on after a pause."""
    from hub.cli.automations import pause

    run_command(pause(config, paused=False))


@app.command()
def check(
    config: Config = HERE,
    workflows: Annotated[
        list[Path] | None,
        typer.Option("--workflow", "-w", help="Only this file, or all in a folder; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell every mistake in the configuration, or what keeps workflows from being run."""
    if workflows:
        from hub.cli.check_workflows import check_workflows

        run_command(check_workflows(config, workflows, as_json=as_json))
    else:
        from hub.cli.check import check_configuration

        run_command(check_configuration(config, as_json=as_json))


@app.command()
def run(
    workflow: Annotated[str, typer.Argument(help="Name of a saved workflow.")],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A value; repeatable."),
    ] = None,
    config: Config = HERE,
) -> None:
    """Carry out a workflow once, show its progress, and print where its outputs are."""
    from hub.cli.run import run_workflow

    run_command(run_workflow(config, workflow, parameters or []))


@app.command()
def packs(
    config: Config = HERE,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where in a pack's code it went wrong.")
    ] = False,
) -> None:
    """List the node packs, and what is wrong with those that could not be loaded."""
    from hub.cli.packs import list_packs

    run_command(list_packs(config, with_traceback=traceback))


@app.command()
def why(
    about: Annotated[
        Path,
        typer.Argument(
            metavar="FILE|WEBHOOK|AUTOMATION|TIME",
            help="A file, the id of a webhook or an automation, or a time such as 03:00 or"
            " 2026-12-24T18:00.",
        ),
    ],
    config: Config = HERE,
) -> None:
    """Tell what became of a file, of requests to a webhook, of an automation's events, or what
    happened at some time."""
    from hub.cli.why import explain

    run_command(explain(config, about))


@app.command()
def rehearse(
    file: Annotated[Path, typer.Argument(help="Edited automations, in YAML.")],
    since: Annotated[str, typer.Option(help="How far back, such as 7d or 12h.")] = "7d",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    config: Config = HERE,
) -> None:
    """Tell what edited automations would have done with past events; carries out nothing."""
    from hub.cli.rehearse import rehearse

    run_command(rehearse(config, file, since, as_json=as_json))


@app.command()
def template(
    text: Annotated[str, typer.Argument(help="Such as '{{ trigger.stem | slugify }}'.")],
    event: Annotated[str | None, typer.Option(help="The id of an event to try it with.")] = None,
    automation: Annotated[
        str | None, typer.Option(help="Try it with this one's last event, and its variables.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Tell what a template gives, perhaps with an event of the past."""
    from hub.cli.template import try_template

    run_command(try_template(config, text, event=event, automation=automation))


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    config: Config = HERE,
) -> None:
    """Let go of history and files that are beyond the limits in hub.yaml."""
    from hub.cli.prune import prune_history

    run_command(prune_history(config, dry_run=dry_run))


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to make, or a folder for it.")],
    outputs: Annotated[bool, typer.Option("--outputs", help="With the outputs of runs.")] = False,
    no_inputs: Annotated[
        bool, typer.Option("--no-inputs", help="Without the files that runs were given.")
    ] = False,
    no_secrets: Annotated[bool, typer.Option("--no-secrets", help="Without secrets.yaml.")] = False,
    config: Config = HERE,
) -> None:
    """Put the database and the configuration into one file, also while the hub runs."""
    from hub.backups.archive import Choice
    from hub.cli.backup import back_up_hub

    choice = Choice(inputs=not no_inputs, outputs=outputs, secrets=not no_secrets)
    run_command(back_up_hub(config, target, choice))


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that `hub backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also where there is a hub already.")
    ] = False,
    config: Config = HERE,
) -> None:
    """Make a hub from a backup; none may be running there."""
    from hub.cli.backup import restore_hub

    run_command(restore_hub(config, source, replace=replace))
