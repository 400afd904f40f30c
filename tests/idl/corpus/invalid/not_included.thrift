# expect: error 2:15 unknown type `moods.Mood`
struct A { 1: moods.Mood m }
