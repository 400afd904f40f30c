# expect: error 3:1 a header behind a definition
struct A {}
include "../shared/moods.thrift"
struct B { 1: moods.Mood m }
