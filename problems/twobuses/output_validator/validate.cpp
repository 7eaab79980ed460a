// Accepts any word of n letters A and B in which every student has at most one enemy on their bus.
// The answer file holds one such word; it is not needed.

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int kAccepted = 42;
constexpr int kWrongAnswer = 43;

std::string feedback_dir;

[[noreturn]] void reject(const std::string& message) {
    std::ofstream(feedback_dir + "judgemessage.txt") << message << '\n';
    std::exit(kWrongAnswer);
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// The only word of the team's output. Reads no more of it than a right one has.
std::string only_word(std::size_t length) {
    std::string word;
    char c;
    while (std::cin.get(c) && is_space(c)) {
    }
    if (!std::cin) reject("no output");
    do {
        if (c != 'A' && c != 'B') {
            reject("letter " + std::to_string(word.size() + 1) + " is neither A nor B");
        }
        if (word.size() == length) reject("more than " + std::to_string(length) + " letters");
        word += c;
    } while (std::cin.get(c) && !is_space(c));
    if (word.size() < length) {
        reject(std::to_string(word.size()) + " letters instead of " + std::to_string(length));
    }
    while (std::cin.get(c)) {
        if (!is_space(c)) reject("something follows the word");
    }
    return word;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: validate input answer feedback_dir < team_output\n";
        return 1;
    }
    feedback_dir = argv[3];
    if (!feedback_dir.empty() && feedback_dir.back() != '/') feedback_dir += '/';

    std::ifstream input(argv[1]);
    std::size_t students = 0, count = 0;
    input >> students >> count;
    std::vector<std::pair<std::size_t, std::size_t>> pairs(count);
    for (auto& [one, other] : pairs) input >> one >> other;
    if (!input || students == 0) {
        std::cerr << "cannot read " << argv[1] << '\n';
        return 1;
    }

    const std::string bus = only_word(students);
    std::vector<int> enemies(students, 0);
    for (auto [one, other] : pairs) {
        if (bus.at(one - 1) != bus.at(other - 1)) continue;
        for (std::size_t student : {one, other}) {
            if (++enemies[student - 1] > 1) {
                reject("student " + std::to_string(student) + " has more than one enemy on bus " + bus[student - 1]);
            }
        }
    }
    return kAccepted;
}
