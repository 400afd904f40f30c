// The interface with every type by the official library of C++: `all_types call binary|compact PORT` calls our server, `all_types serve
// binary|compact` is a non-blocking server that prints its port.

#include <cstring>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "ends.h"

#include "Echo.h"

template <typename T> constexpr T least = std::numeric_limits<T>::min();
template <typename T> constexpr T most = std::numeric_limits<T>::max();
static constexpr double infinity = std::numeric_limits<double>::infinity();

static Point point(int32_t x, const char *label = nullptr) {
    Point made;
    made.x = x;
    made.y = -x;
    if (label != nullptr) {
        made.__set_label(label);
    }
    return made;
}

static Tree tree(int32_t value, std::vector<Tree> branches = {}, std::shared_ptr<Tree> above = nullptr) {
    Tree made;
    made.value = value;
    made.branches = branches;
    if (above) {
        made.__set_above(above);
    }
    return made;
}

// The generated comparison looks whether two trees above are the same object.
static bool same_tree(const Tree &left, const Tree &right) {
    if (left.value != right.value || left.branches.size() != right.branches.size() || !left.above != !right.above) {
        return false;
    }
    for (size_t at = 0; at < left.branches.size(); ++at) {
        if (!same_tree(left.branches[at], right.branches[at])) {
            return false;
        }
    }
    return !left.above || same_tree(*left.above, *right.above);
}

static bool same_everything(Everything left, Everything right) {
    if (!same_tree(left.tree, right.tree)) {
        return false;
    }
    left.tree = right.tree = Tree();
    return left == right;
}

static std::string every_byte() {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes.push_back(static_cast<char>(byte));
    }
    return bytes;
}

// What each name means.
static Everything sample(Sample::type which) {
    Everything made;
    made.mood = Mood::GOOD;
    made.shape.__set_words("");
    if (which == Sample::LOW) {
        made.flag = false;
        made.tiny = least<int8_t>;
        made.small = -1;
        made.narrow = made.far = least<int16_t>;
        made.plain = made.needed = least<int32_t>;
        made.wide = made.stamp = least<int64_t>;
        made.real = -infinity;
        made.text = "low";
        made.bytes = std::string(1, '\0');
        made.mood = Mood::BLUE;
        made.point = point(-1);
        made.shape = Shape();
        made.shape.__set_circle(-0.5);
        made.numbers = {least<int64_t>};
        made.words = {""};
        made.flags = {{least<int32_t>, false}};
        made.atlas = {{"", {}}};
        made.grid = {{}, {false}};
        made.sets = {{"", {}}};
        made.tree = tree(-1);
        made.reals = {-1.5};
        made.moods = {Mood::BLUE};
        made.__set_maybe("");
    }
    if (which == Sample::HIGH) {
        made.flag = made.late = true;
        made.tiny = most<int8_t>;
        made.small = 1;
        made.narrow = made.far = most<int16_t>;
        made.plain = made.needed = most<int32_t>;
        made.wide = made.stamp = most<int64_t>;
        made.real = infinity;
        made.text = "höchst 漢 🦀";
        made.bytes = every_byte();
        made.mood = Mood::BAD;
        made.point = point(2, "é");
        made.shape = Shape();
        made.shape.__set_line({point(1), point(2, "b")});
        for (int64_t number = 0; number < 20; ++number) {
            made.numbers.push_back(number);
        }
        made.numbers.push_back(most<int64_t>);
        made.words = {"a", "é", "z"};
        made.flags = {{most<int32_t>, true}, {0, false}};
        made.atlas = {{"a", {point(1), point(2, "b")}}, {"é", {}}};
        made.grid = {{true, false, true}, std::vector<bool>(16, true)};
        made.sets = {{"s", {-1, most<int32_t>}}};
        made.tree = tree(most<int32_t>, {tree(1), tree(1)}, std::make_shared<Tree>(tree(1)));
        made.reals = {0.5, most<double>, least<double>};
        made.moods = {Mood::GOOD, Mood::BAD, Mood::BLUE};
        made.__set_maybe("é");
    }
    return made;
}

static void values(EchoClient &client) {
    expect(client.flag(true) && !client.flag(false), "a bool");
    for (int8_t value : {least<int8_t>, most<int8_t>}) {
        expect(client.tiny(value) == value, "an i8");
    }
    for (int16_t value : {least<int16_t>, most<int16_t>}) {
        expect(client.narrow(value) == value, "an i16");
    }
    for (int32_t value : {least<int32_t>, -1, 63, 64, most<int32_t>}) {
        expect(client.plain(value) == value, "an i32");
    }
    for (int64_t value : {least<int64_t>, int64_t{-1}, int64_t{1} << 35, most<int64_t>}) {
        expect(client.wide(value) == value && client.stamp(value) == value, "an i64");
    }
    uint64_t says_something = 0xfff80000deadbeef;
    double nan;
    std::memcpy(&nan, &says_something, 8);
    for (double value : {0.0, -0.0, least<double>, most<double>, infinity, -infinity, nan}) {
        double came = client.real(value);
        expect(std::memcmp(&came, &value, 8) == 0, "a double");
    }
    for (const std::string &value : {std::string(), std::string("\0 é 漢 🦀", 14), std::string(100000, 'x')}) {
        std::string came;
        client.text(came, value);
        expect(came == value, "a string");
    }
    for (const std::string &value : {std::string(), every_byte()}) {
        std::string came;
        client.bytes(came, value);
        expect(came == value, "a binary");
    }
    expect(client.mood(Mood::BLUE) == Mood::BLUE, "an enum");
    expect(client.mood(static_cast<Mood::type>(77)) == 77, "a number that nobody has named");
    std::vector<int64_t> many(10000), came;
    for (size_t at = 0; at < many.size(); ++at) {
        many[at] = static_cast<int64_t>(at) * -7777777777;
    }
    client.numbers(came, many);
    expect(came == many, "a list");
    client.numbers(came, {});
    expect(came.empty(), "an empty list");
    Options bare, options;
    client.options(options, bare);
    expect(options.plain == 9 && !options.__isset.maybe && !options.__isset.several, "options");
    bare.__set_several({});
    bare.__set_maybe(0);
    client.options(options, bare);
    expect(options.__isset.maybe && options.__isset.several, "options that are there");
    for (auto which : {Sample::EMPTY, Sample::LOW, Sample::HIGH}) {
        Everything value = sample(which), everything;
        client.everything(everything, value);
        expect(same_everything(everything, value), "everything");
        client.sample(everything, which);
        expect(same_everything(everything, value), "the sample");
        expect(client.same(which, value), "the same");
        value.far = 0x1234;
        expect(!client.same(which, value), "not the same");
        Tree trunk;
        client.tree(trunk, value.tree);
        expect(same_tree(trunk, value.tree), "a tree");
        Shape shape;
        client.shape(shape, value.shape);
        expect(shape == value.shape, "a union");
    }
}

