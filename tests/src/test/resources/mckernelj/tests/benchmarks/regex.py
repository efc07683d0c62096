# Regular expressions over a text that a generator makes.
import re

words = ["".join(chr(97 + (i * i * 31 + k * (i + 3) * 7) % 26) for k in range(3 + i % 7)) for i in range(500)]
lines = [f"{i:05d} {words[i * i % 500]}@{words[i % 500]}.org, {words[i * 3 % 500]} = {i * 37 % 1000}.{i % 100:02d};" for i in range(4000)]
text = "\n".join(lines)
for pattern in (r"\b\w+@\w+\.org\b", r"(\d+)\.(\d\d);", r"^(\d{5}) (?:a|b|c)\w*", r"([a-z])\1", r"(?i)[AEIOU]{2,}\w*(?=,)", r"=\s*[5-9]\d\d\."):
    found = re.compile(pattern, re.MULTILINE).findall(text)
    print(pattern, len(found), found[-1:])
print(len(re.sub(r"(\w+)@(\w+)", lambda match: match[2] + " at " + match[1].upper(), text)), len(re.split(r"[;,=]\s*", text)))
