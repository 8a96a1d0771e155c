# SPDX-License-Identifier: GPL-3.0-or-later
"""What steerctl --json prints, and its schema."""

import json
import os

SCHEMA = os.path.join(os.path.dirname(__file__), "..", "..", "..", "schema",
                      "steerctl.schema.json")

try:
    import jsonschema
except ImportError:
    jsonschema = None


def value_of(text, verb):
    """A value printed with --json, checked against the verb's schema."""
    value = json.loads(text)
    if jsonschema is not None:
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        schema["$ref"] = f"#/$defs/{verb}"
        jsonschema.Draft202012Validator(schema).validate(value)
    return value
