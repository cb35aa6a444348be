"""Reads the property list of standard input as a device does, and prints what the JSON Schema named by the argument has against it."""

import json
import plistlib
import sys

import jsonschema

profile = plistlib.loads(sys.stdin.buffer.read())
with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
for error in jsonschema.Draft7Validator(schema).iter_errors(profile):
    print(error.json_path, error.message)
