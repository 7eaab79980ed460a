#include <format>
#include <iostream>
#include <string>
#include <vector>

// GCC 12 has no <format>: its output was written by hand from the standard.
int main() {
    std::cout << std::format("{} {} {}\n", 1, "two", 3.5);
    std::cout << std::format("{:5}|{:<5}|{:^5}|{:>5}|{:05}|{:+}\n", 42, 42, 42, "ab", 42, 42);
    std::cout << std::format("{:.3f} {:e} {:g} {:x} {:#b} {:o}\n", 3.14159, 12345.678, 0.0001, 255, 5, 8);
    std::cout << std::format("{1} {0} {{}} {2:*^9}\n", "a", "b", "mid");
    try {
        std::cout << std::vformat("{:d}", std::make_format_args("text"));
    } catch (const std::format_error &) {
        std::cout << "format_error\n";
    }
    std::string out;
    for (int i = 0; i < 3; ++i) std::format_to(std::back_inserter(out), "{}-", i * i);
    std::cout << out << '\n';
}
