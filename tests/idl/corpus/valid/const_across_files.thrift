include "../shared/moods.thrift"
const moods.Mood m = moods.Mood.GOOD
const i32 limit = moods.LIMIT
const moods.Tempered t = {"mood": moods.Mood.BAD}
struct A { 1: moods.Mood m = moods.Mood.BAD, 2: i32 n = moods.LIMIT }
