// What other libraries and ours say to each other in the tests: every type there is but uuid, which compilers before 0.18 do not know.

typedef i64 Stamp

enum Mood {
  GOOD = 1
  BAD = 2
  BLUE = -5
}

struct Point {
  1: i32 x
  2: i32 y
  3: optional string label
}

typedef map<string, list<Point>> Atlas

/** It contains itself, twice. */
struct Tree {
  1: i32 value
  2: list<Tree> branches
  3: optional Tree & above
}

union Shape {
  1: double circle
  2: Point dot
  3: list<Point> line
  4: string words
}

/** Every type. The numbers leave gaps over which the compact protocol cannot step in one byte. */
struct Everything {
  1: bool flag
  2: byte tiny
  3: i8 small
  4: i16 narrow
  5: i32 plain
  6: i64 wide
  7: double real
  8: string text
  9: binary bytes
  10: Mood mood
  11: Point point
  12: Shape shape
  13: list<i64> numbers
  14: set<string> words
  15: map<i32, bool> flags
  16: Atlas atlas
  17: list<list<bool>> grid
  18: map<string, set<i32>> sets
  19: Stamp stamp
  20: Tree tree
  21: list<double> reals
  22: list<Mood> moods
  40: required i32 needed
  41: optional string maybe
  60: bool late
  300: i16 far
}

struct Options {
  1: i32 plain = 9
  2: optional i32 maybe
  3: required string needed
  4: optional list<i32> several
}

/** What both ends know without telling: the values of `samples`. */
enum Sample {
  EMPTY = 0
  LOW = 1
  HIGH = 2
}

exception Refused {
  1: i32 code
  2: string why
}

exception Missing {
  1: string lost
  2: list<string> known
}

service Ground {
  /** Who serves. */
  string whoami()

  /** How many notes have come. */
  i32 notes()
}

service Echo extends Ground {
  bool flag(1: bool value)
  byte tiny(1: byte value)
  i16 narrow(1: i16 value)
  i32 plain(1: i32 value)
  i64 wide(1: i64 value)
  double real(1: double value)
  string text(1: string value)
  binary bytes(1: binary value)
  Mood mood(1: Mood value)
  Stamp stamp(1: Stamp value)
  Shape shape(1: Shape value)
  Tree tree(1: Tree value)
  list<i64> numbers(1: list<i64> value)
  set<string> words(1: set<string> value)
  map<i32, bool> flags(1: map<i32, bool> value)
  Atlas atlas(1: Atlas value)
  Options options(1: Options value)
  Everything everything(1: Everything value)

  /** The value that has this name. */
  Everything sample(1: Sample which)

  /** Whether this is the value that has this name. */
  bool same(1: Sample which, 2: Everything value)

  i32 sum(1: i32 left, 2: i32 right)

  /** 0 is well, 1 is refused, anything else is missing. */
  void check(1: i32 code) throws (1: Refused refused, 2: Missing missing)

  /** The code, but that 1 is refused. */
  i32 number(1: i32 code) throws (1: Refused refused)

  /** Throws what it does not declare. */
  i32 fail(1: string why)

  /** It is counted, and nobody waits for it. */
  oneway void note(1: string text)
}
