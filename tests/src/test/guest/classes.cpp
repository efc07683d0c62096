// SPDX-License-Identifier: GPL-2.0-or-later
// Copyright (C) 2026 The McKernel/J developers
// C++: exceptions, RTTI, containers, streams, threads, static initialisation.
#include <algorithm>
#include <future>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct Square : Shape {
    double side;
    explicit Square(double s) : side(s) {}
    double area() const override { return side * side; }
};

struct Circle : Shape {
    double radius;
    explicit Circle(double r) : radius(r) {}
    double area() const override { return 3.14159 * radius * radius; }
};

struct Noisy {
    const char *name;
    explicit Noisy(const char *n) : name(n) { std::cout << "made " << name << '\n'; }
    ~Noisy() { std::cout << "gone " << name << '\n'; }
};

static Noisy global("global");

static int deep(int n) {
    Noisy local(n % 2 ? "odd" : "even");
    if (n == 0)
        throw std::out_of_range("bottom");
    return deep(n - 1) + 1;
}

int main() {
    try {
        deep(3);
    } catch (const std::logic_error &e) {
        std::cout << "caught " << e.what() << '\n';
    }
    std::vector<std::unique_ptr<Shape>> shapes;
    shapes.push_back(std::make_unique<Square>(2));
    shapes.push_back(std::make_unique<Circle>(1));
    for (const auto &shape : shapes)
        std::cout << (dynamic_cast<Square *>(shape.get()) ? "square " : "other ") << std::fixed << std::setprecision(3) << shape->area() << '\n';
    std::map<std::string, int> words;
    std::istringstream text("the cat and the dog and the bird");
    for (std::string word; text >> word;)
        words[word]++;
    for (const auto &[word, count] : words)
        std::cout << word << '=' << count << ' ';
    std::vector<long> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 1);
    auto later = std::async(std::launch::async, [&] { return std::accumulate(numbers.begin(), numbers.end(), 0L); });
    std::cout << later.get() << '\n';
    std::sort(numbers.begin(), numbers.end(), std::greater<>());
    std::cout << numbers.front() << ' ' << numbers.back() << '\n';
    try {
        std::vector<int>(3).at(5);
    } catch (const std::exception &e) {
        std::cerr << "out of range\n";
    }
    std::cout << std::hex << std::showbase << 255 << std::endl;
    throw std::runtime_error("not caught");
}
