include "../shared/moods.thrift"
include "../shared/../shared/moods.thrift"
struct A { 1: moods.Mood m }
