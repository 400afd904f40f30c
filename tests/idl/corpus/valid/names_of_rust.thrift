struct type { 1: i32 fn, 2: i32 self, 3: i32 crate }
service impl { void loop(1: i32 match) }
enum mod { pub, use }
