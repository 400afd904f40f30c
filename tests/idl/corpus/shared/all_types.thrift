/** Every type there is. See https://thrift.apache.org/docs/types. */
include "base.thrift"

namespace rs all_types

/** A double by another name. */
typedef double Score
typedef map<string, Score> Scores
typedef list<Score> Row

enum Mood {
  GOOD = 1,
  /** Worse than [GOOD]. */
  BAD = 2,
  AWFUL = 2,
  blueGreen = -5
}

/** Used as a key: its numbers are ordered. */
struct Point {
  1: double x,
  2: Score y = 1.5,
  3: optional set<string> tags
}

/** All the types, each once. */
struct Everything {
  1: bool flag = true,
  2: i8 tiny,
  3: i16 small = -3,
  4: i32 medium,
  5: i64 large = -9223372036854775808,
  6: double real = 3.14159,
  7: string text = "it's \"quoted\"\n",
  8: binary bytes = "raw",
  9: uuid id,
  10: list<i32> numbers = [1, 2, 3],
  11: set<string> words = ["a", "b"],
  12: map<string, list<Mood>> moods = {"x": [Mood.GOOD]},
  13: Mood mood = Mood.BAD,
  14: Point point = {"x": 2.5},
  15: map<Point, Scores> places,
  16: set<double> doubles,
  17: map<Row, set<set<i32>>> rows,
  18: list<map<i32, Point>> nested,
  19: Scores scores
}

struct Options {
  1: required i32 needed,
  2: optional i32 maybe,
  3: optional i32 preset = 7,
  4: i32 plain = 9,
  5: required string named = "anna",
  6: optional Shape shape,
  7: Shape plain_shape,
  8: required Mood mood
}

struct Drawing {
  1: required Shape shape
}

struct Frame {
  1: Drawing drawing,
  2: optional string title
}

/** One of several. */
union Shape {
  1: Point dot,
  2: double circle,
  /** Two of them, one within the other. */
  3: list<Shape> group,
  4: string text
}

/** A tree, whose branches are trees. */
struct Tree {
  1: i32 value,
  2: optional Tree left,
  3: Tree right,
  4: list<Tree> others
}

struct Chicken { 1: optional Egg egg }
struct Egg { 1: required Chicken chicken }

union Expression {
  1: i32 number,
  2: Sum sum
}
struct Sum { 1: required Expression left, 2: required Expression right }

exception Failed {
  1: i32 code,
  2: string message
}
exception Vague { 1: optional string message, 2: Mood mood }
exception Empty {}

const i32 ANSWER = 42
const string GREETING = "hello"
const string AGAIN = GREETING
const binary RAW = "a'b"
const double RATIO = 2.5
const bool YES = true
const Mood FAVOURITE = Mood.blueGreen
const uuid ID = "00112233-4455-6677-8899-aabbccddeeff"
const list<string> NAMES = ["a", GREETING]
const map<string, Point> POINTS = {"origin": {"x": 0.0, "y": RATIO}}
const set<double> LEVELS = [1.5, RATIO]
const Everything ALL = {"tiny": 1, "numbers": [ANSWER], "text": GREETING, "bytes": RAW}
const Shape ROUND = {"circle": 1.0}

/** Does everything. */
service Painter {
  /** Paints a shape. */
  Shape paint(1: Shape shape, 2: i32 times = 3, 3: Point at) throws (1: Failed failed, 2: Vague vague, 3: Empty success),
  list<Mood> moods(),
  Tree grow(1: Tree tree) throws (1: Failed one, 2: Failed two),
  void rest() throws (1: Empty empty),
  Everything everything(1: Everything cx, 2: bool call, 3: i8 arguments, 4: i16 input, 5: i32 self, 6: i64 fields, 7: Mood output, 8: string field),
  oneway void forget(1: map<string, binary> what)
}

service Quiet extends base.Base {}
service Louder extends Painter { i32 loudness(), void pa_int() throws (1: Failed failed) }
