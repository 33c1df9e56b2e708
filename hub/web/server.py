"""The web server: everything it answers is in the one list of routes, but for what packs add."""

from functools import partial

from aiohttp import web

from hub.records.run import Origin
from hub.web import (
    automation_texts_api,
    automations_api,
    built_page,
    check_api,
    comfy_assets,
    comfy_files,
    comfy_history,
    comfy_internal,
    comfy_jobs,
    comfy_log,
    comfy_memory,
    comfy_model_files,
    comfy_models,
    comfy_pack_files,
    comfy_prompt,
    comfy_queue,
    comfy_socket,
    comfy_system,
    comfy_uploads,
    comfy_users,
    control_api,
    deliveries_api,
    editor,
    extensions,
    inputs_api,
    keeping_api,
    log_api,
    login_api,
    login_pages,
    manual_api,
    marks_api,
    metrics_api,
    models_api,
    notices_socket,
    openapi_api,
    outputs_api,
    packs_api,
    queue_api,
    rehearsal_api,
    retention_api,
    runs_api,
    schedule_api,
    statistics_api,
    status_api,
    template_api,
    tokens_api,
    trigger_preview_api,
    users_api,
    webhooks_api,
    workflow_run_api,
    workflows_api,
    zip_api,
)
from hub.web.bodies import Body
from hub.web.comfy_audience import AUDIENCE, Audience, serve_audience
from hub.web.door import DOOR, add_headers, guard
from hub.web.errors import answer_errors
from hub.web.notices_socket import WRITTEN, WrittenNotices
from hub.web.openapi_api import ROUTES_KEY
from hub.web.pack_proxy import answer_from_packs
from hub.web.parts import PARTS, Parts
from hub.web.scoped import admin, public, read, run
from hub.web.standing import STANDING, end_all

