# json, hashlib, decimal, re, float repr, big integers, generators, exceptions.
import decimal, fractions, hashlib, itertools, json, math, os, re, sys, textwrap, zlib
from collections import Counter

with open(sys.argv[1]) as file:
    data = json.load(file)
print(json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False))
with open(sys.argv[2], "rb") as file:
    text = file.read()
for name in ("md5", "sha1", "sha256", "blake2b", "sha3_256"):
    print(name, hashlib.new(name, text).hexdigest())
print(Counter(re.findall(rb"[a-z]+", text)).most_common(5))
print([0.1, 1 / 3, 1e22, 1e-7, 123456789.123, float("inf"), -0.0, 2.0**-1074])
print(math.factorial(60), math.isqrt(10**40), pow(3, 1000, 10**9 + 7), hash(1.5), 7 // -2, 7 % -2, round(2.675, 2))
print([f"{math.sin(x):.10f} {math.gamma(x + 0.5):.10g}" for x in range(1, 5)])
decimal.getcontext().prec = 50
print(decimal.Decimal(2).sqrt(), decimal.Decimal("1.1") / 3, fractions.Fraction(1, 3) + fractions.Fraction(1, 6))
print(list(itertools.islice((p for p in itertools.count(2) if all(p % d for d in range(2, int(p**0.5) + 1))), 20)))
print(textwrap.fill("the quick brown fox jumps over the lazy dog " * 5, 40))
print(zlib.crc32(text), len(zlib.compress(text, 9)), zlib.decompress(zlib.compress(text)) == text)
print("ünïcödé".encode("utf-16-le").hex(), "ß".upper(), f"{1234567.891:,.2f}|{'x':^5}|{255:#b}")
try:
    {}["missing"]
except KeyError as error:
    print("KeyError", error)
child = os.fork()
if child == 0:
    os._exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(sorted(os.listdir("."))[:5], os.path.getsize("text"), file=sys.stderr)
