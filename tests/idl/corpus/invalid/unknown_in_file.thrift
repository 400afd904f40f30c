# expect: error 3:15 unknown type `moods.Mod`
include "../shared/moods.thrift"
struct A { 1: moods.Mod m }
