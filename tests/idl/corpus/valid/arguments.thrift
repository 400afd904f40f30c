service S {
  i32 add(1: i32 a = 1, 2: required i32 b)
  list<map<string, i32>> lists(1: set<i32> a)
}
