# Five bodies that attract each other: floating point and attributes of objects.
import math


class Body:
    def __init__(self, at, speed, mass):
        self.at, self.speed, self.mass = list(at), list(speed), mass


def advance(bodies, dt):
    for i, a in enumerate(bodies):
        for b in bodies[i + 1:]:
            difference = [p - q for p, q in zip(a.at, b.at)]
            square = sum(d * d for d in difference) + 1e-3
            pull = dt / (square * math.sqrt(square))
            for d in range(3):
                a.speed[d] -= difference[d] * b.mass * pull
                b.speed[d] += difference[d] * a.mass * pull
    for body in bodies:
        for d in range(3):
            body.at[d] += dt * body.speed[d]


bodies = [Body((i * 3.5 - 7, i * i % 5, -i), (0.1 * i, 0.3 - 0.1 * i, 0), 10.0 if i == 0 else 0.1 * i) for i in range(5)]
for step in range(3000):
    advance(bodies, 0.002)
for body in bodies:
    print(" ".join(f"{x:.9f}" for x in body.at))
