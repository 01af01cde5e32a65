"""A spec as YAML, in flow style: JSON but for the keys at the left."""

import json


def text(spec: dict) -> str:
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in spec.items())
