include "moods.thrift"
struct Thing { 1: moods.Mood mood }
exception Oops {}
service Base { void ping() }
