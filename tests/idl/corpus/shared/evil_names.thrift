// Names that mean something in Rust, in the runtime, or in what is generated.

struct Context { 1: Option Some, 2: list<String> None, 3: set<Vec> Ok }
struct Answer { 1: i32 input, 2: i32 output, 3: i32 fields, 4: i32 field, 5: i32 kind, 6: i32 value }
struct Value { 1: required i32 self, 2: string me, 3: i32 super, 4: i32 crate }
struct Result { 1: optional i32 type = 1, 2: string r, 3: i32 fn = 7 }
struct Option { 1: i32 f }
struct String { 1: string string, 2: optional string message }
struct Vec { 1: list<i32> vec }
struct Box { 1: optional Box box }
struct Default { 1: i32 default = 4 }
struct From { 1: i32 from }
struct Clone { 1: i32 clone }
struct BTreeMap { 1: map<string, i32> map }
struct BTreeSet { 1: set<string> set }
struct Read { 1: binary read }
struct Write { 1: uuid write }
struct Protocol { 1: double protocol }
struct ProtocolError { 1: i32 at }
struct ProtocolErrorKind {}
struct Processor {}
struct Process {}
struct Incoming {}
struct Served {}
struct NoException {}
struct Method {}
struct Locate {}
struct PhantomData {}
struct LazyLock {}
struct Deferred {}
struct Caller {}
struct BlockingCaller {}
struct CallError {}
struct S { 1: T t }
struct R { 1: optional W w }
struct W { 1: optional P p }
struct P {}
struct Sized {}
struct T {}
struct Some {}
struct None {}
struct Ok {}
struct Err {}
struct self {}
struct fmt {}
struct std {}
struct oneloop {}
struct Text {}
struct Bytes {}
struct Uuid { 1: uuid uuid }
struct OrderedDouble { 1: set<double> doubles }
struct lower_case { 1: i32 UPPER_CASE, 2: i32 camelCase, 3: i32 _leading, 4: i32 _ }
struct EvilClient {}
struct EvilNull {}
struct EvilProcessor {}
struct EvilArguments {}
struct NewException {}
union Kind { 1: i32 Unknown, 2: string Self, 3: Kind kind, 4: binary id }
enum Send { MEMBERS, name, Self, NAME_ }
enum None_of { }
exception Error { 1: string message }
exception Display { 1: string Message }
const i32 Copy = 1
const i32 _1 = 5
const list<i32> __2 = [_1]
struct Numbered { 1: required i32 _1 = 1, 2: required string __2 }
const list<Result> type = [{"r": "x"}]
const map<string, String> MAP = {"a": {"string": "b"}}

service Evil {
  Result new(1: Result result, 2: i32 cx, 3: i32 cx2, 4: S s) throws (1: Error error, 2: Display success)
  Option caller(1: Option option)
  string call(1: string call, 2: binary name)
  i32 match(1: i32 self, 2: i32 arguments)
  Vec value(1: list<Vec> value)
  void process(1: Context cx)
  Default default()
  Clone clone()
  i32 numbered(1: i32 _1, 2: required Numbered __2)
  oneway void answer(1: Answer answer)
  Send method(1: Send send)
}
service Worse extends Evil { void worst() throws (1: Error e) }
