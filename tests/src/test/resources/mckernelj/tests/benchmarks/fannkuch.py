# Pancakes: the most flips that any order of eight needs until the first is on top; lists of small integers.
from itertools import permutations

most = checksum = 0
for number, order in enumerate(permutations(range(8))):
    order = list(order)
    flips = 0
    while order[0] != 0:
        end = order[0] + 1
        order[:end] = order[:end][::-1]
        flips += 1
    most = max(most, flips)
    checksum += flips if number % 2 == 0 else -flips
print(most, checksum)
