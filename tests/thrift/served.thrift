/** How somebody is. */
enum Mood { GOOD = 1, BAD = 2 }

struct Leaf {
  1: required string name,
  2: i32 count = 3,
}

struct Tree {
  1: string name,
  2: list<Tree> branches,
  3: optional Leaf leaf,
}

exception Refused {
  1: string why,
}

/** What every service of the tests has. */
service Ground {
  string echo(1: string text),
  oneway void note(1: string text),
  /** Answered when the test says so. */
  string held(),
}

/** Each answers with a text that says what it was given. */
service Served extends Ground {
  string greet(1: required string name, 2: i32 times = 1),
  string mood(1: Mood mood),
  string weigh(1: list<i32> numbers, 2: list<Tree> trees, 3: set<i32> unique, 4: map<string, Tree> named, 5: binary raw),
  string plant(1: Tree tree),
  string refuse(1: string why) throws (1: Refused refused),
  string fail(),
  string panics(),
  oneway void fall(),
  /** Closes the link of its caller: now, when all is sent, or when all is answered. */
  string leave(1: string how),
}
