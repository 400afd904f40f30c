// The calculator by the official library of C++: `tutorial call binary|compact PORT` calls our server, `tutorial serve binary|compact` is a
// non-blocking server that prints its port.

#include "ends.h"

#include "Calculator.h"

static void call(bool compact, int port) {
    auto protocol = dial(compact, port);
    CalculatorClient client(protocol);
    client.ping();
    expect(client.add(1, -2) == -1, "1 + -2");
    Work work;
    work.num1 = 6;
    work.num2 = 7;
    work.op = Operation::MULTIPLY;
    expect(client.calculate(3, work) == 42, "6 x 7");
    SharedStruct kept;
    client.getStruct(kept, 3);
    expect(kept.value == "42", "what was kept");
    work.num2 = 0;
    work.op = Operation::DIVIDE;
    try {
        client.calculate(3, work);
        expect(false, "an exception");
    } catch (const InvalidOperation &ouch) {
        expect(ouch.whatOp == 4, "the exception's field");
    }
    client.zip();
    for (int number = 0; number < 200; ++number) {
        client.send_add(number, number);
    }
    for (int number = 0; number < 200; ++number) {
        expect(client.recv_add() == 2 * number, "the order of the answers");
    }
    call_nothing(*protocol);
    expect(client.add(2, 2) == 4, "a call after it");
}

class Target : public CalculatorIf {
public:
    void getStruct(SharedStruct &kept, const int32_t key) override {
        kept.key = key;
        kept.value = std::to_string(key);
    }
    void ping() override {}
    int32_t add(const int32_t num1, const int32_t num2) override { return num1 + num2; }
    int32_t calculate(const int32_t, const Work &work) override {
        if (work.op == Operation::DIVIDE && work.num2 == 0) {
            InvalidOperation ouch;
            ouch.whatOp = work.op;
            ouch.why = "nothing is divided by zero";
            throw ouch;
        }
        return work.num1 * work.num2;
    }
    void zip() override {}
};

int main(int argc, char **argv) {
    expect(argc >= 3, "two arguments or three");
    bool compact = std::string(argv[2]) == "compact";
    if (std::string(argv[1]) == "serve") {
        serve(compact, std::make_shared<CalculatorProcessor>(std::make_shared<Target>()));
    } else {
        expect(argc == 4, "a port");
        call(compact, std::atoi(argv[3]));
    }
}
