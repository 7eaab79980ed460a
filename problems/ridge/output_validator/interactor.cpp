// The drone: answers `? x` with the altitude at pole x, at most 64 times, and judges `! x`.
//
// The test's input is one line: n, the summit's pole, its altitude, the slopes to its left and right, a seed.
// A pole at distance d > 0 from the summit lies d * slope + r(d) below it, where r(d) is a pseudo-random number
// with 0 <= r(d) < slope, so that the track is strictly monotone on either side without giving the summit away.

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

namespace {

constexpr int kAccepted = 42;
constexpr int kWrongAnswer = 43;
constexpr int kMostFlights = 64;
constexpr std::size_t kLongestWord = 20;

struct Ridge {
    std::int64_t poles, summit, altitude, left, right, seed;

    std::int64_t altitude_at(std::int64_t pole) const {
        if (pole == summit) return altitude;
        const std::int64_t distance = pole < summit ? summit - pole : pole - summit;
        const std::int64_t slope = pole < summit ? left : right;
        const auto mixed = static_cast<std::uint32_t>(
            static_cast<std::uint64_t>(distance) * 2654435761u + static_cast<std::uint64_t>(seed));
        return altitude - distance * slope - static_cast<std::int64_t>(mixed >> 8) % slope;
    }
};

std::string feedback_dir;

[[noreturn]] void finish(int code, const std::string& message) {
    std::ofstream(feedback_dir + "judgemessage.txt") << message << '\n';
    std::cout.flush();
    std::_Exit(code);
}

[[noreturn]] void reject(const std::string& message) { finish(kWrongAnswer, message); }

// The next word of the team's output, shortened when it is longer than any that could be right.
std::string next_word(const std::string& expected) {
    std::string word;
    char c;
    while (std::cin.get(c)) {
        const bool space = c == ' ' || (c >= '\t' && c <= '\r');
        if (space && word.empty()) continue;
        if (space) return word;
        word += c;
        if (word.size() > kLongestWord) reject("expected " + expected + ", got a very long word");
    }
    if (word.empty()) reject("the output ended where " + expected + " was expected");
    return word;
}

// Letters that a jury can read, whatever bytes the team sent.
std::string printable(const std::string& word) {
    std::string shown;
    for (char c : word) shown += c >= ' ' && c <= '~' ? c : '?';
    return "\"" + shown + "\"";
}

std::int64_t next_pole(const Ridge& ridge) {
    const std::string word = next_word("a pole");
    std::int64_t pole = 0;
    for (char c : word) {
        if (c < '0' || c > '9') reject("expected a pole, got " + printable(word));
        pole = pole * 10 + (c - '0');
        if (pole > ridge.poles) reject("there is no pole " + printable(word));
    }
    if (pole < 1) reject("there is no pole " + printable(word));
    return pole;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::cerr << "usage: interactor input answer feedback_dir < team_output > team_input\n";
        return 1;
    }
#ifdef SIGPIPE
    // A team that stops reading is no failure of the interactor: its output ends, too, and is judged.
    std::signal(SIGPIPE, SIG_IGN);
#endif
    feedback_dir = argv[3];
    if (!feedback_dir.empty() && feedback_dir.back() != '/') feedback_dir += '/';

    Ridge ridge{};
    std::ifstream input(argv[1]);
    if (!(input >> ridge.poles >> ridge.summit >> ridge.altitude >> ridge.left >> ridge.right >> ridge.seed)) {
        std::cerr << "cannot read " << argv[1] << '\n';
        return 1;
    }

    std::cout << ridge.poles << std::endl;
    for (int flights = 0;;) {
        const std::string command = next_word("? or !");
        if (command == "!") {
            const std::int64_t pole = next_pole(ridge);
            if (pole != ridge.summit) {
                reject("said " + std::to_string(pole) + ", the summit is " + std::to_string(ridge.summit));
            }
            finish(kAccepted, std::to_string(flights) + " flights");
        }
        if (command != "?") reject("expected ? or !, got " + printable(command));
        const std::int64_t pole = next_pole(ridge);
        if (++flights > kMostFlights) reject("more than " + std::to_string(kMostFlights) + " flights");
        std::cout << ridge.altitude_at(pole) << std::endl;
    }
}
