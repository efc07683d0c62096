# Texts of JSON there and back, with the C accelerators and with Python's own code.
import json
import json.decoder
import json.encoder
import json.scanner

records = [{"id": i, "name": f"item {i * 7919 % 10007}", "tags": ["a", "b" * (i % 9), None], "price": i / 7, "ok": i % 3 == 0, "in": {"x": [i]}}
           for i in range(2000)]
text = json.dumps(records, sort_keys=True)
for _ in range(6):
    text = json.dumps(json.loads(text), sort_keys=True, indent=_ % 3 or None)
print(len(text), hash(text) == hash(json.dumps(json.loads(text), sort_keys=True, indent=2)))

slow = json.decoder.JSONDecoder()
slow.parse_string = json.decoder.py_scanstring
slow.scan_once = json.scanner.py_make_scanner(slow)
value = slow.decode(json.dumps(records[:200]))
print(value == records[:200], sum(len(piece) for piece in json.JSONEncoder(indent=1).iterencode(value)))
