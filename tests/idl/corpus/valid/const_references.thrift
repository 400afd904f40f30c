const i32 A = 5
const i32 B = A
const i64 WIDE = A
const double D = A
const list<i32> L = [A, B, 3]
const list<i32> M = L
const string S = "s"
const map<string, i32> P = {S: A}
enum Level { LOW, HIGH = 3 }
typedef Level Height
const Height BY_TYPEDEF = Height.HIGH
const i16 MEMBER = Height.HIGH
const i32 VIA = MEMBER
const double FRACTION = Level.HIGH
const bool TRUTH = Level.LOW
