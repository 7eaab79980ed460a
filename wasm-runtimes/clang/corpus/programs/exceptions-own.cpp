#include <bits/stdc++.h>
using namespace std;

struct ParseError : runtime_error {
    int line;
    ParseError(int line, const string &what) : runtime_error(what), line(line) {}
};
struct Fatal {};

struct Trace {
    string name;
    ~Trace() { cout << '~' << name << ' '; }
};

void parse(const string &text, int line) {
    Trace trace{"parse" + to_string(line)};
    if (text == "bad") throw ParseError(line, "bad token");
    if (text == "fatal") throw Fatal();
    if (text == "int") throw line;
    if (text == "text") throw "a literal";
    if (text == "string") throw string("a string");
    cout << text << " ok ";
}

int main() {
    string text;
    for (int line = 1; cin >> text; ++line) {
        try {
            Trace outer{"outer"};
            try {
                parse(text, line);
            } catch (int number) {
                cout << "inner " << number << ' ';
                throw;
            }
        } catch (const ParseError &error) {
            cout << error.line << ": " << error.what();
        } catch (const exception &error) {
            cout << "exception " << error.what();
        } catch (const string &message) {
            cout << message;
        } catch (const char *message) {
            cout << message;
        } catch (int number) {
            cout << "int " << number;
        } catch (...) {
            cout << "something else";
        }
        cout << '\n';
    }
}
