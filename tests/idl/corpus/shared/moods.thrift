enum Mood { GOOD = 1, BAD }
const i32 LIMIT = 10
struct Tempered { 1: Mood mood }
