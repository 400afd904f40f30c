struct A { 1: i32 a, 2: i32 b; 3: i32 c 4: i32 d }
enum E { A, B; C D }
const i32 x = 1,
const i32 y = 2;
typedef i32 T;
typedef i32 U,
service S { void a(), void b(); void c() void d(1: i32 x; 2: i32 y) }