static void exceptions(EchoClient &client) {
    client.check(0);
    try {
        client.check(1);
        expect(false, "it is refused");
    } catch (const Refused &refused) {
        expect(refused.code == least<int32_t> && refused.why == "it is refused, é", "what is refused");
    }
    try {
        client.check(2);
        expect(false, "it is missing");
    } catch (const Missing &missing) {
        expect(missing.lost == "a number" && missing.known.size() == 2, "what is missing");
    }
    try {
        client.number(1);
        expect(false, "the number is refused");
    } catch (const Refused &) {
    }
    expect(client.number(2) == 2, "a number");
    try {
        client.fail("a secret");
        expect(false, "it fails");
    } catch (const apache::thrift::TApplicationException &failure) {
        expect(failure.getType() == apache::thrift::TApplicationException::INTERNAL_ERROR, "an internal error");
    }
}

static void call(bool compact, int port) {
    auto protocol = dial(compact, port);
    EchoClient client(protocol);
    values(client);
    exceptions(client);
    std::string name;
    client.whoami(name);
    expect(name == "oneloop", "who serves");
    int32_t before = client.notes();
    for (int number = 0; number < 10; ++number) {
        client.note("é");
    }
    expect(client.notes() == before + 10, "what was noted");
    for (int number = 0; number < 200; ++number) {
        client.send_sum(number, 1000);
    }
    for (int number = 0; number < 200; ++number) {
        expect(client.recv_sum() == number + 1000, "the order of the answers");
    }
    call_nothing(*protocol);
    expect(client.sum(1, 2) == 3, "a call after it");
}

class Target : public EchoIf {
public:
    void whoami(std::string &name) override { name = "C++"; }
    int32_t notes() override { return noted; }
    bool flag(const bool value) override { return value; }
    int8_t tiny(const int8_t value) override { return value; }
    int16_t narrow(const int16_t value) override { return value; }
    int32_t plain(const int32_t value) override { return value; }
    int64_t wide(const int64_t value) override { return value; }
    double real(const double value) override { return value; }
    void text(std::string &back, const std::string &value) override { back = value; }
    void bytes(std::string &back, const std::string &value) override { back = value; }
    Mood::type mood(const Mood::type value) override { return value; }
    Stamp stamp(const Stamp value) override { return value; }
    void shape(Shape &back, const Shape &value) override { back = value; }
    void tree(Tree &back, const Tree &value) override { back = value; }
    void numbers(std::vector<int64_t> &back, const std::vector<int64_t> &value) override { back = value; }
    void words(std::set<std::string> &back, const std::set<std::string> &value) override { back = value; }
    void flags(std::map<int32_t, bool> &back, const std::map<int32_t, bool> &value) override { back = value; }
    void atlas(Atlas &back, const Atlas &value) override { back = value; }
    void options(Options &back, const Options &value) override { back = value; }
    void everything(Everything &back, const Everything &value) override { back = value; }
    void sample(Everything &back, const Sample::type which) override { back = ::sample(which); }
    bool same(const Sample::type which, const Everything &value) override { return same_everything(value, ::sample(which)); }
    int32_t sum(const int32_t left, const int32_t right) override { return left + right; }
    void check(const int32_t code) override {
        if (code == 1) {
            throw refused();
        }
        if (code != 0) {
            Missing missing;
            missing.__set_lost("a number");
            missing.known = {"0", "1"};
            throw missing;
        }
    }
    int32_t number(const int32_t code) override {
        if (code == 1) {
            throw refused();
        }
        return code;
    }
    int32_t fail(const std::string &why) override { throw std::runtime_error(why); }
    void note(const std::string &) override { ++noted; }

private:
    static Refused refused() {
        Refused refused;
        refused.code = least<int32_t>;
        refused.why = "it is refused, é";
        return refused;
    }

    int32_t noted = 0;
};

int main(int argc, char **argv) {
    expect(argc >= 3, "two arguments or three");
    bool compact = std::string(argv[2]) == "compact";
    if (std::string(argv[1]) == "serve") {
        serve(compact, std::make_shared<EchoProcessor>(std::make_shared<Target>()));
    } else {
        expect(argc == 4, "a port");
        call(compact, std::atoi(argv[3]));
    }
}
