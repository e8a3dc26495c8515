"""Copies of product definitions that know other products: tenfold.py DECODERS OUT TIMES.

OUT gets TIMES - 1 copies of each, for `bench_decode -D OUT`. A copy asks for other values in
`match` and has another word in each shape; one that recognises whatever has a field is not copied.
"""
import glob
import os
import sys

import yaml

OPEN, CLOSE = "{[", "}]"


def shape_of(text, mark):
    """The shape with a mark before the first word that it needs."""
    depth = 0
    for at, char in enumerate(text):
        escaped = at > 0 and text[at - 1] == "\\"
        if char in OPEN and not escaped:
            depth += 1
        elif char in CLOSE and not escaped:
            depth -= 1
        elif depth == 0 and char.isalpha():
            return text[:at] + mark + text[at:]
    return f"{mark} {text}"


def shapes_of(node, mark):
    if isinstance(node, str):
        return shape_of(node, mark)
    if isinstance(node, list):
        return [shapes_of(item, mark) for item in node]
    return {key: shapes_of(value, mark) if key == "shape" else value for key, value in node.items()}


def value_of(value, mark):
    if isinstance(value, list):
        return [value_of(item, mark) for item in value]
    if not isinstance(value, str) or value == "*":
        return value
    return f"{value[:-1]}{mark}*" if value.endswith("*") else mark + value


def match_of(node, mark):
    if isinstance(node, list):
        return [match_of(item, mark) for item in node]
    return {key: value_of(value, mark) for key, value in node.items()}


def is_of_presence(match):
    items = match if isinstance(match, list) else [match]
    return any(all(value == "*" for value in item.values()) and len(item) == 1 for item in items)


def main(decoders, out, times):
    os.makedirs(out, exist_ok=True)
    for path in sorted(glob.glob(f"{decoders}/*.yml")):
        with open(path, encoding="utf-8") as file:
            definition = yaml.safe_load(file)
        definition.pop("examples", None)
        if is_of_presence(definition.get("match", {})):
            continue
        for number in range(1, times):
            mark = f"q{number}"
            copy = dict(definition, product=f"{definition['product']}_{mark}")
            if "match" in copy:
                copy["match"] = match_of(copy["match"], mark)
            if "shapes" in copy:
                copy["shapes"] = shapes_of(copy["shapes"], mark)
            with open(f"{out}/{copy['product']}.yml", "w", encoding="utf-8") as file:
                yaml.safe_dump(copy, file, sort_keys=False, width=100000, allow_unicode=True)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
