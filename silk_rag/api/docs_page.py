"""The OpenAPI document as one plain page: no script, no font, nothing from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{background:#f4f4f4;padding:1rem;overflow:auto}
summary{cursor:pointer;padding:.4rem 0}.verb{display:inline-block;min-width:4.5rem;font-weight:700}
"""


def render_docs(schema: Mapping[str, Any]) -> str:
    """An HTML page of all routes, their parameters, and the shapes of requests and responses."""
    info = schema["info"]
    operations = [
        _operation(verb, path, operation)
        for path, verbs in schema["paths"].items()
        for verb, operation in verbs.items()
    ]
    shapes = [_shape(name, shape) for name, shape in sorted(schema.get("components", {}).get("schemas", {}).items())]
    title = f"{escape(info['title'])}: API"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(info.get('description', ''))}</p><p>Machine-readable: <a href='/openapi.json'>openapi.json</a></p>"
        f"<h2>Routes</h2>{''.join(operations)}<h2>Shapes</h2>{''.join(shapes)}</body></html>"
    )


def _shape(name: str, shape: Mapping[str, Any]) -> str:
    printed = escape(json.dumps(shape, indent=1))
    return f"<details><summary><code>{escape(name)}</code></summary><pre>{printed}</pre></details>"


def _operation(verb: str, path: str, operation: Mapping[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(p['name'])}</code> ({escape(p['in'])}{'' if p.get('required') else ', optional'}) "
        f"{escape(p.get('description', ''))}</li>"
        for p in operation.get("parameters", ())
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    wanted = f"<p>Body: <code>{escape(body['$ref'].rsplit('/', 1)[-1])}</code></p>" if "$ref" in body else ""
    purpose = escape(operation.get("description", operation.get("summary", "")))
    return (
        f"<details><summary><span class='verb'>{escape(verb.upper())}</span> <code>{escape(path)}</code> "
        f"{purpose}</summary><ul>{parameters}</ul>{wanted}</details>"
    )
