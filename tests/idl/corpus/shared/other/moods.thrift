enum Mood { GOOD = 1 }
struct Only {}
