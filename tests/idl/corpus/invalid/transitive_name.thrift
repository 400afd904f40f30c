# expect: error 3:15 unknown type `moods.Mood`
include "../shared/base.thrift"
struct A { 1: moods.Mood m }