ROUTES = [
    # health
    public.get("/healthz", status_api.healthz),
    public.get("/readyz", status_api.readyz),
    read.get("/metrics", metrics_api.show_metrics),
    # coming in
    public.get("/login", login_pages.show_login),
    public.post("/login", login_pages.log_in, body=Body.SMALL),
    public.get("/welcome", login_pages.show_welcome),
    public.post("/welcome", login_pages.make_owner, body=Body.SMALL),
    public.get("/login.css", login_pages.send_style),
    public.get("/api/hub/me", login_api.show_me),
    public.post("/api/hub/login", login_api.log_in, body=Body.SMALL),
    public.post("/api/hub/logout", login_api.log_out, body=Body.SMALL),
    admin.get("/api/hub/users", users_api.list_users),
    admin.post("/api/hub/users", users_api.add_user, body=Body.SMALL),
    admin.delete("/api/hub/users/{user}", users_api.remove_user),
    admin.post("/api/hub/users/{user}/role", users_api.set_role, body=Body.SMALL),
    read.post("/api/hub/users/{user}/password", users_api.set_password, body=Body.SMALL),
    read.get("/api/hub/tokens", tokens_api.list_tokens),
    read.post("/api/hub/tokens", tokens_api.create_token, body=Body.SMALL),
    read.delete("/api/hub/tokens/{token}", tokens_api.revoke_token),
    # webhooks
    public.get("/api/webhook/{webhook}", webhooks_api.take_webhook, allow_head=False),
    public.post("/api/webhook/{webhook}", webhooks_api.take_webhook, body=Body.FILE),
    public.put("/api/webhook/{webhook}", webhooks_api.take_webhook, body=Body.FILE),
    admin.get("/api/hub/webhooks", webhooks_api.list_webhooks),
    admin.get("/api/hub/webhooks/{webhook}/requests", webhooks_api.list_requests),
    run.post("/api/hub/webhooks/{webhook}/requests/{event}/replay", webhooks_api.replay_request),
    # the hub's own API
    read.get("/api/hub/status", status_api.show_status),
    read.get("/api/hub/statistics", statistics_api.show_statistics),
    read.get("/api/hub/automations", automations_api.list_automations),
    run.post("/api/hub/automations/{automation}/turn_on", control_api.turn_on),
    run.post("/api/hub/automations/{automation}/turn_off", control_api.turn_off),
    run.post("/api/hub/automations/{automation}/toggle", control_api.toggle),
    run.post("/api/hub/rehearse", rehearsal_api.rehearse),
    run.post("/api/hub/template", template_api.try_template),
    run.post("/api/hub/pause", control_api.pause),
    run.post("/api/hub/resume", control_api.resume),
    admin.post("/api/hub/reload", control_api.reload),
    read.get("/api/hub/automations/{automation}/form", manual_api.show_form),
    run.post("/api/hub/automations/{automation}/trigger", manual_api.trigger_automation),
    read.get("/api/hub/automations/{automation}/conditions", manual_api.judge_conditions),
    read.get("/api/hub/events/{event}", automations_api.show_event),
    read.get("/api/hub/automation_forms", automation_texts_api.show_forms),
    admin.post("/api/hub/triggers/preview", trigger_preview_api.preview_trigger),
    admin.get("/api/hub/automation_texts", automation_texts_api.list_texts),
    admin.put("/api/hub/automation_texts", automation_texts_api.save_text),
    admin.post("/api/hub/automation_texts/check", automation_texts_api.check_text),
    read.get("/api/hub/schedule", schedule_api.show_schedule),
    read.get("/api/hub/firings", automations_api.list_firings),
    read.get("/api/hub/firings/{firing}", automations_api.show_firing),
    read.get("/api/hub/why", automations_api.explain),
    read.get("/api/hub/packs", packs_api.list_packs),
    read.get("/api/hub/models", models_api.list_models),
    read.post("/api/hub/check", check_api.check_graph),
    read.get("/api/hub/workflows", workflows_api.list_workflows),
    admin.post("/api/hub/workflows/import", workflows_api.import_workflow, body=Body.FILE),
    read.get("/api/hub/workflows/{name}", workflows_api.show_workflow),
    admin.get("/api/hub/workflows/{name}/text", workflows_api.show_text),
    admin.put("/api/hub/workflows/{name}/text", workflows_api.save_text),
    run.post("/api/hub/workflows/{name}/run", workflow_run_api.run_workflow, body=Body.FILE),
    run.post("/api/hub/inputs", inputs_api.upload_input, body=Body.FILE),
    read.get("/api/hub/inputs/{name:.+}", inputs_api.send_input),
    run.delete("/api/hub/inputs/{name:.+}", inputs_api.delete_input),
    read.get("/api/hub/runs", runs_api.list_runs),
    read.get("/api/hub/runs/{run}", runs_api.show_run),
    read.get("/api/hub/runs/{run}/preview", runs_api.show_preview),
    read.get("/api/hub/runs/{run}/film", runs_api.show_film),
    read.get(r"/api/hub/runs/{run}/film/{frame:\d{1,9}}", runs_api.send_frame),
    run.post("/api/hub/runs/{run}/cancel", runs_api.cancel_run),
    run.post("/api/hub/runs/{run}/again", runs_api.run_again),
    run.post("/api/hub/runs/{run}/move", queue_api.move_run, body=Body.SMALL),
    read.get("/api/hub/queue", queue_api.show_queue),
    read.get("/api/hub/outputs", outputs_api.list_outputs),
    read.get("/api/hub/outputs/zip", zip_api.send_zip, allow_head=False),
    run.post("/api/hub/outputs/mark", marks_api.mark_outputs),
    read.get("/api/hub/tags", marks_api.list_tags),
    read.get(r"/api/hub/outputs/{output:\d{1,18}}", outputs_api.send_output),
    run.delete(r"/api/hub/outputs/{output:\d{1,18}}", outputs_api.delete_output),
    read.get("/api/hub/deliveries", deliveries_api.list_deliveries),
    run.post("/api/hub/deliveries/{delivery}/requeue", deliveries_api.requeue_delivery),
    admin.post("/api/hub/prune", keeping_api.prune),
    admin.get("/api/hub/retention", retention_api.show_retention),
    admin.put("/api/hub/retention", retention_api.change_retention),
    admin.get("/api/hub/backup", keeping_api.send_backup, allow_head=False),
    read.get("/api/hub/notices", notices_socket.send_notices),
    admin.get("/api/hub/log", log_api.list_lines),
    admin.get("/api/hub/log/live", log_api.send_lines),
    read.get("/api/hub/openapi.json", openapi_api.show_description),
    read.get("/api/hub/docs", openapi_api.show_page),
    read.get("/api/hub/docs/{file}", openapi_api.send_file),
    # ComfyUI's protocol, with and without /api; and all again under /editor, because its editor
    # asks below the address that it was loaded from
    *[
        route
        for prefix in ("", "/api", "/editor", "/editor/api")
        for route in (
            run.post(f"{prefix}/prompt", comfy_prompt.post_prompt),
            read.get(f"{prefix}/prompt", comfy_prompt.get_prompt),
            read.get(f"{prefix}/queue", comfy_queue.show_queue),
            run.post(f"{prefix}/queue", comfy_queue.clear_queue),
            run.post(f"{prefix}/interrupt", comfy_queue.interrupt),
            read.get(f"{prefix}/history", comfy_history.list_history),
            run.post(f"{prefix}/history", comfy_history.clear_history),
            read.get(f"{prefix}/history/{{run}}", comfy_history.get_history),
            run.post(f"{prefix}/free", comfy_memory.post_free),
            read.get(f"{prefix}/system_stats", comfy_system.show_stats),
            read.get(f"{prefix}/features", comfy_internal.show_features),
            read.get(f"{prefix}/object_info", comfy_files.get_object_info),
            read.get(f"{prefix}/object_info/{{class}}", comfy_files.get_object_info),
            read.get(f"{prefix}/node_replacements", comfy_internal.list_replacements),
            read.get(f"{prefix}/models", comfy_models.list_kinds),
            read.get(f"{prefix}/models/{{kind}}", comfy_models.list_models),
            read.get(f"{prefix}/experiment/models", comfy_model_files.list_folders),
            read.get(f"{prefix}/experiment/models/{{kind}}", comfy_model_files.list_files),
            read.get(
                rf"{prefix}/experiment/models/preview/{{kind}}/{{index:\d{{1,4}}}}/{{file:.+}}",
                comfy_model_files.send_preview,
            ),
            read.get(f"{prefix}/view_metadata/{{kind}}", comfy_models.view_metadata),
            read.get(f"{prefix}/embeddings", comfy_models.list_embeddings),
            read.get(f"{prefix}/view", comfy_files.view),
            run.post(f"{prefix}/upload/image", comfy_uploads.upload_image),
            run.post(f"{prefix}/upload/mask", comfy_uploads.upload_mask),
            read.get(f"{prefix}/ws", comfy_socket.send_messages),
            read.get(f"{prefix}/extensions", extensions.list_extensions),
            read.get(f"{prefix}/i18n", comfy_pack_files.list_translations),
            read.get(f"{prefix}/workflow_templates", comfy_pack_files.list_templates),
            read.get(f"{prefix}/global_subgraphs", comfy_pack_files.list_subgraphs),
            read.get(f"{prefix}/global_subgraphs/{{id}}", comfy_pack_files.show_subgraph),
            read.get(f"{prefix}/users", comfy_users.show_users),
            admin.post(f"{prefix}/users", comfy_users.refuse_user),
            read.get(f"{prefix}/settings", comfy_users.show_settings),
            run.post(f"{prefix}/settings", comfy_users.change_settings),
            read.get(f"{prefix}/settings/{{id}}", comfy_users.show_setting),
            run.post(f"{prefix}/settings/{{id}}", comfy_users.change_setting),
            read.get(f"{prefix}/userdata", comfy_users.list_files),
            read.get(f"{prefix}/v2/userdata", comfy_users.list_entries),
            read.get(f"{prefix}/userdata/{{file}}", comfy_users.send_file),
            run.post(f"{prefix}/userdata/{{file}}", comfy_users.write_file),
            run.delete(f"{prefix}/userdata/{{file}}", comfy_users.delete_file),
            run.post(f"{prefix}/userdata/{{file}}/move/{{to}}", comfy_users.move_file),
        )
    ],
    # and what it has only there
    *[
        route
        for prefix in ("", "/editor")
        for route in (
            read.get(f"{prefix}/api/jobs", comfy_jobs.list_jobs),
            run.post(f"{prefix}/api/jobs/cancel", comfy_jobs.cancel_jobs),
            read.get(f"{prefix}/api/jobs/{{job}}", comfy_jobs.show_job),
            run.post(f"{prefix}/api/jobs/{{job}}/cancel", comfy_jobs.cancel_job),
            read.get(
                f"{prefix}/api/workflow_templates/{{pack}}/{{file}}", comfy_pack_files.send_template
            ),
            read.get(f"{prefix}/api/assets", comfy_assets.refuse),
            run.post(f"{prefix}/api/assets", comfy_assets.refuse),
            read.get(f"{prefix}/api/assets/{{asset:.+}}", comfy_assets.refuse),
            run.post(f"{prefix}/api/assets/{{asset:.+}}", comfy_assets.refuse),
            run.put(f"{prefix}/api/assets/{{asset:.+}}", comfy_assets.refuse),
            run.delete(f"{prefix}/api/assets/{{asset:.+}}", comfy_assets.refuse),
            read.get(f"{prefix}/api/tags", comfy_assets.refuse),
            admin.get(f"{prefix}/internal/logs", comfy_log.show_log),
            admin.get(f"{prefix}/internal/logs/raw", comfy_log.show_log_lines),
            admin.patch(f"{prefix}/internal/logs/subscribe", comfy_log.follow_log),
            read.get(f"{prefix}/internal/folder_paths", comfy_internal.list_folders),
            read.get(f"{prefix}/internal/files/{{folder}}", comfy_internal.list_files),
        )
    ],
    read.get("/extensions/{pack}/{path:.+}", extensions.send_file),
    # ComfyUI's editor, and the scripts that node packs import from it
    read.get("/scripts/{path:.+}", editor.send_script),
    read.get("/assets/{path:.+}", editor.send_asset),
    read.get("/editor/", editor.send_editor),
    read.get("/editor/user.css", comfy_users.send_style),
    read.get("/editor/templates/index{of}.json", editor.send_templates),
    read.get("/editor/extensions/{pack}/{path:.+}", editor.send_extension),
    read.get("/editor/{path:.+}", editor.send_part),
]
"""What a caller needs stands first; health, webhooks and the way in are for the public."""

