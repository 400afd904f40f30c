struct Boxes {
  1: list<i32> a
  2: set<string> b
  3: map<string, list<map<i32, set<binary>>>> c
  4: list cpp_type "std::deque<int>" <i32> d
  5: map cpp_type "M" <i32, i32> e
}
