"""The HTTP server: the hub's own API, webhooks, ComfyUI's protocol and the page."""