PAGE_ROUTES = [
    read.get("/hub", built_page.send_page),
    read.get("/editor", editor.redirect),
    public.get("/page/{path:.+}", built_page.send_part),  # what everybody can download with the hub
]

AT_THE_ROOT = {
    "hub": [read.get("/", built_page.send_page)],
    "editor": [
        read.get("/", editor.send_editor),
        read.get("/user.css", comfy_users.send_style),
        read.get("/templates/index{of}.json", editor.send_templates),
        read.get("/{path:.+}", editor.send_part),
    ],
}
"""What is at `/`, by a setting."""


def build(parts: Parts) -> web.Application:
    """The application that answers from `parts`."""
    middlewares = [answer_errors, guard, answer_from_packs]
    app = web.Application(middlewares=middlewares, client_max_size=parts.door.settings.max_body)
    app[PARTS] = parts
    app[DOOR] = parts.door
    app[ROUTES_KEY] = ROUTES
    app[STANDING] = set()
    app[WRITTEN] = WrittenNotices()
    app[AUDIENCE] = Audience(
        parts.notices, parts.clock, partial(parts.runs.remaining_of, Origin.PROMPT)
    )
    app.cleanup_ctx.append(serve_audience)
    app.add_routes(ROUTES)
    app.add_routes(PAGE_ROUTES)
    app.add_routes(AT_THE_ROOT[parts.door.settings.start_page])
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(end_all)
    return app
