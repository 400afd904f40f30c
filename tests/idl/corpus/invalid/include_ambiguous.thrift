# expect: error 4:15 `moods.Mood` is in two of the included files
include "../shared/moods.thrift"
include "../shared/other/moods.thrift"
struct A { 1: moods.Mood m, 2: moods.Only o }
