# expect: error 3:15 unknown type `LogEntri`
struct LogEntry {}
struct A { 1: LogEntri e, 2: list<Nothing> n }
# expect: error 3:35 unknown type `Nothing`
